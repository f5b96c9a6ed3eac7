"""Schema ${up_revision}: ${message}."""

import sqlalchemy as sa
from alembic import op
${imports if imports else ""}

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring an archive of schema ${down_revision} to ${up_revision}."""
    ${upgrades if upgrades else "pass"}
