"""A database that cannot be opened, read or written says why, and goes on when it can be again."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import event

from bot.errors import HostError
from bot.store.database import Database
from bot.store.imports import CatalogImporter, Imported
from tests import records
from tests.conftest import clock
from tests.trouble import Disk, locked


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.store.database._PATIENCE", 0.05)


async def make(file: Path) -> None:
    async with await Database.open(f"sqlite:///{file}") as database:
        await database.remember("once", "kept")


async def kept(file: Path) -> str | None:
    async with await Database.open(f"sqlite:///{file}") as database:
        return await database.fact("once")


async def test_one_that_is_locked_is_opened_when_it_is_free(file: Path) -> None:
    await make(file)
    with locked(file), pytest.raises(HostError, match=r"is locked\. Another process is writing"):
        await kept(file)
    assert await kept(file) == "kept"


async def test_one_that_may_only_be_read(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    await make(file)
    monkeypatch.chdir(file.parent)
    with pytest.raises(HostError, match=r"readonly database\. .* can be written"):
        await Database.open(f"sqlite:///file:{file}?mode=ro&uri=true")
    assert not (file.parent / "file:").exists()
    assert await kept(file) == "kept"


@pytest.mark.parametrize("name", ["test.db", "test.db-wal"])
async def test_a_folder_in_which_its_files_cannot_be_made(file: Path, name: str) -> None:
    """As in a folder that is read-only, but for an administrator too."""
    in_the_way = file.with_name(name)
    in_the_way.mkdir()
    with pytest.raises(HostError, match=f"{file} cannot be used: .* its folder can be written"):
        await make(file)
    in_the_way.rmdir()
    await make(file)
    assert await kept(file) == "kept"


async def test_a_full_disk_stops_an_import_which_then_goes_through(
    database: Database, file: Path, tmp_path: Path
) -> None:
    disk = Disk(database, file)
    folder = records.write(tmp_path / "r", *(records.person(f"p{n}") for n in range(600)))
    importer = CatalogImporter(database, clock)
    with disk.full(), pytest.raises(HostError, match=r"is full\. Make room on its disk"):
        await importer.import_path(folder)
    assert await importer.check(folder) == Imported(600, 0)
    assert await importer.import_path(folder) == Imported(600, 0)


async def test_those_who_wait_for_another_process_do_not_wait_for_each_other(
    database: Database, file: Path
) -> None:
    """One waits for it; those behind that one give up when it does, and not one after another."""
    tried: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_: object) -> None:
        tried.append(statement)

    event.listen(database._engine.sync_engine, "before_cursor_execute", note)
    with locked(file):
        writes = (database.remember("each", str(n)) for n in range(20))
        failed = await asyncio.gather(*writes, return_exceptions=True)
    assert {type(error) for error in failed} == {HostError}
    assert len(tried) < len(failed) / 2
    await database.remember("each", "after")
    assert await database.fact("each") == "after"
