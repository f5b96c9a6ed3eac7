"""Time to find the topics of an article, for 1 to 10,000 topics, beside a loop over compiled regular expressions.

Promise: at most 2 ms for an article of 960 words and 10,000 topics. The words are made up and as uneven as those of a
language (Zipf); a topic is some keywords, a phrase, a query with AND, OR and NOT, or families of Indonesian words. All
ways are asked of the same articles in the same run, and the shortest of some rounds counts. The regular expressions are
one or more for each topic, on folded text, and must find the same; substrings find more, in the middle of words. Both
loops are only tried on a few articles.

Run: python bench/match.py [--articles N] [--seed N]
"""

import argparse
import random
import re
import sys
import time
from collections.abc import Callable, Sequence
from itertools import accumulate, product
from typing import NamedTuple

from crawler.article import Article, Paragraph
from crawler.topics import Topic, TopicSet, fold
from crawler.topics.families import forms

PROMISE_MS = 2.0
TOPICS = (1, 100, 1_000, 10_000)
WORDS = 960
VOCABULARY = 40_000
# Of the most common words nobody makes a topic, and hardly of the rarest.
TOPIC_WORDS = slice(300, 20_000)
ROOTS = ("serang", "korupsi", "tangkap", "bangun", "tanam", "larang", "periksa", "curi", "tabrak", "bakar", "sita")
LOOPED = 3
ROUNDS = 5


class Want(NamedTuple):
    """A topic in the words of a loop: one of `any_of` must be there, all of `all_of`, and none of `none_of`."""

    any_of: tuple[str, ...]
    all_of: tuple[str, ...] = ()
    none_of: tuple[str, ...] = ()


def vocabulary(rng: random.Random) -> list[str]:
    """Return distinct words that look Indonesian, the most common first."""
    syllables = ["".join(pair) for pair in product("bcdgjklmnprstwy", "aiueo")]
    words: dict[str, None] = {}
    while len(words) < VOCABULARY:
        word = "".join(rng.choices(syllables, k=rng.choice((2, 2, 3, 3, 3, 4))))
        words[word + rng.choice(("", "", "n", "ng", "r", "s", "k"))] = None
    return list(words)


def make_articles(rng: random.Random, words: Sequence[str], number: int) -> list[Article]:
    """Return articles with a title, a lead, tags and 960 words of text, some of them of Indonesian families."""
    weights = list(accumulate(1 / rank for rank in range(3, len(words) + 3)))
    members = sorted(form for root in ROOTS for form in forms(root))

    def some(count: int) -> list[str]:
        return rng.choices(words, cum_weights=weights, k=count)

    articles = []
    for _ in range(number):
        body = some(WORDS - 5) + rng.choices(members, k=5)
        rng.shuffle(body)
        paragraphs = tuple(
            Paragraph("text", f"{' '.join(body[at : at + 40]).capitalize()}.") for at in range(0, len(body), 40)
        )
        title, lead = " ".join(some(10)).title(), " ".join(some(15))
        articles.append(Article(title=title, lead=lead, paragraphs=paragraphs, tags=tuple(some(4))))
    return articles


def make_topic(rng: random.Random, number: int, words: Sequence[str]) -> tuple[Topic, Want]:
    """Return a topic and what it wants."""
    name, kind = f"T{number}", number % 10
    a, b, c, d, e = (rng.choice(words) for _ in range(5))
    if kind < 4:
        return Topic(name, (a, f"{b} {c}", f"{d} {e}")), Want((a, f"{b} {c}", f"{d} {e}"))
    if kind < 6:
        return Topic(name, query=f'"{a} {b}"'), Want((f"{a} {b}",))
    if kind < 9:
        return Topic(name, query=f"({a} OR {b}) {c} NOT {d}"), Want((a, b), (c,), (d,))
    root = rng.choice(ROOTS)
    return Topic(name, query=f"~{root} {a}"), Want(tuple(sorted(forms(root))), (a,))


def by_regex(wants: Sequence[tuple[str, Want]]) -> Callable[[Article], list[str]]:
    """Return the loop over compiled regular expressions."""

    def pattern(some: Sequence[str]) -> re.Pattern[str]:
        return re.compile(rf"\b(?:{'|'.join(map(re.escape, some))})\b")

    tried = [
        (name, pattern(want.any_of), [pattern([word]) for word in want.all_of], [pattern([w]) for w in want.none_of])
        for name, want in wants
    ]

    def find(article: Article) -> list[str]:
        text = folded(article)
        return [
            name
            for name, one, every, none in tried
            if one.search(text)
            and all(each.search(text) for each in every)
            and not any(each.search(text) for each in none)
        ]

    return find


def by_substring(wants: Sequence[tuple[str, Want]]) -> Callable[[Article], list[str]]:
    """Return the loop over substrings."""

    def find(article: Article) -> list[str]:
        text = folded(article)
        return [
            name
            for name, want in wants
            if any(word in text for word in want.any_of)
            and all(word in text for word in want.all_of)
            and not any(word in text for word in want.none_of)
        ]

    return find


def folded(article: Article) -> str:
    """Return the fields of an article for the loops, folded once for all topics; no phrase reaches over the bar."""
    fields = (article.title, article.lead or "", article.text, ", ".join(article.tags))
    return " | ".join(fold(text) for text in fields)


def timed(find: Callable[[Article], object], articles: Sequence[Article], rounds: int) -> list[float]:
    """Return the milliseconds of CPU that each article took, the shortest of the rounds."""
    times = [float("inf")] * len(articles)
    for _ in range(rounds):
        for number, article in enumerate(articles):
            started = time.process_time()
            find(article)
            times[number] = min(times[number], 1000 * (time.process_time() - started))
    return times


def middle(times: Sequence[float]) -> float:
    """Return the median."""
    return sorted(times)[len(times) // 2]


def main() -> int:
    """Print the table; return 1 where the promise is not kept or the ways disagree."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    rng = random.Random(options.seed)
    words = vocabulary(rng)
    articles = make_articles(rng, words, options.articles)
    everything = [make_topic(rng, number, words[TOPIC_WORDS]) for number in range(max(TOPICS))]
    print(f"CPU ms an article of {WORDS} words, median of {len(articles)}; loops: of {LOOPED}")
    print("topics  found  made ready  percolator    p95  regex loop  ratio  substrings  ratio")
    kept = True
    for number in TOPICS:
        some = everything[:number]
        started = time.process_time()
        topics = TopicSet(topic for topic, _ in some)
        ready_s = time.process_time() - started
        # Words that were seen before fold faster: a crawl has seen most of them.
        found = [[match.topic for match in topics.match(article)] for article in articles]
        times = timed(topics.match, articles, rounds=ROUNDS)
        wants = [(topic.name, want) for topic, want in some]
        regex, substring = by_regex(wants), by_substring(wants)
        regex_ms, substring_ms = (middle(timed(find, articles[:LOOPED], rounds=1)) for find in (regex, substring))
        if [regex(article) for article in articles[:LOOPED]] != found[:LOOPED]:
            print(f"{number} topics: the regular expressions found others", file=sys.stderr)
            kept = False
        ours = middle(times)
        kept = kept and ours <= PROMISE_MS
        print(
            f"{number:6,}  {sum(map(len, found)) / len(found):5.1f}  {ready_s:8.2f} s  {ours:10.2f}"
            f"  {sorted(times)[int(0.95 * len(times))]:5.2f}  {regex_ms:10.1f}  {regex_ms / ours:4.0f}×"
            f"  {substring_ms:10.1f}  {substring_ms / ours:4.0f}×"
        )
    print(f"promise: {PROMISE_MS} ms for {max(TOPICS):,} topics: {'kept' if kept else 'NOT kept'}")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
