"""Reads very many damaged pages and documents: each gives an article or one named error, in time and in memory.

Promise: no crash, none takes more than 2 s or 64 MB, a page that was cut is never taken for the whole, every article
can be written as JSON and read back. The sources are all seeds, as text and in every layout of the newsroom.

They are read in child processes of this script, as the crawl reads them but without its limits. What breaks a limit
there or kills the child is read once more in the reading room, which must end it within its limits and by name.

Run: python bench/mutation.py [--count 100000] [--seed 1] [--jobs 2]
"""

import argparse
import json
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path
from queue import Queue
from random import Random
from threading import Thread
from typing import NamedTuple

import seeds
from bench.damages import HTML, TEXT
from crawler.article import article_as_json, article_from_json
from crawler.errors import CrawlerError
from crawler.parser import examine_document, examine_html, examine_quickly
from crawler.site import Address, identify
from crawler.spider.reading_room import LONGEST_S, MOST_BYTES, ReadingRoom
from seeds.layouts import DOORS, LAYOUTS, Door, Layout
from seeds.newsroom import Newsroom

ROOT = Path(__file__).parent.parent
# One source serves so many documents in a row.
FROM_ONE_SOURCE = 10
TWICE_DAMAGED = 0.3
# A child that reads one document for longer is killed.
PATIENCE_S = 20
CHARSETS = (None, None, None, "UTF-8", "ISO-8859-1", "utf-16", "gb18030", "nonsense", "x" * 300)


class Source(NamedTuple):
    """A whole document: a seed as text, or as a page in one layout at one door."""

    name: str
    layout: Layout | None = None
    door: Door = "www"


class Damaged(NamedTuple):
    """A damaged document and how it came about."""

    kind: str
    body: bytes
    source: Source
    charset: str | None
    is_cut: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one: how it ended, its CPU time and memory, whether they broke a limit, and what is wrong."""

    number: int
    kind: str
    ending: str
    seconds: float
    needed_bytes: int
    is_dear: bool = False
    fault: str | None = None


@cache
def newsroom() -> Newsroom:
    """Return the newsroom; it need not be open."""
    return Newsroom()


@cache
def sources() -> tuple[Source, ...]:
    """Return all documents there are to damage, in an order of chance."""
    names = newsroom().names
    pages = [Source(name, layout, door) for name in names for layout in LAYOUTS for door in DOORS]
    texts = [Source(name) for name in names] * 5
    mixed = [*pages, *texts]
    Random(0).shuffle(mixed)
    return tuple(mixed)


def whole(source: Source) -> bytes:
    """Return a document without damage."""
    if source.layout is None:
        return (Path(str(seeds.__file__)).parent / f"{source.name}.txt").read_bytes()
    return newsroom().page(source.name, layout=source.layout, door=source.door)


def damaged(seed: int, number: int) -> Damaged:
    """Return the document of a number; the same seed and number give the same."""
    chance = Random(f"{seed}/{number}")
    source = sources()[number // FROM_ONE_SOURCE % len(sources())]
    known = TEXT if source.layout is None else HTML
    kinds = [chance.choice(sorted(known))]
    if chance.random() < TWICE_DAMAGED:
        kinds.append(chance.choice(sorted(known)))
    body = whole(source)
    for kind in kinds:
        body = known[kind](body, chance)
    is_cut = kinds == ["cut"] and source.layout is not None
    kind = kinds[0] if len(kinds) == 1 else "two of them"
    return Damaged(kind, body, source, chance.choice(CHARSETS), is_cut)


def address_of(source: Source) -> Address:
    """Return the address under which a document is read."""
    return identify(newsroom().address(source.name))


def read_here(one: Damaged) -> tuple[str, bool, str | None]:
    """Read as a crawl does, or a person's import; return how it ended, whether the quick way did it, what is wrong."""
    address = address_of(one.source)
    reading = None
    try:
        if one.source.layout is None:
            reading, is_quick = examine_document(one.body, address=address), False
        else:
            reading = examine_quickly(one.body, address=address, charset=one.charset)
            is_quick = reading is not None
            reading = reading or examine_html(one.body, address=address, charset=one.charset)
    except CrawlerError as error:
        str(error).encode()
        return _named(error), False, None
    article = reading.article
    fault = None
    told = json.dumps(article_as_json(article), ensure_ascii=False)
    told.encode()
    if article_from_json(json.loads(told)) != article:
        fault = "its JSON gives another article"
    if one.is_cut and article.is_complete and len(article.text) < len(_text_of(one.source)):
        fault = "cut, and taken for the whole"
    return "article, whole" if article.is_complete else "article, incomplete", is_quick, fault


@cache
def _text_of(source: Source) -> str:
    return examine_html(whole(source), address=address_of(source)).article.text


def _named(error: CrawlerError) -> str:
    return f"{type(error).__name__}: no {error.field}" if hasattr(error, "field") else type(error).__name__


def read_in_room(one: Damaged, room: ReadingRoom) -> str:
    """Read where the limits are held; return how it ended."""
    try:
        if one.source.layout is None:
            room.examine_document(one.body, address=address_of(one.source))
        else:
            room.examine_apart(one.body, address=address_of(one.source), charset=one.charset)
    except CrawlerError as error:
        reason = str(getattr(error, "reason", ""))
        return f"PageRefusedError: {reason}" if reason.startswith(("took", "needed", "the parser")) else _named(error)
    return "article in the reading room"


def read_many(seed: int, numbers: range) -> Iterator[Outcome]:
    """Yield what becomes of each document, read in this process."""
    _text_of(sources()[0])
    for number in numbers:
        one = damaged(seed, number)
        # Linux forgets the peak so far; what is damaged here has its own.
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
        size = _most_memory()
        signal.alarm(PATIENCE_S)
        # What else this machine does is no matter of the page.
        began = time.process_time()
        is_quick = False
        try:
            ending, is_quick, fault = read_here(one)
        except Exception as error:  # noqa: BLE001  - that is what we look for
            ending, fault = f"unexpected {type(error).__name__}", str(error)[:200]
        seconds = time.process_time() - began
        signal.alarm(0)
        needed = _most_memory() - size
        is_dear = seconds > LONGEST_S or needed > MOST_BYTES
        if is_dear and is_quick:
            fault = f"took {seconds:.1f} s and {needed >> 20} MB where nothing limits it"
        yield Outcome(number, one.kind, ending, seconds, needed, is_dear, fault)


def _most_memory() -> int:
    """Return the most memory that this process had since its peak was forgotten."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text(encoding="ascii"))
    return int(found[1]) * 1024 if found else 0


def read_apart(seed: int, numbers: range, *, jobs: int) -> Iterator[Outcome]:
    """Yield what becomes of each, read in children; of those that break a limit or kill a child, how the room ends."""
    told: Queue[Outcome | None] = Queue()
    shares = [Thread(target=_read_share, args=(seed, numbers[job::jobs], told)) for job in range(jobs)]
    for share in shares:
        share.start()
    for _ in shares:
        yield from iter(told.get, None)


def _read_share(seed: int, numbers: range, told: "Queue[Outcome | None]") -> None:
    try:
        with ReadingRoom() as room:
            while numbers:
                done = 0
                for outcome in _read_in_child(seed, numbers):
                    done += 1
                    told.put(_judged(seed, outcome, room) if outcome.is_dear else outcome)
                numbers = numbers[done:]
    finally:
        told.put(None)


def _read_in_child(seed: int, numbers: range) -> Iterator[Outcome]:
    """Yield what a child tells until it ends; if it was killed, also of the one that killed it."""
    share = f"{numbers.start}:{numbers.stop}:{numbers.step}"
    script = [sys.executable, "-m", "bench.mutation", "--seed", str(seed), "--child", share]
    number = numbers.start
    with subprocess.Popen(script, cwd=ROOT, stdout=subprocess.PIPE, text=True) as child:
        for line in child.stdout or ():
            outcome = Outcome(**json.loads(line))
            yield outcome
            number = outcome.number + numbers.step
    if child.returncode:
        yield Outcome(number, damaged(seed, number).kind, f"killed its reader ({child.returncode})", 0, 0, is_dear=True)


def _judged(seed: int, outcome: Outcome, room: ReadingRoom) -> Outcome:
    """Return the outcome in the room, which must end it by name."""
    if outcome.fault:
        return outcome
    try:
        return replace(outcome, ending=read_in_room(damaged(seed, outcome.number), room), seconds=0, needed_bytes=0)
    except Exception as error:  # noqa: BLE001  - that is what we look for
        return replace(outcome, fault=f"in the room: {type(error).__name__}: {error}")


def show(outcomes: Sequence[Outcome]) -> None:
    """Print how they ended by kind of damage, the dearest that ended within the limits, and what is wrong."""
    endings = sorted({each.ending for each in outcomes})
    for number, ending in enumerate(endings):
        print(f"{chr(ord('a') + number)} = {ending}: {sum(each.ending == ending for each in outcomes):,}")
    letters = "".join(f"{chr(ord('a') + number):>8}" for number in range(len(endings)))
    print(f"\n{'damage':22}{'count':>8}{letters}{'most s':>9}{'most MB':>9}")
    for kind in [*sorted({each.kind for each in outcomes}), None]:
        some = [each for each in outcomes if kind in {each.kind, None}]
        counted = Counter(each.ending for each in some)
        columns = "".join(f"{counted[ending] or '':>8}" for ending in endings)
        most_s, most_mb = max(each.seconds for each in some), max(each.needed_bytes for each in some) / 2**20
        print(f"{kind or 'all':22}{len(some):>8}{columns}{most_s:>9.2f}{most_mb:>9.0f}")
    for each in outcomes:
        if each.fault:
            print(f"WRONG: number {each.number} ({each.kind}): {each.ending}: {each.fault}")


def main() -> int:
    """Print the table; 1 when the promise is broken."""
    parser = argparse.ArgumentParser(description="Reads very many damaged pages and documents.")
    parser.add_argument("--count", type=int, default=100_000, help="how many")
    parser.add_argument("--seed", type=int, default=1, help="another number damages them in other ways")
    parser.add_argument("--jobs", type=int, default=2, help="how many processes read")
    parser.add_argument("--child", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.child:
        for outcome in read_many(chosen.seed, range(*map(int, chosen.child.split(":")))):
            print(json.dumps(asdict(outcome)), flush=True)
        return 0
    began = time.monotonic()
    outcomes = list(read_apart(chosen.seed, range(chosen.count), jobs=chosen.jobs))
    show(outcomes)
    faults = sum(each.fault is not None for each in outcomes)
    print(f"\n{len(outcomes):,} in {time.monotonic() - began:.0f} s; {faults} wrong (promise: 0)")
    return int(faults > 0 or len(outcomes) != chosen.count)


if __name__ == "__main__":
    sys.exit(main())
