"""The database tables. Records are stored as JSON, with separate columns for lookups."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    true,
)

from bot.store.metadata import metadata

titles = Table(
    "titles",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("record", Text, nullable=False, comment="the merged record, as JSON"),
    Column("popularity", Float, nullable=False),
    Column("joined_into", String(40), comment="the title that it answers as; has the same record"),
)

people = Table(
    "people",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("record", Text, nullable=False, comment="the merged record, as JSON"),
    Column("popularity", Float, nullable=False),
)

credits = Table(
    "credits",
    metadata,
    Column("title_id", String(40), ForeignKey("titles.id", ondelete="CASCADE"), primary_key=True),
    Column("person_id", String(40), ForeignKey("people.id"), primary_key=True, index=True),
    comment="who is credited in which title; the details are in the title's record",
)

# One row per name of a title, a person or a character. A character has both ids.
search_keys = Table(
    "search_keys",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("title_id", String(40), ForeignKey("titles.id", ondelete="CASCADE")),
    Column("person_id", String(40), ForeignKey("people.id", ondelete="CASCADE")),
    Column("role", String(10), comment="CastRole of a character; NULL for others"),
    Column("name_type", String(10), nullable=False, comment="NameType"),
    Column("letters", Text, nullable=False),
    Column("fold", Text, nullable=False),
    Column("initials", Text, nullable=False),
    Index(None, "title_id"),
    Index(None, "person_id"),
    comment="search keys of names: bot.search.search_keys",
)

catalog_files = Table(
    "catalog_files",
    metadata,
    Column("path", Text, primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("mtime_ns", BigInteger, nullable=False),
    comment="files of the catalog folder at its last import",
)

key_values = Table(
    "key_values",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("value", Text, nullable=False),
    comment="single values: keys_version, catalog_changed, commands_digest, command_ids",
)

guild_settings = Table(
    "guild_settings",
    metadata,
    Column("guild_id", BigInteger, primary_key=True, autoincrement=False),
    Column("language", String(10)),
    Column("timezone", String(64)),
    Column("post_time", String(5)),
    Column("left_at", Float, comment="when the bot was removed, seconds since 1970"),
    comment="settings chosen by a server; NULL means the default",
)

countdowns = Table(
    "countdowns",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("guild_id", BigInteger, nullable=False),
    Column("channel_id", BigInteger, nullable=False),
    Column("title_id", String(40), ForeignKey("titles.id"), nullable=False),
    Column("release_key", Text, nullable=False, comment="Release.key_text"),
    Column("milestone_days", Text, nullable=False, comment="days before, separated by spaces"),
    Column("post_time", String(5), nullable=False, comment="HH:MM in the time zone"),
    Column("timezone", String(64), nullable=False, comment="IANA"),
    Column("language", String(10), nullable=False, comment="a Discord locale"),
    Column("role_id", BigInteger),
    Column("publish", Boolean, nullable=False),
    Column(
        "picture",
        Boolean,
        nullable=False,
        server_default=false(),
        comment="announcements of a day carry a picture",
    ),
    Column("paused", String(10), comment="PauseReason; NULL if not paused"),
    Column("cursor", Float, nullable=False, comment="handled until then, seconds since 1970"),
    Column("known_release", Text, comment="ReleaseState as JSON; NULL if unknown"),
    Column("next_at", Float, comment="when to handle it next, seconds since 1970; NULL: never"),
    Column("notify_at", Float, comment="when to notify the server of a pause; NULL: never"),
    Column("version", Integer, nullable=False),
    UniqueConstraint("guild_id", "title_id", "release_key", "channel_id"),
    Index(None, "next_at"),
    Index(None, "notify_at"),
    Index(None, "title_id"),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", String(24), primary_key=True, comment="also the nonce"),
    Column(
        "countdown_id", Integer, ForeignKey("countdowns.id", ondelete="CASCADE"), nullable=False
    ),
    Column("target_channel_id", BigInteger, comment="where it is to be posted"),
    Column("kind", String(12), nullable=False, comment="MilestoneKind"),
    Column("due_at", Float, nullable=False),
    Column("expires_at", Float, nullable=False),
    Column("days_left", Integer),
    Column("previous_release", Text, comment="ReleaseState before a change, as JSON"),
    Column("announced_release", Text, comment="ReleaseState after a change, as JSON"),
    Column(
        "claimed_at", Float, nullable=False, comment="the earliest time it may have been posted"
    ),
    Column(
        "maybe_posted",
        Boolean,
        nullable=False,
        server_default=true(),
        comment="an attempt may have posted it",
    ),
    Column("attempts", Integer, nullable=False, comment="failed attempts"),
    Column("claim_number", Integer, nullable=False, server_default="1", comment="of the lease"),
    Column("lease_until", Float, comment="end of the lease, seconds since 1970; NULL: settled"),
    Column("outcome", String(10), comment="sent, skipped, failed, unknown; NULL until settled"),
    Column("error", Text, comment="of the last attempt that failed"),
    Column("message_id", BigInteger),
    Index(None, "countdown_id"),
    Index(None, "lease_until"),
    Index(None, "claimed_at"),
    comment="announcements, claimed before they are sent and settled afterwards",
)
