"""Add the catalog tables: titles, people, credits and search keys."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create the catalog tables."""
    for table in ("titles", "people"):
        op.create_table(
            table,
            sa.Column("id", sa.String(40), nullable=False),
            sa.Column("record", sa.Text, nullable=False),
            sa.Column("digest", sa.String(32), nullable=False),
            sa.Column("popularity", sa.Float, nullable=False),
            sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        )
    op.create_table(
        "credits",
        sa.Column("title_id", sa.String(40), nullable=False),
        sa.Column("person_id", sa.String(40), nullable=False),
        sa.PrimaryKeyConstraint("title_id", "person_id", name="pk_credits"),
        sa.ForeignKeyConstraint(
            ["title_id"], ["titles.id"], name="fk_credits_title_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_credits_person_id"),
    )
    op.create_index("ix_credits_person_id", "credits", ["person_id"])
    op.create_table(
        "forms",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("title_id", sa.String(40)),
        sa.Column("person_id", sa.String(40)),
        sa.Column("weight", sa.Float, nullable=False),
        sa.Column("letters", sa.Text, nullable=False),
        sa.Column("fold", sa.Text, nullable=False),
        sa.Column("initials", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_forms"),
        sa.ForeignKeyConstraint(
            ["title_id"], ["titles.id"], name="fk_forms_title_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name="fk_forms_person_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_forms_title_id", "forms", ["title_id"])
    op.create_index("ix_forms_person_id", "forms", ["person_id"])
    op.create_table(
        "catalog_files",
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("mtime_ns", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("path", name="pk_catalog_files"),
    )
    op.create_table(
        "facts",
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_facts"),
    )
