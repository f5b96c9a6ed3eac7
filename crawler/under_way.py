"""The links that a crawl is at: told to its service in memory that both hold, in case that one of them crashes it."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

_LENGTH_BYTES: Final = 4
_MOST_BYTES: Final = 64 * 1024


class UnderWay:
    """Tells which links are being fetched and read. Called with the key of one, it is so for as long as the block.

    Memory, not a pipe: a service that stands still does not hold up its crawl, and what a crawl told outlives it.
    """

    def __init__(self, memory: int) -> None:
        """Take the memory that the service gave (`new_memory`)."""
        self._memory = memory
        self._keys: list[str] = []

    @contextmanager
    def __call__(self, key: str) -> Iterator[None]:
        """Tell that a link is under way while the block lasts."""
        self._keys.append(key)
        self._tell()
        try:
            yield
        finally:
            self._keys.remove(key)
            self._tell()

    def _tell(self) -> None:
        told = json.dumps(self._keys).encode()
        os.pwrite(self._memory, len(told).to_bytes(_LENGTH_BYTES) + told, 0)


def new_memory() -> int:
    """Return memory for one crawl, by the number that its process inherits it under."""
    return os.memfd_create("tribunwatch")


def keys_under_way(memory: int) -> tuple[str, ...]:
    """Return the links that a process was at when it told last; none where it told nothing, or not to its end."""
    length = int.from_bytes(os.pread(memory, _LENGTH_BYTES, 0))
    told = os.pread(memory, min(length, _MOST_BYTES), _LENGTH_BYTES)
    try:
        return tuple(json.loads(told or b"[]"))
    except ValueError:
        return ()
