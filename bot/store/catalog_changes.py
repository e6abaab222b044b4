"""Reads what changed in the catalog, so that a change need not load all of it again."""

from collections import deque
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.catalog.model import Title
from bot.catalog.snapshot import CatalogSnapshot
from bot.search.name_table import NameEntry
from bot.store.catalog_rows import (
    PERSON_NAMES,
    TITLE_NAMES,
    Row,
    person_entries,
    read_pairs,
    title_entries,
)
from bot.store.database import Database
from bot.store.joined_records import chunks, rows_by
from bot.store.layer_tables import catalog_changes, joins
from bot.store.record_merging import CHANGED
from bot.store.tables import credits, key_values, people, search_keys, titles

# More changes than these are faster to read as a whole.
_MAX_CHANGES = 500


@dataclass(frozen=True, slots=True)
class NameChanges:
    """Names to index anew: those of `refs` are dropped, `entries` added."""

    refs: Collection[str]
    entries: Sequence[NameEntry]


@dataclass(frozen=True, slots=True)
class CatalogChanges:
    """What changed up to the change with the id `change`. None stands for a removed record."""

    change: int
    titles: Mapping[str, bytes | None]
    people: Mapping[str, bytes | None]
    works: Mapping[str, Sequence[str]]
    aliases: Mapping[tuple[str, str], str | None]
    changed: datetime | None
    title_names: NameChanges
    person_names: NameChanges

    def apply(self, snapshot: CatalogSnapshot) -> CatalogSnapshot:
        """Return a snapshot with the changes."""
        return snapshot.changed(self.titles, self.people, self.works, self.aliases, self.changed)


async def load_changes(
    database: Database, since: int, snapshot: CatalogSnapshot
) -> CatalogChanges | None:
    """Load what changed after the change with the id `since`, at which `snapshot` is.

    Returns None if that is too much, or no longer known: then the whole catalog is to be loaded.
    """
    async with database.read() as connection:
        ids = await _changed_ids(connection, since)
        if ids is None:
            return None
        last, title_ids, person_ids = ids
        stored_titles = await _records(connection, titles, title_ids)
        credited = _credited_before(snapshot, title_ids)
        current = await rows_by(connection, credits, credits.c.title_id, title_ids)
        credited |= {row.person_id for row in current} | person_ids
        meta = key_values.c.name == CHANGED
        changed = (await connection.execute(select(key_values.c.value).where(meta))).scalar()
        return CatalogChanges(
            last,
            stored_titles,
            await _records(connection, people, person_ids),
            await _works(connection, credited),
            {
                **await _aliases(connection, "title", title_ids),
                **await _aliases(connection, "person", person_ids),
            },
            datetime.fromisoformat(changed) if changed else None,
            await _title_names(connection, title_ids),
            await _person_names(connection, title_ids, person_ids, snapshot),
        )


async def _changed_ids(
    connection: AsyncConnection, since: int
) -> tuple[int, set[str], set[str]] | None:
    query = (
        select(catalog_changes)
        .where(catalog_changes.c.id >= since)
        .order_by(catalog_changes.c.id)
        .limit(_MAX_CHANGES)
    )
    rows = (await connection.execute(query)).all()
    is_known = since == 0 or (rows and rows[0].id == since)
    if not is_known or len(rows) == _MAX_CHANGES:
        return None
    new = [row for row in rows if row.id > since]
    by_kind = {
        kind: {row.record_id for row in new if row.entity == kind} for kind in ("title", "person")
    }
    return (rows[-1].id if rows else since), by_kind["title"], by_kind["person"]


def _credited_before(snapshot: CatalogSnapshot, title_ids: Collection[str]) -> set[str]:
    records = snapshot.titles(title_ids).values()
    return {credit.person for title in records for credit in (*title.cast, *title.crew)}


async def _records(
    connection: AsyncConnection, table: Any, ids: Collection[str]
) -> dict[str, bytes | None]:
    records: dict[str, bytes | None] = dict.fromkeys(ids)
    for row in await rows_by(connection, table, table.c.id, ids):
        if table is people or row.joined_into is None:
            records[row.id] = row.record.encode()
    return records


async def _works(
    connection: AsyncConnection, person_ids: Collection[str]
) -> dict[str, Sequence[str]]:
    works: dict[str, tuple[str, ...]] = dict.fromkeys(person_ids, ())
    for chunk in chunks(sorted(person_ids)):
        query = (
            select(credits.c.person_id, credits.c.title_id)
            .join(titles)
            .where(credits.c.person_id.in_(chunk))
            .order_by(titles.c.popularity.desc(), titles.c.id)
        )
        for person, title in (await connection.execute(query)).all():
            works[person] = (*works[person], title)
    return dict(works)


async def _aliases(
    connection: AsyncConnection, entity: str, ids: Collection[str]
) -> dict[tuple[str, str], str | None]:
    aliases: dict[tuple[str, str], str | None] = dict.fromkeys((entity, one) for one in ids)
    of_entity = joins.c.entity == entity
    for column in (joins.c.alias_id, joins.c.record_id):
        for row in await rows_by(connection, joins, column, ids, of_entity):
            aliases[entity, row.alias_id] = row.record_id
    return aliases


async def _title_names(connection: AsyncConnection, ids: Collection[str]) -> NameChanges:
    rows = await _rows(connection, TITLE_NAMES, search_keys.c.title_id, ids)
    popularity = await _popularity(connection, titles, ids)
    refs = {f"title:{one}" for one in ids}
    return NameChanges(refs, list(title_entries(deque(rows), popularity)))


async def _person_names(
    connection: AsyncConnection,
    title_ids: Collection[str],
    person_ids: Collection[str],
    snapshot: CatalogSnapshot,
) -> NameChanges:
    """Characters belong to a title and a person: they change with either."""
    rows = {
        *await _rows(connection, PERSON_NAMES, search_keys.c.title_id, title_ids),
        *await _rows(connection, PERSON_NAMES, search_keys.c.person_id, person_ids),
    }
    refs = {f"person:{one}" for one in person_ids}
    refs |= set(_characters_before(snapshot, title_ids, person_ids))
    refs |= {f"character:{title}/{person}" for title, person, *_ in rows if title is not None}
    entries = person_entries(
        deque(sorted(rows, key=str)),
        await _popularity(connection, titles, {row[0] for row in rows if row[0] is not None}),
        await _popularity(connection, people, {row[1] for row in rows}),
    )
    return NameChanges(refs, list(entries))


def _characters_before(
    snapshot: CatalogSnapshot, title_ids: Collection[str], person_ids: Collection[str]
) -> Iterator[str]:
    def refs(title: Title) -> Iterator[str]:
        return (f"character:{title.id}/{credit.person}" for credit in title.cast)

    for title in snapshot.titles(title_ids).values():
        yield from refs(title)
    for person in person_ids:
        for entry in snapshot.filmography(person):
            yield f"character:{entry.title.id}/{person}"


async def _rows(
    connection: AsyncConnection, query: Any, column: Any, ids: Collection[str]
) -> list[Row]:
    found: list[Row] = []
    for chunk in chunks(sorted(ids)):
        rows = await connection.execute(query.where(column.in_(chunk)))
        found += [tuple(row) for row in rows.all()]
    return found


async def _popularity(
    connection: AsyncConnection, table: Any, ids: Collection[str]
) -> dict[str, float]:
    popularity: dict[str, float] = {}
    for chunk in chunks(sorted(ids)):
        query = select(table.c.id, table.c.popularity).where(table.c.id.in_(chunk))
        popularity |= await read_pairs(connection, query)
    return popularity
