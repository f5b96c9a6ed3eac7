"""The statements that storing an article runs."""

from collections.abc import Iterable
from typing import Final, NamedTuple

from sqlalchemy import Boolean, Table, and_, bindparam, case, cast, delete, func, or_, select, union_all, update

from crawler.archive.insert import insert
from crawler.archive.statement import Statement
from crawler.archive.table_parts import Text, Whole
from crawler.archive.tables import (
    article,
    article_author,
    article_topic,
    link,
    page,
    rematch,
    revision,
    search,
    search_vectors,
    story,
    story_mark,
    topic,
)
from crawler.archive.text_search import TsVector
from crawler.stories import MARKS


def _columns(table: Table, *, but: Iterable[str] = ("id",)) -> list[str]:
    return [column.name for column in table.columns if column.name not in but]


def _insert(table: Table) -> Statement:
    return Statement(insert(table), columns=_columns(table))


def _insert_returning_id(table: Table) -> Statement:
    return Statement(insert(table).returning(table.c.id), columns=_columns(table))


class Known(NamedTuple):
    """What the archive knows of an article before it is stored again; the fields of FIND_ARTICLE in order."""

    id: int
    story_id: int
    revision: int
    search_rowid: int
    first_stored_at: int
    url: str | None
    host: str | None
    region: str | None
    section: str | None
    content_id: str | None
    listed_at: int | None
    ordered_s: int
    content_hash: str


_same_content = and_(article.c.host == bindparam("b_host"), article.c.content_id == bindparam("b_content_id"))
_same_link = article.c.id == select(link.c.article_id).where(link.c.key == bindparam("b_link_key")).scalar_subquery()
# The content id says most: the same content under a dated and under a numeric address is one article.
FIND_ARTICLE: Final = Statement(
    select(
        *(article.c[name] for name in Known._fields[:-2]),
        func.coalesce(article.c.published_at, article.c.listed_at, article.c.first_stored_at).label("ordered_s"),
        revision.c.content_hash,
    )
    .join(revision, and_(revision.c.article_id == article.c.id, revision.c.number == article.c.revision))
    .where(or_(article.c.key == bindparam("b_key"), _same_content, _same_link))
    .order_by(case((_same_content, 0), (_same_link, 1), else_=2))
    .limit(1)
)
INSERT_ARTICLE: Final = _insert_returning_id(article)
REVISE_ARTICLE: Final = Statement(
    update(article)
    .where(article.c.id == bindparam("b_id"))
    .values(
        {name: bindparam(f"b_{name}") for name in _columns(article, but=("id", "key", "first_stored_at"))},
    )
)
INSERT_REVISION: Final = _insert(revision)

INSERT_STORY: Final = _insert_returning_id(story)
FIND_STORY: Final = Statement(
    select(func.min(article.c.story_id))
    .join(revision, revision.c.article_id == article.c.id)
    .where(revision.c.fingerprint == bindparam("b_fingerprint"), article.c.story_id != bindparam("b_but_not"))
)
COUNT_STORY: Final = Statement(
    select(func.count()).select_from(article).where(article.c.story_id == bindparam("b_story_id"))
)
FIRST_OF_STORY: Final = Statement(select(func.min(article.c.id)).where(article.c.story_id == bindparam("b_story_id")))
# What so many stories share is a common phrase: it is marked no further, and says nothing.
MOST_OF_A_MARK: Final = 12
WITH_MARKS: Final = Statement(
    select(story_mark.c.mark, story_mark.c.story_id).where(
        story_mark.c.mark.in_([bindparam(f"b_{number}") for number in range(MARKS)])
    )
)
# All marks of a text in one statement; where it has fewer, None stands for those that are missing.
_given = union_all(*(select(bindparam(f"b_{number}", type_=Whole).label("mark")) for number in range(MARKS))).subquery()
_of_this_mark = select(func.count()).where(story_mark.c.mark == _given.c.mark).scalar_subquery()
MARK_STORY: Final = Statement(
    insert(story_mark)
    .from_select(
        ["mark", "story_id"],
        select(_given.c.mark, bindparam("b_story_id", type_=Whole)).where(
            _given.c.mark.is_not(None), _of_this_mark < MOST_OF_A_MARK
        ),
    )
    .on_conflict_do_nothing()
)
# The first article of a story that another site has.
TEXT_OF_STORY: Final = Statement(
    select(revision.c.article)
    .join(article, and_(revision.c.article_id == article.c.id, revision.c.number == article.c.revision))
    .where(article.c.story_id == bindparam("b_story_id"), article.c.host != bindparam("b_host"))
    .order_by(article.c.id)
    .limit(1)
)
DROP_STORY: Final = Statement(delete(story).where(story.c.id == bindparam("b_id")))

_TOPIC_COLUMNS = ("name", "keywords", "changed_at")
MEET_TOPIC: Final = Statement(insert(topic).on_conflict_do_nothing(index_elements=["name"]), columns=_TOPIC_COLUMNS)
GENERATION: Final = Statement(select(func.max(topic.c.generation)))
NOTE_REMATCH: Final = Statement(
    insert(rematch).on_conflict_do_nothing(index_elements=["article_id"]), columns=["article_id"]
)
INSERT_MATCH: Final = Statement(
    insert(article_topic).from_select(
        ["article_id", "revision", "topic_id", "hits", "search_rowid"],
        select(
            bindparam("b_article_id", type_=Whole),
            bindparam("b_revision", type_=Whole),
            topic.c.id,
            bindparam("b_hits", type_=Text),
            bindparam("b_rowid", type_=Whole),
        ).where(topic.c.name == bindparam("b_name")),
    )
)
FORGET_MATCHES: Final = Statement(
    delete(article_topic).where(
        article_topic.c.article_id == bindparam("b_article_id"), article_topic.c.revision == bindparam("b_revision")
    )
)
RETIRE_MATCHES: Final = Statement(
    update(article_topic)
    .where(article_topic.c.article_id == bindparam("b_article_id"), article_topic.c.search_rowid.is_not(None))
    .values(search_rowid=None)
)

INSERT_AUTHOR: Final = Statement(insert(article_author), columns=_columns(article_author))
DELETE_AUTHORS: Final = Statement(
    delete(article_author).where(article_author.c.article_id == bindparam("b_article_id"))
)

LAST_ROWID: Final = Statement(
    select(func.max(article.c.search_rowid)).where(
        article.c.search_rowid.between(bindparam("b_first"), bindparam("b_last"))
    )
)
INSERT_SEARCH: Final = Statement(insert(search), columns=_columns(search, but=()))
INSERT_VECTOR: Final = Statement(
    insert(search_vectors).values(
        rowid=bindparam("b_rowid", type_=Whole),
        words=cast(bindparam("b_words", type_=Text), TsVector),
        is_cut=bindparam("b_is_cut", type_=Boolean),
    )
)
DELETE_SEARCH: Final = Statement(delete(search).where(search.c.rowid == bindparam("b_rowid")))

INSERT_PAGE: Final = _insert(page)
MARK_STORED: Final = Statement(
    update(link)
    .where(link.c.key == bindparam("b_key"))
    .values(
        state="stored",
        state_at=bindparam("b_state_at"),
        article_id=bindparam("b_article_id"),
        last_crawl_id=bindparam("b_last_crawl_id"),
        reason=None,
        not_before=None,
        retitled_at=None,
    )
)
_OF_A_LISTING = ("listing_id", "listed_at", "listed_offset_min", "listed_from", "retitled_at", "times_retitled")
INSERT_STORED_LINK: Final = Statement(
    insert(link), columns=_columns(link, but=("id", "reason", "not_before", *_OF_A_LISTING))
)
