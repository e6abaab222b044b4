"""Migrations: from nothing, from every version before, to exactly the tables of this one."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, inspect, text

from bot.errors import HostError
from bot.store import tables
from bot.store.database import Database

MIGRATIONS = Path(tables.__file__).parent / "migrations"
CATALOG = {"titles", "people", "credits", "forms", "catalog_files", "facts"}
COUNTDOWNS = {"servers", "countdowns", "deliveries"}


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


def names(engine: Engine) -> set[str]:
    return set(inspect(engine).get_table_names()) - {"alembic_version"}


def differences(engine: Engine) -> list[Any]:
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        return list(compare_metadata(context, tables.metadata))


def test_the_migrations_make_exactly_the_tables_that_the_bot_uses(engine: Engine) -> None:
    migrate(engine, "head")
    assert differences(engine) == []


def test_a_difference_would_be_seen(engine: Engine) -> None:
    migrate(engine, "head")
    with engine.begin() as connection:
        connection.execute(text("DROP INDEX ix_countdowns_due"))
        connection.execute(text("ALTER TABLE servers DROP COLUMN zone"))
    assert {difference[0] for difference in differences(engine)} == {"add_index", "add_column"}


def test_constraints_go_by_the_names_later_migrations_will_use(engine: Engine) -> None:
    migrate(engine, "head")
    inspector = inspect(engine)
    for table in tables.metadata.sorted_tables:
        assert inspector.get_pk_constraint(table.name)["name"] == table.primary_key.name
        made = {key["name"]: key["options"] for key in inspector.get_foreign_keys(table.name)}
        for key in table.foreign_key_constraints:
            assert (made[key.name].get("ondelete")) == key.ondelete
        unique = {one["name"] for one in inspector.get_unique_constraints(table.name)}
        assert all(name in unique for name in _unique(table))


def _unique(table: Any) -> list[str]:
    return [str(one.name) for one in table.constraints if type(one).__name__ == "UniqueConstraint"]


def test_each_step_by_itself(engine: Engine) -> None:
    migrate(engine, "0001")
    assert names(engine) == CATALOG
    migrate(engine, "0002")
    assert names(engine) == CATALOG | COUNTDOWNS


def test_there_is_one_line_of_versions() -> None:
    scripts = ScriptDirectory.from_config(config())
    assert len(scripts.get_heads()) == 1
    assert scripts.get_base() == "0001"


async def test_what_an_older_bonbang_kept_is_there_after_the_step(
    engine: Engine, file: Path
) -> None:
    migrate(engine, "0001")
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO titles VALUES ('show', '{}', 'd', 1.5)"))
        connection.execute(text("INSERT INTO facts VALUES ('keys_version', '3')"))
    async with await Database.open(f"sqlite:///{file}") as database:
        assert await database.fact("keys_version") == "3"
        [row] = await database.fetch(tables.titles.select())
        assert tuple(row) == ("show", "{}", "d", 1.5)
    assert differences(engine) == []


async def test_opened_again_nothing_is_done_twice(file: Path, engine: Engine) -> None:
    for _ in range(2):
        async with await Database.open(f"sqlite:///{file}") as database:
            await database.remember("once", "kept")
    async with await Database.open(f"sqlite:///{file}") as database:
        assert await database.fact("once") == "kept"
    assert names(engine) == CATALOG | COUNTDOWNS


async def test_a_database_of_a_newer_bonbang_is_left_alone(file: Path) -> None:
    async with await Database.open(f"sqlite:///{file}"):
        pass
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    with pytest.raises(HostError, match="newer Bonbang"):
        await Database.open(f"sqlite:///{file}")


async def test_a_step_that_fails_leaves_nothing_half_made(engine: Engine, file: Path) -> None:
    migrate(engine, "0001")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE deliveries (id TEXT)"))
    with pytest.raises(HostError, match="deliveries already exists"):
        await Database.open(f"sqlite:///{file}")
    assert names(engine) == CATALOG | {"deliveries"}
