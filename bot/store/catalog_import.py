"""Imports records into the database. If one record is invalid, nothing is imported."""

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Event
from typing import Any, TypeVar

from sqlalchemy import Table, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.catalog.interchange import (
    ParsedRecord,
    Progress,
    RecordBatch,
    check_references,
    raise_problems,
    read_records,
)
from bot.catalog.model import CastCredit, CastRole, Name, NameType, Person, Title
from bot.catalog.record_files import find_record_files
from bot.clock import Clock
from bot.search.name_table import is_main
from bot.search.search_keys import KEYS_VERSION, SearchKeys, make_search_keys
from bot.store.catalog import CHANGED, VERSION
from bot.store.database import Database, set_meta, upsert_all
from bot.store.tables import catalog_files, credits, people, search_keys, titles

_log = logging.getLogger(__name__)

_KEYS_VERSION_NAME = "keys_version"
_CHUNK = 500

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class ImportResult:
    """The number of records that an import wrote, and of those it found unchanged."""

    written: int
    unchanged: int


TitlesChanged = Callable[[AsyncConnection, Sequence[str]], Awaitable[None]]
"""Callback within the import's transaction, with the ids of changed titles."""


def _no_progress(_done: int, _total: int) -> None:
    """Ignore the progress."""


class CatalogImporter:
    """Imports records. `on_titles_changed` is called with the ids of changed titles."""

    def __init__(self, database: Database, clock: Clock, on_titles_changed: TitlesChanged) -> None:
        self._database = database
        self._clock = clock
        self._on_titles_changed = on_titles_changed

    async def import_path(self, path: Path, progress: Progress = _no_progress) -> ImportResult:
        """Import new and changed records from `path`.

        Raises CatalogError, which lists all problems, before anything is written.
        """
        batch = await _read_batch(self._database, path)
        if batch.parsed:
            # Prepared beforehand: while this is written, no other process can write.
            chunks = await _in_thread(partial(_rows_of, batch.parsed))
            async with self._database.write() as connection:
                await _write(connection, chunks, progress)
                await self._report_changes(connection, batch.parsed)
                await set_meta(connection, CHANGED, self._clock().isoformat())
                await set_meta(connection, VERSION, secrets.token_hex(8))
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
            for table, model in ((people, Person), (titles, Title)):
                for row in (await connection.execute(select(table.c.record))).all():
                    rows = list(_key_rows(model.model_validate_json(row.record)))
                    await _insert_into(connection, search_keys.insert(), rows)
                    count += len(rows)
            await set_meta(connection, _KEYS_VERSION_NAME, str(KEYS_VERSION))
        return count

    async def _report_changes(
        self, connection: AsyncConnection, parsed: list[ParsedRecord]
    ) -> None:
        ids = [item.record.id for item in parsed if isinstance(item.record, Title)]
        for start in range(0, len(ids), _CHUNK):
            await self._on_titles_changed(connection, ids[start : start + _CHUNK])


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
    digests: dict[str, str] = {}
    for kind, table in (("title", titles), ("person", people)):
        for row in await database.fetch(select(table.c.id, table.c.digest)):
            digests[f"{kind}:{row.id}"] = row.digest
    return digests


@dataclass(frozen=True, slots=True)
class _Rows:
    """The rows of a chunk of records of one kind."""

    table: Table
    records: list[dict[str, Any]]
    search_keys: list[dict[str, Any]]
    credits: list[dict[str, Any]]


def _rows_of(parsed: Sequence[ParsedRecord], is_cancelled: Callable[[], bool]) -> list[_Rows]:
    """Return the rows of records: people first, since credits have foreign keys to them."""
    chunks: list[_Rows] = []
    for entity, table in (("person", people), ("title", titles)):
        of_kind = [item for item in parsed if item.record.entity == entity]
        for start in range(0, len(of_kind), _CHUNK):
            if is_cancelled():
                return chunks
            chunk = of_kind[start : start + _CHUNK]
            chunks.append(
                _Rows(
                    table,
                    [_record_row(item) for item in chunk],
                    [row for item in chunk for row in _key_rows(item.record)],
                    [row for item in chunk for row in _credit_rows(item.record)],
                )
            )
    return chunks


async def _write(connection: AsyncConnection, chunks: list[_Rows], progress: Progress) -> None:
    total, done = sum(len(rows.records) for rows in chunks), 0
    for rows in chunks:
        await _replace(connection, rows)
        done += len(rows.records)
        progress(done, total)


async def _replace(connection: AsyncConnection, rows: _Rows) -> None:
    """Insert or replace records of one kind, with their search keys and credits."""
    ids = [row["id"] for row in rows.records]
    is_title = rows.table is titles
    # Rows with both ids are names of characters, which belong to titles.
    owner = search_keys.c.title_id if is_title else search_keys.c.person_id
    own_keys = owner.in_(ids) if is_title else owner.in_(ids) & search_keys.c.title_id.is_(None)
    await upsert_all(connection, rows.table, ["id"], rows.records)
    await connection.execute(delete(search_keys).where(own_keys))
    await _insert_into(connection, search_keys.insert(), rows.search_keys)
    if is_title:
        await connection.execute(delete(credits).where(credits.c.title_id.in_(ids)))
        await _insert_into(connection, credits.insert(), rows.credits)


async def _insert_into(
    connection: AsyncConnection, statement: Any, rows: list[dict[str, Any]]
) -> None:
    if rows:
        await connection.execute(statement, rows)


def _record_row(parsed: ParsedRecord) -> dict[str, Any]:
    record = parsed.record
    return {
        "id": record.id,
        "record": record.model_dump_json(exclude_unset=True),
        "digest": parsed.digest,
        "popularity": record.popularity,
    }


def _credit_rows(record: Title | Person) -> Iterator[dict[str, str]]:
    if isinstance(record, Title):
        for person in sorted({credit.person for credit in (*record.cast, *record.crew)}):
            yield {"title_id": record.id, "person_id": person}


def _key_rows(record: Title | Person) -> Iterator[dict[str, Any]]:
    """Yield the search key rows of a record: its own names, and those of its characters."""
    if isinstance(record, Person):
        yield from _name_rows(record.names, None, record.id, None)
        return
    yield from _name_rows(record.names, record.id, None, None)
    for credit in record.cast:
        # Hidden cameos must not appear in search results.
        if not credit.spoiler:
            yield from _character_rows(record.id, credit)


def _character_rows(title_id: str, credit: CastCredit) -> Iterator[dict[str, Any]]:
    yield from _name_rows(credit.names, title_id, credit.person, credit.role)


def _name_rows(
    names: Iterable[Name], title_id: str | None, person_id: str | None, role: CastRole | None
) -> Iterator[dict[str, Any]]:
    # If a name is both a main name and an alias, it counts as a main name.
    types: dict[SearchKeys, NameType] = {}
    for name in sorted(names, key=lambda name: is_main(name.type), reverse=True):
        types.setdefault(make_search_keys(name.text), name.type)
    for keys, name_type in sorted(types.items(), key=lambda item: item[0].letters):
        yield {
            "title_id": title_id,
            "person_id": person_id,
            "role": role and str(role),
            "name_type": str(name_type),
            "letters": keys.letters,
            "fold": keys.fold,
            "initials": keys.initials,
        }


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
