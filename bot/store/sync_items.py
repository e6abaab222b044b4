"""Stores which items a source lists, and which of them are to be fetched."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, case, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.sources.ports import Item, Listing
from bot.store.database import Database, upsert_all
from bot.store.joined_records import chunks
from bot.store.layer_tables import source_items
from bot.store.sync_states import SyncLease, update_state
from bot.store.timestamps import from_timestamp, to_timestamp

_KEY = ["source", "entity", "external_id"]
_REFERENCED = "referenced"

# Items are fetched again after 150 days at the latest.
_FARTHEST = timedelta(days=200)


class SyncItemStore:
    """Stores the items of sources."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def known(self, source: str) -> set[Item]:
        """Return all items that a source has ever listed."""
        query = select(source_items.c.entity, source_items.c.external_id).where(
            source_items.c.source == source
        )
        return {Item(row.entity, row.external_id) for row in await self._database.fetch(query)}

    async def save_listing(self, lease: SyncLease, listing: Listing, now: datetime) -> None:
        """Store a part of a list, with the state to continue after it.

        Raises SyncLeaseLostError.
        """
        values: dict[str, Any] = {"state": json.dumps(dict(listing.state))}
        values["listed_at"] = to_timestamp(now)
        if listing.count is not None:
            values["listed"] = listing.count
        async with self._database.write() as connection:
            await update_state(connection, lease, values)
            await save_items(connection, lease.source, listing.stamps)

    async def due(self, source: str, now: datetime, limit: int) -> Mapping[Item, str]:
        """Return items to fetch with their stamps: titles first, the newest first."""
        query = (
            select(source_items)
            .where(source_items.c.source == source, _is_due(now))
            .order_by(
                source_items.c.entity.desc(),
                func.length(source_items.c.external_id).desc(),
                source_items.c.external_id.desc(),
            )
            .limit(limit)
        )
        rows = await self._database.fetch(query)
        return {Item(row.entity, row.external_id): row.stamp for row in rows}

    async def count_due(self, source: str, now: datetime) -> int:
        """Return the number of items to fetch."""
        query = select(func.count()).select_from(source_items)
        [row] = await self._database.fetch(
            query.where(source_items.c.source == source, _is_due(now))
        )
        return int(row[0])

    async def next_due(self, source: str) -> datetime | None:
        """Return when the next item is to be fetched again, even unchanged."""
        due_at, retry_at = source_items.c.due_at, source_items.c.retry_at
        not_before = case((retry_at > due_at, retry_at), else_=due_at)
        query = select(func.min(not_before)).where(source_items.c.source == source)
        [row] = await self._database.fetch(query)
        return None if row[0] is None else from_timestamp(row[0])

    async def postpone(
        self, source: str, items: Collection[Item], reason: str, until: datetime
    ) -> None:
        """Store that items could not be fetched. They are tried again after `until`."""
        async with self._database.write() as connection:
            for item in items:
                await connection.execute(
                    update(source_items)
                    .where(_is(source, item))
                    .values(
                        retry_at=to_timestamp(until),
                        failures=source_items.c.failures + 1,
                        reason=reason,
                    )
                )


async def save_items(connection: AsyncConnection, source: str, stamps: Mapping[Item, str]) -> None:
    """Store items with their stamps."""
    rows = [
        {"source": source, "entity": item.entity, "external_id": item.id, "stamp": stamp[:40]}
        for item, stamp in stamps.items()
        if len(item.id) <= 60
    ]
    for chunk in chunks(rows):
        await upsert_all(connection, source_items, _KEY, list(chunk))


async def add_items(connection: AsyncConnection, source: str, items: Iterable[Item]) -> None:
    """Store items that records refer to, unless they are known."""
    known: set[Item] = set()
    listed = list(dict.fromkeys(items))
    for chunk in chunks([item.id for item in listed]):
        query = select(source_items.c.entity, source_items.c.external_id).where(
            source_items.c.source == source, source_items.c.external_id.in_(chunk)
        )
        rows = (await connection.execute(query)).all()
        known |= {Item(row.entity, row.external_id) for row in rows}
    new = {item: _REFERENCED for item in listed if item not in known}
    await save_items(connection, source, new)


async def settle_item(
    connection: AsyncConnection,
    source: str,
    item: Item,
    stamp: str,
    outcome: str,
    now: datetime,
    due_at: datetime | None,
    reason: str | None = None,
) -> None:
    """Store that an item was fetched when it had this stamp. It may have changed since."""
    await connection.execute(
        update(source_items)
        .where(_is(source, item))
        .values(
            fetched_stamp=stamp,
            fetched_at=to_timestamp(now),
            due_at=to_timestamp(due_at),
            retry_at=None,
            failures=0,
            outcome=outcome,
            reason=reason,
        )
    )


async def refused_items(database: Database, source: str, limit: int) -> Sequence[Any]:
    """Return rows of items that could not be used or fetched, with the reasons."""
    query = (
        select(source_items)
        .where(source_items.c.source == source, source_items.c.reason.is_not(None))
        .order_by(source_items.c.entity.desc(), source_items.c.external_id)
        .limit(limit)
    )
    return await database.fetch(query)


def _is(source: str, item: Item) -> ColumnElement[bool]:
    return (
        (source_items.c.source == source)
        & (source_items.c.entity == item.entity)
        & (source_items.c.external_id == item.id)
    )


def _is_due(now: datetime) -> ColumnElement[bool]:
    has_changed = source_items.c.fetched_stamp.is_(None) | (
        source_items.c.fetched_stamp != source_items.c.stamp
    )
    may_retry = source_items.c.retry_at.is_(None) | _has_come(source_items.c.retry_at, now)
    return (has_changed | _has_come(source_items.c.due_at, now)) & may_retry


def _has_come(column: ColumnElement[float | None], now: datetime) -> ColumnElement[bool]:
    """Return whether a time has come, or is so far ahead that a wrong clock must have set it."""
    return (column <= to_timestamp(now)) | (column > to_timestamp(now + _FARTHEST))
