"""Imports records into the database. If one record is invalid, nothing is imported."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Event
from typing import Any, TypeVar

from sqlalchemy import String, delete, literal_column, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.catalog.interchange import (
    ParsedRecord,
    Progress,
    RecordBatch,
    check_references,
    raise_problems,
    read_records,
)
from bot.catalog.merging import CATALOG
from bot.catalog.model import Person, Title
from bot.catalog.record_files import find_record_files
from bot.clock import Clock
from bot.search.search_keys import KEYS_VERSION
from bot.store.database import Database, set_meta
from bot.store.joined_records import Ref, chunks
from bot.store.layer_tables import source_records
from bot.store.layers import LayerRecord, LayerRows, layered_refs, write_layers
from bot.store.record_identity import join_by_external_ids
from bot.store.record_merging import RecordMerger, TitlesChanged
from bot.store.record_rows import TABLES, RecordRows, insert_into, key_rows, replace_records
from bot.store.tables import catalog_files, people, search_keys, titles

_log = logging.getLogger(__name__)

_KEYS_VERSION_NAME = "keys_version"

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class ImportResult:
    """The number of records that an import wrote, and of those it found unchanged."""

    written: int
    unchanged: int


def _no_progress(_done: int, _total: int) -> None:
    """Ignore the progress."""


class CatalogImporter:
    """Imports records. `on_titles_changed` is called with the ids of changed titles."""

    def __init__(self, database: Database, clock: Clock, on_titles_changed: TitlesChanged) -> None:
        self._database = database
        self._clock = clock
        self._merger = RecordMerger(clock, on_titles_changed)

    async def import_path(self, path: Path, progress: Progress = _no_progress) -> ImportResult:
        """Import new and changed records from `path`.

        Raises CatalogError, which lists all problems, before anything is written.
        """
        batch = await _read_batch(self._database, path)
        if batch.parsed:
            # Prepared beforehand: while this is written, no other process can write.
            prepared = await _in_thread(partial(_rows_of, batch.parsed))
            layers = await asyncio.to_thread(self._layers_of, batch.parsed)
            refs = [Ref(item.record.entity, item.record.id) for item in batch.parsed]
            async with self._database.write() as connection:
                await _write(connection, prepared, progress)
                await write_layers(connection, layers)
                await self._merge(connection, refs)
        return ImportResult(len(batch.parsed), len(batch.unchanged))

    async def import_changed(self, folder: Path) -> ImportResult:
        """Import a folder if any of its files has changed since its last import.

        Raises CatalogError, as `import_path` does.
        """
        stats = await asyncio.to_thread(_file_stats, folder)
        rows = await self._database.fetch(select(catalog_files))
        if stats == {row.path: (row.size, row.mtime_ns) for row in rows}:
            return ImportResult(0, len(stats))
        result = await self.import_path(folder)
        async with self._database.write() as connection:
            await connection.execute(delete(catalog_files))
            if stats:
                await connection.execute(catalog_files.insert(), _file_rows(stats))
        return result

    async def rebuild_search_keys(self) -> int:
        """Rebuild all search keys if their version is outdated. Returns the number of keys."""
        if await self._database.get_meta(_KEYS_VERSION_NAME) == str(KEYS_VERSION):
            return 0
        count = 0
        async with self._database.write() as connection:
            await connection.execute(delete(search_keys))
            is_own = {people: true(), titles: titles.c.joined_into.is_(None)}
            for table, model in ((people, Person), (titles, Title)):
                query = select(table.c.record).where(is_own[table])
                for row in (await connection.execute(query)).all():
                    rows = list(key_rows(model.model_validate_json(row.record)))
                    await insert_into(connection, search_keys, rows)
                    count += len(rows)
            await set_meta(connection, _KEYS_VERSION_NAME, str(KEYS_VERSION))
        return count

    @staticmethod
    def _layers_of(parsed: Sequence[ParsedRecord]) -> LayerRows:
        return LayerRows.of(
            CATALOG,
            [LayerRecord(item.record, item.record.id, None, item.digest) for item in parsed],
        )

    async def _merge(self, connection: AsyncConnection, refs: Sequence[Ref]) -> None:
        """Report records that were written, and merge those that have other layers, too."""
        await self._merger.report(connection, refs)
        joined = await join_by_external_ids(connection, refs, self._clock())
        await self._merger.merge(connection, {*joined, *await layered_refs(connection, refs)})


async def check_records(database: Database | None, path: Path) -> ImportResult:
    """Return the result that an import of `path` would have. Writes nothing.

    `database` is None if it does not exist yet. Raises CatalogError, as the import would.
    """
    batch = await _read_batch(database, path)
    return ImportResult(len(batch.parsed), len(batch.unchanged))


async def _read_batch(database: Database | None, path: Path) -> RecordBatch:
    digests = await _stored_digests(database) if database else {}

    def read(is_cancelled: Callable[[], bool]) -> RecordBatch:
        batch = read_records(path, digests, is_cancelled)
        check_references(batch, {ref.removeprefix("person:") for ref in digests})
        return batch

    batch = await _in_thread(read)
    raise_problems(batch)
    return batch


async def _in_thread(work: Callable[[Callable[[], bool]], Result]) -> Result:
    """Run work in a thread, so that signals are handled meanwhile.

    `work` gets a function that tells whether it was cancelled, and should then return soon.
    """
    cancelled = Event()
    try:
        return await asyncio.to_thread(work, cancelled.is_set)
    finally:
        cancelled.set()


async def _stored_digests(database: Database) -> dict[str, str]:
    """Return the digests of the records by hand, by their refs."""
    if not await database.has_table("source_records"):
        return await _digests_of_old_schema(database)
    columns = source_records.c.entity, source_records.c.record_id, source_records.c.digest
    by_hand = source_records.c.source == CATALOG
    rows = await database.fetch(select(*columns).where(by_hand))
    return {f"{row.entity}:{row.record_id}": row.digest or "" for row in rows}


async def _digests_of_old_schema(database: Database) -> dict[str, str]:
    """Return the digests from the database of an earlier version, which is only checked."""
    digests: dict[str, str] = {}
    for kind, table in (("title", titles), ("person", people)):
        query = select(table.c.id, literal_column("digest", String).label("digest"))
        digests |= {f"{kind}:{row.id}": row.digest for row in await database.fetch(query)}
    return digests


def _rows_of(parsed: Sequence[ParsedRecord], is_cancelled: Callable[[], bool]) -> list[RecordRows]:
    """Return the rows of records: people first, since credits have foreign keys to them."""
    prepared: list[RecordRows] = []
    for entity in TABLES:
        records = [item.record for item in parsed if item.record.entity == entity]
        for chunk in chunks(records):
            if is_cancelled():
                return prepared
            prepared.append(RecordRows.of(entity, chunk))
    return prepared


async def _write(
    connection: AsyncConnection, prepared: list[RecordRows], progress: Progress
) -> None:
    total, done = sum(len(rows.records) for rows in prepared), 0
    for rows in prepared:
        await replace_records(connection, rows)
        done += len(rows.records)
        progress(done, total)


def _file_stats(folder: Path) -> dict[str, tuple[int, int]]:
    """Return the size and modification time of each record file, by its path in the folder."""
    stats: dict[str, tuple[int, int]] = {}

    def add_unreadable(error: OSError) -> None:
        # Differs from the last import, so that the import reports the problem.
        stats[""] = (-1, -1)

    for file in find_record_files(folder, add_unreadable):
        try:
            stat = file.stat()
        except OSError as error:
            add_unreadable(error)
        else:
            path = file.relative_to(folder).as_posix()
            # A name that is not UTF-8 cannot be stored as it is.
            stored = path.encode(errors="backslashreplace").decode()
            stats[stored] = (stat.st_size, stat.st_mtime_ns)
    return stats


def _file_rows(stats: dict[str, tuple[int, int]]) -> list[dict[str, Any]]:
    return [
        {"path": path, "size": size, "mtime_ns": mtime} for path, (size, mtime) in stats.items()
    ]
