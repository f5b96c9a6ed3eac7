"""What is sent: a body of parts, and its gzip form put together from parts that were compressed before.

Most of a page is the same on every page of the site. Compressing that share once keeps the newsroom cheap, so that a
benchmark measures the crawler and not this server.
"""

import struct
import zlib
from collections.abc import Iterable
from functools import cached_property, lru_cache
from typing import NamedTuple

_GZIP_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
_LAST_BLOCK = b"\x03\x00"
_LEVEL = 6


class Part(NamedTuple):
    """A stretch of a body; a shared one stands on many pages."""

    content: bytes
    is_shared: bool = False


class Body:
    """A body in parts; its gzip form is made when it is first asked for."""

    def __init__(self, parts: tuple[Part, ...]) -> None:
        self.parts = parts

    @property
    def plain(self) -> bytes:
        """The body as it is without compression."""
        return b"".join(part.content for part in self.parts)

    @cached_property
    def gzipped(self) -> bytes:
        """The body as one gzip member."""
        crc, size = 0, 0
        squeezed = [_GZIP_HEAD]
        for part in self.parts:
            crc = zlib.crc32(part.content, crc)
            size += len(part.content)
            squeezed.append(_deflate_once(part.content) if part.is_shared else _deflate(part.content))
        squeezed += (_LAST_BLOCK, struct.pack("<II", crc, size & 0xFFFFFFFF))
        return b"".join(squeezed)


def body_of(*texts: str | bytes) -> Body:
    """Return a body of one part for each text."""
    return Body(tuple(Part(text if isinstance(text, bytes) else text.encode()) for text in texts))


def join(parts: Iterable[str | Part]) -> Body:
    """Return a body of the shared parts given, and of the texts between them."""
    return Body(tuple(part if isinstance(part, Part) else Part(part.encode()) for part in parts))


def _deflate(content: bytes) -> bytes:
    # A full flush ends on a whole byte and every part starts with an empty window, so the parts may be put in a row.
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(content) + packer.flush(zlib.Z_FULL_FLUSH)


_deflate_once = lru_cache(maxsize=1024)(_deflate)
