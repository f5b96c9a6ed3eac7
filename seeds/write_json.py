"""Writes a first JSON of new seeds, for a person to correct: `python -m seeds.write_json NAME…`.

What the parser reads is not therefore right: a JSON is true when a person has read it by eye.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from crawler.article import article_as_json
from crawler.errors import CrawlerError
from crawler.parser import read_text

_DONE, _FAILED, _WRONG_USE = 0, 1, 2
# What a text mostly has; where it was not found, a person should look.
_LOOKED_FOR = (
    "topic_line",
    "lead",
    "dateline",
    "photos",
    "authors",
    "editors",
    "sign_off",
    "published_at",
    "viewed_on",
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Write NAME.json beside each NAME.txt, and print what to check."""
    parser = argparse.ArgumentParser(prog="python -m seeds.write_json", description=__doc__)
    parser.add_argument("names", nargs="+", metavar="NAME", help='a seed, for example "025_short-slug"')
    parser.add_argument("--force", action="store_true", help="write over a JSON that is there")
    parser.add_argument("--seeds", type=Path, default=Path(__file__).parent, metavar="DIR", help="where the seeds are")
    asked = parser.parse_args(arguments)
    return max(_write(asked.seeds, name.removesuffix(".txt"), force=asked.force) for name in asked.names)


def _write(folder: Path, name: str, *, force: bool) -> int:
    text_file, json_file = folder / f"{name}.txt", folder / f"{name}.json"
    if json_file.exists() and not force:
        _say(f"{json_file} is there already; correct it by hand, or write it anew with --force")
        return _WRONG_USE
    try:
        article = article_as_json(read_text(text_file.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError) as error:
        _say(f"{text_file} cannot be read: {error}; write the text first")
        return _WRONG_USE
    except CrawlerError as error:
        _say(f"{text_file}: {error}; look at the order of its lines")
        return _FAILED
    json_file.write_text(json.dumps(article, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    lines = [f"{json_file} written; now read it beside {text_file.name}:", *_to_check(article)]
    sys.stdout.write("\n  ".join(lines) + "\n")
    return _DONE


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")


def _to_check(article: dict[str, Any]) -> list[str]:
    """Return what a person should look at, line by line."""
    kinds = [paragraph["kind"] for paragraph in article["paragraphs"]]
    counted = ", ".join(f"{kinds.count(kind)} {kind}" for kind in dict.fromkeys(kinds)) or "none"
    short = [each["text"] for each in article["paragraphs"] if each["kind"] == "subhead"]
    missing = [key for key in _LOOKED_FOR if article[key] in (None, [])]
    return [
        f"kind {article['kind']}; paragraphs: {counted}; is one missing, doubled or joined?",
        f"title: {article['title']}",
        *(f"subhead: {line}" for line in short),
        *(f"photo: {photo['credit']} | {photo['caption']}" for photo in article["photos"]),
        f"not found: {', '.join(missing) or 'nothing'}; is that so?",
        "then add its table to desk.toml and a line to README.md",
    ]


if __name__ == "__main__":
    sys.exit(main())
