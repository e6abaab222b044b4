"""Importing records: all or nothing, and only what has changed."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from sqlalchemy import text

from bot.app import catalog_importer
from bot.catalog.interchange import RecordBatch
from bot.catalog.validation import CatalogError
from bot.search.search_keys import SearchKeys, make_search_keys
from bot.services.catalog import CatalogService
from bot.store.catalog import CatalogStore
from bot.store.catalog_import import CatalogImporter, ImportResult
from bot.store.database import Database
from bot.store.guilds import GuildPreferences, GuildStore
from tests.conftest import clock
from tests.support import records
from tests.support.db_faults import locked
from tests.support.process import BONBANG, environment


@pytest.fixture
def importer(database: Database) -> CatalogImporter:
    return catalog_importer(database, clock)


async def row_counts(database: Database) -> dict[str, int]:
    async with database.read() as connection:
        return {
            table: (await connection.execute(text(f"SELECT count(*) FROM {table}"))).scalar_one()  # noqa: S608
            for table in ("titles", "people", "credits", "search_keys")
        }


async def test_one_invalid_record_rejects_the_whole_import(
    database: Database, importer: CatalogImporter, tmp_path: Path
) -> None:
    folder = records.write(
        tmp_path / "r", records.person("her"), records.title("a", cast=[{"person": "nobody"}])
    )
    with pytest.raises(CatalogError) as caught:
        await importer.import_path(folder)
    assert len(caught.value.problems) == 1
    assert set((await row_counts(database)).values()) == {0}


async def test_interrupted_import_writes_nothing(
    database: Database, importer: CatalogImporter, tmp_path: Path
) -> None:
    folder = records.write(tmp_path / "r", *(records.person(f"p{n}") for n in range(600)))

    def stop(done: int, total: int) -> None:
        assert 0 < done < total
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await importer.import_path(folder, stop)
    assert set((await row_counts(database)).values()) == {0}


async def test_changed_record_replaces_the_previous_one(
    database: Database, importer: CatalogImporter, tmp_path: Path
) -> None:
    folder = records.write(
        tmp_path / "r",
        records.person("her", "Kim Go-eun"),
        records.person("him", "Gong Yoo"),
        records.title("show", "Goblin", cast=[{"person": "her", "character": "Ji Eun-tak"}]),
    )
    assert await importer.import_path(folder) == ImportResult(3, 0)
    before = await row_counts(database)
    records.write(
        folder, records.title("show", "Goblin", cast=[{"person": "him", "character": "Kim Shin"}])
    )
    assert await importer.import_path(folder) == ImportResult(1, 2)
    assert await row_counts(database) == before
    catalog = await CatalogService.open(CatalogStore(database))
    assert catalog.snapshot.filmography("her") == []
    [entry] = catalog.snapshot.filmography("him")
    assert entry.title.id == "show"
    assert catalog.person_names.resolve("Ji Eun-tak").matches == []
    assert catalog.person_names.resolve("Kim Shin").matches == ["character:show/him"]


async def test_changed_person_keeps_the_names_of_their_characters(
    database: Database, importer: CatalogImporter, tmp_path: Path
) -> None:
    folder = records.write(
        tmp_path / "r",
        records.person("him", "Gong Yoo"),
        records.title("show", "Goblin", cast=[{"person": "him", "character": "Kim Shin"}]),
    )
    await importer.import_path(folder)
    records.write(folder, records.person("him", "Gong Ji-cheol"))
    await importer.import_path(folder)
    catalog = await CatalogService.open(CatalogStore(database))
    assert catalog.person_names.resolve("Kim Shin").matches == ["character:show/him"]
    assert catalog.person_names.resolve("Gong Ji-cheol").matches == ["person:him"]


async def test_unchanged_folder_is_not_read(
    importer: CatalogImporter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = records.write(tmp_path / "r", records.person("her"))
    assert await importer.import_changed(folder) == ImportResult(1, 0)
    monkeypatch.setattr("bot.store.catalog_import.read_records", None)
    assert await importer.import_changed(folder) == ImportResult(0, 1)


async def test_search_keys_of_another_version_are_rebuilt(
    database: Database, importer: CatalogImporter, tmp_path: Path
) -> None:
    await importer.import_path(records.write(tmp_path / "r", records.person("her", "Bae Suzy")))
    await database.set_meta("keys_version", "0")
    async with database.write() as connection:
        await connection.execute(text("UPDATE search_keys SET letters = 'old', fold = 'old'"))
    assert await importer.rebuild_search_keys()
    assert not await importer.rebuild_search_keys()
    catalog = await CatalogService.open(CatalogStore(database))
    assert catalog.person_names.resolve("Suzy").matches == ["person:her"]


async def test_spoiler_cameo_cannot_be_searched_for(
    database: Database, importer: CatalogImporter, tmp_path: Path
) -> None:
    cameo = {"person": "him", "character": "The Reaper", "spoiler": True}
    folder = records.write(
        tmp_path / "r", records.person("him", "Gong Yoo"), records.title("show", cast=[cameo])
    )
    await importer.import_path(folder)
    catalog = await CatalogService.open(CatalogStore(database))
    assert catalog.person_names.resolve("The Reaper").matches == []
    assert catalog.entry("character:show/him") is None


async def test_refreshed_catalog_service_finds_newly_imported_records(
    database: Database, importer: CatalogImporter, tmp_path: Path
) -> None:
    catalog = await CatalogService.open(CatalogStore(database))
    assert catalog.is_empty
    await importer.import_path(records.write(tmp_path / "r", records.person("her", "Bae Suzy")))
    assert await catalog.refresh()
    assert catalog.person_names.resolve("Suzy").matches == ["person:her"]
    assert catalog.snapshot.size.people == 1
    assert not await catalog.refresh()


async def test_newly_imported_title_is_loaded_without_a_refresh(
    database: Database, importer: CatalogImporter, tmp_path: Path
) -> None:
    catalog = await CatalogService.open(CatalogStore(database))
    await importer.import_path(records.write(tmp_path / "r", records.title("show", "Goblin")))
    assert list(await catalog.get_titles(["show", "nothing"])) == ["show"]


async def test_spoiler_cameo_is_never_the_best_known_title(
    database: Database, importer: CatalogImporter, tmp_path: Path
) -> None:
    cameo = {"person": "him", "character": "The Reaper", "spoiler": True}
    role = {"person": "him", "character": "Kim Shin"}
    folder = records.write(
        tmp_path / "r",
        records.person("him", "Gong Yoo"),
        records.title("famous", cast=[cameo], popularity=5.0),
        records.title("obscure", cast=[role], popularity=1.0),
    )
    await importer.import_path(folder)
    catalog = await CatalogService.open(CatalogStore(database))
    [candidate] = catalog.candidates(["person:him"])
    assert candidate.best_known_title is not None
    assert candidate.best_known_title.id == "obscure"


async def test_import_can_be_cancelled_while_it_reads(
    importer: CatalogImporter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started, ended = Event(), Event()

    def read_until_cancelled(_path: Path, _d: Any, is_cancelled: Callable[[], bool]) -> RecordBatch:
        started.set()
        while not is_cancelled():
            pass
        ended.set()
        return RecordBatch()

    monkeypatch.setattr("bot.store.catalog_import.read_records", read_until_cancelled)
    task = asyncio.create_task(importer.import_path(tmp_path))
    await asyncio.to_thread(started.wait, 10)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await asyncio.to_thread(ended.wait, 10)


async def test_rows_are_prepared_before_the_write_transaction(
    database: Database, importer: CatalogImporter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Other processes cannot write during the transaction."""
    writing: list[bool] = []

    def note(name: str) -> SearchKeys:
        writing.append(database._write_lock.locked())
        return make_search_keys(name)

    monkeypatch.setattr("bot.store.record_rows.make_search_keys", note)
    folder = records.write(tmp_path / "r", records.person("her", "Bae Suzy"))
    await importer.import_path(folder)
    assert writing == [False]


async def test_unchanged_records_take_no_write_transaction(
    importer: CatalogImporter, file: Path, tmp_path: Path
) -> None:
    folder = records.write(tmp_path / "r", records.person("her"))
    await importer.import_path(folder)
    with locked(file):
        assert await importer.import_path(folder) == ImportResult(0, 1)


async def test_no_setting_fails_to_be_written_while_another_process_imports(
    file: Path, guilds: GuildStore, tmp_path: Path
) -> None:
    def write(generation: int) -> str:
        people = [records.person(f"p{n}", f"Kim {generation} {n}") for n in range(6000)]
        cast = [{"person": f"p{n}", "character": f"Role {generation} {n}"} for n in range(6000)]
        shows = [records.title(f"t{n}", cast=cast[n::1000]) for n in range(1000)]
        return str(records.write_lines(tmp_path / "r.jsonl", *people, *shows))

    written = 0
    for generation in range(2):
        command = [*BONBANG, "catalog", "import", write(generation)]
        process = await asyncio.create_subprocess_exec(*command, env=environment(file))
        ended = asyncio.create_task(process.wait())
        while not ended.done():
            await guilds.update_preferences(written, GuildPreferences(language="ko"))
            written += 1
            await asyncio.sleep(0.005)
        assert ended.result() == 0
    assert written > 10
