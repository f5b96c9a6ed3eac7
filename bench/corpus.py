"""Writes an archive of any number of articles in words like Indonesian; the same seed gives the same archive.

Words are as frequent as in a language (Zipf), the first of them real; some are acronyms or numbers, some pairs stand
together more often than by chance. Texts are put together from runs of four words, which are drawn once: drawing each
word would take most of the time. The articles go through the archive's own tables and its own index, in bulk: only
what a crawl knows beside them (links, pages, marks of copies) is left out.

Run: python bench/corpus.py ARCHIVE [--articles 1000000] [--seed 1]
"""

import argparse
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate, islice
from json import JSONEncoder
from random import Random
from typing import Any, Final

from sqlalchemy import Connection, insert

from crawler.archive.connect import Archive
from crawler.archive.index import COLUMNS, acronym_mark, first_rowid, with_facts
from crawler.archive.indexing import put_words
from crawler.archive.statement import Statement
from crawler.archive.tables import article, article_author, revision, story
from crawler.article import Article, Paragraph, article_as_json
from crawler.dates import ZONES
from crawler.topics.tree import TextField

WORDS: Final = 200_000
# So often as all words together are drawn for each of them, the rarest stands once.
_DRAWS_OF_A_WORD: Final = 15
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
_IN_A_RUN: Final = 4
_RUNS_IN_A_SENTENCE: Final = 3
_IN_A_PARAGRAPH: Final = 4


@dataclass(frozen=True, slots=True)
class Written:
    """What was written, and how long it took."""

    articles: int
    seconds: float


class Vocabulary:
    """The words by frequency as they are printed, those that stand together, and runs of words to make texts of."""

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
        # Words that belong together, as names do: the first pairs are as common as the last are rare.
        ranks = range(40, 6_000)
        self.pairs = [(random.choice(ranks), random.choice(ranks)) for _ in range(PAIRS)]
        self.names = [
            " ".join(self._made_up(random).capitalize() for _ in range(random.randint(1, 2))) for _ in range(NAMES)
        ]
        self._runs = self._drawn_runs(random)
        self._pairs = [" ".join((self.printed[left], self.printed[right])) for left, right in self.pairs]
        self._pair_weights = list(accumulate(1 / (rank + 3) for rank in range(PAIRS)))
        self.acronyms = {
            run: acronyms
            for run in (*self._runs, *self._pairs)
            if (acronyms := tuple(word.lower() for word in run.split() if word in ACRONYMS))
        }

    def draw(self, random: Random, count: int) -> list[str]:
        """Return so many runs of words; in all of them a word stands as often as in the language."""
        return random.choices(self._runs, k=count)

    def draw_pairs(self, random: Random, count: int) -> list[str]:
        """Return pairs of words that belong together."""
        return random.choices(self._pairs, cum_weights=self._pair_weights, k=count)

    def _drawn_runs(self, random: Random) -> list[str]:
        """Return runs that hold each word as often as it is to be drawn, any words beside each other."""
        whole = sum(1 / (rank + 3) for rank in range(len(self.printed)))
        draws = _DRAWS_OF_A_WORD * len(self.printed)
        urn = [
            word
            for rank, word in enumerate(self.printed)
            for _ in range(max(1, round(draws / (rank + 3) / whole)))
        ]  # fmt: skip
        random.shuffle(urn)
        return [" ".join(urn[at : at + _IN_A_RUN]) for at in range(0, len(urn), _IN_A_RUN)]

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
    length = random.randint(50, 85)
    drawn = vocabulary.draw(random, length + 6)
    tags = drawn[0].split()
    fields: dict[TextField, list[str]] = {"title": drawn[1:3], "lead": drawn[3:6], "text": drawn[6:], "tag": drawn[:1]}
    for pair in vocabulary.draw_pairs(random, 4):
        fields["text"].insert(random.randrange(length), pair)
    names = random.sample(vocabulary.names, random.choice((1, 1, 2)))
    region = random.choice(REGIONS)
    section = random.choice(SECTIONS)
    host = HOSTS[region]
    made = Article(
        title=_sentence(fields["title"]),
        url=f"https://{host}/{section}/{number}/artikel",
        content_id=str(number),
        host=host,
        region=region,
        section=section,
        kind=random.choice(KINDS),
        lead=_sentence(fields["lead"]),
        paragraphs=tuple(_paragraphs(fields["text"])),
        tags=tuple(tags),
        authors=tuple(names),
        published_at=published_at,
        published_from="jsonld",
    )
    known = vocabulary.acronyms
    marks = [
        acronym_mark(field, acronym)
        for field, runs in fields.items()
        for acronym in dict.fromkeys(acronym for run in runs if run in known for acronym in known[run])
    ]
    return made, {
        **{COLUMNS[field]: " ".join(runs).lower() for field, runs in fields.items()},
        "author": " ".join(names).lower(),
        "marks": " ".join(marks),
    }


def _sentence(runs: Sequence[str]) -> str:
    words = " ".join(runs)
    return words[0].upper() + words[1:]


def _paragraphs(runs: Sequence[str]) -> Iterator[Paragraph]:
    sentences = [
        _sentence(runs[start : start + _RUNS_IN_A_SENTENCE]) for start in range(0, len(runs), _RUNS_IN_A_SENTENCE)
    ]
    for start in range(0, len(sentences), _IN_A_PARAGRAPH):
        yield Paragraph("text", f"{'. '.join(sentences[start : start + _IN_A_PARAGRAPH])}.")


def write(archive: Archive, count: int, *, seed: int = 1, vocabulary: Vocabulary | None = None) -> Written:
    """Write so many articles into an empty archive."""
    drawn = articles(count, seed=seed, vocabulary=vocabulary or Vocabulary(seed=seed))
    began = time.monotonic()
    rows = _rows(drawn)
    while some := list(islice(rows, _IN_ONE_TRANSACTION)):
        with archive.writing() as connection:
            _write(connection, some)
    return Written(count, time.monotonic() - began)


_INSERT_STORY: Final = Statement(insert(story), columns=["id", "first_stored_at"])
_ARTICLE: Final = [column.name for column in article.columns]
_INSERT_ARTICLE: Final = Statement(insert(article), columns=_ARTICLE)
_REVISION: Final = ["article_id", "number", "stored_at", "content_hash", "article"]
_INSERT_REVISION: Final = Statement(insert(revision), columns=_REVISION)
_INSERT_AUTHOR: Final = Statement(insert(article_author), columns=["article_id", "name"])


@dataclass(frozen=True, slots=True)
class _Rows:
    """What the tables hold of one article."""

    article: dict[str, Any]
    as_json: str
    authors: Sequence[str]
    words: dict[str, str]


def _rows(drawn: Iterable[tuple[Article, dict[str, str]]]) -> Iterator[_Rows]:
    """Yield the rows of articles that come oldest first: each stands behind the one before it in the index."""
    encode = JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    place = 0
    for number, (each, words) in enumerate(drawn, start=1):
        second = int(each.published_at.timestamp()) if each.published_at else 0
        place = max(first_rowid(second), place + 1)
        facts = {name: getattr(each, name) for name in ("url", "host", "region", "section", "content_id", "kind")}
        stored = {"first_stored_at": second, "last_stored_at": second, "search_rowid": place}
        row = (
            dict.fromkeys(_ARTICLE)
            | facts
            | stored
            | {"id": number, "key": f"{each.host}/{number}", "title": each.title, "story_id": number, "revision": 1}
            | {"published_at": second, "published_offset_min": 420, "published_from": "jsonld"}
            | {"is_premium": 0, "is_complete": 1}
        )
        yield _Rows(row, encode(article_as_json(each)), each.authors, with_facts(words, facts))


def _write(connection: Connection, some: Sequence[_Rows]) -> None:
    facts = [each.article for each in some]
    _INSERT_STORY.run_many(connection, facts)
    _INSERT_ARTICLE.run_many(connection, facts)
    revisions = (
        {
            "article_id": each.article["id"],
            "number": 1,
            "stored_at": each.article["first_stored_at"],
            "content_hash": str(each.article["id"]),
            "article": each.as_json,
        }
        for each in some
    )
    _INSERT_REVISION.run_many(connection, revisions)
    authors = ({"article_id": each.article["id"], "name": name} for each in some for name in each.authors)
    _INSERT_AUTHOR.run_many(connection, authors)
    put_words(connection, {each.article["search_rowid"]: each.words for each in some})


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
