"""Walls: pages for consent, against robots or with an error, which come with status 200 in place of an article."""

from crawler.errors import AddressError
from crawler.parser import address_in
from crawler.site import identify


def is_wall(page: bytes) -> bool:
    """Tell whether a page from which no article could be read is none of the site's articles.

    Not decided by its words, which an article may have as well: an article whose layout has changed still names an
    article's address as its own (canonical or og:url), and a wall names none, or the home page.
    """
    url = address_in(page)
    if url is None:
        return True
    try:
        return not identify(url).is_readable
    except AddressError:
        return True
