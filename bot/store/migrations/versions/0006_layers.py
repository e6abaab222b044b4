"""Keep what each source and each person says of a record.

The records that exist become those by hand.
"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Create the tables, and copy the records."""
    op.add_column("titles", sa.Column("joined_into", sa.String(40)))
    op.create_table(
        "source_records",
        sa.Column("source", sa.String(20), nullable=False),
        sa.Column("entity", sa.String(6), nullable=False),
        sa.Column("external_id", sa.String(60), nullable=False),
        sa.Column("record_id", sa.String(40), nullable=False),
        sa.Column("record", sa.Text, nullable=False),
        sa.Column("digest", sa.String(32)),
        sa.Column("fetched_at", sa.Float, nullable=False),
        sa.Column("pending", sa.Text),
        sa.PrimaryKeyConstraint("source", "entity", "external_id", name="pk_source_records"),
    )
    op.create_index("ix_source_records_entity_record_id", "source_records", ["entity", "record_id"])
    op.create_table(
        "source_credits",
        sa.Column("source", sa.String(20), nullable=False),
        sa.Column("title_id", sa.String(60), nullable=False),
        sa.Column("person_id", sa.String(60), nullable=False),
        sa.PrimaryKeyConstraint("source", "title_id", "person_id", name="pk_source_credits"),
    )
    op.create_index("ix_source_credits_source_person_id", "source_credits", ["source", "person_id"])
    op.create_table(
        "external_ids",
        sa.Column("source", sa.String(20), nullable=False),
        sa.Column("entity", sa.String(6), nullable=False),
        sa.Column("external_id", sa.String(60), nullable=False),
        sa.Column("scheme", sa.String(30), nullable=False),
        sa.Column("value", sa.String(60), nullable=False),
        sa.PrimaryKeyConstraint(
            "source", "entity", "external_id", "scheme", name="pk_external_ids"
        ),
    )
    op.create_index(
        "ix_external_ids_entity_scheme_value", "external_ids", ["entity", "scheme", "value"]
    )
    op.create_table(
        "joins",
        sa.Column("entity", sa.String(6), nullable=False),
        sa.Column("alias_id", sa.String(40), nullable=False),
        sa.Column("record_id", sa.String(40), nullable=False),
        sa.Column("evidence", sa.Text, nullable=False),
        sa.Column("user_id", sa.BigInteger),
        sa.Column("joined_at", sa.Float, nullable=False),
        sa.PrimaryKeyConstraint("entity", "alias_id", name="pk_joins"),
    )
    op.create_index("ix_joins_entity_record_id", "joins", ["entity", "record_id"])
    op.create_table(
        "doubts",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("entity", sa.String(6), nullable=False),
        sa.Column("first_id", sa.String(40), nullable=False),
        sa.Column("second_id", sa.String(40), nullable=False),
        sa.Column("evidence", sa.Text, nullable=False),
        sa.Column("found_at", sa.Float, nullable=False),
        sa.Column("kept_apart_by", sa.BigInteger),
    )
    op.create_index(
        "ix_doubts_entity_first_id_second_id",
        "doubts",
        ["entity", "first_id", "second_id"],
        unique=True,
    )
    op.create_index("ix_doubts_second_id", "doubts", ["second_id"])
    op.create_table(
        "source_items",
        sa.Column("source", sa.String(20), nullable=False),
        sa.Column("entity", sa.String(6), nullable=False),
        sa.Column("external_id", sa.String(60), nullable=False),
        sa.Column("stamp", sa.String(40), nullable=False),
        sa.Column("fetched_stamp", sa.String(40)),
        sa.Column("fetched_at", sa.Float),
        sa.Column("due_at", sa.Float),
        sa.Column("retry_at", sa.Float),
        sa.Column("failures", sa.Integer, nullable=False, server_default="0"),
        sa.Column("outcome", sa.String(10)),
        sa.Column("reason", sa.Text),
        sa.PrimaryKeyConstraint("source", "entity", "external_id", name="pk_source_items"),
    )
    op.create_table(
        "source_states",
        sa.Column("source", sa.String(20), primary_key=True),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("listed", sa.Integer),
        sa.Column("owner", sa.String(24)),
        sa.Column("lease_until", sa.Float),
        sa.Column("listed_at", sa.Float),
        sa.Column("started_at", sa.Float),
        sa.Column("finished_at", sa.Float),
        sa.Column("failed_at", sa.Float),
        sa.Column("error", sa.Text),
        sa.Column("advice", sa.Text),
        sa.Column("retry_at", sa.Float),
        sa.Column("summary", sa.Text),
    )
    op.create_table(
        "catalog_changes",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("entity", sa.String(6), nullable=False),
        sa.Column("record_id", sa.String(40), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "edits",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("entity", sa.String(6), nullable=False),
        sa.Column("record_id", sa.String(40), nullable=False),
        sa.Column("path", sa.String(400), nullable=False),
        sa.Column("action", sa.String(10), nullable=False),
        sa.Column("value", sa.Text),
        sa.Column("before", sa.Text),
        sa.Column("user_id", sa.BigInteger, nullable=False),
        sa.Column("user_name", sa.String(100), nullable=False),
        sa.Column("reason", sa.Text),
        sa.Column("made_at", sa.Float, nullable=False),
        sa.Column("undone_at", sa.Float),
        sa.Column("undone_by", sa.BigInteger),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_edits_entity_record_id", "edits", ["entity", "record_id"])
    op.create_table(
        "suggestions",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("entity", sa.String(6), nullable=False),
        sa.Column("record_id", sa.String(40), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("source_url", sa.Text),
        sa.Column("user_id", sa.BigInteger, nullable=False),
        sa.Column("user_name", sa.String(100), nullable=False),
        sa.Column("language", sa.String(10), nullable=False),
        sa.Column("made_at", sa.Float, nullable=False),
        sa.Column("outcome", sa.String(10)),
        sa.Column("decided_at", sa.Float),
        sa.Column("decided_by", sa.BigInteger),
        sa.Column("notified_at", sa.Float),
        sa.Column("channel_id", sa.BigInteger),
        sa.Column("message_id", sa.BigInteger),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_suggestions_outcome", "suggestions", ["outcome"])
    op.create_index("ix_suggestions_user_id_made_at", "suggestions", ["user_id", "made_at"])
    op.create_table(
        "blocked_members",
        sa.Column("user_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("blocked_by", sa.BigInteger, nullable=False),
        sa.Column("blocked_at", sa.Float, nullable=False),
    )
    for entity, table in (("title", "titles"), ("person", "people")):
        op.execute(
            "INSERT INTO source_records"  # noqa: S608
            " (source, entity, external_id, record_id, record, digest, fetched_at)"
            f" SELECT 'catalog', '{entity}', id, id, record, digest, 0 FROM {table}"
        )
        op.drop_column(table, "digest")
    _copy_external_ids()


def _copy_external_ids() -> None:
    connection = op.get_bind()
    columns = ("source", "entity", "external_id", "scheme", "value")
    table = sa.table("external_ids", *map(sa.column, columns))
    query = sa.text("SELECT entity, record_id, record FROM source_records")
    for entity, record_id, record in connection.execute(query).all():
        for scheme, value in json.loads(record).get("external_ids", {}).items():
            row = ("catalog", entity, record_id, scheme[:30], value[:60])
            op.execute(table.insert().values(dict(zip(columns, row, strict=True))))
