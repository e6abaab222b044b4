"""What is taken in comes out again as it was, in either form, field by field."""

import asyncio
import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings

from bot.app import open_database
from bot.catalog.files import write_records
from bot.catalog.model import Person, Title
from bot.store.catalog import CatalogStore
from bot.store.imports import CatalogImporter
from tests.catalog.strategies import catalogs
from tests.conftest import clock


async def take_in(path: Path, database_file: Path) -> dict[str, Title | Person]:
    """Import into an empty database; what it then holds."""
    async with await open_database(f"sqlite:///{database_file}", clock) as database:
        await CatalogImporter(database, clock).import_path(path)
        records = CatalogStore(database).records()
        return {f"{record.entity}:{record.id}": record async for record in records}


@pytest.mark.parametrize("form", ["records.jsonl", "records"])
@settings(max_examples=25, deadline=None)
@given(written=catalogs())
def test_export_then_import_gives_the_same_catalog(
    form: str, written: list[dict[str, Any]]
) -> None:
    with TemporaryDirectory() as folder:
        first = Path(folder) / "written.jsonl"
        first.write_text("".join(json.dumps(one) + "\n" for one in written), encoding="utf-8")
        before = asyncio.run(take_in(first, Path(folder) / "one.db"))
        assert len(before) == len(written)
        out = Path(folder) / form
        assert write_records(out, before.values()) == len(written)
        after = asyncio.run(take_in(out, Path(folder) / "two.db"))
        assert after == before
        for ref, record in after.items():
            assert record.model_fields_set | {"entity"} == before[ref].model_fields_set | {"entity"}
