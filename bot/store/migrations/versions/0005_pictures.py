"""Let the announcements of a countdown carry a picture.

Countdowns that exist keep announcing without one.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add the column."""
    picture = sa.Column("picture", sa.Boolean, nullable=False, server_default=sa.false())
    op.add_column("countdowns", picture)
