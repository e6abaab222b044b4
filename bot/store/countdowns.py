"""Stores countdowns, for moderators and the operator."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import case, delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.announcements.errors import CountdownLimitError, DuplicateCountdownError
from bot.announcements.model import Countdown, NewCountdown, PauseReason
from bot.store.countdown_rows import countdown_from_row, countdown_values
from bot.store.database import Database
from bot.store.tables import countdowns, deliveries
from bot.store.timestamps import from_timestamp

MAX_COUNTDOWNS = 100
"""The maximum number of countdowns per server."""

# A command may run on a machine whose clock is wrong, so its time is not used.
_IMMEDIATELY = 0.0


@dataclass(frozen=True, slots=True)
class FailedDelivery:
    """A delivery with a failed attempt. `outcome` is None while it is being retried."""

    claimed_at: datetime
    countdown_id: int
    attempts: int
    outcome: str | None
    error: str


class CountdownStore:
    """Stores countdowns."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, new: NewCountdown) -> Countdown:
        """Store a new countdown. Raises DuplicateCountdownError, CountdownLimitError."""
        own = countdowns.c.guild_id == new.guild_id
        values = {**countdown_values(new), "version": 1}
        try:
            async with self._database.write() as connection:
                count = select(func.count()).select_from(countdowns).where(own)
                if (await connection.execute(count)).scalar_one() >= MAX_COUNTDOWNS:
                    raise CountdownLimitError(MAX_COUNTDOWNS)
                added = await connection.execute(countdowns.insert().values(values))
        except IntegrityError as error:
            raise await self._find_duplicate(new) or error from None
        [new_id] = added.inserted_primary_key or [0]
        attributes = {field.name: getattr(new, field.name) for field in fields(NewCountdown)}
        return Countdown(**attributes, id=int(new_id), version=1)

    async def list_for_guild(self, guild_id: int) -> list[Countdown]:
        """Return the countdowns of a server, oldest first."""
        query = select(countdowns).where(countdowns.c.guild_id == guild_id)
        rows = await self._database.fetch(query.order_by(countdowns.c.id))
        return [countdown_from_row(row) for row in rows]

    async def get(self, guild_id: int, countdown_id: int) -> Countdown | None:
        """Return a countdown of a server, or None."""
        query = select(countdowns).where(
            countdowns.c.id == countdown_id, countdowns.c.guild_id == guild_id
        )
        rows = await self._database.fetch(query)
        return countdown_from_row(rows[0]) if rows else None

    async def update(self, countdown: Countdown) -> bool:
        """Store a changed countdown, as its next version.

        Returns False, and stores nothing, if it has been changed or removed in the meantime.
        Raises DuplicateCountdownError.
        """
        values = {**countdown_values(countdown), "version": countdown.version + 1}
        # Only the announcer may change the last announced state.
        del values["known_release"]
        if countdown.paused in (None, PauseReason.MANUAL):
            values["notify_at"] = None
        own = (countdowns.c.id == countdown.id) & (countdowns.c.guild_id == countdown.guild_id)
        unchanged = own & (countdowns.c.version == countdown.version)
        try:
            async with self._database.write() as connection:
                changed = await connection.execute(
                    update(countdowns).where(unchanged).values(values)
                )
        except IntegrityError as error:
            raise await self._find_duplicate(countdown) or error from None
        return changed.rowcount == 1

    async def remove(self, guild_id: int, countdown_id: int) -> None:
        """Delete a countdown of a server and its deliveries."""
        own = (countdowns.c.id == countdown_id) & (countdowns.c.guild_id == guild_id)
        async with self._database.write() as connection:
            await connection.execute(delete(countdowns).where(own))

    async def requeue(self, connection: AsyncConnection, title_ids: Sequence[str]) -> None:
        """Make the running countdowns to these titles due, within a transaction."""
        changed = countdowns.c.title_id.in_(title_ids) & countdowns.c.paused.is_(None)
        values = {"next_at": _IMMEDIATELY, "version": countdowns.c.version + 1}
        await connection.execute(update(countdowns).where(changed).values(values))

    async def reset_after_restore(self) -> None:
        """Continue all countdowns of all servers from the next start.

        Milestones due before then are not announced, and neither are changes of releases.
        """
        values = {
            "next_at": case((countdowns.c.paused.is_(None), _IMMEDIATELY)),
            "known_release": None,
            "notify_at": None,
            "version": countdowns.c.version + 1,
        }
        # A change may have been announced after the backup was made.
        open_changes = deliveries.c.lease_until.is_not(None) & (deliveries.c.kind == "changed")
        unknown = {"lease_until": None, "outcome": "unknown"}
        async with self._database.write() as connection:
            await connection.execute(update(deliveries).where(open_changes).values(unknown))
            await connection.execute(update(countdowns).values(values))

    async def list_next(self, limit: int) -> Sequence[Countdown]:
        """Return the countdowns of all servers that are due next, soonest first."""
        query = select(countdowns).where(countdowns.c.next_at.is_not(None))
        rows = await self._database.fetch(query.order_by(countdowns.c.next_at).limit(limit))
        return [countdown_from_row(row) for row in rows]

    async def list_paused(self, limit: int) -> Sequence[Countdown]:
        """Return the countdowns of all servers that were not paused manually, newest first."""
        not_manual = [str(r) for r in PauseReason if r is not PauseReason.MANUAL]
        query = select(countdowns).where(countdowns.c.paused.in_(not_manual))
        rows = await self._database.fetch(query.order_by(countdowns.c.id.desc()).limit(limit))
        return [countdown_from_row(row) for row in rows]

    async def list_failures(self, limit: int) -> Sequence[FailedDelivery]:
        """Return the deliveries of all servers with a failed attempt, latest first."""
        failed = deliveries.c.error.is_not(None) | (deliveries.c.outcome == "failed")
        query = (
            select(deliveries).where(failed).order_by(deliveries.c.claimed_at.desc()).limit(limit)
        )
        return [
            FailedDelivery(
                from_timestamp(row.claimed_at),
                row.countdown_id,
                row.attempts,
                row.outcome,
                row.error or "",
            )
            for row in await self._database.fetch(query)
        ]

    async def _find_duplicate(self, countdown: NewCountdown) -> DuplicateCountdownError | None:
        """Return an error for the countdown with the same title, release and channel, if any."""
        query = select(countdowns).where(
            countdowns.c.guild_id == countdown.guild_id,
            countdowns.c.title_id == countdown.title_id,
            countdowns.c.release_key == countdown.release_key,
            countdowns.c.channel_id == countdown.channel_id,
        )
        rows = await self._database.fetch(query)
        return DuplicateCountdownError(countdown_from_row(rows[0])) if rows else None
