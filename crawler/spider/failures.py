"""Why a request brought nothing: every reason that the ledger and the report may show, in one place."""

from typing import Final

from crawler.archive import reasons
from crawler.errors import CrawlerError

CUT: Final = reasons.CUT
TOO_LARGE: Final = reasons.TOO_LARGE
TIMED_OUT: Final = reasons.TIMEOUT
NO_NAME: Final = reasons.DNS
NO_CONNECTION: Final = reasons.CONNECTION
NOT_PUBLIC: Final = f"{reasons.CONNECTION}: address not public"
BAD_CERTIFICATE: Final = f"{reasons.CONNECTION}: certificate not valid"
BROKEN_ANSWER: Final = f"{reasons.CONNECTION}: broken answer"
# The request was made, and no answer came to its end: a network that goes down looks like that, as a bad host does.
WITHOUT_ANSWER: Final = frozenset({TIMED_OUT, BROKEN_ANSWER, CUT})
DISALLOWED: Final = f"{reasons.ROBOTS}: disallowed"
REDIRECT_LOOP: Final = f"{reasons.REDIRECTED_AWAY}: in a circle"
REDIRECT_LIMIT: Final = f"{reasons.REDIRECTED_AWAY}: more than 5 times"
REDIRECT_FOREIGN: Final = f"{reasons.REDIRECTED_AWAY}: to another site"
REDIRECT_ELSEWHERE: Final = f"{reasons.REDIRECTED_AWAY}: to a page that is not what was asked for"
REDIRECT_NOWHERE: Final = f"{reasons.REDIRECTED_AWAY}: without an address"


class FetchError(CrawlerError):
    """A request was made and brought nothing usable; `reason` is what the ledger keeps.

    `retry_after_s` is the time that the host asked us to wait.
    """

    def __init__(self, url: str, reason: str, *, detail: str | None = None, retry_after_s: float | None = None) -> None:
        super().__init__(f"{url[:200]}: {reason}" + (f" ({detail})" if detail else ""))
        self.url = url
        self.reason = reason
        self.detail = detail
        self.retry_after_s = retry_after_s


class UnreachedError(FetchError):
    """The host itself could not be reached: no name, no connection, no valid certificate."""


class GoneError(FetchError):
    """The site says that there is no such page (any more): 404 or 410."""


class DisallowedError(FetchError):
    """The host's robots.txt forbids this address; nothing was asked."""


class LeftAloneError(FetchError):
    """The host is left alone for the rest of this crawl, so nothing was asked; what is due stays due."""
