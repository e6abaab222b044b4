"""Stores claims and deliveries. Implements the announcer's `DeliveryStore`."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select, update

from bot.announcements.model import Countdown, Decision, Delivery, PauseReason
from bot.announcements.ports import DeliveryStore, DueCountdown
from bot.catalog.model import Title
from bot.store.countdown_rows import (
    claimed_row,
    countdown_from_row,
    delivery_from_row,
    encode_release_state,
    skipped_row,
)
from bot.store.database import Database
from bot.store.tables import countdowns, deliveries, titles
from bot.store.timestamps import from_timestamp, to_timestamp

# How long settled deliveries are kept, as a record of what was announced.
DELIVERY_RETENTION = timedelta(days=90)


class SqlDeliveryStore(DeliveryStore):
    """A delivery store in the database. Several processes may use it concurrently."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def due_ids(self, now: datetime, limit: int) -> Sequence[int]:
        """Return the ids of due countdowns, longest due first."""
        query = (
            select(countdowns.c.id)
            .where(countdowns.c.next_at <= to_timestamp(now))
            .order_by(countdowns.c.next_at)
            .limit(limit)
        )
        return [row.id for row in await self._database.fetch(query)]

    async def load(self, countdown_id: int) -> DueCountdown | None:
        """Return a countdown with its title, or None if it is paused or no longer exists."""
        query = (
            select(countdowns, titles.c.record)
            .join(titles)
            .where(countdowns.c.id == countdown_id, countdowns.c.paused.is_(None))
        )
        rows = await self._database.fetch(query)
        if not rows:
            return None
        return DueCountdown(countdown_from_row(rows[0]), Title.model_validate_json(rows[0].record))

    async def claim(
        self, countdown: Countdown, decision: Decision, delivery: Delivery | None, until: datetime
    ) -> bool:
        """Store a decision, and its delivery with a lease until `until`.

        Returns False, and stores nothing, if the countdown has changed since it was loaded.
        """
        now = decision.cursor
        async with self._database.write() as connection:
            changed = await connection.execute(
                update(countdowns)
                .where(countdowns.c.id == countdown.id, countdowns.c.version == countdown.version)
                .values(
                    cursor=to_timestamp(now),
                    known_release=encode_release_state(decision.known_release),
                    next_at=to_timestamp(decision.next_at),
                    version=countdown.version + 1,
                )
            )
            if changed.rowcount == 0:
                return False
            rows = [
                skipped_row(secrets.token_hex(8), countdown.id, milestone, now)
                for milestone in decision.skipped
            ]
            if delivery is not None:
                rows.append(claimed_row(delivery, until))
            if rows:
                await connection.execute(deliveries.insert(), rows)
        return True

    async def expired_claims(self, now: datetime, limit: int) -> Sequence[Delivery]:
        """Return unsettled deliveries whose lease has expired."""
        query = (
            select(deliveries)
            .where(deliveries.c.lease_until <= to_timestamp(now))
            .order_by(deliveries.c.lease_until)
            .limit(limit)
        )
        return [delivery_from_row(row) for row in await self._database.fetch(query)]

    async def renew_claim(self, delivery: Delivery, now: datetime, until: datetime) -> bool:
        """Renew an expired lease for another attempt.

        Returns False if another process renewed it first.
        """
        async with self._database.write() as connection:
            changed = await connection.execute(
                update(deliveries)
                .where(
                    deliveries.c.id == delivery.id, deliveries.c.lease_until <= to_timestamp(now)
                )
                .values(lease_until=to_timestamp(until), attempts=delivery.attempts)
            )
        return changed.rowcount == 1

    async def schedule_retry(self, delivery_id: str, until: datetime, error: str) -> None:
        """Schedule a delivery to be retried at `until`."""
        await self._update_unsettled(delivery_id, lease_until=to_timestamp(until), error=error)

    async def settle(self, delivery: Delivery, outcome: str, message_id: int | None) -> None:
        """Settle a delivery as `sent`, `skipped` or `failed`."""
        await self._update_unsettled(
            delivery.id, lease_until=None, outcome=outcome, message_id=message_id
        )

    async def defer_countdown(self, countdown_id: int, until: datetime) -> None:
        """Do not handle a countdown before `until`."""
        await self._update_running_countdown(countdown_id, next_at=to_timestamp(until))

    async def pause_countdown(self, countdown_id: int, reason: PauseReason) -> None:
        """Pause a running countdown."""
        # If it is already paused, its reason is kept.
        await self._update_running_countdown(countdown_id, next_at=None, paused=str(reason))

    async def next_wake_at(self) -> datetime | None:
        """Return when the next countdown or retry is due."""
        next_at, lease_until = func.min(countdowns.c.next_at), func.min(deliveries.c.lease_until)
        query = select(
            select(next_at).scalar_subquery().label("next_at"),
            select(lease_until).scalar_subquery().label("lease_until"),
        )
        [row] = await self._database.fetch(query)
        instants = [instant for instant in (row.next_at, row.lease_until) if instant is not None]
        return from_timestamp(min(instants)) if instants else None

    async def purge_old(self, now: datetime) -> None:
        """Delete settled deliveries older than `DELIVERY_RETENTION`."""
        cutoff = to_timestamp(now - DELIVERY_RETENTION)
        async with self._database.write() as connection:
            await connection.execute(
                delete(deliveries).where(
                    deliveries.c.claimed_at < cutoff, deliveries.c.lease_until.is_(None)
                )
            )

    async def _update_unsettled(self, delivery_id: str, **values: Any) -> None:
        # Another process may have settled the delivery in the meantime.
        unsettled = (deliveries.c.id == delivery_id) & deliveries.c.outcome.is_(None)
        async with self._database.write() as connection:
            await connection.execute(update(deliveries).where(unsettled).values(values))

    async def _update_running_countdown(self, countdown_id: int, **values: Any) -> None:
        async with self._database.write() as connection:
            await connection.execute(
                update(countdowns)
                .where(countdowns.c.id == countdown_id, countdowns.c.paused.is_(None))
                .values(version=countdowns.c.version + 1, **values)
            )
