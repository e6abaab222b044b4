"""The catalog in memory: a refresh replaces all of it, and keeps nothing of the old one."""

import asyncio
import gc
import weakref
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.app import catalog_importer, open_database
from bot.services.catalog import CatalogService
from bot.store.catalog import CatalogStore
from bot.store.database import Database
from tests.support import records


def clock() -> datetime:
    return datetime(2026, 5, 1, tzinfo=UTC)


@pytest.fixture
def no_gc() -> Iterator[None]:
    """No cyclic garbage collection: what is freed is freed by reference counts alone."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


async def imported(database: Database, path: Path, name: str) -> None:
    """Import a title with one actor."""
    title = records.title("show", name, cast=[{"person": "lead", "character": "Somebody"}])
    records.write(path, title, records.person("lead", "Lead Actor"))
    await catalog_importer(database, clock).import_path(path)


async def test_a_refresh_frees_the_replaced_catalog(tmp_path: Path, no_gc: None) -> None:
    async with await open_database(f"sqlite:///{tmp_path / 'db'}", clock) as database:
        await imported(database, tmp_path / "records", "First")
        catalog = await CatalogService.open(CatalogStore(database))
        # Everything that caches what it was asked for.
        catalog.title_names.search("First")
        catalog.person_names.resolve("Lead Actor")
        catalog.snapshot.filmography("lead")
        assert catalog.entry("character:show/lead")
        replaced = [
            weakref.ref(part)
            for part in (catalog.snapshot, catalog.title_names, catalog.person_names)
        ]
        await imported(database, tmp_path / "records", "Second")
        assert await catalog.refresh()
        # The thread that made the new state forgets the old one soon.
        for _attempt in range(200):
            if not any(part() for part in replaced):
                break
            await asyncio.sleep(0.01)
        assert [part() for part in replaced] == [None, None, None]
        assert catalog.title_names.resolve("Second").matches == ["title:show"]


async def test_an_unchanged_catalog_is_not_loaded_again(tmp_path: Path) -> None:
    async with await open_database(f"sqlite:///{tmp_path / 'db'}", clock) as database:
        await imported(database, tmp_path / "records", "First")
        catalog = await CatalogService.open(CatalogStore(database))
        before = catalog.snapshot
        assert not await catalog.refresh()
        assert catalog.snapshot is before


async def test_role_without_a_character_has_no_card(tmp_path: Path) -> None:
    title = records.title("show", "A Show", cast=[{"person": "lead"}])
    records.write(tmp_path / "records", title, records.person("lead", "Lead Actor"))
    async with await open_database(f"sqlite:///{tmp_path / 'db'}", clock) as database:
        await catalog_importer(database, clock).import_path(tmp_path / "records")
        catalog = await CatalogService.open(CatalogStore(database))
        assert catalog.entry("character:show/lead") is None
