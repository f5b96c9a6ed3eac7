"""How well words are joined to their Indonesian families, and how fast, beside PySastrawi and PyStemmer.

The labelled list is `tests/topics/families.toml`: families with their forms, and pairs of words that only look alike.
Promises: at least 95 % of the forms are joined, no pair of the list is, and the forms of any word are found in 20 ms
of processor time (the shortest of five tries, nothing remembered, for every word of the list). The peers are installed
into .peers/, once. Run: python bench/families.py
"""

import json
import statistics
import subprocess
import sys
import time
import tomllib
import venv
from collections.abc import Callable, Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

from crawler.topics import families

OF_FORMS, FORMS_MS = 0.95, 20.0
LABELLED = Path(__file__).parent.parent / "tests" / "topics" / "families.toml"
PEERS = ("PySastrawi==1.2.1", "PyStemmer==3.1.0")
PEERS_FOLDER = Path(__file__).parent.parent / ".peers" / "families"


class Labelled(NamedTuple):
    """The families of the list, each word with its forms, and the pairs that are none."""

    families: Mapping[str, Sequence[str]]
    apart: Sequence[tuple[str, str]]

    @property
    def words(self) -> list[str]:
        """Every word of the list, once."""
        joined = [word for root, forms in self.families.items() for word in (root, *forms)]
        return list(dict.fromkeys((*joined, *(word for pair in self.apart for word in pair))))


class Stemmed(NamedTuple):
    """The stem of each word, and how long all of them took."""

    stem: Mapping[str, str]
    uncached_s: float
    cached_s: float


def labelled() -> Labelled:
    """Return the labelled list."""
    found = tomllib.loads(LABELLED.read_text("utf-8"))
    pairs = [(first, second) for first, second in found["apart"]["pairs"]]
    return Labelled({root: forms.split() for root, forms in found["families"].items()}, pairs)


def measure_ours(words: Sequence[str]) -> Stemmed:
    """Return the roots of the words, and the times."""
    uncached = families.root_of.__wrapped__
    uncached_s = min(seconds(uncached, words) for _ in range(5))
    cached_s = min(seconds(families.root_of, words) for _ in range(5))
    return Stemmed({word: uncached(word) for word in words}, uncached_s, cached_s)


def measure_peers(words: Sequence[str]) -> dict[str, Stemmed]:
    """Return the stems and times of each peer; nothing where they cannot be installed."""
    python = PEERS_FOLDER / "bin" / "python"
    if not (PEERS_FOLDER / "ready").exists():
        venv.create(PEERS_FOLDER, with_pip=True, clear=True)
        pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        if subprocess.run([*pip, *PEERS], check=False).returncode:
            print("the peers could not be installed into .peers/; measured without them", file=sys.stderr)
            return {}
        (PEERS_FOLDER / "ready").touch()
    script = Path(__file__).with_name("families_peers.py")
    done = subprocess.run(
        [str(python), str(script)], check=True, input=json.dumps(words), stdout=subprocess.PIPE, text=True
    )
    return {
        name: Stemmed(dict(zip(words, found["stems"], strict=True)), found["uncached_s"], found["cached_s"])
        for name, found in json.loads(done.stdout).items()
    }


def seconds(work: Callable[[str], object], words: Sequence[str]) -> float:
    """Return how much processor time all words take."""
    began = time.process_time()
    for word in words:
        work(word)
    return time.process_time() - began


class Formed(NamedTuple):
    """How long finding the forms of a word takes, and how many there are: in the middle, and at most."""

    middle_ms: float
    most_ms: float
    middle: float
    most: int


def measure_forms(words: Sequence[str]) -> Formed:
    """Find the forms of each word, with nothing remembered."""
    forms = families.forms.__wrapped__
    times = [min(seconds(forms, [word]) for _ in range(5)) * 1000 for word in words]
    counts = [len(forms(word)) for word in words]
    return Formed(statistics.median(times), max(times), statistics.median(counts), max(counts))


def report(name: str, found: Stemmed, of: Labelled) -> tuple[float, int]:
    """Print a line of the table; return the share of forms that are joined, and how many pairs are that are none."""
    joined = {
        root: [form for form in forms if found.stem[form] == found.stem[root]] for root, forms in of.families.items()
    }
    forms = sum(map(len, of.families.values()))
    whole = sum(len(joined[root]) == len(each) for root, each in of.families.items())
    share = sum(map(len, joined.values())) / forms
    wrong = sum(found.stem[first] == found.stem[second] for first, second in of.apart)
    mixed = sum(found.stem[first] == found.stem[second] for first, second in combinations(of.families, 2))
    count = len(found.stem)
    print(
        f"{name:12} {whole:4} of {len(joined)} {share:8.1%} of {forms} {wrong:5} of {len(of.apart)} {mixed:8}"
        f" {count / found.uncached_s:12,.0f} {count / found.cached_s:12,.0f}"
    )
    return share, wrong


def main() -> int:
    """Print the table; 1 when a promise is broken."""
    of = labelled()
    print(
        f"{'':12} {'families whole':>14} {'forms joined':>13} {'pairs joined':>13} {'families':>8}"
        f" {'words/s':>12} {'words/s':>12}\n"
        f"{'':12} {'':>14} {'':>13} {'wrongly':>13} {'mixed':>8} {'uncached':>12} {'cached':>12}"
    )
    share, wrong = report("ours", measure_ours(of.words), of)
    for name, found in measure_peers(of.words).items():
        report(name, found, of)
    formed = measure_forms(of.words)
    print(
        f"forms of a word: {formed.middle:.0f}, {formed.most} at most; found in {formed.middle_ms:.1f} ms,"
        f" {formed.most_ms:.1f} ms at most (promise: {FORMS_MS:.0f})"
    )
    return int(share < OF_FORMS or wrong > 0 or formed.most_ms > FORMS_MS)


if __name__ == "__main__":
    sys.exit(main())
