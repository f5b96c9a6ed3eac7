"""robots.txt as RFC 9309 has it: what may be asked of a host, and what its silence means."""

import codecs
import math
from dataclasses import dataclass
from typing import Final

from protego import Protego

PRODUCT: Final = "Tribunwatch"
LONGEST_DELAY_S: Final = 60.0
# RFC 9309, 2.5: at least 500 KiB are read.
_MOST_BYTES: Final = 512 * 1024
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
        """The pause that the host asks for, between 0 and 60 s."""
        asked = self.rules.crawl_delay(PRODUCT) if self.rules else None
        return min(max(float(asked), 0.0), LONGEST_DELAY_S) if asked is not None and not math.isnan(asked) else 0.0


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


def _text(body: bytes) -> str:
    if len(body) > _MOST_BYTES:
        # A rule that is cut in the middle would forbid, or allow, more than was meant.
        last_line_end = max(body.rfind(b"\n", 0, _MOST_BYTES), body.rfind(b"\r", 0, _MOST_BYTES))
        body = body[: last_line_end + 1 or _MOST_BYTES]
    encoding = "utf-16" if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
    return body.decode(encoding, errors="replace").replace("\x00", "")
