"""A small Tribunnews on this machine, made from the seed documents: tests, the demo and the benchmarks use it.

    with Newsroom(articles=500) as newsroom:
        ...  # ask newsroom.url, with the Host of a site: www.tribunnews.com, jabar.tribunnews.com, m.tribunnews.com, …

As a process of its own: `python -m seeds.newsroom [--port N] [--articles N] [--seeds DIR] [--log FILE]`.
"""

import argparse
import contextlib
import json
import os
import signal
import sys
import threading
from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from pathlib import Path
from types import TracebackType
from typing import Any, Final, NoReturn, Self
from urllib.parse import urlsplit

from seeds.desk import Desk, NewsroomError, PageAsked, is_article_path
from seeds.faults import Faults
from seeds.journal import Journal
from seeds.layouts import LAYOUTS, Door, Form, Layout, expect_form
from seeds.office import Asked, Office, is_loopback
from seeds.routes import Routes
from seeds.server import Server
from seeds.sites import SITES, WWW, site_of

__all__ = ["Asked", "Newsroom", "NewsroomError", "main"]

NOW: Final = datetime(2026, 7, 24, 18, 0, tzinfo=timezone(timedelta(hours=7)))
_WRONG_USE, _HELD = 2, 3
_HIGHEST_PORT = 65_535


class Newsroom(Faults):
    """A web server on loopback that answers as every site of the network.

    Its clock stands at `now` until it is set: what is published later is in no listing and answers 404. For
    faults see `Faults`.

    Args:
        seeds: A folder of seed documents with its desk.toml; the one of this package if None.
        articles: How many generated articles to add, one about every 90 seconds back from `now`.
        now: The moment at which the clock stands.
        host: A loopback address.
        port: 0 for a free one.
        log_to: A file that gets one line of JSON for each article and each request (docs/request-log.md).
        layout: The generation in which pages are printed (see `seeds/layouts.py`); it may be set at any time.

    Raises:
        NewsroomError: A seed is not complete, the address is not loopback, or the port is taken (on entering).
    """

    def __init__(  # noqa: PLR0913  - what can be chosen, by keyword
        self,
        *,
        seeds: Path | None = None,
        articles: int = 0,
        now: datetime = NOW,
        host: str = "127.0.0.1",
        port: int = 0,
        log_to: Path | None = None,
        layout: Layout = "E",
    ) -> None:
        super().__init__()
        _insist_on_loopback(host)
        self._lock = threading.RLock()
        self._now = _aware(now)
        self._desk = Desk(seeds or Path(__file__).parent, articles=articles, now=now)
        self._routes = Routes(self._desk, lambda: self._now, self._lock, _known(layout))
        self._journal = Journal(log_to)
        self._office = Office(self._routes, self, self._journal)
        self._place = ("127.0.0.1" if host == "localhost" else host, port)
        self._server: Server | None = None

    def __enter__(self) -> Self:
        self._journal.open()
        for number, name in enumerate(self._desk.names):
            entry = self._desk.entry(name)
            self._journal.write("article", {"number": number, "url": entry.url, "published_at": entry.published_at})
        try:
            self._server = Server(self._office, *self._place)
        except NewsroomError:
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop answering; a second call does nothing."""
        server, self._server = self._server, None
        if server is not None:
            server.close()
        self._journal.close()

    @property
    def url(self) -> str:
        """Where it listens, without a final slash."""
        if self._server is None:
            raise NewsroomError("newsroom: it is not open; use it in a with statement")
        host, port = self._server.address
        return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"

    @property
    def now(self) -> datetime:
        """The moment at which the clock stands; set it to let articles appear."""
        return self._now

    @now.setter
    def now(self, moment: datetime) -> None:
        self._now = _aware(moment)

    @property
    def layout(self) -> Layout:
        """The generation in which pages are printed; set it to see the site change."""
        return self._routes.layout

    @layout.setter
    def layout(self, layout: Layout) -> None:
        self._routes.layout = _known(layout)

    @property
    def rss_is_real(self) -> bool:
        """Whether the links of the feeds lead to articles, as they once did; now they all lead to the home page."""
        return self._routes.rss_is_real

    @rss_is_real.setter
    def rss_is_real(self, is_real: bool) -> None:
        self._routes.rss_is_real = is_real

    @property
    def log(self) -> list[Asked]:
        """Every answer, in order; a plain list that may be cleared."""
        return self._office.log

    @property
    def requested(self) -> list[str]:
        """Every request as "host/path?query", in order; a plain list that may be cleared."""
        return self._office.requested

    @property
    def most_at_once(self) -> dict[str, int]:
        """How many requests each host had at once, at most."""
        return self._office.most_at_once

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all articles, seeds first."""
        return self._desk.names

    @property
    def addresses(self) -> tuple[str, ...]:
        """The canonical addresses of all articles, in the order of `names`."""
        return tuple(self._desk.entry(name).url for name in self._desk.names)

    def printed(self, host: str = WWW) -> list[str]:
        """Return the names of what a site has printed by now, newest first."""
        with self._lock:
            return [entry.name for entry in self._desk.printed(host, self._now)]

    @property
    def article_requests(self) -> list[str]:
        """Those of `requested` that asked for an article, photo or video, whether or not there is one."""
        return [each for each in list(self.requested) if is_article_path(_path_of(each))]

    def address(self, name: str) -> str:
        """Return the canonical address of an article."""
        return self._desk.entry(name).url

    def expected(
        self, name: str, page: PageAsked | None = "all", *, layout: Layout | None = None, door: Door = "www"
    ) -> dict[str, Any]:
        """Return the JSON that `read_html` must give for what is served now.

        It is the same article in every layout and at every door, less what the page does not print.

        Args:
            name: The name of a seed, or of a generated article ("wire-000001").
            page: "all" for the page that `?page=all` gives, a number for that page alone, None for all pages joined.
            layout: The generation; the one in which the newsroom prints if None.
            door: The page for large screens, that of m., the AMP page, or the one under the white label.
        """
        manuscript = self._desk.manuscript(name)
        site = site_of(manuscript.entry.host) or SITES[WWW]
        form = Form(_known(layout or self.layout), door)
        return expect_form(manuscript, self._now.astimezone(site.tzinfo).date().isoformat(), page, form)

    def page(self, name: str, page: PageAsked = "all", *, layout: Layout | None = None, door: Door = "www") -> bytes:
        """Return the HTML of a page as it would be served now, also of an article that is not yet out.

        At a door at which the server would not serve it (an AMP page of a numbered address) it can be had as well.

        Raises:
            NewsroomError: There is no such article, or it has no such page.
        """
        body = self._routes.page(name, page, Form(_known(layout or self.layout), door))
        if body is None:
            raise NewsroomError(f"newsroom: {name} has no page {page}")
        return body.plain

    def served(self, url: str) -> bytes:
        """Return the body that an address gives now, faults apart."""
        parts = urlsplit(url)
        return self._routes.answer(parts.netloc, parts.path, parts.query).body.plain

    def edit(
        self,
        name: str,
        *,
        title: str | None = None,
        text: str | Sequence[str] | None = None,
        modified_at: datetime | None = None,
        **changes: Any,
    ) -> None:
        """Print an article anew at its old address.

        Args:
            name: The article.
            title: The new title.
            text: All paragraphs anew: a list, or one string with blank lines between them.
            modified_at: When the site changed it; now, or a second after its last change, if None.
            changes: Other keys of its JSON, for example `lead` or `tags`.
        """
        with self._lock:
            entry = self._desk.entry(name)
            if title is not None:
                changes["title"] = title
            if text is not None:
                texts = [each.strip() for each in text.split("\n\n")] if isinstance(text, str) else list(text)
                changes["paragraphs"] = [{"kind": "text", "text": each} for each in texts]
            known = self._desk.manuscript(name).article.keys()
            if unknown := changes.keys() - known:
                raise NewsroomError(f"newsroom: an article has no {min(unknown)}; its keys are those of its JSON")
            moment = modified_at or max(self._now, entry.modified_at + timedelta(seconds=1))
            self._desk.edit(name, changes, _aware(moment))
            self._journal.write("changed", {"number": self._desk.number(name)})

    def pin(self, *names: str) -> None:
        """Let these articles, and no others, stand first in every list of their sites, however old they are."""
        with self._lock:
            self._desk.pin(*names)

    def remove(self, name: str) -> None:
        """Take an article off the site: it leaves the listings, and its address answers 410."""
        with self._lock:
            self._desk.remove(name)
            self._journal.write("removed", {"number": self._desk.number(name)})


def _known(layout: Layout) -> Layout:
    if layout not in LAYOUTS:
        raise NewsroomError(f"newsroom: no layout is named {layout!r}; choose one of {', '.join(LAYOUTS)}")
    return layout


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise NewsroomError(f"newsroom: {moment.isoformat()} has no offset; give it one, for example +07:00")
    return moment


def _path_of(requested: str) -> str:
    return "/" + requested.partition("/")[2].partition("?")[0]


def _insist_on_loopback(host: str) -> None:
    if not is_loopback(host):
        raise NewsroomError(f"newsroom: {host} is not loopback; it serves this machine only, use 127.0.0.1")


class _OneLineParser(argparse.ArgumentParser):
    """Says what is wrong in one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(_WRONG_USE, f"newsroom: {message}; --help shows what it takes\n")


def _count(text: str) -> int:
    number = int(text)
    if number < 0:
        raise ValueError
    return number


def _port(text: str) -> int:
    number = _count(text)
    if number > _HIGHEST_PORT:
        raise ValueError
    return number


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until stdin ends or a signal comes; prints one line of JSON with the address when ready."""
    parser = _OneLineParser(prog="python -m seeds.newsroom", description="A small Tribunnews on this machine.")
    parser.add_argument("--port", type=_port, default=0, help="where to listen on 127.0.0.1; 0 for a free port")
    parser.add_argument("--articles", type=_count, default=0, help="how many generated articles to add to the seeds")
    parser.add_argument("--seeds", type=Path, help="a folder of seed documents with its desk.toml")
    parser.add_argument("--layout", choices=LAYOUTS, default="E", help="the generation in which pages are printed")
    parser.add_argument("--log", type=Path, help="append one line of JSON for each article and request to this file")
    chosen = parser.parse_args(arguments)
    end = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: end.set())
    try:
        newsroom = Newsroom(
            seeds=chosen.seeds,
            articles=chosen.articles,
            port=chosen.port,
            log_to=chosen.log,
            layout=chosen.layout,
        )
    except NewsroomError as error:
        return _complain(error, _WRONG_USE)
    try:
        with newsroom:
            sys.stdout.write(json.dumps({"url": newsroom.url}) + "\n")
            sys.stdout.flush()
            threading.Thread(target=_wait_for_stdin_to_end, args=(end,), daemon=True).start()
            end.wait()
    except NewsroomError as error:
        return _complain(error, _HELD)
    return 0


def _complain(error: NewsroomError, exit_code: int) -> int:
    sys.stderr.write(f"{error}\n")
    return exit_code


def _wait_for_stdin_to_end(end: threading.Event) -> None:
    # Read from the descriptor: a thread that waits inside sys.stdin would hold its lock when the interpreter ends.
    with contextlib.suppress(OSError):
        while os.read(0, 4096):
            pass
    end.set()


if __name__ == "__main__":
    sys.exit(main())
