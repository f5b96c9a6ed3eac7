"""What the tables of the archive are made of: kinds of columns, conditions, and the names of constraints.

Moments are whole seconds since 1970 in UTC. Where the site printed a moment, the offset that it printed stands beside
it, in minutes, and the article as JSON keeps it whole. Lists and options are JSON text.
"""

from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Column, Integer, MetaData, text
from sqlalchemy import Text as AnyText

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# 64 bits everywhere; STRICT tables of SQLite know the word INTEGER only.
Whole = BigInteger().with_variant(Integer, "sqlite")
# Compared and sorted letter by letter everywhere, as SQLite does; PostgreSQL would go by the language of the database.
Text = AnyText().with_variant(AnyText(collation="C"), "postgresql")


def is_one_of(column: str, words: tuple[str, ...]) -> str:
    """Return the condition that a column holds one of these words; for IN, SQLite makes a table at each row written."""
    return " OR ".join(f"{column} = '{word}'" for word in words)


def one_of(column: str, words: tuple[str, ...]) -> CheckConstraint:
    """Return the constraint that a column holds one of these words."""
    return CheckConstraint(is_one_of(column, words), name=column)


def only(condition: str) -> dict[str, Any]:
    """Return what makes an index hold only the rows for which a condition holds."""
    return {"sqlite_where": text(condition), "info": {"postgresql_where": text(condition)}}


def number() -> Column[int]:
    """Return the column that numbers the rows."""
    return Column("id", Whole, primary_key=True)
