"""The cursor of a page: where the next page of the same search begins, closed to all but this program."""

import base64
import binascii
import struct
import zlib
from dataclasses import replace
from typing import Final

from crawler.archive.request import SearchRequest
from crawler.errors import QueryError

_FORM: Final = struct.Struct(">BqI")
_VERSION: Final = 1


def cursor_after(request: SearchRequest, place: int) -> str:
    """Return the cursor of what stands after a place of the index."""
    packed = _FORM.pack(_VERSION, place, _question(request))
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def place_of(request: SearchRequest) -> int | None:
    """Return the place before which a search goes on; None where it begins.

    Raises:
        QueryError: No such cursor was ever given, or it was for another search.
    """
    if request.cursor is None:
        return None
    try:
        padded = request.cursor + "=" * (-len(request.cursor) % 4)
        version, place, question = _FORM.unpack(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (ValueError, binascii.Error, struct.error):
        version = None
    if version != _VERSION:
        raise QueryError(f'"{request.cursor[:40]}" is no cursor; take the one that the page before ended with')
    if question != _question(request):
        raise QueryError("this cursor belongs to another search; repeat that one, or leave the cursor out")
    return int(place)


def _question(request: SearchRequest) -> int:
    """Return a number that tells one search from another; a span back from now is the same span tomorrow."""
    lasting = replace(request, since=None, until=None, limit=0, cursor=None)
    return zlib.crc32(repr(lasting).encode("utf-8", "surrogatepass"))
