"""Reads the catalog from the database: records and search keys."""

from collections import deque
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, Table, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.catalog.model import Person, Title
from bot.catalog.snapshot import CatalogSnapshot
from bot.search.name_table import NameEntry, character_popularity, is_main
from bot.search.search_keys import SearchKeys
from bot.store.database import Database
from bot.store.tables import credits, key_values, people, search_keys, titles

CHANGED = "catalog_changed"
"""The key for the time of the last import that wrote a record, in ISO 8601."""

VERSION = "catalog_version"
"""The key for a value that changes with every import that writes a record."""


# How many rows to fetch at once. Small enough not to block the event loop for long.
_CHUNK = 500

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class CatalogContents:
    """One version of the catalog. `version` is None if nothing was ever imported.

    The name rows are consumed while they are indexed, so that their memory is freed gradually.
    """

    version: str | None
    snapshot: CatalogSnapshot
    title_popularity: dict[str, float]
    person_popularity: dict[str, float]
    title_rows: deque[Row]
    person_rows: deque[Row]

    def title_names(self) -> Iterator[NameEntry]:
        """Yield and consume the names of titles."""
        while self.title_rows:
            title_id, name_type, *keys = self.title_rows.popleft()
            popularity = self.title_popularity[title_id]
            yield NameEntry(f"title:{title_id}", SearchKeys(*keys), popularity, is_main(name_type))

    def person_names(self) -> Iterator[NameEntry]:
        """Yield and consume the names of people and characters."""
        while self.person_rows:
            title_id, person_id, role, name_type, *keys = self.person_rows.popleft()
            ref, popularity = f"person:{person_id}", self.person_popularity[person_id]
            if title_id is not None:
                ref = f"character:{title_id}/{person_id}"
                popularity = character_popularity(self.title_popularity[title_id], popularity, role)
            yield NameEntry(ref, SearchKeys(*keys), popularity, is_main(name_type))


class CatalogStore:
    """Reads the catalog from the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def version(self) -> str | None:
        """Return the current catalog version."""
        return await self._database.get_meta(VERSION)

    async def load(self) -> CatalogContents:
        """Load the whole catalog. Rows are read in chunks so as not to block the event loop."""
        async with self._database.read() as connection:
            meta = await _read_pairs(connection, select(key_values.c.name, key_values.c.value))
            return CatalogContents(
                meta.get(VERSION),
                await _snapshot(connection, meta.get(CHANGED)),
                await _read_pairs(connection, select(titles.c.id, titles.c.popularity)),
                await _read_pairs(connection, select(people.c.id, people.c.popularity)),
                deque([row async for row in _stream(connection, _TITLE_NAMES)]),
                deque([row async for row in _stream(connection, _PERSON_NAMES)]),
            )

    async def records(self) -> AsyncIterator[Title | Person]:
        """Yield all records: people, then titles, each sorted by id."""
        for table, model in ((people, Person), (titles, Title)):
            for row in await self._database.fetch(select(table.c.record).order_by(table.c.id)):
                yield model.model_validate_json(row.record)


_KEYS = (search_keys.c.letters, search_keys.c.fold, search_keys.c.initials)
_TITLE_NAMES = select(search_keys.c.title_id, search_keys.c.name_type, *_KEYS).where(
    search_keys.c.person_id.is_(None)
)
_PERSON_NAMES = select(
    search_keys.c.title_id,
    search_keys.c.person_id,
    search_keys.c.role,
    search_keys.c.name_type,
    *_KEYS,
).where(search_keys.c.person_id.is_not(None))


async def _stream(
    connection: AsyncConnection, query: Select[*tuple[Any, ...]]
) -> AsyncIterator[Row]:
    async with connection.stream(query) as result:
        async for chunk in result.partitions(_CHUNK):
            for row in chunk:
                yield tuple(row)


async def _read_pairs(
    connection: AsyncConnection, query: Select[*tuple[Any, ...]]
) -> dict[str, Any]:
    return {key: value async for key, value in _stream(connection, query)}


async def _snapshot(connection: AsyncConnection, changed: str | None) -> CatalogSnapshot:
    by_popularity = (
        select(credits.c.person_id, credits.c.title_id)
        .join(titles)
        .order_by(titles.c.popularity.desc(), titles.c.id)
    )
    credited: dict[str, tuple[str, ...]] = {}
    async for person, title in _stream(connection, by_popularity):
        credited[person] = (*credited.get(person, ()), title)
    return CatalogSnapshot(
        await _encoded_records(connection, titles),
        await _encoded_records(connection, people),
        credited,
        datetime.fromisoformat(changed) if changed else None,
    )


async def _encoded_records(connection: AsyncConnection, table: Table) -> dict[str, bytes]:
    rows = _stream(connection, select(table.c.id, table.c.record))
    return {record_id: record.encode() async for record_id, record in rows}
