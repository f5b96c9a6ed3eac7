"""What was cut from a document, and by which rule: collected only where somebody asked for it."""

from crawler.article import CutLine
from crawler.parser.spacing import tidy

# None where nobody asked: then nothing is collected, and reading costs no more than before.
Cuts = list[CutLine] | None

# Of a box that was passed over only the beginning is shown.
_LONGEST = 200


def note(cuts: Cuts, rule: str, text: str) -> None:
    """Keep a line that was cut, if anybody asked."""
    if cuts is not None and text:
        cuts.append(CutLine(rule, text))


def note_beginning(cuts: Cuts, rule: str, text: str) -> None:
    """Keep the beginning of what was cut, if anybody asked."""
    note(cuts, rule, text if len(text) <= _LONGEST else f"{text[:_LONGEST].rstrip()} …")


def in_order(cuts: list[CutLine], text: str) -> tuple[CutLine, ...]:
    """Return what was cut in the order of the document."""
    places: dict[str, int] = {}
    for number, line in enumerate(text.splitlines()):
        places.setdefault(tidy(line), number)
    return tuple(sorted(cuts, key=lambda cut: places.get(cut.text, len(places))))
