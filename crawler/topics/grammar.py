"""What binds how strongly in a query: brackets and fields first, then NEAR, NOT, AND, OR. Pieces become a tree."""

from dataclasses import replace
from itertools import product
from typing import Final, NoReturn

from crawler.topics.facets import date_of, facet_of
from crawler.topics.fields import DATES, FACETS, TEXT_FIELDS
from crawler.topics.lexer import Piece, cut
from crawler.topics.mending import mistake, put
from crawler.topics.phrase import Scope, phrase_of
from crawler.topics.tree import ANYWHERE, All, AnyOf, Facet, FacetName, Near, Node, Not, Phrase

# More words than anybody types; a search of thousands of words would hold the archive for seconds.
MAX_WORDS: Final = 64
MAX_DEPTH: Final = 32
MAX_NEAR_PAIRS: Final = 20
_SOMETHING: Final = 'a word, a "phrase" or (brackets)'


def read_tree(text: str, *, in_topic: bool, families: bool) -> Node:
    """Return what a query asks for; see `query.parse_query`.

    Raises:
        QueryError: It cannot be understood; its mend mends this one mistake, and others may be left.
    """
    return _Parser(text, in_topic=in_topic).read(Scope(families=families))


def all_of(parts: list[Node]) -> Node:
    """Return what holds when every part does; each is asked once."""
    flat = _each_once([each for part in parts for each in (part.parts if isinstance(part, All) else (part,))])
    return flat[0] if len(flat) == 1 else All(flat)


def any_of(parts: list[Node]) -> Node:
    """Return what holds when one of the parts does; each is asked once."""
    flat = _each_once([each for part in parts for each in (part.parts if isinstance(part, AnyOf) else (part,))])
    return flat[0] if len(flat) == 1 else AnyOf(flat)


def not_of(part: Node) -> Node:
    """Return what holds when the part does not."""
    return part.part if isinstance(part, Not) else Not(part)


def _each_once(parts: list[Node]) -> tuple[Node, ...]:
    return tuple(dict.fromkeys(parts))


class _Parser:
    """Reads the pieces of one query from left to right; each method takes what binds stronger than itself."""

    def __init__(self, text: str, *, in_topic: bool) -> None:
        self._text = text
        self._in_topic = in_topic
        self._pieces = cut(text)
        self._at = 0
        self._depth = 0
        self._words = 0

    def read(self, scope: Scope) -> Node:
        if self._next.kind == "end":
            nothing = 'there is no word to search for; write a word or a "phrase in quotes"'
            raise mistake(nothing, text=self._text, column=0)
        tree = self._any(scope)
        if self._next.kind == "close":
            self._refuse("this bracket closes nothing", self._next, mended=self._without(self._next))
        return tree

    def _any(self, scope: Scope) -> Node:
        parts = [self._all(scope)]
        while self._takes("or"):
            parts.append(self._all(scope))
        return any_of(parts)

    def _all(self, scope: Scope) -> Node:
        parts = [self._not(scope)]
        while self._takes("and") or self._next.kind not in {"or", "close", "end"}:
            parts.append(self._not(scope))
        return all_of(parts)

    def _not(self, scope: Scope) -> Node:
        if self._next.kind != "not":
            return self._near(scope)
        self._deeper(self._take())
        part = self._not(scope)
        self._depth -= 1
        return not_of(part)

    def _near(self, scope: Scope) -> Node:
        left = self._one(scope)
        if self._next.kind != "near":
            return left
        operator = self._take()
        right = self._one(scope)
        third = self._next
        if third.kind == "near":
            between = self._text[operator.end : third.start].strip()
            self._refuse(
                "NEAR stands between two; write a NEAR/5 b AND b NEAR/5 c",
                third,
                mended=f"{self._text[: third.start]}AND {between} {self._text[third.start :]}",
            )
        pairs = list(product(self._operands(left, operator), self._operands(right, operator)))
        if len(pairs) > MAX_NEAR_PAIRS:
            self._refuse(f"{len(pairs)} pairs of words are too many, at most {MAX_NEAR_PAIRS} may be near", operator)
        return any_of([self._pair(one, other, operator) for one, other in pairs])

    def _operands(self, node: Node, operator: Piece) -> tuple[Phrase, ...]:
        """Return the words of which one must be near: brackets may hold several, joined by OR."""
        parts = node.parts if isinstance(node, AnyOf) else (node,)
        phrases = tuple(part for part in parts if isinstance(part, Phrase))
        if len(phrases) < len(parts):
            self._refuse(
                'beside NEAR stand words, "phrases", or brackets in which OR joins them',
                operator,
                mended=put(self._text, operator.start, operator.end, "AND"),
            )
        return phrases

    def _pair(self, one: Phrase, other: Phrase, operator: Piece) -> Near:
        fields = one.fields if other.fields == ANYWHERE else other.fields
        if one.fields not in {ANYWHERE, fields}:
            self._refuse(
                f"NEAR looks in one field, {one.fields[0]}: and {fields[0]}: are two",
                operator,
                mended=put(self._text, operator.start, operator.end, "AND"),
            )
        return Near(replace(one, fields=fields), replace(other, fields=fields), operator.within)

    def _one(self, scope: Scope) -> Node:
        piece = self._take()
        if piece.kind in {"word", "phrase"}:
            return self._facet(piece, scope.facet) if scope.facet else self._phrase(piece, scope)
        if piece.kind == "open":
            return self._group(piece, scope)
        if piece.kind == "family":
            return self._family(piece, scope)
        if piece.kind != "field":
            self._at -= 1
            self._expected_something(piece)
        return self._field(piece, scope)

    def _group(self, opened: Piece, scope: Scope) -> Node:
        self._deeper(opened)
        node = self._any(replace(scope, is_asked=False))
        if not self._takes("close"):
            self._refuse("this bracket is never closed", opened, mended=f"{self._text}{')' * self._open}")
        self._depth -= 1
        return node

    def _family(self, tilde: Piece, scope: Scope) -> Node:
        if self._next.kind not in {"word", "phrase", "open"} or scope.facet:
            self._refuse("~ stands right before a word, as in ~serang", tilde, mended=self._without(tilde))
        return self._one(replace(scope, families=True, is_asked=True))

    def _field(self, piece: Piece, scope: Scope) -> Node:
        name = piece.inside
        if self._next.kind == "field":
            self._refuse(
                f"{name}: needs {_SOMETHING} behind it, not {self._next.inside}:", piece, mended=self._without(piece)
            )
        if name in DATES:
            self._count(piece)
            return date_of(piece, self._take(), text=self._text)
        if name == "topic" and self._in_topic:
            self._refuse("a topic cannot ask for topics, leave topic: out", piece)
        if name in TEXT_FIELDS:
            return self._field_part(piece, replace(scope, fields=(TEXT_FIELDS[name],), facet=None))
        return self._field_part(piece, replace(scope, facet=FACETS[name]))

    def _field_part(self, piece: Piece, scope: Scope) -> Node:
        if self._next.kind == "not":
            return self._not(scope)
        if self._next.kind not in {"word", "phrase", "open", "family"}:
            self._refuse(f"{piece.inside}: needs {_SOMETHING} behind it", piece, mended=self._without(piece))
        return self._one(scope)

    def _facet(self, piece: Piece, name: FacetName) -> Facet:
        self._count(piece)
        return facet_of(piece, name, text=self._text)

    def _phrase(self, piece: Piece, scope: Scope) -> Phrase:
        phrase = phrase_of(piece, scope, text=self._text)
        self._count(piece, len(phrase.tokens))
        return phrase

    @property
    def _next(self) -> Piece:
        return self._pieces[self._at]

    @property
    def _open(self) -> int:
        """How many of the brackets are never closed."""
        kinds = [piece.kind for piece in self._pieces]
        return kinds.count("open") - kinds.count("close")

    def _take(self) -> Piece:
        piece = self._next
        self._at += 1
        return piece

    def _takes(self, kind: str) -> bool:
        is_next = self._next.kind == kind
        self._at += is_next
        return is_next

    def _deeper(self, piece: Piece) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            self._refuse(f"brackets and NOT stand in each other at most {MAX_DEPTH} deep", piece)

    def _count(self, piece: Piece, words: int = 1) -> None:
        self._words += words
        if self._words > MAX_WORDS:
            self._refuse(f"there are more words than {MAX_WORDS}, leave out what stands from here on", piece)

    def _expected_something(self, piece: Piece) -> NoReturn:
        before = self._pieces[self._at - 1] if self._at else None
        if before is not None and before.kind in {"and", "or", "not", "near"}:
            self._refuse_operator(f"needs {_SOMETHING} behind it", before)
        if piece.kind in {"and", "or", "near"}:
            self._refuse_operator(f"needs {_SOMETHING} before it", piece)
        if before is None:
            self._refuse("this bracket closes nothing", piece, mended=self._without(piece))
        # What is left is an open bracket.
        if piece.kind == "close":
            both = put(self._text, before.start, piece.end, " ")
            self._refuse("there is nothing in these brackets", before, mended=both)
        self._refuse("this bracket is never closed", before, mended=self._without(before))

    def _refuse_operator(self, reason: str, operator: Piece) -> NoReturn:
        name = operator.inside
        word = f'; "{name}" in quotation marks is the word' if name.isalpha() else ""
        self._refuse(f"{name} {reason}{word}", operator, mended=self._without(operator))

    def _without(self, piece: Piece) -> str:
        return put(self._text, piece.start, piece.end, " ")

    def _refuse(self, reason: str, piece: Piece, *, mended: str | None = None) -> NoReturn:
        raise mistake(reason, text=self._text, column=piece.start, mended=mended)
