"""The HTML of a body: paragraphs, lists, tables, pictures and related links, with the site's own things in between."""

import re
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from itertools import groupby
from random import Random
from typing import Any

from seeds import noise
from seeds.blocks import Block
from seeds.desk import Entry
from seeds.sites import slug_of

_BY_HAND = re.compile(r"\d{1,3}[.)] ")
_NUMBERED = re.compile(r"(\d+)\. (?=\S)")
# After about every third paragraph the site puts something of its own.
_NOISE_SHARE = 0.3
# Room around a tag in a paragraph, so that a link never takes a whole paragraph.
_LINK_ROOM = 40


class Printer:
    """Prints the blocks of one page of an article."""

    def __init__(self, entry: Entry, article: Mapping[str, Any], chance: Random) -> None:
        self._entry = entry
        self._article = article
        self._chance = chance
        self._unlinked = set(entry.tags)

    def print_blocks(self, blocks: Sequence[Block]) -> list[str]:
        """Return the body block by block, lists and tables as such."""
        printed: list[str] = []
        for kind, group in groupby(blocks, key=lambda block: block.kind):
            run = list(group)
            if kind == "item":
                printed += _items([block.text for block in run])
                continue
            for place, block in enumerate(run):
                if block.label == "\n" and place:
                    printed[-1] = f"{printed[-1].removesuffix('</p>')}<br />\n{text(block.text)}</p>"
                else:
                    printed.append(f"  {self._block(block, is_first=not printed)}")
                continues = place + 1 < len(run) and run[place + 1].label == "\n"
                if kind in {"text", "opening"} and not continues and self._chance.random() < _NOISE_SHARE:
                    printed.append(f"  {noise.in_body(self._chance.randrange(8))}")
        return printed

    def _block(self, block: Block, *, is_first: bool) -> str:
        words = text(block.text)
        match block.kind:
            case "headline" | "reporter":
                printed = f"<p><strong>{words}</strong></p>"
            case "subhead":
                printed = self._subhead(words, is_first=is_first)
            case "opening":
                dateline, end = block.label.rstrip("\n"), "<br />\n" if block.label.endswith("\n") else ""
                printed = f"<p><strong>{text(dateline)}</strong>{end}{self._linked(block.text)}</p>"
            case "photo":
                printed = _figure(self._article["photos"][block.number])
            case "related":
                printed = _related(block, self._article["related"][block.number])
            case "syndication":
                printed = _syndication(words, self._article["syndicated_from"]["url"])
            case "text":
                printed = f"<p>{self._untidy(self._linked(block.text))}</p>"
            case "disclaimer":
                printed = f"<p><em>{words}</em></p>"
            case _:
                printed = f"<p>{words}</p>"
        return printed

    def _subhead(self, words: str, *, is_first: bool) -> str:
        """Return a subhead in one of the site's forms; a bold first paragraph would be a second headline."""
        form = self._chance.choice(("h2", "h3", "strong"))
        if form == "strong":
            return f"<h2>{words}</h2>" if is_first else f"<p><strong>{words}</strong></p>"
        return f"<{form}>{words}</{form}>"

    def _untidy(self, markup: str) -> str:
        """Return a paragraph as editors leave it: now and then a hard space or a letter of no width at its end."""
        return markup + self._chance.choice(("&nbsp;", "&#8203;", " &nbsp; ", "", "", "", "", ""))

    def _linked(self, words: str) -> str:
        """Return a paragraph with the first tag in it made a link, as the site does by itself."""
        for tag in sorted(self._unlinked):
            place = words.find(tag)
            if place >= 0 and len(words) > len(tag) + _LINK_ROOM:
                self._unlinked.discard(tag)
                url = f"https://{self._entry.host}/tag/{slug_of(tag)}"
                link = f'<a href="{url}" title="{attribute(tag)}">{text(tag)}</a>'
                return text(words[:place]) + link + text(words[place + len(tag) :])
        return text(words)


def _related(block: Block, related: Mapping[str, Any]) -> str:
    title, url = attribute(related["title"]), attribute(related["url"])
    link = f'<a title="{title}" href="{url}">{text(block.text)}</a>'
    if block.label.startswith("("):
        return f"<p>{text(block.label)}{link} )</p>"
    return f'<p class="baca"><strong><span class="more">{text(block.label)}</span> {link}</strong></p>'


def _syndication(words: str, url: str | None) -> str:
    link = f'<a href="{attribute(url)}">{text(url)}</a>' if url else ""
    return f"<p>{words.replace(text(url), link) if url else words}</p>"


def _figure(photo: Mapping[str, Any]) -> str:
    parts = [photo["caption"] or "", f"({photo['credit']})" if photo["credit"] else ""]
    words = text(" ".join(part for part in parts if part))
    caption = f"<figcaption>{words}</figcaption>" if words else ""
    return (
        f'<figure class="image"><img src="{attribute(photo["url"])}" alt="{attribute(photo["caption"] or "")}" '
        f'width="700" height="393" loading="lazy">{caption}</figure>'
    )


def _items(texts: Sequence[str]) -> Iterator[str]:
    for is_row, group in groupby(texts, key=lambda each: " | " in each):
        run = list(group)
        if is_row:
            rows = "\n".join(
                "    <tr>" + "".join(f"<td>{text(cell)}</td>" for cell in row.split(" | ")) + "</tr>" for row in run
            )
            yield f'  <table border="1" class="tabel">\n  <tbody>\n{rows}\n  </tbody>\n  </table>'
        else:
            yield from _list(run)


def _list(texts: Sequence[str]) -> Iterator[str]:
    for is_numbered, group in groupby(texts, key=lambda each: _BY_HAND.match(each) is not None):
        run = list(group)
        found = [_NUMBERED.match(each) for each in run]
        in_order = [match and match[1] for match in found] == [str(place) for place in range(1, len(run) + 1)]
        if is_numbered and in_order and len(run) > 1:
            rows = [each[match.end() :] for each, match in zip(run, found, strict=True) if match]
            yield "  <ol>\n" + "\n".join(f"    <li>{text(row)}</li>" for row in rows) + "\n  </ol>"
        elif is_numbered:
            # A number that does not start or continue a list is printed by hand, as in round-ups.
            yield from (f"  <p>{text(each)}</p>" for each in run)
        else:
            yield "  <ul>\n" + "\n".join(f"    <li>{text(each)}</li>" for each in run) + "\n  </ul>"


def summary(article: Mapping[str, Any], number: int) -> str:
    """Return the box "Ringkasan Berita:", which stands on the first page only."""
    if number > 1 or not article["summary"]:
        return ""
    points = "\n".join(f"    <li>{text(point)}</li>" for point in article["summary"])
    return (
        '  <blockquote class="summary-article mceNonEditable"><strong class="summary-head">Ringkasan Berita:</strong>\n'
        f"  <ul>\n{points}\n  </ul>\n  </blockquote>\n"
    )


def text(words: str) -> str:
    """Return words as they stand between tags."""
    return escape(words, quote=False)


def attribute(words: str) -> str:
    """Return words as they stand inside an attribute."""
    return escape(words, quote=True)
