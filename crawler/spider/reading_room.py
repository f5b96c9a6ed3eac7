"""The reading room: pages are read here. Most are read at once; one that needs a tree is given to a reader apart.

The parser that builds trees is C code: it may crash, and there are pages that it takes minutes for. So it runs in a
process of its own (`reader.py`), one for all pages, which is started when the first page needs it, and replaced when a
page was too much for it. That page alone is refused.
"""

import asyncio
import contextlib
import logging
import signal
import subprocess
import sys
import threading
from collections.abc import Collection, Mapping, Sequence
from types import TracebackType
from typing import Any, Final, Self

from crawler.article import ListingKind, Reading, reading_from_json
from crawler.errors import ExtractionError, ListingError, PageRefusedError
from crawler.parser import examine_quickly
from crawler.processes import module_environment
from crawler.site import Address, ListingPage, parse_listing
from crawler.site.followed import SitemapKind
from crawler.spider.reader import NO_MEMORY, listing_from_json, read_message, write_message

log = logging.getLogger(__name__)

LONGEST_S: Final = 2.0
MOST_BYTES: Final = 64 * 1024 * 1024
_NEWS_ONLY: Final[tuple[SitemapKind, ...]] = ("news",)
_LONGEST_START_S: Final = 30.0
_LONGEST_END_S: Final = 5.0
_READER: Final = (sys.executable, "-P", "-m", "crawler.spider.reader")


class ReaderFaultError(Exception):
    """The reader has a fault: it did not start, or raised what nobody thought of."""


class ReadingRoom:
    """Reads pages, each within a time and a share of memory.

    Args:
        longest_s: How long one article may take in the reader apart, all its pages together.
        most_bytes: How much memory it may take there.
        reader: The command that starts a reader; the two limits are added to it.
    """

    def __init__(
        self, *, longest_s: float = LONGEST_S, most_bytes: int = MOST_BYTES, reader: Sequence[str] = _READER
    ) -> None:
        self._limits = (longest_s, most_bytes)
        self._command = (*reader, str(longest_s), str(most_bytes))
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def reader_pid(self) -> int | None:
        """The process that reads apart, if one was started."""
        return self._process.pid if self._process else None

    async def examine(self, *pages: bytes, address: Address, charset: str | None = None) -> Reading:
        """Return what `examine_html` returns; the event loop goes on while a reader apart is at work.

        Raises:
            ExtractionError: There is no title, or no text.
            PageRefusedError: It costs too much, or crashed the parser.
        """
        quickly = examine_quickly(*pages, address=address, charset=charset)
        if quickly is not None:
            return quickly
        return await asyncio.to_thread(self.examine_apart, *pages, address=address, charset=charset)

    def examine_apart(self, *pages: bytes, address: Address, charset: str | None = None) -> Reading:
        """Return what `examine_html` returns, read by the reader apart in any case.

        Raises:
            ExtractionError, PageRefusedError: As above.
        """
        return self._ask("html", pages, address, charset, {})

    def explain(self, *pages: bytes, address: Address, charset: str | None = None) -> Reading:
        """Return what `examine_html` returns, with what was cut.

        Raises:
            ExtractionError, PageRefusedError: As above.
        """
        return self._ask("html", pages, address, charset, {"explain": True})

    def examine_now(self, *pages: bytes, address: Address, charset: str | None = None) -> Reading:
        """Return what `examine` returns, for those who have no event loop.

        Raises:
            ExtractionError, PageRefusedError: As above.
        """
        quickly = examine_quickly(*pages, address=address, charset=charset)
        return quickly if quickly is not None else self._ask("html", pages, address, charset, {})

    def examine_document(self, body: bytes, *, address: Address | None = None, **options: Any) -> Reading:
        """Return what `examine_document` of the parser returns, with these options.

        Raises:
            ExtractionError, PageRefusedError: As above.
        """
        return self._ask("document", (body,), address, None, options)

    async def parse_listing(
        self, url: str, kind: ListingKind, body: bytes, *, sitemaps: Collection[SitemapKind] = _NEWS_ONLY
    ) -> ListingPage:
        """Return what `parse_listing` returns; what is not XML is parsed by a reader apart.

        Raises:
            ListingError: It is no such listing, costs too much, or crashed the parser.
        """
        if kind not in {"index", "home"}:
            return parse_listing(url, kind, body, sitemaps=sitemaps)
        head = {"ask": "listing", "address": None, "url": url, "kind": kind}
        try:
            answer = await asyncio.to_thread(self._answer, url, head, body)
        except PageRefusedError as error:
            raise ListingError(url, error.reason) from error
        return listing_from_json(answer["listing"])

    def close(self) -> None:
        """End the reader; a later page would start another."""
        with self._lock:
            self._end()

    def _ask(
        self,
        ask: str,
        bodies: Sequence[bytes],
        address: Address | None,
        charset: str | None,
        options: Mapping[str, Any],
    ) -> Reading:
        url = address.url if address else None
        head = {"ask": ask, "address": url, "charset": charset, "options": options}
        return reading_from_json(self._answer(url, head, *bodies)["reading"])

    def _answer(self, url: str | None, head: Mapping[str, Any], *bodies: bytes) -> dict[str, Any]:
        """Let the reader read, one thing at a time; return its answer, or raise what it raised."""
        with self._lock:
            process = self._running() or self._start()
            answer, is_late = self._exchange(process, self._limits[0], head, *bodies)
            if answer is None or "memory" in answer:
                # A reader that once had too little memory is not used again.
                self._end(kill=is_late)
                raise PageRefusedError(
                    url, self._why_it_ended(process.returncode, is_late=is_late, had_memory=answer is None)
                )
            if is_late:
                self._end(kill=True)
        _raise_as_answered(answer)
        return answer

    def _why_it_ended(self, code: int, *, is_late: bool, had_memory: bool) -> str:
        longest_s, most_bytes = self._limits
        if is_late or code == -signal.SIGALRM:
            return f"took more than {longest_s:g} s"
        if not had_memory or code == NO_MEMORY:
            return f"needed more than {most_bytes // 2**20} MB"
        return f"the parser crashed (signal {-code})" if code < 0 else f"the reader ended (exit code {code})"

    def _running(self) -> subprocess.Popen[bytes] | None:
        """Return the reader, if it still lives; between two pages it may have ended of itself."""
        if self._process is not None and self._process.poll() is not None:
            self._end()
        return self._process

    def _start(self) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(  # noqa: S603  - our own module, by the interpreter that runs us
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=module_environment(),
        )
        self._process = process
        ready, _ = self._exchange(process, _LONGEST_START_S)
        if ready is None:
            self._end(kill=True)
            raise ReaderFaultError(f"the reader did not start (exit code {process.returncode})")
        return process

    def _exchange(
        self, process: subprocess.Popen[bytes], longest_s: float, head: Mapping[str, Any] | None = None, *bodies: bytes
    ) -> tuple[dict[str, Any] | None, bool]:
        """Send a message; return the answer, None where the reader died, and whether it was killed for being slow."""
        if process.stdin is None or process.stdout is None:
            raise ReaderFaultError("the reader has no pipes")
        is_late = threading.Event()

        def end() -> None:
            is_late.set()
            process.kill()

        belt = threading.Timer(longest_s, end)
        belt.start()
        answer = None
        try:
            if head is not None:
                write_message(process.stdin, head, *bodies)
            answer = read_message(process.stdout)
        except OSError:
            log.debug("reader died pid=%d", process.pid)
        finally:
            belt.cancel()
            belt.join()
        return answer[0] if answer else None, is_late.is_set()

    def _end(self, *, kill: bool = False) -> None:
        """End the reader: of itself, once its stdin ends; if it does not, or should not, by force."""
        process, self._process = self._process, None
        if process is None:
            return
        if kill:
            process.kill()
        with contextlib.suppress(OSError):
            if process.stdin:
                process.stdin.close()
        try:
            process.wait(_LONGEST_END_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout:
            process.stdout.close()


def _raise_as_answered(answer: Mapping[str, Any]) -> None:
    """Raise what the reader raised, if it did."""
    if "lacks" in answer:
        raise ExtractionError(answer["url"], answer["lacks"])
    if "refused" in answer:
        raise PageRefusedError(answer["url"], answer["refused"])
    if "fault" in answer:
        log.error("reader has a fault\n%s", answer["fault"])
        raise ReaderFaultError(answer["fault"].strip().rpartition("\n")[2])
