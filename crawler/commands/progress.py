"""The progress bar of what takes a while: on a terminal, on stderr; in a pipe there is silence."""

import sys
from collections.abc import Callable, Iterable, Iterator
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


@contextmanager
def steps(door: Door) -> Iterator[Callable[[str, int, int], None]]:
    """Give what is told the name of a step, how much of it is done, and of how much (0: nobody knows)."""
    if not sys.stderr.isatty() or door.quiet or door.debug:
        yield lambda *_: None
        return
    from rich.console import Console
    from rich.progress import Progress, TaskID

    with Progress(console=Console(stderr=True, no_color=door.no_color), transient=True) as bar:
        known: dict[str, TaskID] = {}

        def tell(name: str, done: int, total: int) -> None:
            if name not in known:
                known[name] = bar.add_task(name, total=total or None)
            bar.update(known[name], completed=done)

        yield tell
