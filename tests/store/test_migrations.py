"""Migrations, from an empty database and from every earlier revision."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, Table, create_engine, inspect, text

from bot.announcements.errors import DuplicateCountdownError
from bot.announcements.milestones import Milestone, MilestoneKind, Schedule
from bot.announcements.model import Countdown, Delivery, PauseReason
from bot.app import open_database
from bot.catalog.model import Title
from bot.errors import OperatorError
from bot.services.catalog import CatalogService
from bot.store import layer_tables, tables
from bot.store.catalog import CatalogStore
from bot.store.countdowns import CountdownStore
from bot.store.database import COMMANDS_DIGEST, Database, known_revisions
from bot.store.deliveries import SqlDeliveryStore
from bot.store.guilds import GuildPreferences, GuildStore
from bot.store.metadata import metadata
from tests.announcements.builders import a_countdown, at, state
from tests.conftest import clock
from tests.support import records

MIGRATIONS = Path(tables.__file__).parent / "migrations"

LAYER_TABLES = {table.name for table in vars(layer_tables).values() if isinstance(table, Table)}

# The tables after each revision.
TABLES = {
    "0001": {"titles", "people", "credits", "forms", "catalog_files", "facts"},
    "0002": {
        *("titles", "people", "credits", "forms", "catalog_files", "facts"),
        *("servers", "countdowns", "deliveries"),
    },
    "0003": set(metadata.tables) - LAYER_TABLES,
    "0004": set(metadata.tables) - LAYER_TABLES,
    "0005": set(metadata.tables) - LAYER_TABLES,
    "0006": set(metadata.tables),
}


@pytest.fixture
def engine(file: Path) -> Iterator[Engine]:
    made = create_engine(f"sqlite:///{file}")
    yield made
    made.dispose()


def config(connection: Connection | None = None) -> Config:
    made = Config()
    made.set_main_option("script_location", str(MIGRATIONS))
    made.attributes["connection"] = connection
    return made


def migrate(engine: Engine, revision: str) -> None:
    with engine.begin() as connection:
        command.upgrade(config(connection), revision)


def table_names(engine: Engine) -> set[str]:
    return set(inspect(engine).get_table_names()) - {"alembic_version"}


def differences(engine: Engine) -> list[Any]:
    """How the schema of a database differs from the metadata."""
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        return list(compare_metadata(context, metadata))


def test_migrated_schema_equals_the_metadata(engine: Engine) -> None:
    migrate(engine, "head")
    assert differences(engine) == []


def test_schema_comparison_detects_differences(engine: Engine) -> None:
    migrate(engine, "head")
    with engine.begin() as connection:
        connection.execute(text("DROP INDEX ix_countdowns_next_at"))
        connection.execute(text("ALTER TABLE guild_settings DROP COLUMN timezone"))
    assert {difference[0] for difference in differences(engine)} == {"add_index", "add_column"}


def test_constraints_have_the_names_of_the_metadata(engine: Engine) -> None:
    migrate(engine, "head")
    inspector = inspect(engine)
    for table in metadata.sorted_tables:
        # SQLite cannot name the primary key of a table whose ids are never used again.
        if not table.dialect_options["sqlite"]["autoincrement"]:
            assert inspector.get_pk_constraint(table.name)["name"] == table.primary_key.name
        made = {key["name"]: key["options"] for key in inspector.get_foreign_keys(table.name)}
        for key in table.foreign_key_constraints:
            assert (made[key.name].get("ondelete")) == key.ondelete
        unique = {one["name"] for one in inspector.get_unique_constraints(table.name)}
        assert unique == set(_unique(table))


def _unique(table: Any) -> list[str]:
    return [str(one.name) for one in table.constraints if type(one).__name__ == "UniqueConstraint"]


def test_every_revision_can_be_migrated_to_in_turn(engine: Engine) -> None:
    assert sorted(TABLES) == sorted(known_revisions())
    for revision, expected in sorted(TABLES.items()):
        migrate(engine, revision)
        assert table_names(engine) == expected


def test_revisions_are_linear() -> None:
    scripts = ScriptDirectory.from_config(config())
    assert len(scripts.get_heads()) == 1
    assert scripts.get_base() == "0001"


async def test_catalog_of_revision_0001_is_kept(engine: Engine, file: Path) -> None:
    migrate(engine, "0001")
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO titles VALUES ('show', '{}', 'd', 1.5)"))
        connection.execute(text("INSERT INTO facts VALUES ('keys_version', '3')"))
    async with await Database.open(f"sqlite:///{file}") as database:
        assert await database.get_meta("keys_version") == "3"
        [row] = await database.fetch(tables.titles.select())
        assert tuple(row) == ("show", "{}", 1.5, None)
    assert differences(engine) == []


async def test_database_opened_again_is_not_migrated_again(file: Path, engine: Engine) -> None:
    for _ in range(2):
        async with await Database.open(f"sqlite:///{file}") as database:
            await database.set_meta("once", "kept")
    async with await Database.open(f"sqlite:///{file}") as database:
        assert await database.get_meta("once") == "kept"
    assert table_names(engine) == TABLES["0006"]


async def test_database_of_a_newer_version_is_refused(file: Path) -> None:
    async with await Database.open(f"sqlite:///{file}"):
        pass
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    with pytest.raises(OperatorError, match="newer version of Bonbang"):
        await Database.open(f"sqlite:///{file}")


async def test_failed_migration_changes_nothing(engine: Engine, file: Path) -> None:
    migrate(engine, "0001")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE deliveries (id TEXT)"))
    with pytest.raises(OperatorError, match="deliveries already exists"):
        await Database.open(f"sqlite:///{file}")
    assert table_names(engine) == TABLES["0001"] | {"deliveries"}


# Revision 0003


# What countdowns knew of their releases before, and what they know after.
STATES = {
    "?": None,
    "|": state(),
    "2025|announced": state("2025", "announced"),
    "2026-05-14T16:00+09:00|confirmed": state("2026-05-14T16:00+09:00", "confirmed"),
    "2026-H2|": state("2026-H2"),
    "|postponed": state(status="postponed"),
}
CURSOR, NEXT_AT = at("2026-05-01T09:00"), at("2026-05-07T09:00:00.250")
CLAIMED_AT, LEASE_UNTIL = at("2026-04-30T23:59:59.500"), at("2026-05-01T00:00:14")
DUE_AT, EXPIRES_AT = at("2026-04-30"), at("2026-05-03")

# The kinds of deliveries before, and after.
KINDS = {
    "days_left": MilestoneKind.DAYS_LEFT,
    "out": MilestoneKind.RELEASED,
    "opens": MilestoneKind.OPENS,
    "half": MilestoneKind.HALFWAY,
    "last_month": MilestoneKind.LAST_MONTH,
    "closed": MilestoneKind.CLOSED,
    "changed": MilestoneKind.CHANGED,
}
PAUSE_REASONS = {
    "by_hand": PauseReason.MANUAL,
    "forbidden": PauseReason.FORBIDDEN,
    "missing": PauseReason.CHANNEL_MISSING,
    "archived": PauseReason.THREAD_ARCHIVED,
    "left": PauseReason.GUILD_LEFT,
}


def insert(connection: Connection, table: str, **values: Any) -> None:
    columns = ", ".join(f'"{name}"' for name in values)
    parameters = ", ".join(f":{name}" for name in values)
    connection.execute(text(f"INSERT INTO {table} ({columns}) VALUES ({parameters})"), values)  # noqa: S608


def insert_countdown(connection: Connection, countdown_id: int, **changed: Any) -> None:
    values = {
        "id": countdown_id,
        "guild_id": 10,
        "channel_id": 2**62 + countdown_id,
        "title_id": "show",
        "slot": "premiere · Netflix",
        "milestones": "100 7 0",
        "time": "21:30",
        "zone": "Asia/Seoul",
        "language": "pt-BR",
        "role_id": 2**61,
        "publish": True,
        "paused": None,
        "cursor": CURSOR.timestamp(),
        "seen": "|",
        "due": NEXT_AT.timestamp(),
        "version": 5,
    }
    insert(connection, "countdowns", **{**values, **changed})


def insert_delivery(connection: Connection, delivery_id: str, **changed: Any) -> None:
    values = {
        "id": delivery_id,
        "countdown_id": 3,
        "kind": "days_left",
        "at": DUE_AT.timestamp(),
        "until": EXPIRES_AT.timestamp(),
        "days": None,
        "before": "",
        "claimed": CLAIMED_AT.timestamp(),
        "attempts": 2,
        "lease": None,
        "outcome": None,
        "error": None,
        "message_id": None,
    }
    insert(connection, "deliveries", **{**values, **changed})


@pytest.fixture
def revision_0002(engine: Engine) -> Iterator[Connection]:
    """A transaction in a database of revision 0002 with one title."""
    migrate(engine, "0002")
    record = Title.model_validate(records.title("show", "Soul Mate")).model_dump_json()
    with engine.connect() as connection:
        insert(connection, "titles", id="show", record=record, digest="d", popularity=1.5)
        insert(connection, "facts", name="keys_version", value="1")
        insert(connection, "facts", name="commands_digest", value="abc")
        yield connection


async def test_revision_0003_keeps_titles_and_key_values(
    revision_0002: Connection, engine: Engine, file: Path
) -> None:
    revision_0002.commit()
    async with await Database.open(f"sqlite:///{file}") as database:
        [row] = await database.fetch(tables.titles.select())
        assert (row.id, row.popularity) == ("show", 1.5)
        [layer] = await database.fetch(layer_tables.source_records.select())
        assert (layer.source, layer.record_id, layer.digest) == ("catalog", "show", "d")
        assert await database.get_meta("keys_version") == "1"
        assert await database.get_meta(COMMANDS_DIGEST) == "abc"
    assert differences(engine) == []
    assert table_names(engine) == TABLES["0006"]


async def test_search_keys_are_rebuilt_after_revision_0003(
    revision_0002: Connection, file: Path
) -> None:
    form = {"title_id": "show", "weight": 1.0, "letters": "x", "fold": "x", "initials": "x"}
    insert(revision_0002, "forms", id=1, **form)
    revision_0002.commit()
    async with await open_database(f"sqlite:///{file}", clock) as database:
        catalog = await CatalogService.open(CatalogStore(database))
        assert catalog.title_names.resolve("soul mate").matches == ["title:show"]
        assert catalog.title_names.resolve("x").matches == []


async def test_revision_0003_keeps_guild_settings(revision_0002: Connection, file: Path) -> None:
    left_at = at("2026-04-01T12:00:00.500")
    insert(revision_0002, "servers", guild_id=2**62, language="ko", zone="Asia/Seoul", time="21:30")
    insert(revision_0002, "servers", guild_id=11, time="00:00", left=left_at.timestamp())
    revision_0002.commit()
    async with await Database.open(f"sqlite:///{file}") as database:
        guilds = GuildStore(database)
        assert await guilds.get_preferences(2**62) == GuildPreferences(
            "ko", "Asia/Seoul", time(21, 30)
        )
        assert await guilds.get_preferences(11) == GuildPreferences(post_time=time())
        rows = await database.fetch(tables.guild_settings.select())
        assert {row.guild_id: row.left_at for row in rows} == {
            2**62: None,
            11: left_at.timestamp(),
        }


async def test_revision_0003_keeps_countdowns_with_every_known_release(
    revision_0002: Connection, engine: Engine, file: Path
) -> None:
    for countdown_id, seen in enumerate(STATES, start=3):
        insert_countdown(revision_0002, countdown_id, seen=seen)
    revision_0002.commit()
    expected = [
        Countdown(
            id=countdown_id,
            guild_id=10,
            channel_id=2**62 + countdown_id,
            title_id="show",
            release_key="premiere · Netflix",
            schedule=Schedule((100, 7, 0), time(21, 30), ZoneInfo("Asia/Seoul")),
            language="pt-BR",
            role_id=2**61,
            publish=True,
            # Since revision 0005.
            picture=False,
            paused=None,
            cursor=CURSOR,
            known_release=known,
            next_at=NEXT_AT,
            version=5,
        )
        for countdown_id, known in enumerate(STATES.values(), start=3)
    ]
    async with await Database.open(f"sqlite:///{file}") as database:
        assert await CountdownStore(database).list_for_guild(10) == expected
    assert differences(engine) == []


async def test_revision_0003_keeps_pause_reasons_and_empty_columns(
    revision_0002: Connection, file: Path
) -> None:
    for countdown_id, reason in enumerate(PAUSE_REASONS, start=3):
        insert_countdown(
            revision_0002, countdown_id, paused=reason, due=None, role_id=None, publish=False
        )
    revision_0002.commit()
    async with await Database.open(f"sqlite:///{file}") as database:
        kept = await CountdownStore(database).list_for_guild(10)
    assert [one.paused for one in kept] == list(PAUSE_REASONS.values())
    assert {(one.next_at, one.role_id, one.publish) for one in kept} == {(None, None, False)}


def _unsettled(
    delivery_id: str, countdown_id: int, kind: MilestoneKind, days: int | None = None
) -> Delivery:
    milestone = Milestone(kind, DUE_AT, EXPIRES_AT, days)
    announced = state() if kind is MilestoneKind.CHANGED else None
    return Delivery(
        delivery_id,
        countdown_id,
        2**62 + countdown_id,
        milestone,
        None,
        announced,
        CLAIMED_AT,
        maybe_posted=True,
        attempts=1,
    )


async def test_revision_0003_keeps_unsettled_deliveries_of_every_kind(
    revision_0002: Connection, file: Path
) -> None:
    insert_countdown(revision_0002, 3)
    lease = LEASE_UNTIL.timestamp()
    for number, kind in enumerate(KINDS):
        insert_delivery(revision_0002, f"kind{number}", kind=kind, days=number, lease=lease)
    for number, before in enumerate(STATES):
        countdown_id, delivery_id = 100 + number, f"state{number}"
        insert_countdown(revision_0002, countdown_id, seen="2027|")
        insert_delivery(
            revision_0002,
            delivery_id,
            countdown_id=countdown_id,
            kind="changed",
            before=before,
            lease=lease,
        )
    revision_0002.commit()
    expected = [
        *(
            _unsettled(f"kind{number}", 3, kind, number)
            for number, kind in enumerate(KINDS.values())
        ),
        *(
            replace(
                _unsettled(f"state{number}", 100 + number, MilestoneKind.CHANGED),
                previous_release=known,
                # Since revision 0004.
                announced_release=state("2027"),
            )
            for number, known in enumerate(STATES.values())
        ),
    ]
    async with await Database.open(f"sqlite:///{file}") as database:
        deliveries = SqlDeliveryStore(database)
        assert await deliveries.expired_claims(LEASE_UNTIL - timedelta(seconds=1), 100) == []
        found = await deliveries.expired_claims(LEASE_UNTIL, 100)
        assert sorted(found, key=lambda one: one.id) == expected


async def test_revision_0003_keeps_settled_and_failing_deliveries(
    revision_0002: Connection, file: Path
) -> None:
    insert_countdown(revision_0002, 3)
    lease = LEASE_UNTIL.timestamp()
    insert_delivery(revision_0002, "sent", outcome="sent", message_id=2**62, before="|")
    insert_delivery(revision_0002, "skipped", outcome="skipped", days=7)
    insert_delivery(revision_0002, "failed", outcome="failed", error="HTTP 403")
    insert_delivery(revision_0002, "retried", lease=lease, error="HTTP 503")
    revision_0002.commit()
    async with await Database.open(f"sqlite:///{file}") as database:
        rows = await database.fetch(tables.deliveries.select())
        kept = {
            row.id: (row.outcome, row.message_id, row.error, row.lease_until, row.days_left)
            for row in rows
        }
        assert kept == {
            "sent": ("sent", 2**62, None, None, None),
            "skipped": ("skipped", None, None, None, 7),
            "failed": ("failed", None, "HTTP 403", None, None),
            "retried": (None, None, "HTTP 503", lease, None),
        }
        failures = await CountdownStore(database).list_failures(10)
        assert {(one.outcome, one.error, one.attempts) for one in failures} == {
            ("failed", "HTTP 403", 1),
            (None, "HTTP 503", 1),
        }


async def test_ids_and_foreign_keys_continue_after_revision_0003(
    revision_0002: Connection, engine: Engine, file: Path
) -> None:
    # Nothing restarts at the number of rows: ids have gaps.
    for countdown_id in (3, 41):
        insert_countdown(revision_0002, countdown_id)
    insert_delivery(revision_0002, "aaaa", countdown_id=41, lease=LEASE_UNTIL.timestamp())
    revision_0002.commit()
    async with await Database.open(f"sqlite:///{file}") as database:
        countdowns = CountdownStore(database)
        assert (await countdowns.add(a_countdown())).id == 42
        with pytest.raises(DuplicateCountdownError) as caught:
            await countdowns.add(
                a_countdown(channel_id=2**62 + 3, release_key="premiere · Netflix")
            )
        assert caught.value.existing.id == 3
        await countdowns.remove(10, 41)
        assert await database.fetch(tables.deliveries.select()) == []
    with engine.connect() as connection:
        assert connection.execute(text("PRAGMA foreign_key_check")).all() == []


async def test_empty_database_of_revision_0002_is_migrated(engine: Engine, file: Path) -> None:
    migrate(engine, "0002")
    async with await Database.open(f"sqlite:///{file}") as database:
        assert await CountdownStore(database).list_next(10) == []
    assert differences(engine) == []


async def test_failed_revision_0003_changes_nothing(
    revision_0002: Connection, engine: Engine, file: Path
) -> None:
    insert_countdown(revision_0002, 3, seen="2025|announced")
    revision_0002.execute(text("CREATE TABLE old_deliveries (id TEXT)"))
    revision_0002.commit()
    with pytest.raises(OperatorError, match="old_deliveries already exists"):
        await Database.open(f"sqlite:///{file}")
    assert table_names(engine) == TABLES["0002"] | {"old_deliveries"}
    with engine.connect() as connection:
        assert connection.execute(text("SELECT seen FROM countdowns")).all() == [
            ("2025|announced",)
        ]
