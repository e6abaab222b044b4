"""The tables. A record is kept whole, as JSON; beside it stand only what is looked up by it."""

from sqlalchemy import (
    BigInteger,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
)

# Names for every constraint, so that a later migration can speak of them.
metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

titles = Table(
    "titles",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("record", Text, nullable=False, comment="the whole record, as JSON"),
    Column("digest", String(32), nullable=False, comment="of the text it was read from"),
    Column("popularity", Float, nullable=False),
)

people = Table(
    "people",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("record", Text, nullable=False, comment="the whole record, as JSON"),
    Column("digest", String(32), nullable=False, comment="of the text it was read from"),
    Column("popularity", Float, nullable=False),
)

credits = Table(
    "credits",
    metadata,
    Column("title_id", String(40), ForeignKey("titles.id", ondelete="CASCADE"), primary_key=True),
    Column("person_id", String(40), ForeignKey("people.id"), primary_key=True, index=True),
    comment="who worked on what; how is in the title's record",
)

# One row a name that can be searched for: a title's, a person's, or a character's (both ids).
forms = Table(
    "forms",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("title_id", String(40), ForeignKey("titles.id", ondelete="CASCADE")),
    Column("person_id", String(40), ForeignKey("people.id", ondelete="CASCADE")),
    Column(
        "weight",
        Float,
        nullable=False,
        comment="of a character in its title, 1 for others",
    ),
    Column("letters", Text, nullable=False),
    Column("fold", Text, nullable=False),
    Column("initials", Text, nullable=False),
    Index(None, "title_id"),
    Index(None, "person_id"),
    comment="the keys names are found by: bot.catalog.names",
)

catalog_files = Table(
    "catalog_files",
    metadata,
    Column("path", Text, primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("mtime_ns", BigInteger, nullable=False),
    comment="files of the catalog folder as they were when last read",
)

facts = Table(
    "facts",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("value", Text, nullable=False),
    comment="single values the bot remembers: keys_version, catalog_changed, commands_digest",
)
