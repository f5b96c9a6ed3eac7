"""The columns of an export: names, what kind of value each holds, and how a value is written as text."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

ColumnKind = Literal["text", "whole", "flag", "moment", "list"]
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Column:
    """One column; where `may_lack` is false, every row has a value, if only an empty text or list."""

    name: str
    kind: ColumnKind = "text"
    may_lack: bool = False


# What `export` writes of each article; docs/exports.md explains them.
ARTICLE_COLUMNS: Final = (
    Column("published_at", "moment", may_lack=True),
    Column("region", may_lack=True),
    Column("section", may_lack=True),
    Column("kind"),
    Column("topics", "list"),
    Column("title"),
    Column("lead", may_lack=True),
    Column("text"),
    Column("tags", "list"),
    Column("authors", "list"),
    Column("url", may_lack=True),
    Column("host", may_lack=True),
    Column("id", "whole"),
    Column("story_id", "whole"),
    Column("revision", "whole"),
    Column("published_from", may_lack=True),
    Column("is_dated_by_listing", "flag"),
    Column("modified_at", "moment", may_lack=True),
    Column("listed_at", "moment", may_lack=True),
    Column("first_stored_at", "moment"),
    Column("last_stored_at", "moment"),
    Column("is_premium", "flag"),
    Column("is_complete", "flag"),
)
# What `query` shows of each.
FOUND_COLUMNS: Final = (
    Column("published_at", "moment", may_lack=True),
    Column("region", may_lack=True),
    Column("section", may_lack=True),
    Column("topics", "list"),
    Column("title"),
    Column("url", may_lack=True),
    Column("id", "whole"),
    Column("published_from", may_lack=True),
    Column("snippet"),
    Column("story_id", "whole"),
    Column("is_dated_by_listing", "flag"),
)

# A cell that begins like this runs in a spreadsheet; so does one that follows a semicolon, a tab or a line break where
# a spreadsheet takes that for the border of a cell, as those of Indonesia do with the semicolon.
_STARTS_FORMULA: Final = "=+\\-@\uff1d\uff0b\uff0d\uff20"
_AT_THE_BEGINNING: Final = re.compile(rf"([ \"]*'*)(?=[{_STARTS_FORMULA}\t\r\n])")
_WITHIN: Final = re.compile(rf"([;\t\r\n][ \"]*'*)(?=[{_STARTS_FORMULA}])")


def defused(text: str) -> str:
    """Return the text with an apostrophe before everything that a spreadsheet would run as a formula.

    One more apostrophe, where there are some already: so the way back takes away exactly one.
    """
    text = _WITHIN.sub(r"\1'", text)
    begins = _AT_THE_BEGINNING.match(text)
    return f"{begins[0]}'{text[begins.end() :]}" if begins else text


def joined(texts: Sequence[str]) -> str:
    r"""Return a list as the text of one cell: "; " between two, with \; and \\ for the signs themselves."""
    return "; ".join(each.replace("\\", "\\\\").replace(";", "\\;") for each in texts)


def as_text(value: Any) -> str:
    """Return a value as text: moments in RFC 3339, yes or no as true or false, lists joined, nothing for None."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, int) else joined(value)


def as_json_values(row: Row, columns: Sequence[Column]) -> dict[str, Any]:
    """Return the row as JSON knows values, keys in the order of the columns."""

    def values() -> Iterator[tuple[str, Any]]:
        for column in columns:
            value = row[column.name]
            if isinstance(value, datetime):
                value = value.isoformat()
            yield column.name, value

    return dict(values())
