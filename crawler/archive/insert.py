"""INSERT … ON CONFLICT for both databases: written once, in the words of SQLAlchemy's SQLite dialect."""

from typing import Any

from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.dialects.sqlite.dml import OnConflictDoNothing, OnConflictDoUpdate
from sqlalchemy.ext.compiler import compiles

__all__ = ["insert"]

# SQLAlchemy has a construct for each database, though both print the same. The compiler for PostgreSQL asks it for one
# thing more: the name of the constraint, which SQLite does not know and we never give.


@compiles(OnConflictDoUpdate, "postgresql")
def _do_update(element: Any, compiler: Any, **how: Any) -> str:
    element.constraint_target = None
    return str(compiler.visit_on_conflict_do_update(element, **how))


@compiles(OnConflictDoNothing, "postgresql")
def _do_nothing(element: Any, compiler: Any, **how: Any) -> str:
    element.constraint_target = None
    return str(compiler.visit_on_conflict_do_nothing(element, **how))
