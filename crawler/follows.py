"""What the settings follow: hosts, sections, and the listings that are asked for them."""

from config.settings import Settings
from crawler.article import Listing
from crawler.site import Followed, follow


def followed(settings: Settings) -> Followed:
    """Return what the settings follow, with the listings that are asked.

    Raises:
        SettingsError: A host is not known, or a listing is none of the network.
    """
    return follow(
        hosts=settings.site.hosts,
        sections=settings.site.sections,
        sitemaps=settings.site.sitemaps,
        listings=[Listing(name=each.name, url=each.url, kind=each.kind) for each in settings.listings],
    )
