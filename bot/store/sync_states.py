"""Stores how far the sync of each source is. One process at a time syncs a source."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import BonbangError
from bot.sources.ports import SourceStatus
from bot.store.database import Database
from bot.store.layer_tables import source_records, source_states
from bot.store.timestamps import from_timestamp, to_timestamp

LEASE = timedelta(seconds=30)
"""How long a process that syncs a source may be silent before another one takes over."""


class SyncLeaseLostError(BonbangError):
    """Another process has taken over the sync of a source."""


@dataclass(frozen=True, slots=True)
class SyncLease:
    """The right of a process to sync a source, with the state of the source's list.

    `listed` is the number of items of the last complete list. `listed_at` is when changes were
    last asked for. `failed_at` is since when the source cannot be read.
    """

    source: str
    owner: str
    state: Mapping[str, Any]
    listed: int | None
    listed_at: datetime | None
    failed_at: datetime | None = None


class SyncStateStore:
    """Stores leases, states and outcomes of syncs."""

    def __init__(self, database: Database, lease: timedelta = LEASE) -> None:
        self._database = database
        self._lease = lease

    async def acquire(self, source: str, owner: str, now: datetime) -> SyncLease | None:
        """Return a lease for a source, or None while another process has it."""
        async with self._database.write() as connection:
            query = select(source_states).where(source_states.c.source == source)
            row = (await connection.execute(query)).first()
            if row is not None and row.owner not in (None, owner) and self._holds(row, now):
                return None
            values = {
                "owner": owner,
                "lease_until": to_timestamp(now + self._lease),
                "started_at": to_timestamp(now),
            }
            if row is None:
                first = {"source": source, "state": "{}", **values}
                await connection.execute(source_states.insert().values(first))
                return SyncLease(source, owner, {}, None, None)
            await connection.execute(
                update(source_states).where(source_states.c.source == source).values(values)
            )
        listed_at, failed_at = _instant(row.listed_at), _instant(row.failed_at)
        return SyncLease(source, owner, json.loads(row.state), row.listed, listed_at, failed_at)

    async def extend(self, lease: SyncLease, now: datetime) -> None:
        """Extend a lease. Raises SyncLeaseLostError."""
        async with self._database.write() as connection:
            await self.require(connection, lease, now)

    async def require(self, connection: AsyncConnection, lease: SyncLease, now: datetime) -> None:
        """Extend a lease within a transaction. Raises SyncLeaseLostError."""
        values = {"lease_until": to_timestamp(now + self._lease)}
        await update_state(connection, lease, values)

    async def finish(self, lease: SyncLease, summary: Mapping[str, int], now: datetime) -> None:
        """Store that a sync has completed, and end its lease."""
        values = {"finished_at": to_timestamp(now), "error": None, "advice": None}
        values |= {"failed_at": None, "retry_at": None}
        await self._end(lease, {**values, "summary": json.dumps(dict(summary))})

    async def fail(
        self,
        lease: SyncLease,
        error: str,
        advice: str,
        retry_at: datetime | None,
        now: datetime,
    ) -> None:
        """Store why a sync has failed, and end its lease. What it has read so far is kept."""
        # It has not been read since the first failure. The clock may have been set back, though.
        since = min(lease.failed_at or now, now)
        failed: dict[str, Any] = {"failed_at": to_timestamp(since), "error": error}
        failed["advice"] = advice
        await self._end(lease, {**failed, "retry_at": to_timestamp(retry_at)})

    async def release(self, lease: SyncLease) -> None:
        """End a lease, as when the process stops."""
        await self._end(lease, {})

    async def statuses(self, now: datetime) -> Sequence[SourceStatus]:
        """Return the status of every source that was ever read."""
        query = select(source_states).order_by(source_states.c.source)
        count = select(source_records.c.source, func.count()).group_by(source_records.c.source)
        counts = {row[0]: row[1] for row in await self._database.fetch(count)}
        return [
            SourceStatus(
                row.source,
                _instant(row.started_at),
                _instant(row.finished_at),
                _instant(row.failed_at),
                row.error,
                row.advice,
                _instant(row.retry_at),
                row.owner is not None and self._holds(row, now),
                json.loads(row.summary or "{}"),
                counts.get(row.source, 0),
            )
            for row in await self._database.fetch(query)
        ]

    def _holds(self, row: Any, now: datetime) -> bool:
        until = from_timestamp(row.lease_until or 0.0)
        # A lease that ends much later was made by a clock that is wrong.
        return now < until < now + 10 * self._lease

    async def _end(self, lease: SyncLease, values: Mapping[str, Any]) -> None:
        async with self._database.write() as connection:
            own = (source_states.c.source == lease.source) & (source_states.c.owner == lease.owner)
            ended = {**values, "owner": None, "lease_until": None}
            await connection.execute(update(source_states).where(own).values(ended))


async def update_state(
    connection: AsyncConnection, lease: SyncLease, values: Mapping[str, Any]
) -> None:
    """Change the state of a source within a transaction. Raises SyncLeaseLostError."""
    own = (source_states.c.source == lease.source) & (source_states.c.owner == lease.owner)
    changed = await connection.execute(update(source_states).where(own).values(dict(values)))
    if changed.rowcount == 0:
        raise SyncLeaseLostError(f"another process syncs {lease.source} now")


def _instant(stored: float | None) -> datetime | None:
    return None if stored is None else from_timestamp(stored)
