"""Rename tables and columns, and store release states as JSON. All data is kept.

Tables are created anew and filled, because SQLite cannot rename constraints.
"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Create the new tables, copy the data and drop the old tables."""
    _key_values()
    _guild_settings()
    _search_keys()
    # Copies have no constraints, so the new tables can reuse the names.
    op.execute("CREATE TABLE old_countdowns AS SELECT * FROM countdowns")
    op.execute("CREATE TABLE old_deliveries AS SELECT * FROM deliveries")
    op.drop_table("deliveries")
    op.drop_table("countdowns")
    _release_states()
    _countdowns()
    _deliveries()
    for table in ("old_deliveries", "old_countdowns", "release_states"):
        op.drop_table(table)


def _key_values() -> None:
    op.create_table(
        "key_values",
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_key_values"),
    )
    op.execute("INSERT INTO key_values (name, value) SELECT name, value FROM facts")
    op.drop_table("facts")


def _guild_settings() -> None:
    op.create_table(
        "guild_settings",
        sa.Column("guild_id", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("language", sa.String(10)),
        sa.Column("timezone", sa.String(64)),
        sa.Column("post_time", sa.String(5)),
        sa.Column("left_at", sa.Float),
        sa.PrimaryKeyConstraint("guild_id", name="pk_guild_settings"),
    )
    op.execute(
        "INSERT INTO guild_settings (guild_id, language, timezone, post_time, left_at) "
        'SELECT guild_id, language, zone, time, "left" FROM servers'
    )
    op.drop_table("servers")


def _search_keys() -> None:
    # Search keys are derived from the records. The next start rebuilds them, because the version
    # of the keys has increased.
    op.drop_table("forms")
    op.create_table(
        "search_keys",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("title_id", sa.String(40)),
        sa.Column("person_id", sa.String(40)),
        sa.Column("role", sa.String(10)),
        sa.Column("name_type", sa.String(10), nullable=False),
        sa.Column("letters", sa.Text, nullable=False),
        sa.Column("fold", sa.Text, nullable=False),
        sa.Column("initials", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_search_keys"),
        sa.ForeignKeyConstraint(
            ["title_id"], ["titles.id"], name="fk_search_keys_title_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name="fk_search_keys_person_id", ondelete="CASCADE"
        ),
    )
    for column in ("title_id", "person_id"):
        op.create_index(f"ix_search_keys_{column}", "search_keys", [column])


def _release_states() -> None:
    """Create a table that maps each stored state, `window|status` or `?` (unknown), to JSON."""
    states = op.create_table(
        "release_states", sa.Column("old", sa.Text, nullable=False), sa.Column("new", sa.Text)
    )
    result = op.get_bind().execute(
        sa.text(
            "SELECT seen FROM old_countdowns "
            "UNION SELECT before FROM old_deliveries WHERE before <> ''"
        )
    )
    rows = [{"old": old, "new": _as_json(old)} for (old,) in result]
    if rows:
        op.bulk_insert(states, rows)


def _as_json(state: str) -> str | None:
    if state == "?":
        return None
    window, _, status = state.partition("|")
    return json.dumps({"window": window or None, "status": status or None})


def _countdowns() -> None:
    op.create_table(
        "countdowns",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("guild_id", sa.BigInteger, nullable=False),
        sa.Column("channel_id", sa.BigInteger, nullable=False),
        sa.Column("title_id", sa.String(40), nullable=False),
        sa.Column("release_key", sa.Text, nullable=False),
        sa.Column("milestone_days", sa.Text, nullable=False),
        sa.Column("post_time", sa.String(5), nullable=False),
        sa.Column("timezone", sa.String(64), nullable=False),
        sa.Column("language", sa.String(10), nullable=False),
        sa.Column("role_id", sa.BigInteger),
        sa.Column("publish", sa.Boolean, nullable=False),
        sa.Column("paused", sa.String(10)),
        sa.Column("cursor", sa.Float, nullable=False),
        sa.Column("known_release", sa.Text),
        sa.Column("next_at", sa.Float),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_countdowns"),
        sa.ForeignKeyConstraint(["title_id"], ["titles.id"], name="fk_countdowns_title_id"),
        sa.UniqueConstraint(
            "guild_id",
            "title_id",
            "release_key",
            "channel_id",
            name="uq_countdowns_guild_id_title_id_release_key_channel_id",
        ),
    )
    op.execute(
        "INSERT INTO countdowns (id, guild_id, channel_id, title_id, release_key, milestone_days, "
        "post_time, timezone, language, role_id, publish, paused, cursor, known_release, next_at, "
        "version) SELECT id, guild_id, channel_id, title_id, slot, milestones, time, zone, "
        "language, role_id, publish, CASE paused WHEN 'by_hand' THEN 'manual' ELSE paused END, "
        "cursor, release_states.new, due, version "
        "FROM old_countdowns LEFT JOIN release_states ON release_states.old = seen"
    )
    for column in ("next_at", "title_id"):
        op.create_index(f"ix_countdowns_{column}", "countdowns", [column])
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "SELECT setval(pg_get_serial_sequence('countdowns', 'id'), max(id)) FROM countdowns "
            "HAVING max(id) IS NOT NULL"
        )


def _deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("id", sa.String(24), nullable=False),
        sa.Column("countdown_id", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("due_at", sa.Float, nullable=False),
        sa.Column("expires_at", sa.Float, nullable=False),
        sa.Column("days_left", sa.Integer),
        sa.Column("previous_release", sa.Text),
        sa.Column("claimed_at", sa.Float, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("lease_until", sa.Float),
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
    op.execute(
        "INSERT INTO deliveries (id, countdown_id, kind, due_at, expires_at, days_left, "
        "previous_release, claimed_at, attempts, lease_until, outcome, error, message_id) "
        "SELECT id, countdown_id, CASE kind WHEN 'out' THEN 'released' WHEN 'half' THEN 'halfway' "
        "ELSE kind END, at, until, days, "
        "release_states.new, claimed, attempts, lease, outcome, error, message_id "
        "FROM old_deliveries LEFT JOIN release_states ON release_states.old = before"
    )
    for column in ("countdown_id", "lease_until", "claimed_at"):
        op.create_index(f"ix_deliveries_{column}", "deliveries", [column])
