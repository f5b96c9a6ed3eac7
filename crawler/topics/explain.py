"""How a query is read, and why it finds an article or does not: in plain words, part by part."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from crawler.dates import ZONES
from crawler.topics.evaluate import Hit, hits, holds
from crawler.topics.families import forms
from crawler.topics.subject import Subject
from crawler.topics.tree import ANYWHERE, All, AnyOf, Dated, Facet, Near, Node, Not, Phrase, TextField, Token

_INDENT: Final = "  "
_MOST_PLACES: Final = 3
_AROUND: Final = 40
_FIELD_NAMES: Final[dict[TextField, str]] = {
    "title": "title",
    "lead": "lead",
    "text": "text",
    "tag": "tags",
    "author": "authors",
}


@dataclass(frozen=True, slots=True)
class Reason:
    """Whether one part of a query holds for an article.

    `depth` says how deep the part stands in the query, `said` what it asks for. `places` show the words in context, one
    line each, at most three; `remark` says what is there in place of what was asked for.
    """

    depth: int
    said: str
    holds: bool
    places: tuple[str, ...] = ()
    remark: str = ""


def read_plainly(node: Node) -> tuple[str, ...]:
    """Return how a query is read, one part in a line, what belongs to it indented below."""
    lines = [f"{_INDENT * depth}{_said(part, has_forms=True)}" for depth, part in _parts(node)]
    if any(isinstance(part, Phrase) and part.fields == ANYWHERE for _, part in _parts(node)):
        lines.append("what names no field is looked for in title, lead, text and tags")
    return tuple(lines)


def reasons(node: Node, subject: Subject) -> tuple[Reason, ...]:
    """Return part by part, in the order of `read_plainly`, whether it holds for the article, and where."""
    return tuple(_reason(depth, part, subject) for depth, part in _parts(node))


def reason_lines(given: tuple[Reason, ...]) -> tuple[str, ...]:
    """Return the reasons as they are printed."""
    lines = []
    for reason in given:
        indent = _INDENT * reason.depth
        remark = f" ({reason.remark})" if reason.remark else ""
        lines.append(f"{'yes' if reason.holds else 'no ':<4}{indent}{reason.said}{remark}")
        lines.extend(f"{'':<4}{indent}{_INDENT}{place}" for place in reason.places)
    return tuple(lines)


def _parts(node: Node, depth: int = 0) -> Iterator[tuple[int, Node]]:
    """Yield the part and everything that belongs to it, with how deep it stands."""
    yield depth, node
    if isinstance(node, All | AnyOf):
        for part in node.parts:
            yield from _parts(part, depth + 1)
    elif isinstance(node, Not):
        yield from _parts(node.part, depth + 1)
    elif isinstance(node, Near):
        yield from _parts(node.left, depth + 1)
        yield from _parts(node.right, depth + 1)


def _said(node: Node, *, has_forms: bool = False) -> str:  # noqa: PLR0911  - one return for each kind of part
    """Return what a part asks for; with `has_forms` also the words of the families."""
    match node:
        case Phrase():
            where = (
                "" if node.fields == ANYWHERE else f", in the {' or '.join(_FIELD_NAMES[each] for each in node.fields)}"
            )
            return f"{_phrase_said(node, has_forms=has_forms)}{where}"
        case Near(within=within):
            return f"near each other, in either order, with at most {_counted(within, 'word')} between them:"
        case Facet(name, value):
            return f"the {name} is {value}" if name != "topic" else f"it has the topic {value}"
        case Dated(since, until):
            return " and ".join(
                f"published {'on or after' if bound is since else 'before'} {_day(bound)}"
                for bound in (since, until)
                if bound is not None
            )
        case Not():
            return "not:"
        case All():
            return "all of:"
        case AnyOf():
            return "any of:"


def _phrase_said(phrase: Phrase, *, has_forms: bool) -> str:
    said = [_token_said(token, has_forms=has_forms) for token in phrase.tokens]
    is_plain = all(token == Token(token.folded) for token in phrase.tokens)
    return f'"{" ".join(said)}"' if is_plain and len(said) > 1 else " then ".join(said)


def _token_said(token: Token, *, has_forms: bool) -> str:
    # A number holds a sign of its own between its figures.
    word = token.folded.replace("ˑ", ",")
    if token.is_acronym:
        return f"{word.upper()} in capitals"
    if token.is_prefix:
        return f"a word that begins with {word}"
    if token.is_family:
        members = (
            f" ({', '.join(sorted(forms(token.folded), key=lambda form: (len(form), form)))})" if has_forms else ""
        )
        return f"a word of the family {word}{members}"
    return word


def _reason(depth: int, node: Node, subject: Subject) -> Reason:
    it_holds = holds(node, subject)
    found = hits(node, subject) if isinstance(node, Phrase | Near) else ()
    places = [_place(hit, subject) for hit in found[:_MOST_PLACES]]
    if len(found) > _MOST_PLACES:
        places.append(f"and {_counted(len(found) - _MOST_PLACES, 'more place')}")
    remark = "" if it_holds else _remark(node, subject)
    return Reason(depth, _said(node), it_holds, tuple(places), remark)


def _place(hit: Hit, subject: Subject) -> str:
    """Return a hit with the words around it, in one line, the hit in square brackets."""
    text = subject.printed[hit.field]
    before, after = text[: hit.start], text[hit.end :]
    if len(before) > _AROUND:
        before = f"…{before[-_AROUND:].partition(' ')[2]}"
    if len(after) > _AROUND:
        after = f"{after[:_AROUND].rpartition(' ')[0]}…"
    return f"{_FIELD_NAMES[hit.field]}: {' '.join(f'{before}[{hit.words}]{after}'.split())}"


def _remark(node: Node, subject: Subject) -> str:
    """Return what is there in place of a part that does not hold; empty when nothing helps to see why."""
    match node:
        case Phrase(tokens, fields):
            anywhere = replace(node, fields=tuple(field for field in _FIELD_NAMES if field not in fields))
            if found := hits(anywhere, subject):
                return f"it stands in the {_FIELD_NAMES[found[0].field]}"
            small = replace(node, tokens=tuple(replace(token, is_acronym=False) for token in tokens))
            return "it stands there, but not in capitals" if small != node and holds(small, subject) else ""
        case Near(left, right):
            return "both stand there, but not near" if holds(left, subject) and holds(right, subject) else ""
        case Facet(name):
            known = ", ".join(sorted(subject.topics)) if name == "topic" else _known(name, subject)
            return f"it is {known}" if known and name != "topic" else f"it has {known or 'none'}"
        case Dated():
            return f"it is of {_day(subject.ordered_at)}" if subject.ordered_at else "it is not known when"
        case _:
            return ""


def _known(name: str, subject: Subject) -> str | None:
    return {"section": subject.section, "region": subject.region, "kind": subject.kind}[name]


def _day(moment: datetime) -> str:
    local = moment.astimezone(ZONES["WIB"])
    return (
        f"{local:%Y-%m-%d}" if (local.hour, local.minute, local.second) == (0, 0, 0) else f"{local:%Y-%m-%d %H:%M WIB}"
    )


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
