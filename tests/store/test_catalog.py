"""Records that are imported and exported come out unchanged, field by field, in either format."""

import asyncio
import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings

from bot.app import catalog_importer, open_database
from bot.catalog.interchange import write_records
from bot.catalog.model import Person, Title
from bot.store.catalog import CatalogStore
from tests.catalog.strategies import catalogs
from tests.conftest import clock


async def import_into_new(database_file: Path, path: Path) -> dict[str, Title | Person]:
    """Import records into an empty database. Returns what it then holds."""
    async with await open_database(f"sqlite:///{database_file}", clock) as database:
        await catalog_importer(database, clock).import_path(path)
        records = CatalogStore(database).records()
        return {f"{record.entity}:{record.id}": record async for record in records}


@pytest.mark.parametrize("target", ["records.jsonl", "records"])
@settings(max_examples=25, deadline=None)
@given(written=catalogs())
def test_export_then_import_gives_the_same_catalog(
    target: str, written: list[dict[str, Any]]
) -> None:
    with TemporaryDirectory() as folder:
        source = Path(folder) / "written.jsonl"
        source.write_text("".join(json.dumps(one) + "\n" for one in written), encoding="utf-8")
        before = asyncio.run(import_into_new(Path(folder) / "one.db", source))
        assert len(before) == len(written)
        exported = Path(folder) / target
        assert write_records(exported, before.values()) == len(written)
        after = asyncio.run(import_into_new(Path(folder) / "two.db", exported))
        assert after == before
        for ref, record in after.items():
            assert record.model_fields_set | {"entity"} == before[ref].model_fields_set | {"entity"}
