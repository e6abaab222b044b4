"""What the store's tests share: a database of the test's own."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from bot.store.countdowns import CountdownStore
from bot.store.database import Database
from bot.store.imports import CatalogImporter
from bot.store.ledger import DatabaseLedger
from tests import records
from tests.conftest import clock


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "test.db"


@pytest.fixture
async def database(file: Path) -> AsyncGenerator[Database]:
    async with await Database.open(f"sqlite:///{file}") as opened:
        yield opened


@pytest.fixture
async def ledger(database: Database, tmp_path: Path) -> DatabaseLedger:
    """A ledger in whose catalog there is two shows."""
    folder = records.write(
        tmp_path / "r",
        records.title("show", releases=[{"window": "2026"}]),
        records.title("other"),
    )
    await CatalogImporter(database, clock).import_path(folder)
    return DatabaseLedger(database)


@pytest.fixture
def store(database: Database, ledger: DatabaseLedger) -> CountdownStore:
    """Countdowns of a catalog in which there are two shows."""
    return CountdownStore(database)
