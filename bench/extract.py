"""How long reading a page takes beside lxml's bare parse of it, trafilatura and newspaper4k, all in one run.

Promises, as shares of the time of `lxml.html.document_fromstring` of the same pages: at most 0.2 for the present layout
E, at most 0.5 for every other generation and for m. An AMP page, which has little round its article, costs at most 1.1
times what the same article costs in E. At least 30 times as fast as trafilatura. The pages are those of the newsroom,
read with their addresses as a crawl does. F1 compares the words of the text with those that the seeds expect. The peers
read E, and are installed into .peers/, once. Run: python bench/extract.py
"""

import gc
import json
import re
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from math import inf
from pathlib import Path
from typing import NamedTuple

import lxml.html

from crawler.parser import read_html
from crawler.site import identify
from seeds.layouts import Door, Layout
from seeds.newsroom import Newsroom

PRESENT, OF_TRAFILATURA = "E", 30.0
OF_LXML: Mapping[str, float] = {"E": 0.2, "D": 0.5, "C": 0.5, "B": 0.5, "A": 0.5, "m.": 0.5}
AMP, AMP_OF_PRESENT = "AMP", 1.1
FORMS: Mapping[str, tuple[Layout, Door]] = {
    "E": ("E", "www"),
    "D": ("D", "www"),
    "C": ("C", "www"),
    "B": ("B", "www"),
    "A": ("A", "www"),
    "m.": ("E", "m"),
    AMP: ("E", "amp"),
}
GENERATED = 75
# What else the machine does is not over within fewer.
ROUNDS = 60
PEERS = ("trafilatura==2.3.1", "newspaper4k==0.9.6", "lxml_html_clean>=0.4")
PEERS_FOLDER = Path(__file__).parent.parent / ".peers" / "extract"
WORD = re.compile(r"\w+")


class Measured(NamedTuple):
    """The pages of one form, the texts that they should give and gave, and the shortest times of all of them."""

    pages: list[bytes]
    expected: list[str]
    texts: list[str]
    lxml_s: float
    ours_s: float


def shortest(pages: Sequence[bytes], *reads: Callable[[bytes], object]) -> list[float]:
    """Return the seconds that each of these takes for all pages: the sum of the shortest times of every page.

    What else the machine does only ever adds to a time, so the shortest is the truest. They take turns, with all
    pages at a time.
    """
    taken = [[inf] * len(pages) for _ in reads]
    for _ in range(ROUNDS):
        for times, read in zip(taken, reads, strict=True):
            gc.collect()
            gc.disable()
            for number, page in enumerate(pages):
                began = time.perf_counter()
                read(page)
                times[number] = min(times[number], time.perf_counter() - began)
            gc.enable()
    return [sum(times) for times in taken]


def f1(found: str, expected: str) -> float:
    """Return the harmonic mean of precision and recall of words, counted as often as they stand there."""
    have, want = Counter(WORD.findall(found.lower())), Counter(WORD.findall(expected.lower()))
    common = (have & want).total()
    return 2 * common / (have.total() + want.total()) if common else float(not have and not want)


def measure_peers(pages: Sequence[bytes]) -> dict[str, tuple[float, list[str]]]:
    """Return seconds and texts of each peer; nothing where they cannot be installed."""
    python = PEERS_FOLDER / "bin" / "python"
    if not (PEERS_FOLDER / "ready").exists():
        venv.create(PEERS_FOLDER, with_pip=True, clear=True)
        pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        # The pip that comes with Python 3.11 trips over the extras of lxml that a peer asks for.
        if any(subprocess.run([*pip, *wanted], check=False).returncode for wanted in (["--upgrade", "pip"], PEERS)):
            print("the peers could not be installed into .peers/; measured without them", file=sys.stderr)
            return {}
        (PEERS_FOLDER / "ready").touch()
    with tempfile.TemporaryDirectory() as folder:
        for number, page in enumerate(pages):
            (Path(folder) / f"{number:04}.html").write_bytes(page)
        script = Path(__file__).with_name("extract_peers.py")
        done = subprocess.run([str(python), "-W", "ignore", str(script), folder], check=True, stdout=subprocess.PIPE)
    return {name: (taken_s, texts) for name, (taken_s, texts) in json.loads(done.stdout).items()}


def measure(newsroom: Newsroom, layout: Layout, door: Door) -> Measured:
    """Return the pages in one form, and how long reading them takes beside parsing them."""
    pages = [newsroom.page(name, layout=layout, door=door) for name in newsroom.names]
    expected = [
        "\n".join(each["text"] for each in newsroom.expected(name, layout=layout, door=door)["paragraphs"])
        for name in newsroom.names
    ]
    addresses = dict(zip(pages, map(identify, newsroom.addresses), strict=True))

    def read(page: bytes) -> object:
        return read_html(page, address=addresses[page], charset="UTF-8")

    lxml_s, ours_s = shortest(pages, lxml.html.document_fromstring, read)
    texts = [read_html(page, address=address).text for page, address in addresses.items()]
    return Measured(pages, expected, texts, lxml_s, ours_s)


def main() -> int:
    """Print the table; 1 when a promise is broken."""
    newsroom = Newsroom(articles=GENERATED)
    is_kept = True
    measured: dict[str, Measured] = {}
    print(f"{'layout':26} {'kB':>5} {'pages/s':>9} {'lxml':>9}  of lxml's time  F1 of words")
    for name, (layout, door) in FORMS.items():
        found = measured[name] = measure(newsroom, layout, door)
        of_lxml, promised = found.ours_s / found.lxml_s, OF_LXML.get(name)
        limit = f"(at most {promised})" if promised else ""
        count, weight_kb = len(found.pages), statistics.mean(map(len, found.pages)) / 1000
        print(
            f"{name:26} {weight_kb:5.0f} {count / found.ours_s:9,.0f} {count / found.lxml_s:9,.0f}  "
            f"{of_lxml:.3f} {limit:13}  {statistics.mean(map(f1, found.texts, found.expected)):.4f}"
        )
        is_kept = is_kept and of_lxml <= (promised or inf)
    present = measured[PRESENT]
    of_present = measured[AMP].ours_s / present.ours_s
    print(f"promise: an AMP page at most {AMP_OF_PRESENT} times what its article costs in {PRESENT}: {of_present:.2f}")
    is_kept = is_kept and of_present <= AMP_OF_PRESENT
    peers = measure_peers(present.pages)
    for name, (taken_s, texts) in peers.items():
        words = statistics.mean(map(f1, texts, present.expected))
        share, count = taken_s / present.lxml_s, len(present.pages)
        print(f"{name + ', of ' + PRESENT:26} {'':5} {count / taken_s:9,.0f} {'':9}  {share:<14.1f}  {words:.4f}")
    if "trafilatura" in peers:
        times = peers["trafilatura"][0] / present.ours_s
        print(f"promise: at least {OF_TRAFILATURA:.0f} times as fast as trafilatura: {times:.0f}")
        is_kept = is_kept and times >= OF_TRAFILATURA
    return int(not is_kept)


if __name__ == "__main__":
    sys.exit(main())
