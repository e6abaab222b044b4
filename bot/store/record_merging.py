"""Computes the records that members see from what sources and people say."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.catalog.merging import merge
from bot.catalog.model import Person, Title
from bot.clock import Clock
from bot.store.database import set_meta
from bot.store.joined_records import Ref, alias_ids, canonical_ids, chunks, rows_by
from bot.store.layer_tables import catalog_changes
from bot.store.merge_input import MergeInput, load_merge_input
from bot.store.record_rows import (
    Entity,
    RecordRows,
    delete_keys,
    encode_record,
    insert_into,
    replace_records,
)
from bot.store.tables import countdowns, credits, people, titles

CHANGED = "catalog_changed"
"""The key for the time of the last change of a record, in ISO 8601."""

# Other processes that did not look for longer load the whole catalog.
_KEPT_CHANGES = 50_000

TitlesChanged = Callable[[AsyncConnection, Sequence[str]], Awaitable[None]]
"""Callback within a transaction, with the ids of changed titles."""


@dataclass(slots=True)
class MergedRecords:
    """The records that a merge added, changed and removed."""

    added: list[Ref] = field(default_factory=list[Ref])
    changed: list[Ref] = field(default_factory=list[Ref])
    removed: list[Ref] = field(default_factory=list[Ref])

    @property
    def all(self) -> list[Ref]:
        """All of them."""
        return [*self.added, *self.changed, *self.removed]


class RecordMerger:
    """Merges records within a transaction, and reports what changed."""

    def __init__(self, clock: Clock, on_titles_changed: TitlesChanged) -> None:
        self._clock = clock
        self._on_titles_changed = on_titles_changed

    async def merge(
        self, connection: AsyncConnection, refs: Iterable[Ref], moved: Collection[Ref] = ()
    ) -> MergedRecords:
        """Merge records anew and write those that changed.

        A ref of a record that was joined into another one stands for that one. `moved` are those
        that were joined or separated: other processes learn of them, even if nothing is changed.
        """
        requested: dict[Entity, set[str]] = {"person": set(), "title": set()}
        for ref in refs:
            requested[ref.entity].add(ref.id)
        result = MergedRecords()
        aliases = await self._merge_people(connection, requested, result)
        title_ids = await canonical_ids(connection, "title", requested["title"])
        empty = await self._merge_all(connection, "title", set(title_ids.values()), result)
        await _remove_titles(connection, empty, result)
        await _write_title_aliases(connection, set(title_ids.values()), result)
        await _remove_people(connection, aliases, result)
        await self.report(connection, sorted({*result.all, *moved}))
        return result

    async def report(self, connection: AsyncConnection, refs: Collection[Ref]) -> None:
        """Report changed records to the countdowns of titles, and to every process."""
        if not refs:
            return
        rows = [{"entity": ref.entity, "record_id": ref.id} for ref in refs]
        await insert_into(connection, catalog_changes, rows)
        changed = [ref.id for ref in refs if ref.entity == "title"]
        for chunk in chunks(changed):
            await self._on_titles_changed(connection, chunk)
        await set_meta(connection, CHANGED, self._clock().isoformat())

    async def _merge_people(
        self, connection: AsyncConnection, requested: dict[Entity, set[str]], result: MergedRecords
    ) -> set[str]:
        """Merge people, and request the titles of those that were joined or are gone.

        Returns the people to remove once no title credits them.
        """
        canonical = await canonical_ids(connection, "person", requested["person"])
        empty = await self._merge_all(connection, "person", set(canonical.values()), result)
        removable = {one for one, target in canonical.items() if one != target} | set(empty)
        for row in await rows_by(connection, credits, credits.c.person_id, removable):
            requested["title"].add(row.title_id)
        return removable

    async def _merge_all(
        self, connection: AsyncConnection, entity: Entity, ids: Collection[str], out: MergedRecords
    ) -> list[str]:
        """Merge the records with these ids. Returns the ids of those of which nothing is left."""
        empty: list[str] = []
        for chunk in chunks(sorted(ids)):
            loaded = await load_merge_input(connection, entity, chunk)
            # Parsing and search keys would delay replies.
            records, gone = await asyncio.to_thread(_merge_loaded, loaded, chunk)
            await replace_records(
                connection, await asyncio.to_thread(RecordRows.of, entity, records)
            )
            for record in records:
                known = out.changed if record.id in loaded.stored else out.added
                known.append(Ref(entity, record.id))
            empty += gone
        return empty


def _merge_loaded(loaded: MergeInput, ids: Sequence[str]) -> tuple[list[Title | Person], list[str]]:
    """Return the records that changed, and the ids of those of which nothing is left."""
    changed: list[Title | Person] = []
    empty: list[str] = []
    for record_id in ids:
        layers, edits = loaded.layers.get(record_id, ()), loaded.edits.get(record_id, ())
        merged = merge(record_id, layers, edits, loaded.person_ids)
        if merged is None:
            empty.append(record_id)
        elif encode_record(merged.record) != loaded.stored.get(record_id):
            changed.append(merged.record)
    return changed, empty


async def _remove_titles(
    connection: AsyncConnection, ids: Collection[str], out: MergedRecords
) -> None:
    """Remove titles, except those that countdowns refer to."""
    kept = {
        row.title_id for row in await rows_by(connection, countdowns, countdowns.c.title_id, ids)
    }
    for chunk in chunks(sorted(set(ids) - kept)):
        existing = await rows_by(connection, titles, titles.c.id, chunk)
        await connection.execute(delete(titles).where(titles.c.id.in_(chunk)))
        out.removed += [Ref("title", row.id) for row in existing]


async def _remove_people(
    connection: AsyncConnection, ids: Collection[str], out: MergedRecords
) -> None:
    """Remove people, except those who are still credited in a title."""
    kept = {row.person_id for row in await rows_by(connection, credits, credits.c.person_id, ids)}
    for chunk in chunks(sorted(set(ids) - kept)):
        existing = await rows_by(connection, people, people.c.id, chunk)
        await connection.execute(delete(people).where(people.c.id.in_(chunk)))
        out.removed += [Ref("person", row.id) for row in existing]


async def _write_title_aliases(
    connection: AsyncConnection, ids: Collection[str], out: MergedRecords
) -> None:
    """Give titles that were joined into others the record of those, for their countdowns.

    They can no longer be found by their names.
    """
    aliases = await alias_ids(connection, "title", ids)
    targets = await rows_by(connection, titles, titles.c.id, set(aliases.values()))
    records = {row.id: row for row in targets}
    for row in await rows_by(connection, titles, titles.c.id, aliases):
        target = records.get(aliases[row.id])
        if target is None or (row.joined_into, row.record) == (target.id, target.record):
            continue
        await delete_keys(connection, [row.id], is_title=True)
        await connection.execute(delete(credits).where(credits.c.title_id == row.id))
        values = {"record": target.record, "joined_into": target.id}
        await connection.execute(update(titles).where(titles.c.id == row.id).values(values))
        out.changed.append(Ref("title", row.id))


async def last_change(connection: AsyncConnection) -> int:
    """Return the id of the last change."""
    query = select(catalog_changes.c.id).order_by(catalog_changes.c.id.desc()).limit(1)
    return (await connection.execute(query)).scalar() or 0


async def prune_changes(connection: AsyncConnection) -> None:
    """Delete old changes, which all processes have seen or never will."""
    oldest = await last_change(connection) - _KEPT_CHANGES
    await connection.execute(delete(catalog_changes).where(catalog_changes.c.id < oldest))
