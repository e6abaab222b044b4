"""Record what a channel was told when a delivery is settled, and retry pause notices.

Until now, the known release of a countdown was changed when a change was claimed. For changes that
are still unsettled, it is set back to what the channel was told before.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_countdowns = sa.table(
    "countdowns",
    sa.column("id", sa.Integer),
    sa.column("known_release", sa.Text),
    sa.column("next_at", sa.Float),
)
_deliveries = sa.table(
    "deliveries",
    sa.column("id", sa.String),
    sa.column("countdown_id", sa.Integer),
    sa.column("kind", sa.String),
    sa.column("previous_release", sa.Text),
    sa.column("announced_release", sa.Text),
    sa.column("claimed_at", sa.Float),
    sa.column("lease_until", sa.Float),
    sa.column("outcome", sa.String),
)


def upgrade() -> None:
    """Add the columns, and convert unsettled deliveries."""
    op.add_column("countdowns", sa.Column("notify_at", sa.Float))
    op.create_index("ix_countdowns_notify_at", "countdowns", ["notify_at"])
    op.add_column("deliveries", sa.Column("announced_release", sa.Text))
    maybe_posted = sa.Column("maybe_posted", sa.Boolean, nullable=False, server_default=sa.true())
    op.add_column("deliveries", maybe_posted)
    op.add_column("deliveries", sa.Column("target_channel_id", sa.BigInteger))
    claim_number = sa.Column("claim_number", sa.Integer, nullable=False, server_default="1")
    op.add_column("deliveries", claim_number)
    op.execute(
        "UPDATE deliveries SET target_channel_id = (SELECT channel_id FROM countdowns "
        "WHERE countdowns.id = deliveries.countdown_id) WHERE lease_until IS NOT NULL"
    )
    # The attempt in progress was counted, too.
    op.execute("UPDATE deliveries SET attempts = attempts - 1 WHERE attempts > 0")
    for countdown_id, changes in _unsettled_changes().items():
        _reset_known_release(countdown_id, changes)


def _unsettled_changes() -> dict[int, list[Any]]:
    """Return the unsettled changes of each countdown, oldest first."""
    columns = _deliveries.c
    query = (
        sa.select(columns.id, columns.countdown_id, columns.previous_release)
        .where(columns.kind == "changed", columns.lease_until.is_not(None))
        .order_by(columns.claimed_at)
    )
    found: dict[int, list[Any]] = {}
    for row in op.get_bind().execute(query):
        found.setdefault(row.countdown_id, []).append(row)
    return found


def _reset_known_release(countdown_id: int, changes: list[Any]) -> None:
    """Keep the latest change, as a change from what was told before all of them."""
    connection, told = op.get_bind(), changes[0].previous_release
    for superseded in changes[:-1]:
        connection.execute(
            sa.update(_deliveries)
            .where(_deliveries.c.id == superseded.id)
            .values(lease_until=None, outcome="skipped")
        )
    own = _countdowns.c.id == countdown_id
    announced = sa.select(_countdowns.c.known_release).where(own).scalar_subquery()
    connection.execute(
        sa.update(_deliveries)
        .where(_deliveries.c.id == changes[-1].id)
        .values(previous_release=told, announced_release=announced)
    )
    connection.execute(sa.update(_countdowns).where(own).values(known_release=told, next_at=None))
