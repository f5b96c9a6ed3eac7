"""What of the network is followed: hosts and sections by their names, and the listings that follow from them."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import urlsplit

from crawler.article import Listing
from crawler.errors import AddressError, SettingsError
from crawler.nearest import nearest
from crawler.site.address import Address, identify
from crawler.site.hosts import HOME, HOSTS, NETWORK, canonical_host, is_news_host

SitemapKind = Literal["news", "web"]
EVERYTHING: Final = "all"
# The reasons for which a link is not fetched begin with these words.
NOT_FOLLOWED: Final = "not followed"

_SECTION_OF_LISTING: Final = re.compile(r"/([a-z0-9-]+)/[^/]+\.xml")


@dataclass(frozen=True, slots=True)
class Followed:
    """The hosts and sections that are followed (no sections: all of them), and the listings that are asked."""

    listings: tuple[Listing, ...]
    hosts: frozenset[str]
    sections: frozenset[str] = frozenset()
    sitemaps: tuple[SitemapKind, ...] = ("news",)

    def refusal(self, address: Address) -> str | None:
        """Return why an address is not to be fetched; None if it is.

        An address that tells no section, as the dated ones of regional sites, belongs to any.
        """
        if address.host not in self.hosts:
            return f"{NOT_FOLLOWED}: host {address.host}"
        if self.sections and address.section and address.section not in self.sections:
            return f"{NOT_FOLLOWED}: section {address.section}"
        return None

    def leads_on(self, sitemap_url: str) -> bool:
        """Tell whether a sitemap that an index names may list what is followed."""
        found = _SECTION_OF_LISTING.fullmatch(urlsplit(sitemap_url).path)
        return not (self.sections and found) or found[1] in self.sections

    @property
    def fingerprint(self) -> str:
        """A text that changes when other links are followed."""
        return f"hosts {' '.join(sorted(self.hosts))}; sections {' '.join(sorted(self.sections)) or EVERYTHING}"


NOTHING: Final = Followed(listings=(), hosts=frozenset())


def follow(
    *,
    hosts: Sequence[str],
    sections: Sequence[str],
    sitemaps: Sequence[SitemapKind] = ("news",),
    listings: Sequence[Listing] = (),
) -> Followed:
    """Return what is followed.

    Args:
        hosts: Names such as "www" or "jabar", whole names such as "situs-baru.tribunnews.com", or "all".
        sections: Sections as they stand in addresses; empty for all.
        sitemaps: Which sitemaps of a sitemap index are read.
        listings: Those of the settings. They take the place of what the hosts would give, and their hosts are
            followed too.

    Raises:
        SettingsError: A host is not known, or a listing is none of the network.
    """
    names = list(dict.fromkeys(name for each in hosts for name in hosts_named(each)))
    asked = tuple(listings) or tuple(each for name in names for each in _listings_of(name, sections))
    return Followed(
        listings=asked,
        hosts=frozenset(names) | {_host_of(each) for each in listings},
        sections=frozenset(sections),
        sitemaps=tuple(sitemaps),
    )


def home_of(host: str) -> Listing:
    """Return the home page of a host, which lists the newest articles; a spare where its other listings fail."""
    return Listing(f"{_label(host)}-home", f"https://{host}/", "home")


def listings_named(listings: Iterable[Listing], name: str) -> tuple[Listing, ...]:
    """Return the listing of this name; where there is none, all listings of the host of this name ("www", "jabar")."""
    listings = tuple(listings)
    exact = tuple(each for each in listings if each.name == name)
    return exact or tuple(each for each in listings if _label(_host_of(each)) == name)


def names_of(listings: Iterable[Listing]) -> tuple[str, ...]:
    """Return every name by which listings can be asked for: their own, and those of their hosts."""
    listings = tuple(listings)
    return tuple(dict.fromkeys([*(each.name for each in listings), *(_label(_host_of(each)) for each in listings)]))


def _listings_of(host: str, sections: Sequence[str]) -> Iterator[Listing]:
    label = _label(host)
    yield Listing(f"{label}-sitemap", f"https://{host}/sitemap.xml", "sitemap")
    # Sections have other names on each site: those of the settings are asked for by name on www alone.
    if sections and host == HOME:
        for section in sections:
            yield Listing(f"{label}-index-{section}", f"https://{host}/index-news/{section}", "index")
    else:
        yield Listing(f"{label}-index", f"https://{host}/index-news", "index")


def hosts_named(name: str, *, key: str = "site.hosts") -> tuple[str, ...]:
    """Return the hosts of a name: "www", "jabar", a whole name, or all of the network for "all".

    Raises:
        SettingsError: There is none; the message begins with `key`, which is where the name stands.
    """
    if name == EVERYTHING:
        return tuple(HOSTS)
    full = name if "." in name else f"{name}.{NETWORK}"
    if full in HOSTS:
        return (full,)
    # A site that is newer than our table must be named in full, so that a slip of the pen is no new site.
    if "." in name and canonical_host(name) == name and is_news_host(name):
        return (name,)
    known = [_label(each) for each in HOSTS]
    mend = nearest(name, known) or f'; write one such as "www" or "jabar", or "{EVERYTHING}"'
    raise SettingsError(f'{key}: "{name}" is no site of the network{mend}')


def _label(host: str) -> str:
    return host.removesuffix(f".{NETWORK}")


def _host_of(listing: Listing) -> str:
    try:
        return identify(listing.url).host
    except AddressError as error:
        raise SettingsError(f"listing {listing.name}: {error}") from error
