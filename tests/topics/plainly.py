"""A query read by brute force, straight from what tree.py says of each part: the judge of every quicker way."""

from crawler.topics.families import forms
from crawler.topics.tree import All, AnyOf, Dated, Facet, Near, Node, Not, Phrase, TextField, Token
from crawler.topics.words import Word, split
from tests.topics.drawing import Drawn

Span = tuple[TextField, int, int]


def plainly_holds(node: Node, drawn: Drawn) -> bool:
    """Say whether the query finds the article."""
    if isinstance(node, All):
        return False not in [plainly_holds(part, drawn) for part in node.parts]
    if isinstance(node, AnyOf):
        return True in [plainly_holds(part, drawn) for part in node.parts]
    if isinstance(node, Not):
        return not plainly_holds(node.part, drawn)
    if isinstance(node, Facet):
        known: dict[str, list[str | None]] = {
            "section": [drawn.article.section],
            "region": [drawn.article.region],
            "kind": [drawn.article.kind],
            "topic": list(drawn.topics),
        }
        return node.value.casefold() in [name.casefold() for name in known[node.name] if name]
    if isinstance(node, Dated):
        is_early = node.since is not None and drawn.ordered_at < node.since
        is_late = node.until is not None and drawn.ordered_at >= node.until
        return not is_early and not is_late
    return bool(plain_spans(node, drawn))


def plain_spans(node: Node, drawn: Drawn) -> set[Span]:
    """Return field, first and last letter of every place that makes the query hold; what is under NOT has none."""
    if not isinstance(node, Phrase | Near) and not plainly_holds(node, drawn):
        return set()
    if isinstance(node, All | AnyOf):
        return {span for part in node.parts for span in plain_spans(part, drawn)}
    spans: set[Span] = set()
    for name in ("title", "lead", "text", "tag", "author"):
        words = split(field_text(name, drawn))
        if isinstance(node, Phrase):
            spans |= {_span(name, words, places) for places in _places(node, name, words)}
        elif isinstance(node, Near):
            for one in _places(node.left, name, words):
                for other in _places(node.right, name, words):
                    if _between(one, other) <= node.within:
                        spans |= {_span(name, words, one), _span(name, words, other)}
    return spans


def field_text(name: TextField, drawn: Drawn) -> str:
    """Return what stands in a field."""
    article = drawn.article
    if name == "title":
        return article.title
    if name == "lead":
        parts = [article.second_headline or "", article.lead or ""]
        return "\n\n".join(part for part in parts if part)
    if name == "text":
        return "\n\n".join(paragraph.text for paragraph in article.paragraphs)
    if name == "tag":
        return ", ".join(article.tags)
    return ", ".join([*article.authors, *article.reporters])


def _places(phrase: Phrase, name: TextField, words: list[Word]) -> list[range]:
    """Return at which words the phrase stands in a field."""
    length = len(phrase.tokens)
    return [
        range(first, first + length)
        for first in range(len(words) - length + 1)
        if name in phrase.fields
        and False not in [_is(token, word) for token, word in zip(phrase.tokens, words[first:], strict=False)]
    ]


def _is(token: Token, word: Word) -> bool:
    if token.is_acronym:
        return word.folded == token.folded and word.is_acronym
    if token.is_prefix:
        return word.folded[: len(token.folded)] == token.folded
    if token.is_family:
        return word.folded in forms(token.folded)
    return word.folded == token.folded


def _between(one: range, other: range) -> int:
    """Return how many words stand between the two; none where they overlap."""
    words_of_both = {*one, *other}
    return len([at for at in range(min(words_of_both), max(words_of_both)) if _is_between(at, one, other)])


def _is_between(at: int, one: range, other: range) -> bool:
    return at not in one and at not in other and min(one[-1], other[-1]) < at < max(one[0], other[0])


def _span(name: TextField, words: list[Word], places: range) -> Span:
    return name, words[places[0]].start, words[places[-1]].end
