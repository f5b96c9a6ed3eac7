"""Which story an article tells: that of an exact copy, of a text that is nearly the same, or one of its own."""

import json
from collections import Counter
from collections.abc import Sequence
from itertools import zip_longest
from operator import itemgetter
from typing import Final

from sqlalchemy import Connection

from crawler.archive import writes
from crawler.article import article_from_json
from crawler.stories import MARKS, Likeness, are_alike, likeness

# Stories that share so many marks are compared, and no more than so many.
_FEWEST_SHARED: Final = 3
_MOST_COMPARED: Final = 5
_MARK_OF: Final = itemgetter(0)
_NUMBERS: Final = tuple(f"b_{number}" for number in range(MARKS))


def story_of_new(connection: Connection, mark: str | None, text: Likeness, *, now_s: int) -> tuple[int, bool]:
    """Return the story of an article that is new, and whether others told it before.

    Args:
        connection: Within a writing transaction.
        mark: That of exact copies, None where there is no text to compare.
        text: By what it is compared with stories that are nearly the same.
        now_s: When a story that nobody told before begins.
    """
    known = _story_with(connection, mark, but_not=0) or _story_like(connection, text)
    if known is not None:
        return known, True
    return int(writes.INSERT_STORY.value(connection, fingerprint=mark, first_stored_at=now_s)), False


def story_after(connection: Connection, mark: str | None, story_id: int) -> int:
    """Return the story of an article whose text changed.

    It stays in its story, so that an edit makes no news; only one that is alone in it joins those with the same text.
    """
    other = _story_with(connection, mark, but_not=story_id)
    if other is None or writes.COUNT_STORY.value(connection, b_story_id=story_id) > 1:
        return story_id
    return other


def mark_story(connection: Connection, story_id: int, text: Likeness) -> None:
    """Keep by which marks a story is found; those of earlier revisions stay, since reprints come late."""
    if text.marks:
        writes.MARK_STORY.run(connection, **_numbered(text.marks), b_story_id=story_id)


def _story_with(connection: Connection, mark: str | None, *, but_not: int) -> int | None:
    """Return the story in which this text ever stood: reprints come late, so texts that were edited since count."""
    if mark is None:
        return None
    found: int | None = writes.FIND_STORY.value(connection, b_fingerprint=mark, b_but_not=but_not)
    return found


def _story_like(connection: Connection, new: Likeness) -> int | None:
    """Return the story that is nearly the same text, of those that share marks with it."""
    if not new.marks:
        return None
    found = writes.WITH_MARKS.rows(connection, **_numbered(new.marks))
    spread = Counter(map(_MARK_OF, found))
    shared = Counter([story_id for mark, story_id in found if spread[mark] < writes.MOST_OF_A_MARK])
    # Most texts share as many with none, which need not be sorted for that.
    enough = Counter({story_id: count for story_id, count in shared.items() if count >= _FEWEST_SHARED})
    for story_id, _ in enough.most_common(_MOST_COMPARED):
        text = writes.TEXT_OF_STORY.value(connection, b_story_id=story_id, b_host=new.host)
        if text and are_alike(new, likeness(article_from_json(json.loads(text)))):
            return int(story_id)
    return None


def _numbered(marks: Sequence[int]) -> dict[str, int | None]:
    """Return marks as the statements take them, which have room for as many as there may be."""
    return dict(zip_longest(_NUMBERS, marks))
