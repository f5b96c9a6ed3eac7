"""What of a query a listing can tell: the phrases that may stand in the title or the keywords of a link."""

from typing import Final

from crawler.topics.tree import All, AnyOf, Near, Node, Phrase, TextField

# A listing gives the title of an article, and as keywords its tags.
_LISTED: Final[tuple[TextField, ...]] = ("title", "tag")


def listed_phrases(node: Node) -> tuple[Phrase, ...] | None:
    """Return the phrases one of which a link to such an article may show; None where it may show nothing of it.

    A headline seldom has all the words of a query, so one of them is enough. Authors, sections and dates no listing
    tells, so that what can hold by them alone can stand behind any link.
    """
    match node:
        case Phrase(tokens, fields, printed):
            return None if fields == ("author",) else (Phrase(tokens, _LISTED, printed),)
        case Near(left, right):
            return listed_phrases(All((left, right)))
        case All(parts):
            told = [phrases for phrases in map(listed_phrases, parts) if phrases is not None]
            return _joined(told) if told else None
        case AnyOf(parts):
            each = [listed_phrases(part) for part in parts]
            return None if None in each else _joined([phrases for phrases in each if phrases])
    return None


def _joined(several: list[tuple[Phrase, ...]]) -> tuple[Phrase, ...]:
    return tuple(dict.fromkeys(phrase for phrases in several for phrase in phrases))
