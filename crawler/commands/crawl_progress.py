"""The progress of a crawl, as it is seen on a terminal."""

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Self

from crawler.commands.door import Door

if TYPE_CHECKING:
    from crawler.report import CrawlReport


class Progress:
    """A progress bar on a terminal, silence in a pipe; `update`, where there is a bar, takes the report as it grows."""

    def __init__(self, door: Door) -> None:
        self._shown = sys.stderr.isatty() and not door.quiet and not door.verbose and not door.debug
        self._color = not door.no_color
        self.update: Callable[[CrawlReport], None] | None = None

    def __enter__(self) -> Self:
        if self._shown:
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

            bar = Progress(
                TextColumn("{task.description}"),
                BarColumn(),
                MofNCompleteColumn(),
                TimeElapsedColumn(),
                console=Console(stderr=True, no_color=not self._color),
                transient=True,
            )
            task = bar.add_task("asking the listings", total=None)
            bar.start()
            self._bar = bar

            def update(report: "CrawlReport") -> None:
                done = report.fetched + sum(report.failed.values())
                days = f" and {report.days_asked + report.days_known} days" if report.days_asked else ""
                words = f"{report.listings_asked} listings{days}, {report.stored} stored, {report.matched} matched"
                bar.update(task, description=words, completed=done, total=max(report.due, done) or None)

            self.update = update
        return self

    def __exit__(self, *_: object) -> None:
        """Take the bar away, whatever happened."""
        if self._shown:
            self._bar.stop()
