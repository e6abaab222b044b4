"""Stores what was fetched from a source, and merges the records that it changes."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.catalog.confirmation import CONFIRM_AFTER
from bot.catalog.identity import Comparison, Verdict
from bot.clock import Clock
from bot.sources.ports import Fetched, Item
from bot.store.database import Database
from bot.store.joined_records import Ref, alias_ids, canonical_ids, chunks, rows_by
from bot.store.layer_tables import source_credits, source_records
from bot.store.layers import LayerRows, delete_layers, write_layers
from bot.store.record_identity import (
    join_by_external_ids,
    join_if_same,
    join_people_of_titles,
)
from bot.store.record_ids import with_record_ids
from bot.store.record_merging import MergedRecords, RecordMerger, TitlesChanged, prune_changes
from bot.store.record_rows import Entity
from bot.store.source_changes import SourceChanges, compare, load_stored
from bot.store.sync_items import add_items, settle_item
from bot.store.sync_states import SyncLease, SyncStateStore
from bot.store.timestamps import to_timestamp

# Records that could not be used may have been mended.
_RETRY_REFUSED = timedelta(days=1)


class SourceRecordStore:
    """Stores the records of sources as layers. Each fetch is stored in one transaction."""

    def __init__(
        self,
        database: Database,
        states: SyncStateStore,
        clock: Clock,
        on_titles_changed: TitlesChanged,
    ) -> None:
        self._database = database
        self._states = states
        self._clock = clock
        self._merger = RecordMerger(clock, on_titles_changed)

    async def save(
        self,
        lease: SyncLease,
        items: Mapping[Item, str],
        fetched: Fetched,
        max_age: timedelta | None,
    ) -> MergedRecords:
        """Store what was fetched of items with these stamps. Returns the records that changed.

        Raises SyncLeaseLostError.
        """
        now = self._clock()
        async with self._database.write() as connection:
            await self._states.require(connection, lease, now)
            stored = await load_stored(connection, lease.source, fetched.records)
            # Parsing and comparing would delay replies.
            changes = await asyncio.to_thread(compare, lease.source, fetched.records, stored, now)
            merged = await self._write(connection, lease.source, changes, fetched, now)
            await add_items(connection, lease.source, fetched.referenced)
            for item, stamp in items.items():
                outcome, reason = _outcome(item, fetched)
                due_at = _due_at(item, fetched, outcome, changes.pending, max_age, now)
                await settle_item(
                    connection, lease.source, item, stamp, outcome, now, due_at, reason
                )
        return merged

    async def drop_expired(self, source: str, before: datetime) -> MergedRecords:
        """Drop what a source said before a time, and show what other sources say instead."""
        is_old = source_records.c.fetched_at < to_timestamp(before)
        async with self._database.write() as connection:
            query = select(source_records).where(source_records.c.source == source, is_old)
            rows = (await connection.execute(query)).all()
            return await self._drop(connection, source, rows)

    async def remove_source(self, source: str) -> MergedRecords:
        """Drop everything that a source has ever said."""
        async with self._database.write() as connection:
            query = select(source_records).where(source_records.c.source == source)
            rows = (await connection.execute(query)).all()
            return await self._drop(connection, source, rows)

    async def prune(self) -> None:
        """Delete what no process needs any more."""
        async with self._database.write() as connection:
            await prune_changes(connection)

    async def _drop(
        self, connection: AsyncConnection, source: str, rows: Sequence[Any]
    ) -> MergedRecords:
        await delete_layers(connection, source, [(row.entity, row.external_id) for row in rows])
        people = {f"{source}-{row.external_id}" for row in rows if row.entity == "person"}
        refs = {Ref(row.entity, row.record_id) for row in rows}
        return await self._merger.merge(
            connection, refs | await _titles_crediting(connection, source, people)
        )

    async def _write(
        self,
        connection: AsyncConnection,
        source: str,
        changes: SourceChanges,
        fetched: Fetched,
        now: datetime,
    ) -> MergedRecords:
        layers = await with_record_ids(connection, source, changes.layers)
        await write_layers(connection, LayerRows.of(source, layers))
        await _touch(connection, source, changes.unchanged, now)
        refs = {Ref(layer.record.entity, layer.record_id) for layer in layers}
        refs |= await _join_merged(connection, source, fetched.merged, now)
        refs |= await _titles_crediting(connection, source, changes.new_people)
        joined = await join_by_external_ids(connection, refs, now)
        merged = await self._merger.merge(connection, refs | joined, joined)
        refs |= joined
        titles = {ref.id for ref in refs if ref.entity == "title"}
        titles = await _with_several_sources(connection, titles)
        if joined := await join_people_of_titles(connection, titles, now):
            await self._merger.merge(connection, joined, joined)
        return merged


async def _touch(
    connection: AsyncConnection, source: str, keys: Sequence[tuple[Entity, str]], now: datetime
) -> None:
    for entity in ("title", "person"):
        for chunk in chunks([one for kind, one in keys if kind == entity]):
            await connection.execute(
                update(source_records)
                .where(
                    source_records.c.source == source,
                    source_records.c.entity == entity,
                    source_records.c.external_id.in_(chunk),
                )
                .values(fetched_at=to_timestamp(now))
            )


async def _join_merged(
    connection: AsyncConnection, source: str, merged: Mapping[str, str], now: datetime
) -> set[Ref]:
    """Join records that a source has merged, given by their ids in the source's records."""
    refs: set[Ref] = set()
    for old, new in merged.items():
        rows = await rows_by(
            connection,
            source_records,
            source_records.c.external_id,
            [old.removeprefix(f"{source}-"), new.removeprefix(f"{source}-")],
            source_records.c.source == source,
        )
        for entity in ("title", "person"):
            ids = {row.external_id: row.record_id for row in rows if row.entity == entity}
            if len(ids) == 2:
                pair = (ids[old.removeprefix(f"{source}-")], ids[new.removeprefix(f"{source}-")])
                await delete_layers(connection, source, [(entity, old.removeprefix(f"{source}-"))])
                merged_by_source = Comparison(Verdict.SAME, (f"merged:{source}",))
                await join_if_same(connection, entity, pair, merged_by_source, now)
                refs |= {Ref(entity, one) for one in pair}
        refs |= await _titles_crediting(connection, source, {old})
    return refs


async def _titles_crediting(
    connection: AsyncConnection, source: str, people: Collection[str]
) -> set[Ref]:
    """Return the titles that credit people, given by their ids in the source's records."""
    credited = await rows_by(
        connection,
        source_credits,
        source_credits.c.person_id,
        people,
        source_credits.c.source == source,
    )
    rows = await rows_by(
        connection,
        source_records,
        source_records.c.external_id,
        {row.title_id for row in credited},
        source_records.c.source == source,
        source_records.c.entity == "title",
    )
    return {Ref("title", row.record_id) for row in rows}


async def _with_several_sources(connection: AsyncConnection, ids: Collection[str]) -> set[str]:
    """Return the titles about which more than one source says something."""
    canonical = await canonical_ids(connection, "title", ids)
    record_ids = {one: one for one in canonical.values()}
    record_ids |= await alias_ids(connection, "title", set(canonical.values()))
    rows = await rows_by(
        connection,
        source_records,
        source_records.c.record_id,
        record_ids,
        source_records.c.entity == "title",
    )
    sources: dict[str, set[str]] = {}
    for row in rows:
        sources.setdefault(record_ids[row.record_id], set()).add(row.source)
    return {one for one, names in sources.items() if len(names) > 1}


def _outcome(item: Item, fetched: Fetched) -> tuple[str, str | None]:
    if item in fetched.refused:
        return "refused", fetched.refused[item]
    if item in fetched.missing:
        return "missing", None
    return ("unwanted" if item in fetched.unwanted else "found"), None


def _due_at(
    item: Item,
    fetched: Fetched,
    outcome: str,
    pending: Collection[str],
    max_age: timedelta | None,
    now: datetime,
) -> datetime | None:
    """Return when to fetch an item again, even if the source does not say that it changed."""
    if outcome == "refused":
        return now + _RETRY_REFUSED
    if fetched.found.get(item) in pending:
        return now + CONFIRM_AFTER
    return now + max_age if max_age else None
