"""The progress bar of what takes a while: on a terminal, on stderr; in a pipe there is silence."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from crawler.commands.door import Door

_Thing = TypeVar("_Thing")


@contextmanager
def progress(door: Door, things: Iterable[_Thing], total: int | None, description: str) -> Iterator[Iterable[_Thing]]:
    """Give the things one by one, and show how many of them are done; `total` is None where nobody knows it."""
    if not sys.stderr.isatty() or door.quiet or door.debug:
        yield things
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True, no_color=door.no_color), transient=True) as bar:
        yield bar.track(things, total=total, description=description)
