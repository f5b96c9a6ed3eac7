"""Writes an archive of any number of articles in words like Indonesian; the same seed gives the same archive.

Words are as frequent as in a language (Zipf), the first of them real; some are acronyms or numbers, some pairs stand
together more often than by chance. The articles go through the archive's own tables and its own index, in bulk: only
what a crawl knows beside them (links, pages, copies) is left out.

Run: python bench/corpus.py ARCHIVE [--articles 1000000] [--seed 1]
"""

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate
from json import dumps
from random import Random
from typing import Any, Final

from sqlalchemy import insert

from crawler.archive.connect import Archive
from crawler.archive.index import acronym_mark, search_rowid, with_facts
from crawler.archive.indexing import put_words
from crawler.archive.statement import Statement
from crawler.archive.tables import article, article_author, revision, story
from crawler.article import Article, Paragraph, article_as_json
from crawler.dates import ZONES
from crawler.topics.tree import TextField

WORDS: Final = 200_000
_DRAWS: Final = 3_000_000
# The most frequent words of Indonesian news, in that order.
_FIRST: Final = """
yang di dan ini itu dari dengan untuk pada tidak dalam akan juga ke tersebut telah bisa ada saat oleh kata sudah
menjadi sebagai karena para warga jakarta orang pemerintah indonesia polisi presiden anak rumah tahun hari kota
harga banjir korban jalan sekolah rusia pasar kereta petani
"""
ACRONYMS: Final = ("KPK", "DPR", "TNI", "PSSI", "BMKG", "PAN", "BPBD", "ASN", "UMKM", "APBN")
_ONSETS: Final = "b b d d g h j j k k l l m m n n p p r r s s t t w y c f ng ny tr pr kr"
_VOWELS: Final = ("a", "i", "u", "e", "o")
_ENDS: Final = ("", "", "", "n", "k", "r", "s", "ng", "t", "h", "m", "l")
SECTIONS: Final = ("nasional", "regional", "bisnis", "internasional", "superskor", "seleb", "new-economy", "otomotif")
REGIONS: Final = ("nasional", "jabar", "jateng", "jatim", "bali", "medan", "makassar", "aceh", "papua")
HOSTS: Final = {region: f"{'www' if region == 'nasional' else region}.tribunnews.com" for region in REGIONS}
KINDS: Final = ("article",) * 17 + ("photo", "video", "opinion")
FIRST_DAY: Final = datetime(2019, 1, 1, tzinfo=ZONES["WIB"])
LAST_DAY: Final = datetime(2026, 7, 1, tzinfo=ZONES["WIB"])
NAMES: Final = 400
PAIRS: Final = 2_000
_IN_ONE_TRANSACTION: Final = 10_000
_IN_A_SENTENCE: Final = 13
_IN_A_PARAGRAPH: Final = 4


@dataclass(frozen=True, slots=True)
class Written:
    """What was written, and how long it took."""

    articles: int
    seconds: float


class Vocabulary:
    """The words by frequency, as they are printed and as they are folded, and how often each stands."""

    def __init__(self, *, seed: int, words: int = WORDS) -> None:
        """Make up the words."""
        random = Random(f"words {seed}")
        known = dict.fromkeys(_FIRST.split())
        while len(known) < words:
            known[self._made_up(random)] = None
        self.printed = list(known)
        # Acronyms and numbers stand among the words that are neither common nor rare.
        for number, acronym in enumerate(ACRONYMS):
            self.printed[150 + 40 * number] = acronym
        for number in range(200):
            self.printed[170 + 15 * number] = str(random.randint(2, 4000))
        self.printed = list(dict.fromkeys(self.printed))
        self.folded = [word.lower() for word in self.printed]
        self.capital = [word if word.isupper() else word.capitalize() for word in self.printed]
        self.is_acronym = [word in ACRONYMS for word in self.printed]
        # Each word as often as it is drawn: to choose from a list is ten times as quick as to choose by weights.
        whole = sum(1 / (rank + 3) for rank in range(len(self.printed)))
        self._urn = [
            rank for rank in range(len(self.printed)) for _ in range(max(1, round(_DRAWS / (rank + 3) / whole)))
        ]
        # Words that belong together, as names do: the first pairs are as common as the last are rare.
        ranks = range(40, 6_000)
        self.pairs = [(random.choice(ranks), random.choice(ranks)) for _ in range(PAIRS)]
        self.pair_weights = list(accumulate(1 / (rank + 3) for rank in range(PAIRS)))
        self.names = [
            " ".join(self._made_up(random).capitalize() for _ in range(random.randint(1, 2))) for _ in range(NAMES)
        ]

    def draw(self, random: Random, count: int) -> list[int]:
        """Return words by their numbers."""
        return random.choices(self._urn, k=count)

    @staticmethod
    def _made_up(random: Random) -> str:
        syllables = random.choices((2, 3, 4), (5, 4, 1))[0]
        starts = random.choices(_ONSETS.split(), k=syllables)
        middle = "".join(start + random.choice(_VOWELS) for start in starts)
        return middle + random.choice(_ENDS)


def articles(count: int, *, seed: int, vocabulary: Vocabulary) -> Iterator[tuple[Article, dict[str, str]]]:
    """Yield articles, oldest first, each with the words that the index is to hold."""
    random = Random(f"articles {seed}")
    step = (LAST_DAY - FIRST_DAY) / max(count, 1)
    for number in range(count):
        published_at = FIRST_DAY + step * number + timedelta(seconds=random.randint(0, 50))
        yield _article(number + 1, published_at.replace(microsecond=0), random, vocabulary)


def _article(
    number: int, published_at: datetime, random: Random, vocabulary: Vocabulary
) -> tuple[Article, dict[str, str]]:
    length = random.randint(200, 350)
    drawn = vocabulary.draw(random, length + 24)
    title, lead, tags, text = drawn[:9], drawn[9:21], drawn[21:24], drawn[24:]
    for first, second in random.choices(vocabulary.pairs, cum_weights=vocabulary.pair_weights, k=4):
        at = random.randrange(len(text) - 1)
        text[at : at + 2] = (first, second)
    names = random.sample(vocabulary.names, random.choice((1, 1, 2)))
    region = random.choice(REGIONS)
    section = random.choice(SECTIONS)
    host = HOSTS[region]
    made = Article(
        title=_sentence(title, vocabulary),
        url=f"https://{host}/{section}/{number}/artikel",
        content_id=str(number),
        host=host,
        region=region,
        section=section,
        kind=random.choice(KINDS),
        lead=_sentence(lead, vocabulary),
        paragraphs=tuple(_paragraphs(text, vocabulary)),
        tags=tuple(vocabulary.printed[word] for word in tags),
        authors=tuple(names),
        published_at=published_at,
        published_from="jsonld",
    )
    fields: dict[TextField, Sequence[int]] = {"title": title, "lead": lead, "text": text, "tag": tags}
    words = {field: " ".join(map(vocabulary.folded.__getitem__, drawn)) for field, drawn in fields.items()}
    marks = (
        acronym_mark(field, vocabulary.folded[word])
        for field, drawn in fields.items()
        for word in dict.fromkeys(drawn)
        if vocabulary.is_acronym[word]
    )
    return made, {
        "title": words["title"],
        "lead": words["lead"],
        "text": words["text"],
        "tags": words["tag"],
        "author": " ".join(names).lower(),
        "marks": " ".join(marks),
    }


def _sentence(words: Sequence[int], vocabulary: Vocabulary) -> str:
    printed = vocabulary.printed
    return f"{vocabulary.capital[words[0]]} {' '.join([printed[word] for word in words[1:]])}"


def _paragraphs(words: Sequence[int], vocabulary: Vocabulary) -> Iterator[Paragraph]:
    sentences = [
        f"{_sentence(words[start : start + _IN_A_SENTENCE], vocabulary)}."
        for start in range(0, len(words), _IN_A_SENTENCE)
    ]
    for start in range(0, len(sentences), _IN_A_PARAGRAPH):
        yield Paragraph("text", " ".join(sentences[start : start + _IN_A_PARAGRAPH]))


def write(archive: Archive, count: int, *, seed: int = 1, vocabulary: Vocabulary | None = None) -> Written:
    """Write so many articles into an empty archive."""
    began = time.monotonic()
    drawn = articles(count, seed=seed, vocabulary=vocabulary or Vocabulary(seed=seed))
    first = 1
    while some := [pair for _, pair in zip(range(_IN_ONE_TRANSACTION), drawn, strict=False)]:
        _write(archive, some, first)
        first += len(some)
    return Written(count, time.monotonic() - began)


_INSERT_STORY: Final = Statement(insert(story), columns=["id", "first_stored_at"])
_ARTICLE: Final = [column.name for column in article.columns]
_INSERT_ARTICLE: Final = Statement(insert(article), columns=_ARTICLE)
_REVISION: Final = ["article_id", "number", "stored_at", "content_hash", "article"]
_INSERT_REVISION: Final = Statement(insert(revision), columns=_REVISION)
_INSERT_AUTHOR: Final = Statement(insert(article_author), columns=["article_id", "name"])


def _write(archive: Archive, some: Sequence[tuple[Article, dict[str, str]]], first: int) -> None:
    rows: list[dict[str, Any]] = []
    texts: list[dict[str, Any]] = []
    authors: list[dict[str, Any]] = []
    index: dict[int, dict[str, str]] = {}
    with archive.writing() as connection:
        for number, (each, words) in enumerate(some, start=first):
            second = int(each.published_at.timestamp()) if each.published_at else 0
            place = search_rowid(connection, second)
            while place in index:
                place += 1
            facts = {name: getattr(each, name) for name in ("url", "host", "region", "section", "content_id", "kind")}
            stored = {"first_stored_at": second, "last_stored_at": second, "search_rowid": place}
            rows.append(
                dict.fromkeys(_ARTICLE)
                | facts
                | stored
                | {"id": number, "key": f"{each.host}/{number}", "title": each.title, "story_id": number, "revision": 1}
                | {"published_at": second, "published_offset_min": 420, "published_from": "jsonld"}
                | {"is_premium": 0, "is_complete": 1}
            )
            as_json = dumps(article_as_json(each), ensure_ascii=False, separators=(",", ":"))
            texts.append(
                {
                    "article_id": number,
                    "number": 1,
                    "stored_at": second,
                    "content_hash": str(number),
                    "article": as_json,
                }
            )
            authors.extend({"article_id": number, "name": name} for name in each.authors)
            index[place] = with_facts(words, facts)
        _INSERT_STORY.run_many(
            connection, ({"id": row["id"], "first_stored_at": row["first_stored_at"]} for row in rows)
        )
        _INSERT_ARTICLE.run_many(connection, rows)
        _INSERT_REVISION.run_many(connection, texts)
        _INSERT_AUTHOR.run_many(connection, authors)
        put_words(connection, index)


def main() -> int:
    """Write the archive and say how long it took."""
    parser = argparse.ArgumentParser(description="Writes an archive of invented articles.")
    parser.add_argument("archive", help="a new file, or an empty database")
    parser.add_argument("--articles", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    with Archive.open(chosen.archive, create=True) as archive:
        written = write(archive, chosen.articles, seed=chosen.seed)
    print(f"{written.articles:,} articles in {written.seconds:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
