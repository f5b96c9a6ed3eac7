"""What a query asks of an archive, taken apart: alternatives, each of which one question to the index can answer.

Sections, regions, kinds and hosts stand in the index as marks beside the words, so that all of a query but its topics
and its dates is one expression of the index. Topics and dates that stand beside words under an OR are multiplied out.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from itertools import product
from typing import Final, TypeAlias

from crawler.archive.index import facet_mark, first_rowid
from crawler.archive.moments import seconds_of
from crawler.errors import QueryError
from crawler.topics.tree import All, AnyOf, Dated, Facet, Near, Node, Not, Phrase

# So many questions may one search need; they are merged as they are read.
MOST_ALTERNATIVES: Final = 20

TopicIds: TypeAlias = Callable[[str], tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Mark:
    """What stands among the marks of an article in the index, see `index.facet_mark`."""

    word: str


@dataclass(frozen=True, slots=True)
class HasTopic:
    """The article has this topic now."""

    topic_id: int


@dataclass(frozen=True, slots=True)
class Range:
    """Places from `first` on and before `end`; None is no bound."""

    first: int | None = None
    end: int | None = None


Leaf: TypeAlias = Phrase | Near | Mark | HasTopic | Range


@dataclass(frozen=True, slots=True)
class Every:
    """All parts hold; without parts, always. `but` are leaves that do not hold."""

    parts: "tuple[Form, ...]" = ()
    but: tuple[Leaf, ...] = ()


@dataclass(frozen=True, slots=True)
class Any:
    """One of the parts holds; without parts, never."""

    parts: "tuple[Form, ...]" = ()


# A query in which only leaves are negated, none but topics and text, and an AND stands in no AND, an OR in no OR.
Form: TypeAlias = Leaf | Every | Any


@dataclass(frozen=True, slots=True)
class Alternative:
    """Text and marks (None: any article), topics that the article has and has not, and the range of its place."""

    text: Form | None = None
    topics: frozenset[int] = frozenset()
    but: frozenset[int] = frozenset()
    first: int | None = None
    end: int | None = None

    @property
    def is_possible(self) -> bool:
        """Say whether any article can hold it."""
        is_empty = self.first is not None and self.end is not None and self.first >= self.end
        return not is_empty and not self.topics & self.but


def alternatives_of(node: Node, topic_ids: TopicIds, *, also: Sequence[Mark] = ()) -> tuple[Alternative, ...]:
    """Return the alternatives of a query; none where no article can hold it.

    Args:
        node: The tree of the query.
        topic_ids: Gives the topics of a name, compared folded by case.
        also: Marks that must be there as well.

    Raises:
        QueryError: Topics and dates are mixed with words under OR so often that there would be too many.
    """
    form = _every([_formed(node, topic_ids, holds=True), *also])
    return tuple(each for each in _multiplied(form) if each.is_possible)


def _formed(node: Node, topic_ids: TopicIds, *, holds: bool) -> Form:  # noqa: PLR0911  - one return for each kind
    """Return what holds exactly where the node does, or where it does not."""
    match node:
        case Not(part):
            return _formed(part, topic_ids, holds=not holds)
        case All(parts) | AnyOf(parts):
            formed = [_formed(part, topic_ids, holds=holds) for part in parts]
            return _every(formed) if isinstance(node, All) == holds else _any(formed)
        case Facet("topic", value):
            have = [HasTopic(topic_id) for topic_id in topic_ids(value)]
            return _any(have) if holds else _every(_negated(each) for each in have)
        case Facet(name, value):
            mark = Mark(facet_mark(name, value))
            return mark if holds else _negated(mark)
        case Dated(since, until):
            first = None if since is None else first_rowid(_ceiling(since))
            end = None if until is None else first_rowid(_ceiling(until))
            if holds:
                return Range(first, end)
            before = () if first is None else (Range(None, first),)
            after = () if end is None else (Range(end, None),)
            return _any((*before, *after))
        case _:
            return node if holds else _negated(node)


def _ceiling(moment: datetime) -> int:
    """Return the first whole second that is not before a moment: articles are ordered by whole seconds."""
    return seconds_of(moment) + (moment.microsecond > 0)


def _negated(leaf: Leaf) -> Every:
    return Every(but=(leaf,))


def _every(forms: Iterable[Form]) -> Form:
    parts: dict[Form, None] = {}
    but: dict[Leaf, None] = {}
    for form in forms:
        if isinstance(form, Every):
            parts.update(dict.fromkeys(form.parts))
            but.update(dict.fromkeys(form.but))
        else:
            parts[form] = None
    return next(iter(parts)) if len(parts) == 1 and not but else Every(tuple(parts), tuple(but))


def _any(forms: Iterable[Form]) -> Form:
    parts: dict[Form, None] = {}
    for form in forms:
        parts.update(dict.fromkeys(form.parts if isinstance(form, Any) else (form,)))
    return next(iter(parts)) if len(parts) == 1 else Any(tuple(parts))


def _is_text(form: Form) -> bool:
    """Say whether the expression of the index can say it all."""
    if isinstance(form, Every):
        return all(map(_is_text, (*form.parts, *form.but)))
    if isinstance(form, Any):
        return all(map(_is_text, form.parts))
    return not isinstance(form, HasTopic | Range)


def _multiplied(form: Form) -> list[Alternative]:
    match form:
        case HasTopic(topic_id):
            return [Alternative(topics=frozenset({topic_id}))]
        case Range(first, end):
            return [Alternative(first=first, end=end)]
        case Any(parts):
            text = [part for part in parts if _is_text(part)]
            found = [Alternative(text=_any(text))] if text else []
            for part in parts:
                if not _is_text(part):
                    found.extend(_multiplied(part))
            return _few_enough(found)
        case Every(parts, but):
            text = [part for part in parts if _is_text(part)]
            text_but = tuple(each for each in but if not isinstance(each, HasTopic | Range))
            topics_but = frozenset(each.topic_id for each in but if isinstance(each, HasTopic))
            begun = Alternative(text=_every([*text, Every(but=text_but)]) if text or text_but else None, but=topics_but)
            mixed = [_multiplied(part) for part in parts if not _is_text(part)]
            found = []
            for some in product(*mixed):
                found.append(reduce(_both, some, begun))
                _few_enough(found)
            return found
        case _:
            return [Alternative(text=form)]


def _few_enough(found: list[Alternative]) -> list[Alternative]:
    if len(found) > MOST_ALTERNATIVES:
        raise QueryError(
            f"too many topics and dates are mixed with words by OR, this takes more than {MOST_ALTERNATIVES} "
            "searches; ask for fewer of them at a time"
        )
    return found


def _both(one: Alternative, other: Alternative) -> Alternative:
    texts = [each.text for each in (one, other) if each.text is not None]
    return Alternative(
        text=_every(texts) if texts else None,
        topics=one.topics | other.topics,
        but=one.but | other.but,
        first=max((each.first for each in (one, other) if each.first is not None), default=None),
        end=min((each.end for each in (one, other) if each.end is not None), default=None),
    )
