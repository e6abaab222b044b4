"""Add the tables for server settings, countdowns and deliveries."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create the tables for server settings, countdowns and deliveries."""
    _servers()
    _countdowns()
    _deliveries()


def _servers() -> None:
    op.create_table(
        "servers",
        sa.Column("guild_id", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("language", sa.String(10)),
        sa.Column("zone", sa.String(64)),
        sa.Column("time", sa.String(5)),
        sa.Column("left", sa.Float),
        sa.PrimaryKeyConstraint("guild_id", name="pk_servers"),
    )


def _countdowns() -> None:
    op.create_table(
        "countdowns",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("guild_id", sa.BigInteger, nullable=False),
        sa.Column("channel_id", sa.BigInteger, nullable=False),
        sa.Column("title_id", sa.String(40), nullable=False),
        sa.Column("slot", sa.Text, nullable=False),
        sa.Column("milestones", sa.Text, nullable=False),
        sa.Column("time", sa.String(5), nullable=False),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("language", sa.String(10), nullable=False),
        sa.Column("role_id", sa.BigInteger),
        sa.Column("publish", sa.Boolean, nullable=False),
        sa.Column("paused", sa.String(10)),
        sa.Column("cursor", sa.Float, nullable=False),
        sa.Column("seen", sa.Text, nullable=False),
        sa.Column("due", sa.Float),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_countdowns"),
        sa.ForeignKeyConstraint(["title_id"], ["titles.id"], name="fk_countdowns_title_id"),
        sa.UniqueConstraint(
            "guild_id",
            "title_id",
            "slot",
            "channel_id",
            name="uq_countdowns_guild_id_title_id_slot_channel_id",
        ),
    )
    op.create_index("ix_countdowns_due", "countdowns", ["due"])
    op.create_index("ix_countdowns_title_id", "countdowns", ["title_id"])


def _deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("id", sa.String(24), nullable=False),
        sa.Column("countdown_id", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("at", sa.Float, nullable=False),
        sa.Column("until", sa.Float, nullable=False),
        sa.Column("days", sa.Integer),
        sa.Column("before", sa.Text, nullable=False),
        sa.Column("claimed", sa.Float, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("lease", sa.Float),
        sa.Column("outcome", sa.String(10)),
        sa.Column("error", sa.Text),
        sa.Column("message_id", sa.BigInteger),
        sa.PrimaryKeyConstraint("id", name="pk_deliveries"),
        sa.ForeignKeyConstraint(
            ["countdown_id"],
            ["countdowns.id"],
            name="fk_deliveries_countdown_id",
            ondelete="CASCADE",
        ),
    )
    for column in ("countdown_id", "lease", "claimed"):
        op.create_index(f"ix_deliveries_{column}", "deliveries", [column])
