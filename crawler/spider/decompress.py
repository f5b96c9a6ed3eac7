"""Unpacking an answer: gzip and deflate within a limit of size; what was cut off on its way is told, never kept."""

import zlib
from typing import Final

from isal import isal_zlib

# The encodings we ask for; servers that answer in another one have not read the request.
ACCEPT_ENCODING: Final = "gzip, deflate"
_GZIP_WINDOW: Final = 16 + zlib.MAX_WBITS
_GZIP_MAGIC: Final = b"\x1f\x8b"
_SIZE_BYTES: Final = 4
_MOST_LAYERS: Final = 2
_MOST_MEMBERS: Final = 64


class CutError(Exception):
    """The packed body ended before its end mark."""


class TooLargeError(Exception):
    """The unpacked body is larger than allowed."""


class UnreadableError(Exception):
    """The body is not packed in the way that the answer says, or in a way that was not asked for."""


def unpack(body: bytes, encoding: str, *, most_bytes: int) -> bytes:
    """Return the body as it was before it was packed for the way.

    Args:
        body: The body as received.
        encoding: The Content-Encoding, "" for none; several are undone from the last to the first.
        most_bytes: The largest size allowed after each step.

    Raises:
        CutError: The body is not whole.
        TooLargeError: It would be larger than `most_bytes`.
        UnreadableError: It is damaged, or packed in a way that we do not know.
    """
    layers = [
        layer for layer in (part.strip().lower() for part in encoding.split(",")) if layer not in {"", "identity"}
    ]
    if len(layers) > _MOST_LAYERS:
        raise UnreadableError(f"packed {len(layers)} times")
    for layer in reversed(layers):
        body = _unpack_layer(body, layer, most_bytes)
    return body


def _unpack_layer(body: bytes, layer: str, most_bytes: int) -> bytes:
    if layer in {"gzip", "x-gzip"}:
        return _unpack_gzip(body, most_bytes)
    if layer == "deflate":
        try:
            return _inflate(body, zlib.MAX_WBITS, most_bytes)[0]
        except UnreadableError:
            # Some servers send the bare stream, without zlib's frame around it.
            return _inflate(body, -zlib.MAX_WBITS, most_bytes)[0]
    raise UnreadableError(f"packed as {layer[:20]}, which was not asked for")


def _unpack_gzip(body: bytes, most_bytes: int) -> bytes:
    """Unpack all members of a gzip body; what stands behind the last one and is no gzip is left out."""
    if not body:
        # The end of an answer without a body, such as 304, packed or not.
        return b""
    if not _GZIP_MAGIC.startswith(body[:2]):
        raise UnreadableError("not gzip, though it says so")
    whole, rest = _inflate(body, _GZIP_WINDOW, most_bytes)
    members = [whole]
    while rest[:2] == _GZIP_MAGIC:
        if len(members) == _MOST_MEMBERS:
            raise UnreadableError(f"more than {_MOST_MEMBERS} gzip members")
        member, rest = _inflate(rest, _GZIP_WINDOW, most_bytes - sum(map(len, members)))
        members.append(member)
    return b"".join(members) if len(members) > 1 else whole


def _inflate(body: bytes, window: int, most_bytes: int) -> tuple[bytes, bytes]:
    stream = isal_zlib.decompressobj(window)
    # A gzip body ends with its size. Room for just as much is filled in two thirds of the time that growing room takes;
    # where the body is larger after all, there is more.
    told = int.from_bytes(body[-_SIZE_BYTES:], "little") if window == _GZIP_WINDOW else most_bytes
    try:
        whole = stream.decompress(body, min(told, most_bytes) + 1)
        if not stream.eof and len(whole) <= most_bytes:
            whole += stream.decompress(stream.unconsumed_tail, most_bytes + 1 - len(whole))
    except isal_zlib.error as error:  # type: ignore[misc]  # its stub gives an instance for the class
        raise UnreadableError(f"damaged: {error}") from error
    if len(whole) > most_bytes:
        raise TooLargeError
    if not stream.eof:
        raise CutError
    return whole, stream.unused_data
