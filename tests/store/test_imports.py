"""Taking records in: all or nothing, and next to nothing where nothing changed."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.catalog.problems import CatalogError
from bot.library import Library
from bot.store.catalog import CatalogStore
from bot.store.database import Database
from bot.store.imports import CatalogImporter, Imported
from tests import records
from tests.conftest import clock


@pytest.fixture
async def database(tmp_path: Path) -> AsyncGenerator[Database]:
    async with await Database.open(f"sqlite:///{tmp_path / 'test.db'}") as opened:
        yield opened


@pytest.fixture
def importer(database: Database) -> CatalogImporter:
    return CatalogImporter(database, clock)


async def rows(database: Database) -> dict[str, int]:
    async with database.read() as connection:
        return {
            table: (await connection.execute(text(f"SELECT count(*) FROM {table}"))).scalar_one()  # noqa: S608
            for table in ("titles", "people", "credits", "forms")
        }


async def test_one_wrong_record_keeps_all_out(
    database: Database, importer: CatalogImporter, tmp_path: Path
) -> None:
    folder = records.write(
        tmp_path / "r", records.person("her"), records.title("a", cast=[{"person": "nobody"}])
    )
    with pytest.raises(CatalogError) as caught:
        await importer.import_path(folder)
    assert len(caught.value.problems) == 1
    assert set((await rows(database)).values()) == {0}


async def test_a_failure_while_writing_leaves_nothing_half_written(
    database: Database, importer: CatalogImporter, tmp_path: Path
) -> None:
    folder = records.write(tmp_path / "r", *(records.person(f"p{n}") for n in range(600)))

    def stop(done: int, total: int) -> None:
        assert 0 < done < total
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await importer.import_path(folder, stop)
    assert set((await rows(database)).values()) == {0}


async def test_a_changed_record_takes_the_place_of_the_one_before(
    database: Database, importer: CatalogImporter, tmp_path: Path
) -> None:
    folder = records.write(
        tmp_path / "r",
        records.person("her", "Kim Go-eun"),
        records.person("him", "Gong Yoo"),
        records.title("show", "Goblin", cast=[{"person": "her", "character": "Ji Eun-tak"}]),
    )
    assert await importer.import_path(folder) == Imported(3, 0)
    before = await rows(database)
    records.write(
        folder, records.title("show", "Goblin", cast=[{"person": "him", "character": "Kim Shin"}])
    )
    assert await importer.import_path(folder) == Imported(1, 2)
    assert await rows(database) == before
    library = await Library.open(CatalogStore(database))
    assert library.catalog.works_of("her") == []
    [work] = library.catalog.works_of("him")
    assert work.title.id == "show"
    assert library.people.answer("Ji Eun-tak").meant == []
    assert library.people.answer("Kim Shin").meant == ["character:show/him"]


async def test_changing_a_person_keeps_the_names_of_their_characters(
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
    library = await Library.open(CatalogStore(database))
    assert library.people.answer("Kim Shin").meant == ["character:show/him"]
    assert library.people.answer("Gong Ji-cheol").meant == ["person:him"]


async def test_an_unchanged_folder_is_not_even_read(
    importer: CatalogImporter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = records.write(tmp_path / "r", records.person("her"))
    assert await importer.import_changed(folder) == Imported(1, 0)
    monkeypatch.setattr("bot.store.imports.read_records", None)
    assert await importer.import_changed(folder) == Imported(0, 1)


async def test_keys_of_another_version_are_made_again(
    database: Database, importer: CatalogImporter, tmp_path: Path
) -> None:
    await importer.import_path(records.write(tmp_path / "r", records.person("her", "Bae Suzy")))
    await database.remember("keys_version", "0")
    async with database.write() as connection:
        await connection.execute(text("UPDATE forms SET letters = 'old', fold = 'old'"))
    assert await importer.renew_keys()
    assert not await importer.renew_keys()
    library = await Library.open(CatalogStore(database))
    assert library.people.answer("Suzy").meant == ["person:her"]


async def test_a_hidden_cameo_cannot_be_searched_for(
    database: Database, importer: CatalogImporter, tmp_path: Path
) -> None:
    cameo = {"person": "him", "character": "The Reaper", "spoiler": True}
    folder = records.write(
        tmp_path / "r", records.person("him", "Gong Yoo"), records.title("show", cast=[cameo])
    )
    await importer.import_path(folder)
    library = await Library.open(CatalogStore(database))
    assert library.people.answer("The Reaper").meant == []
    assert library.record("character:show/him") is None


async def test_a_library_takes_in_what_is_imported_beside_it(
    database: Database, importer: CatalogImporter, tmp_path: Path
) -> None:
    library = await Library.open(CatalogStore(database))
    assert library.is_empty
    await importer.import_path(records.write(tmp_path / "r", records.person("her", "Bae Suzy")))
    assert await library.refresh()
    assert library.people.answer("Suzy").meant == ["person:her"]
    assert library.catalog.size.people == 1
    assert not await library.refresh()


async def test_a_title_that_came_in_just_now_is_known_when_it_is_needed(
    database: Database, importer: CatalogImporter, tmp_path: Path
) -> None:
    library = await Library.open(CatalogStore(database))
    await importer.import_path(records.write(tmp_path / "r", records.title("show", "Goblin")))
    assert list(await library.titles(["show", "nothing"])) == ["show"]


async def test_a_hidden_cameo_is_not_what_somebody_is_best_known_for(
    database: Database, importer: CatalogImporter, tmp_path: Path
) -> None:
    secret = {"person": "him", "character": "The Reaper", "spoiler": True}
    role = {"person": "him", "character": "Kim Shin"}
    folder = records.write(
        tmp_path / "r",
        records.person("him", "Gong Yoo"),
        records.title("famous", cast=[secret], popularity=5.0),
        records.title("obscure", cast=[role], popularity=1.0),
    )
    await importer.import_path(folder)
    library = await Library.open(CatalogStore(database))
    [listed] = library.listed(["person:him"])
    assert listed.best_known is not None
    assert listed.best_known.id == "obscure"
