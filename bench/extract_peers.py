"""Reads the pages of a folder with the peers of `extract.py`, and prints seconds and texts as JSON; run by it alone."""

import json
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import newspaper  # type: ignore[import-not-found]  # installed for this script alone
import trafilatura  # type: ignore[import-not-found]


def with_trafilatura(page: bytes) -> str:
    """Return the text as trafilatura reads it."""
    return trafilatura.extract(page, include_comments=False) or ""


def with_newspaper(page: bytes) -> str:
    """Return the text as newspaper4k reads it."""
    article = newspaper.Article("https://www.tribunnews.com/", language="id")
    article.download(input_html=page.decode())
    article.parse()
    return str(article.text)


def measure(read: Callable[[bytes], str], pages: Sequence[bytes]) -> tuple[float, list[str]]:
    """Return how long reading all pages takes, and the texts."""
    read(pages[0])
    began = time.perf_counter()
    texts = [read(page) for page in pages]
    return time.perf_counter() - began, texts


def main() -> None:
    """Measure every peer on the pages of the folder named."""
    pages = [file.read_bytes() for file in sorted(Path(sys.argv[1]).glob("*.html"))]
    json.dump(
        {"trafilatura": measure(with_trafilatura, pages), "newspaper4k": measure(with_newspaper, pages)}, sys.stdout
    )


if __name__ == "__main__":
    main()
