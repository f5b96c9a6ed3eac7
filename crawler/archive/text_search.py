"""The types of PostgreSQL's text search; SQLAlchemy's own would load all of its PostgreSQL part at each start."""

from typing import Any

from sqlalchemy.types import UserDefinedType


class TsVector(UserDefinedType[str]):
    """The words of a text, with their places."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        """Return its name in SQL."""
        return "TSVECTOR"


class TsQuery(UserDefinedType[str]):
    """What words are asked for."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        """Return its name in SQL."""
        return "TSQUERY"
