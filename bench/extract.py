"""How long reading a page takes beside lxml's bare parse of it, trafilatura and newspaper4k, all in one run.

Promise: at most 0.5 of the time of `lxml.html.document_fromstring`, and at least 30 times as fast as trafilatura.
The pages are those of the newsroom (185 to 195 kB), read with their addresses as a crawl does. F1 compares the words of
the text with those that the seeds expect. The peers are installed into .peers/, once. Run: python bench/extract.py
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
from collections.abc import Callable, Sequence
from pathlib import Path

import lxml.html

from crawler.parser import read_html
from crawler.site import identify
from seeds.newsroom import Newsroom

OF_LXML, OF_TRAFILATURA = 0.5, 30.0
GENERATED = 75
ROUNDS = 21
PEERS = ("trafilatura==2.3.1", "newspaper4k==0.9.6", "lxml_html_clean>=0.4")
PEERS_FOLDER = Path(__file__).parent.parent / ".peers" / "extract"
WORD = re.compile(r"\w+")


def seconds(read: Callable[[bytes], object], pages: Sequence[bytes]) -> float:
    """Return how long reading all pages takes."""
    gc.collect()
    began = time.perf_counter()
    for page in pages:
        read(page)
    return time.perf_counter() - began


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


def main() -> int:
    """Print the table; 1 when a promise is broken."""
    newsroom = Newsroom(articles=GENERATED)
    pages = [newsroom.page(name) for name in newsroom.names]
    expected = ["\n".join(each["text"] for each in newsroom.expected(name)["paragraphs"]) for name in newsroom.names]
    addresses = dict(zip(pages, map(identify, newsroom.addresses), strict=True))

    def read(page: bytes) -> object:
        return read_html(page, address=addresses[page], charset="UTF-8")

    rounds = [(seconds(lxml.html.document_fromstring, pages), seconds(read, pages)) for _ in range(ROUNDS)]
    # What else the machine does only ever adds to a time, so the shortest of each is the truest.
    lxml_s, ours_s = map(min, zip(*rounds, strict=True))
    of_lxml = ours_s / lxml_s
    texts = [read_html(page, address=address).text for page, address in addresses.items()]
    rows = {"lxml.html parse alone": (lxml_s, None), "crawler.parser": (ours_s, texts)}
    peers = measure_peers(pages)
    rows |= peers

    weight_kb = statistics.mean(map(len, pages)) / 1000
    print(f"{len(pages)} pages of {weight_kb:.0f} kB        pages/s  of lxml's time  F1 of words")
    for name, (taken_s, read_texts) in rows.items():
        words = f"{statistics.mean(map(f1, read_texts, expected)):11.4f}" if read_texts else ""
        print(f"{name:26} {len(pages) / taken_s:10,.0f} {taken_s / lxml_s:15.2f}  {words}")
    print(f"promise: at most {OF_LXML} of lxml's time: {of_lxml:.2f}")
    is_kept = of_lxml <= OF_LXML
    if "trafilatura" in peers:
        times = peers["trafilatura"][0] / ours_s
        print(f"promise: at least {OF_TRAFILATURA:.0f} times as fast as trafilatura: {times:.0f}")
        is_kept = is_kept and times >= OF_TRAFILATURA
    return int(not is_kept)


if __name__ == "__main__":
    sys.exit(main())
