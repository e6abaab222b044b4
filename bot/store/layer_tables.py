"""The tables of what sources and people say, from which the records in `tables` are merged."""

from sqlalchemy import (
    BigInteger,
    Column,
    Float,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
)

from bot.store.metadata import metadata

# Longer external ids are not used to join records.
MAX_SCHEME, MAX_ID = 30, 60

source_records = Table(
    "source_records",
    metadata,
    Column("source", String(20), nullable=False),
    Column("entity", String(6), nullable=False, comment="title or person"),
    Column("external_id", String(60), nullable=False, comment="id in the source"),
    Column("record_id", String(40), nullable=False, comment="minted once, never changed"),
    Column("record", Text, nullable=False, comment="what the source says, as JSON"),
    Column("digest", String(32), comment="of the text in a file; NULL for other sources"),
    Column("fetched_at", Float, nullable=False, comment="seconds since 1970"),
    Column("pending", Text, comment="dates to be confirmed, as JSON"),
    PrimaryKeyConstraint("source", "entity", "external_id"),
    Index(None, "entity", "record_id"),
    comment="layers of records: what each source says of a title or person",
)

source_credits = Table(
    "source_credits",
    metadata,
    Column("source", String(20), nullable=False),
    Column("title_id", String(60), nullable=False, comment="external id of a title"),
    Column("person_id", String(60), nullable=False, comment="id of a person in its record"),
    PrimaryKeyConstraint("source", "title_id", "person_id"),
    Index(None, "source", "person_id"),
    comment="whom the records of sources credit",
)

external_ids = Table(
    "external_ids",
    metadata,
    Column("source", String(20), nullable=False),
    Column("entity", String(6), nullable=False),
    Column("external_id", String(60), nullable=False, comment="of the source's record"),
    Column("scheme", String(MAX_SCHEME), nullable=False, comment="such as imdb"),
    Column("value", String(MAX_ID), nullable=False),
    PrimaryKeyConstraint("source", "entity", "external_id", "scheme"),
    Index(None, "entity", "scheme", "value"),
    comment="ids by which the records of sources are joined",
)

joins = Table(
    "joins",
    metadata,
    Column("entity", String(6), nullable=False),
    Column("alias_id", String(40), nullable=False, comment="answers as the other record"),
    Column("record_id", String(40), nullable=False),
    Column("evidence", Text, nullable=False, comment="JSON"),
    Column("user_id", BigInteger, comment="NULL: joined by rule"),
    Column("joined_at", Float, nullable=False),
    PrimaryKeyConstraint("entity", "alias_id"),
    Index(None, "entity", "record_id"),
)

doubts = Table(
    "doubts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("entity", String(6), nullable=False),
    Column("first_id", String(40), nullable=False),
    Column("second_id", String(40), nullable=False),
    Column("evidence", Text, nullable=False, comment="JSON"),
    Column("found_at", Float, nullable=False),
    Column("kept_apart_by", BigInteger, comment="NULL: not decided"),
    Index(None, "entity", "first_id", "second_id", unique=True),
    Index(None, "second_id"),
    comment="pairs of records that may be the same",
)

source_items = Table(
    "source_items",
    metadata,
    Column("source", String(20), nullable=False),
    Column("entity", String(6), nullable=False),
    Column("external_id", String(60), nullable=False),
    Column("stamp", String(40), nullable=False, comment="differs when the item has changed"),
    Column("fetched_stamp", String(40), comment="NULL: never fetched"),
    Column("fetched_at", Float),
    Column("due_at", Float, comment="when to fetch it again, even unchanged; NULL: never"),
    Column("retry_at", Float, comment="not before, after a failure"),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("outcome", String(10), comment="found, missing, unwanted or refused"),
    Column("reason", Text, comment="why it was refused"),
    PrimaryKeyConstraint("source", "entity", "external_id"),
    comment="items that sources list, and which of them were fetched",
)

source_states = Table(
    "source_states",
    metadata,
    Column("source", String(20), primary_key=True),
    Column("state", Text, nullable=False, comment="where its list continues, as JSON"),
    Column("listed", Integer, comment="items of the last complete list"),
    Column("owner", String(24), comment="the process that syncs it"),
    Column("lease_until", Float),
    Column("listed_at", Float, comment="when its list, or what changed in it, was last read"),
    Column("started_at", Float, comment="of the last sync"),
    Column("finished_at", Float, comment="of the last sync that completed"),
    Column("failed_at", Float),
    Column("error", Text, comment="of the last sync that failed"),
    Column("advice", Text, comment="what the host can do about the error"),
    Column("retry_at", Float, comment="the source asked to wait until then"),
    Column("summary", Text, comment="of the last sync, as JSON"),
)

catalog_changes = Table(
    "catalog_changes",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("entity", String(6), nullable=False),
    Column("record_id", String(40), nullable=False),
    comment="records changed since, by which processes update their memory",
    sqlite_autoincrement=True,
)

edits = Table(
    "edits",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("entity", String(6), nullable=False),
    Column("record_id", String(40), nullable=False),
    Column("path", String(400), nullable=False, comment="field; '' for the whole record"),
    Column("action", String(10), nullable=False, comment="set, unlock, join, split or apart"),
    Column("value", Text, comment="JSON"),
    Column("before", Text, comment="what members saw before, as JSON"),
    Column("user_id", BigInteger, nullable=False),
    Column("user_name", String(100), nullable=False),
    Column("reason", Text),
    Column("made_at", Float, nullable=False),
    Column("undone_at", Float),
    Column("undone_by", BigInteger),
    Index(None, "entity", "record_id"),
    comment="what people changed, and who, when and why",
    sqlite_autoincrement=True,
)

suggestions = Table(
    "suggestions",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("entity", String(6), nullable=False),
    Column("record_id", String(40), nullable=False),
    Column("text", Text, nullable=False, comment="what should change"),
    Column("source_url", Text, comment="where it is said"),
    Column("user_id", BigInteger, nullable=False),
    Column("user_name", String(100), nullable=False),
    Column("language", String(10), nullable=False),
    Column("made_at", Float, nullable=False),
    Column("outcome", String(10), comment="accepted, changed or declined; NULL: open"),
    Column("decided_at", Float),
    Column("decided_by", BigInteger),
    Column("notified_at", Float, comment="when the member was told the outcome"),
    Column("channel_id", BigInteger, comment="where it was posted for curators"),
    Column("message_id", BigInteger),
    Index(None, "user_id", "made_at"),
    Index(None, "outcome"),
    comment="what members suggest to curators",
    sqlite_autoincrement=True,
)

blocked_members = Table(
    "blocked_members",
    metadata,
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("blocked_by", BigInteger, nullable=False),
    Column("blocked_at", Float, nullable=False),
    comment="members whose suggestions are not accepted",
)
