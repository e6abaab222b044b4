"""Database errors name what to change, and the database can be used again afterwards."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import event

from bot.app import catalog_importer
from bot.errors import OperatorError
from bot.store.catalog_import import ImportResult, check_records
from bot.store.database import Database
from tests.conftest import clock
from tests.support import records
from tests.support.db_faults import Disk, locked


@pytest.fixture(autouse=True)
def short_write_timeout(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.store.database.WRITE_TIMEOUT", 0.05)


async def create(file: Path) -> None:
    async with await Database.open(f"sqlite:///{file}") as database:
        await database.set_meta("once", "kept")


async def stored_value(file: Path) -> str | None:
    async with await Database.open(f"sqlite:///{file}") as database:
        return await database.get_meta("once")


async def test_locked_database_can_be_opened_once_it_is_free(file: Path) -> None:
    await create(file)
    with (
        locked(file),
        pytest.raises(OperatorError, match=r"is locked\. Another process is writing"),
    ):
        await stored_value(file)
    assert await stored_value(file) == "kept"


async def test_read_only_database_is_refused(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    await create(file)
    monkeypatch.chdir(file.parent)
    with pytest.raises(OperatorError, match=r"readonly database\. .* are writable"):
        await Database.open(f"sqlite:///file:{file}?mode=ro&uri=true")
    assert not (file.parent / "file:").exists()
    assert await stored_value(file) == "kept"


@pytest.mark.parametrize("name", ["test.db", "test.db-wal"])
async def test_folder_in_which_files_cannot_be_created_is_refused(file: Path, name: str) -> None:
    """Like a read-only folder, but it also stops an administrator."""
    in_the_way = file.with_name(name)
    in_the_way.mkdir()
    with pytest.raises(OperatorError, match=f"Can't use the database {file}: .* writable"):
        await create(file)
    in_the_way.rmdir()
    await create(file)
    assert await stored_value(file) == "kept"


async def test_import_fails_on_a_full_disk_and_succeeds_afterwards(
    database: Database, file: Path, tmp_path: Path
) -> None:
    disk = Disk(database, file)
    folder = records.write(tmp_path / "r", *(records.person(f"p{n}") for n in range(600)))
    importer = catalog_importer(database, clock)
    with disk.full(), pytest.raises(OperatorError, match=r"is full\. Free up disk space"):
        await importer.import_path(folder)
    assert await check_records(database, folder) == ImportResult(600, 0)
    assert await importer.import_path(folder) == ImportResult(600, 0)


async def test_writes_waiting_for_another_process_time_out_together(
    database: Database, file: Path
) -> None:
    """They do not wait one after another, each for the whole timeout."""
    statements: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    event.listen(database._engine.sync_engine, "before_cursor_execute", note)
    with locked(file):
        writes = (database.set_meta("each", str(n)) for n in range(20))
        failed = await asyncio.gather(*writes, return_exceptions=True)
    assert {type(error) for error in failed} == {OperatorError}
    assert len(statements) < len(failed) / 2
    await database.set_meta("each", "after")
    assert await database.get_meta("each") == "after"
