"""Faults on request: what a test asks the newsroom to do wrong, for which addresses, how many times."""

import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import translate
from typing import Literal

BrokenPart = Literal["body", "title", "both", "authors", "tags"]
FaultKind = Literal["slow", "fail", "redirect", "answer", "mislabel", "break", "cut", "drip", "reset", "forget"]


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that goes wrong; only the fields of its kind count."""

    kind: FaultKind
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    pause_s: float = 0.0
    chunk_bytes: int = 0
    part: str = ""
    keep: float = 0.5


class _Rule:
    """A fault, where it strikes and how often it still does."""

    def __init__(self, fault: Fault, pattern: str, times: int | None) -> None:
        self.fault = fault
        self.left = times
        # A leading slash means any host. "[" stands for itself: addresses hold none that means a set.
        place = re.sub(r"^https?://", "", pattern).replace("[", "[[]")
        self._matches = re.compile(translate(place)).match
        self._any_host = place.startswith("/")

    def strikes(self, host: str, target: str) -> bool:
        """Tell whether the pattern names this address, with its query or without."""
        prefix = "" if self._any_host else host
        return any(self._matches(f"{prefix}{each}") for each in (target, target.partition("?")[0]))


class Faults:
    """The requests for faults, each for the addresses that a pattern names.

    A pattern is a whole address ("https://www.tribunnews.com/nasional/1/x"), a path ("/sitemap.xml": on any host), or
    either with `*`. Without a query it also means the address with any query. The fault asked for last comes first;
    `times` is how often it strikes, None until `heal()`.
    """

    def __init__(self) -> None:
        self._rules: list[_Rule] = []
        self._rules_lock = threading.Lock()

    def fail(self, pattern: str, status: int, retry_after: int | str | None = None, times: int | None = None) -> None:
        """Answer with this status; `retry_after` is in seconds or an HTTP date."""
        headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
        self.add(Fault("fail", status=status, headers=headers), pattern, times)

    def slow(self, pattern: str, seconds: float, times: int | None = None) -> None:
        """Wait so long before the first byte of the answer."""
        self.add(Fault("slow", pause_s=seconds), pattern, times)

    def drip(self, pattern: str, *, chunk_bytes: int = 1, pause_s: float = 0.1, times: int | None = None) -> None:
        """Send the body in so small pieces, with a pause after each."""
        self.add(Fault("drip", chunk_bytes=chunk_bytes, pause_s=pause_s), pattern, times)

    def cut(
        self,
        pattern: str,
        how: Literal["length", "gzip"] = "length",
        *,
        keep: float = 0.5,
        times: int | None = None,
    ) -> None:
        """Send only this share of the body.

        "length": Content-Length tells the whole and the connection ends early. "gzip": the length agrees with what is
        sent, but the gzip stream in it has no end (also for a client that accepts no gzip).
        """
        self.add(Fault("cut", part=how, keep=keep), pattern, times)

    def reset(self, pattern: str, times: int | None = None) -> None:
        """Break the connection without an answer."""
        self.add(Fault("reset"), pattern, times)

    def mislabel(self, pattern: str, content_type: str, times: int | None = None) -> None:
        """Send the right body under this Content-Type."""
        self.add(Fault("mislabel", headers={"Content-Type": content_type}), pattern, times)

    def redirect(self, pattern: str, to: str, status: int = 301, times: int | None = None) -> None:
        """Answer with a redirect to an address, which may be relative."""
        self.add(Fault("redirect", status=status, headers={"Location": to}), pattern, times)

    def answer(
        self,
        pattern: str,
        body: bytes,
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        times: int | None = None,
    ) -> None:
        """Answer with exactly this body and these headers, for example a bomb with Content-Encoding gzip."""
        given = {"Content-Type": "text/html; charset=UTF-8", **(headers or {})}
        self.add(Fault("answer", status=status, headers=given, body=body), pattern, times)

    def forget_conditions(self, pattern: str, times: int | None = None) -> None:
        """Send the whole body to whoever has it already, as a server does that knows no conditional requests."""
        self.add(Fault("forget"), pattern, times)

    def break_layout(self, pattern: str, part: BrokenPart = "body", times: int | None = None) -> None:
        """Serve pages as after a change of layout: the body container, byline or tags renamed, or no title anywhere."""
        self.add(Fault("break", part=part), pattern, times)

    def heal(self) -> None:
        """End all faults."""
        with self._rules_lock:
            self._rules.clear()

    def add(self, fault: Fault, pattern: str, times: int | None) -> None:
        """Let a fault strike where the pattern says."""
        with self._rules_lock:
            self._rules.insert(0, _Rule(fault, pattern, times))

    def struck(self, host: str, target: str) -> dict[FaultKind, Fault]:
        """Return the faults that strike this request, at most one of a kind, and count them."""
        struck: dict[FaultKind, Fault] = {}
        with self._rules_lock:
            for rule in self._rules:
                if rule.fault.kind not in struck and rule.strikes(host, target):
                    struck[rule.fault.kind] = rule.fault
                    if rule.left is not None:
                        rule.left -= 1
            self._rules = [rule for rule in self._rules if rule.left is None or rule.left > 0]
        return struck


def broken(page: bytes, part: str) -> bytes:
    """Return a page as a new layout would print it, without its body container, title, byline or tags."""
    if part in {"body", "both"}:
        page = page.replace(b'id="article_con"', b'id="konten"').replace(
            b'class="side-article txt-article multi-fontsize"', b'class="isi-baca"'
        )
    if part in {"title", "both"}:
        page = re.sub(rb'<h1 class="[^"]*" id="arttitle">.*?</h1>', b"", page)
        page = re.sub(rb"<title>.*?</title>", b"<title>Tribunnews.com</title>", page)
        page = re.sub(rb'<meta property="og:title"[^>]*>', b"", page)
        page = re.sub(rb'\n *"headline": .*', b"", page)
    if part == "authors":
        page = (
            page.replace(b'id="penulis"', b'class="oleh"').replace(b"Penulis:", b"").replace(b'"author":', b'"oleh":')
        )
        page = page.replace(b"/penulis/", b"/profil/").replace(b'name="author"', b'name="oleh"')
    if part == "tags":
        page = page.replace(b'itemprop="keywords"', b'class="topik"').replace(b'"keywords":', b'"topik":')
        page = page.replace(b'name="news_keywords"', b'name="topik"').replace(b"/tag/", b"/topik/")
        page = page.replace(b"tagcloud", b"awan")
    return page
