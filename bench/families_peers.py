"""Stems words with the peers of `families.py`, and prints seconds and stems as JSON; run by it alone."""

import json
import sys
import time
from collections.abc import Callable, Sequence

import Stemmer  # type: ignore[import-not-found]  # installed for this script alone
from Sastrawi.Stemmer.StemmerFactory import StemmerFactory  # type: ignore[import-not-found]


def measure(stem: Callable[[str], str], words: Sequence[str], rounds: int) -> tuple[float, list[str]]:
    """Return the shortest time of stemming all words, and the stems."""
    shortest = float("inf")
    for _ in range(rounds):
        began = time.process_time()
        stems = [stem(word) for word in words]
        shortest = min(shortest, time.process_time() - began)
    return shortest, stems


def main() -> None:
    """Measure every peer, with and without its cache, on the words on stdin."""
    words = json.load(sys.stdin)
    sastrawi = StemmerFactory().create_stemmer()
    cached = measure(sastrawi.stem, words, 5)[0]
    uncached, stems = measure(sastrawi.delegatedStemmer.stem, words, 3)
    peers = {"PySastrawi": {"uncached_s": uncached, "cached_s": cached, "stems": stems}}
    snowball, remembering = Stemmer.Stemmer("indonesian", 0), Stemmer.Stemmer("indonesian")
    cached = measure(remembering.stemWord, words, 5)[0]
    uncached, stems = measure(snowball.stemWord, words, 5)
    peers["PyStemmer"] = {"uncached_s": uncached, "cached_s": cached, "stems": stems}
    json.dump(peers, sys.stdout)


if __name__ == "__main__":
    main()
