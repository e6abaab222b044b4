"""Fixtures of the store's tests: an empty database per test, and stores that use it."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from bot.app import catalog_importer
from bot.store.countdowns import CountdownStore
from bot.store.database import Database
from bot.store.deliveries import SqlDeliveryStore
from bot.store.guilds import GuildStore
from tests.conftest import clock
from tests.support import records


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "test.db"


@pytest.fixture
async def database(file: Path) -> AsyncGenerator[Database]:
    async with await Database.open(f"sqlite:///{file}") as opened:
        yield opened


@pytest.fixture
async def two_titles(database: Database, tmp_path: Path) -> None:
    """The titles `show` and `other`, which countdowns can refer to."""
    folder = records.write(
        tmp_path / "records",
        records.title("show", releases=[{"window": "2026"}]),
        records.title("other"),
    )
    await catalog_importer(database, clock).import_path(folder)


@pytest.fixture
def countdowns(database: Database, two_titles: None) -> CountdownStore:
    return CountdownStore(database)


@pytest.fixture
def deliveries(database: Database, two_titles: None) -> SqlDeliveryStore:
    return SqlDeliveryStore(database)


@pytest.fixture
def guilds(database: Database) -> GuildStore:
    return GuildStore(database)
