"""Reads the catalog from the database: records and search keys."""

from collections import deque
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Table, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.catalog.model import Person, Title
from bot.catalog.snapshot import CatalogSnapshot
from bot.search.name_table import NameEntry
from bot.store.catalog_changes import CatalogChanges, load_changes
from bot.store.catalog_rows import (
    PERSON_NAMES,
    TITLE_NAMES,
    Row,
    person_entries,
    read_pairs,
    stream,
    title_entries,
)
from bot.store.database import Database
from bot.store.layer_tables import joins
from bot.store.record_merging import CHANGED, last_change
from bot.store.tables import credits, key_values, people, titles


@dataclass(frozen=True, slots=True)
class CatalogContents:
    """One version of the catalog. `change` is the id of the last change in it.

    The name rows are consumed while they are indexed, so that their memory is freed gradually.
    """

    change: int
    snapshot: CatalogSnapshot
    title_popularity: dict[str, float]
    person_popularity: dict[str, float]
    title_rows: deque[Row]
    person_rows: deque[Row]

    def title_names(self) -> Iterator[NameEntry]:
        """Yield and consume the names of titles."""
        return title_entries(self.title_rows, self.title_popularity)

    def person_names(self) -> Iterator[NameEntry]:
        """Yield and consume the names of people and characters."""
        return person_entries(self.person_rows, self.title_popularity, self.person_popularity)


class CatalogStore:
    """Reads the catalog from the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def last_change(self) -> int:
        """Return the id of the last change of the catalog."""
        async with self._database.read() as connection:
            return await last_change(connection)

    async def load_changes(self, since: int, snapshot: CatalogSnapshot) -> CatalogChanges | None:
        """Load what changed since `snapshot`, as the function `load_changes` does."""
        return await load_changes(self._database, since, snapshot)

    async def load(self) -> CatalogContents:
        """Load the whole catalog. Rows are read in chunks so as not to block the event loop."""
        async with self._database.read() as connection:
            meta = await read_pairs(connection, select(key_values.c.name, key_values.c.value))
            return CatalogContents(
                await last_change(connection),
                await _snapshot(connection, meta.get(CHANGED)),
                await read_pairs(connection, select(titles.c.id, titles.c.popularity)),
                await read_pairs(connection, select(people.c.id, people.c.popularity)),
                deque([row async for row in stream(connection, TITLE_NAMES)]),
                deque([row async for row in stream(connection, PERSON_NAMES)]),
            )

    async def records(self) -> AsyncIterator[Title | Person]:
        """Yield all records: people, then titles, each sorted by id."""
        for table, model in ((people, Person), (titles, Title)):
            query = select(table.c.record).order_by(table.c.id)
            if table is titles:
                query = query.where(_IS_OWN)
            for row in await self._database.fetch(query):
                yield model.model_validate_json(row.record)


# Titles that were joined into others have the record of those.
_IS_OWN = titles.c.joined_into.is_(None)


async def _snapshot(connection: AsyncConnection, changed: str | None) -> CatalogSnapshot:
    by_popularity = (
        select(credits.c.person_id, credits.c.title_id)
        .join(titles)
        .order_by(titles.c.popularity.desc(), titles.c.id)
    )
    credited: dict[str, tuple[str, ...]] = {}
    async for person, title in stream(connection, by_popularity):
        credited[person] = (*credited.get(person, ()), title)
    aliases = select(joins.c.entity, joins.c.alias_id, joins.c.record_id)
    return CatalogSnapshot(
        await _encoded_records(connection, titles, _IS_OWN),
        await _encoded_records(connection, people, true()),
        credited,
        datetime.fromisoformat(changed) if changed else None,
        {(kind, alias): record async for kind, alias, record in stream(connection, aliases)},
    )


async def _encoded_records(
    connection: AsyncConnection, table: Table, condition: ColumnElement[bool]
) -> dict[str, bytes]:
    rows = stream(connection, select(table.c.id, table.c.record).where(condition))
    return {record_id: record.encode() async for record_id, record in rows}
