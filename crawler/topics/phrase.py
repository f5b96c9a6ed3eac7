"""What one word or phrase of a query asks for."""

from dataclasses import dataclass
from typing import Final

from crawler.topics.lexer import Piece
from crawler.topics.mending import mistake, put, shown
from crawler.topics.tree import ANYWHERE, FacetName, Phrase, TextField, Token
from crawler.topics.words import Word, split

_FEWEST_PREFIX_LETTERS: Final = 2


@dataclass(frozen=True, slots=True)
class Scope:
    """How a word is read where it stands: in which fields it is looked for, or of which facet it is a value.

    With `families` every plain word means its family; `is_asked` where a ~ said so.
    """

    families: bool
    fields: tuple[TextField, ...] = ANYWHERE
    facet: FacetName | None = None
    is_asked: bool = False


def parse_phrase(text: str, *, fields: tuple[TextField, ...] = ANYWHERE, families: bool = False) -> Phrase | None:
    """Return what a keyword asks for, every mark in it but a mark; None when it holds no letter and no digit."""
    words = split(text)
    if not words:
        return None
    tokens = tuple(_token(word, families=families) for word in words)
    return Phrase(tokens, fields, printed=text[words[0].start : words[-1].end])


def phrase_of(piece: Piece, scope: Scope, *, text: str) -> Phrase:
    """Return what a word or a phrase of a query asks for.

    Raises:
        QueryError: A star stands where it cannot, or a ~ before what has no family.
    """
    offset = piece.start + (piece.kind == "phrase")
    words = split(piece.inside)
    if piece.inside == "~":
        raise mistake("behind ~ stands the word", text=text, column=offset, mended=put(text, offset, offset + 1, ""))
    is_prefix = _has_star(piece, words, offset=offset, text=text)
    tokens = [_token(word, families=scope.families) for word in words]
    if is_prefix:
        tokens[-1] = Token(tokens[-1].folded, is_prefix=True)
    if scope.is_asked and not any(token.is_family for token in tokens):
        what = "a prefix" if is_prefix else "an acronym" if tokens[-1].is_acronym else "a number"
        raise mistake(
            f"{what} has no family, leave the ~ out",
            text=text,
            column=offset,
            mended=None if (at := text.rfind("~", 0, offset)) < 0 else put(text, at, at + 1, ""),
        )
    first, last = words[0].start, words[-1].end + is_prefix
    return Phrase(tuple(tokens), scope.fields, printed="~" * scope.is_asked + piece.inside[first:last])


def _token(word: Word, *, families: bool) -> Token:
    is_plain = not word.is_acronym and word.folded.isalpha()
    return Token(word.folded, is_acronym=word.is_acronym, is_family=families and is_plain)


def _has_star(piece: Piece, words: list[Word], *, offset: int, text: str) -> bool:
    """Say whether a star stands behind the last word, and nowhere else."""
    if "*" not in piece.inside:
        return False
    column = offset + piece.inside.index("*")
    without = piece.inside.replace("*", " " if piece.kind == "phrase" else "")
    mended = put(text, offset, offset + len(piece.inside), without)
    if not words or piece.inside.count("*") > 1 or piece.inside.index("*") != words[-1].end:
        raise mistake(
            "a star stands only behind the last letter of a word, as in bank*", text=text, column=column, mended=mended
        )
    if len(words[-1].folded) < _FEWEST_PREFIX_LETTERS:
        letters = shown(words[-1].printed)
        raise mistake(
            f"before a star stand at least two letters, not only {letters}", text=text, column=column, mended=mended
        )
    return True
