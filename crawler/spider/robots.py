"""robots.txt as RFC 9309 has it: what may be asked of a host, and what its silence means."""

import codecs
import math
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from protego import Protego

from crawler.archive.hosts import KeptRobots

PRODUCT: Final = "Tribunwatch"
# A host whose Crawl-delay is longer than this is not asked at all: a crawl of one article in so long is none.
LONGEST_DELAY_S: Final = 300.0
# RFC 9309, 2.4: not used for longer than a day. A shorter time of the host's own is honoured, down to an hour.
LONGEST_KEPT_S: Final = 86_400.0
_SHORTEST_KEPT_S: Final = 3600.0
# RFC 9309, 2.5: at least 500 KiB are read.
_MOST_BYTES: Final = 512 * 1024
_MAX_AGE: Final = re.compile(r"(?:^|[,\s])max-age\s*=\s*\"?([0-9]{1,9})", re.IGNORECASE)
_NOT_KEPT: Final = re.compile(r"(?:^|[,\s])(?:no-store|no-cache)(?:$|[,\s=])", re.IGNORECASE)
_OK, _CLIENT_ERROR, _TOO_MANY, _SERVER_ERROR = 200, 400, 429, 500


@dataclass(frozen=True, slots=True)
class Robots:
    """What a host's robots.txt means for us: `rules` None allows everything, `unreachable` forbids everything."""

    rules: Protego | None = None
    unreachable: str | None = None

    def allows(self, url: str) -> bool:
        """Tell whether this address may be asked for."""
        if self.unreachable is not None:
            return False
        return self.rules is None or bool(self.rules.can_fetch(url, PRODUCT))

    @property
    def delay_s(self) -> float:
        """The pause that the host asks for (Crawl-delay), in seconds."""
        asked = self.rules.crawl_delay(PRODUCT) if self.rules else None
        return max(float(asked), 0.0) if asked is not None and not math.isnan(asked) else 0.0


def read_robots(status: int, body: bytes) -> Robots:
    """Return what an answer to /robots.txt means.

    Source: RFC 9309, 2.3.1: a robots.txt that does not exist (4xx) allows everything, a host that cannot say (5xx)
    forbids everything; 429 counts as the latter, since it says nothing of the file.
    """
    if status == _TOO_MANY or status >= _SERVER_ERROR:
        return Robots(unreachable=f"status {status}")
    if status >= _CLIENT_ERROR:
        return Robots()
    if status // 100 != _OK // 100:
        return Robots(unreachable=f"status {status}")
    return Robots(rules=Protego.parse(_text(body)))


def keep_robots(status: int, body: bytes, *, cache_control: str | None, now: datetime) -> KeptRobots:
    """Return a robots.txt as it is kept: for a day, or between an hour and a day as its Cache-Control asks."""
    asked = _MAX_AGE.search(cache_control or "")
    kept_s = float(asked[1]) if asked else LONGEST_KEPT_S
    if _NOT_KEPT.search(cache_control or ""):
        kept_s = 0.0
    kept_s = min(max(kept_s, _SHORTEST_KEPT_S), LONGEST_KEPT_S)
    return KeptRobots(status, _cut(body), at=now, until=now + timedelta(seconds=kept_s))


def is_of_use(robots: KeptRobots, now: datetime) -> bool:
    """Tell whether it may stand in for one that cannot be had now: while it is not a day old (RFC 9309, 2.4)."""
    return now < robots.at + timedelta(seconds=LONGEST_KEPT_S)


def _cut(body: bytes) -> bytes:
    if len(body) <= _MOST_BYTES:
        return body
    # A rule that is cut in the middle would forbid, or allow, more than was meant.
    last_line_end = max(body.rfind(b"\n", 0, _MOST_BYTES), body.rfind(b"\r", 0, _MOST_BYTES))
    return body[: last_line_end + 1 or _MOST_BYTES]


def _text(body: bytes) -> str:
    body = _cut(body)
    encoding = "utf-16" if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
    return body.decode(encoding, errors="replace").replace("\x00", "")
