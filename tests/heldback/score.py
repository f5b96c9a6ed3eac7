"""Scores the parser on the held-back set: `python -m tests.heldback.score [WORD …]` prints what fails, by category."""

import sys
from collections import Counter, defaultdict

from crawler.article import Article
from crawler.errors import CrawlerError
from tests.heldback.cases import Case, all_cases

_EDGES = " \t\n.,;:!?\"'“”‘’()[]<>|*-–—/\\…&•"


def words(text: str) -> Counter[str]:
    """Return the words of a text with how often each stands there."""
    return Counter(word for word in (each.strip(_EDGES) for each in text.split()) if word)


def faults(case: Case) -> dict[str, str]:
    """Return what the parser gets wrong, by field; empty if all is right."""
    try:
        article = case.read()
    except CrawlerError as error:
        return {"error": str(error)}
    found: dict[str, str] = {}
    moment = article.published_at.isoformat() if article.published_at else None
    fields: tuple[tuple[str, object, object], ...] = (
        ("title", article.title, case.title),
        ("authors", article.authors, case.authors),
        ("editors", article.editors, case.editors),
        ("kind", article.kind, case.kind),
        ("premium", article.is_premium if case.premium is not None else None, case.premium),
        ("complete", article.is_complete if case.complete is not None else None, case.complete),
        ("tags", article.tags if case.tags is not None else None, case.tags),
        ("source", article.source, case.source),
        ("captions", tuple(each for each in case.captions if not _is_caption(each, article)), ()),
    )
    for name, one, other in fields:
        if one != other:
            found[name] = f"{one!r} instead of {other!r}"
    if moment not in case.published:
        found["published"] = f"{moment} instead of {case.published}"
    got, wanted, left_open = words(article.text), words("\n".join(case.lines)), words("\n".join(case.open))
    common, extra, missing = (got & wanted).total(), got - wanted - left_open, wanted - got
    precision = common / (common + extra.total()) if common + extra.total() else 1.0
    recall = common / wanted.total() if wanted else 1.0
    if precision < 0.99:
        found["precision"] = f"{precision:.3f} too much: {' '.join(extra)[:200]}"
    if recall < 0.99:
        found["recall"] = f"{recall:.3f} missing: {' '.join(missing)[:200]}"
    noisy = [line for line in case.noise if _stands_in(line, article.text)]
    if noisy:
        found["noise"] = " / ".join(noisy)[:300]
    return found


def _is_caption(caption: str, article: Article) -> bool:
    """Whether a photo has this caption, or the lead, of which AMP makes one; an odd credit in brackets may be behind it."""
    return any(
        (each or "").startswith(caption) for each in (article.lead, *(photo.caption for photo in article.photos))
    )


def _stands_in(line: str, text: str) -> bool:
    """Whether a line is in the text: a long one anywhere in it, a short one as a paragraph or line of its own."""
    if len(line.split()) > 3:
        return line in text
    return line in (each.strip() for each in text.splitlines())


def main(only: list[str]) -> None:
    """Print a table of the faults; words narrow it to the cases whose names hold them all."""
    cases = [case for case in all_cases() if all(word in case.name for word in only)]
    by_field: dict[str, list[str]] = defaultdict(list)
    right = 0
    for case in cases:
        wrong = faults(case)
        right += not wrong
        for name, text in wrong.items():
            by_field[name].append(f"    {case.name}: {text}")
    for name, lines in sorted(by_field.items()):
        print(f"{name}: {len(lines)}", *lines, sep="\n")
    print(f"{right} of {len(cases)} right")


if __name__ == "__main__":
    main(sys.argv[1:])
