"""What Alembic runs to reach the archive: the connection is handed over by `schema.migrate`, in its transaction."""

from typing import Any

from alembic import context
from alembic.runtime.environment import EnvironmentContext

from crawler.archive.tables import SEARCH, metadata


def is_ours(name: str | None, kind: str, _parents: Any) -> bool:
    """Say whether Alembic is to look at it: not at the search index, whose shadow tables SQLite keeps."""
    return kind != "table" or name is None or not (name == SEARCH or name.startswith(f"{SEARCH}_"))


def run(environment: EnvironmentContext | Any = context) -> None:
    """Run the migrations within the transaction that is already open."""
    environment.configure(
        connection=environment.config.attributes["connection"],
        target_metadata=metadata,
        include_name=is_ours,
        render_as_batch=True,
        transactional_ddl=True,
    )
    with environment.begin_transaction():
        environment.run_migrations()


run()
