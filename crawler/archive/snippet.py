"""A few words of an article that show why it was found."""

from typing import Final

from crawler.article import Article
from crawler.topics import Terms, split

_BEFORE: Final = 60
_LENGTH: Final = 200
_MORE: Final = "…"


def snippet_of(article: Article, query: Terms | None) -> str:
    """Return the text around the first place that was searched for, in one line; without one, how the text begins."""
    text = " ".join(paragraph.text for paragraph in article.paragraphs) or article.lead or ""
    start = max(0, _first_place(text, query) - _BEFORE)
    if start:
        # To the next word, unless there is none.
        start = text.find(" ", start) + 1 or start
    end = start + _LENGTH
    if end < len(text):
        # After a whole word, unless there is none.
        last_space = text.rfind(" ", start + 1, end + 1)
        end = last_space if last_space > start else end
    shown = " ".join(text[start:end].split())
    return f"{_MORE if start else ''}{shown}{_MORE if end < len(text) else ''}"


def _first_place(text: str, query: Terms | None) -> int:
    if query is None:
        return 0
    words = split(text)
    places = (words[at].start for at in range(len(words)) if any(term.stands_at(at, words) for term in query.terms))
    return next(places, 0)
