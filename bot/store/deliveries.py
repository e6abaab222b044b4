"""Stores claims and deliveries. Implements the announcer's `DeliveryStore`."""

import secrets
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, exists, func, select, update

from bot.announcements.milestones import MilestoneKind
from bot.announcements.model import Countdown, Decision, Delivery, PauseReason
from bot.announcements.ports import DeliveryStore, DueCountdown, Outcome
from bot.catalog.model import Title
from bot.store.countdown_rows import (
    claimed_row,
    countdown_from_row,
    delivery_from_row,
    encode_release_state,
    skipped_row,
)
from bot.store.database import Database
from bot.store.delivery_updates import (
    is_in_channel,
    latest_claim,
    settle_delivery,
    update_running,
    update_unsettled,
)
from bot.store.joined_countdowns import is_announced, skip
from bot.store.tables import countdowns, deliveries, titles
from bot.store.timestamps import from_timestamp, to_timestamp

# How long settled deliveries are kept, as a record of what was announced.
DELIVERY_RETENTION = timedelta(days=90)

# Leases and retries never lie further ahead, except after the clock was wrong.
_LONGEST_LEASE = timedelta(hours=2)

_WITH_TITLE = select(countdowns, titles.c.record).join(titles)

# An unsettled change. Until it is settled, nothing else in its countdown is due.
_open_change = (
    exists()
    .where(deliveries.c.countdown_id == countdowns.c.id, deliveries.c.lease_until.is_not(None))
    .where(deliveries.c.kind == str(MilestoneKind.CHANGED))
    .correlate(countdowns)
)


class SqlDeliveryStore(DeliveryStore):
    """A delivery store in the database. Several processes may use it concurrently."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def due_ids(self, now: datetime, limit: int) -> Sequence[int]:
        """Return the ids of due countdowns, longest due first.

        A countdown with an unsettled change is not due.
        """
        query = (
            select(countdowns.c.id)
            .where(countdowns.c.next_at <= to_timestamp(now), ~_open_change)
            .order_by(countdowns.c.next_at)
            .limit(limit)
        )
        return [row.id for row in await self._database.fetch(query)]

    async def load(self, countdown_id: int) -> DueCountdown | None:
        """Return a countdown with its title, or None if it is paused or no longer exists."""
        running = (countdowns.c.id == countdown_id) & countdowns.c.paused.is_(None)
        rows = await self._database.fetch(_WITH_TITLE.where(running))
        return _due_countdown(rows[0]) if rows else None

    async def claim(
        self, countdown: Countdown, decision: Decision, delivery: Delivery | None, until: datetime
    ) -> bool:
        """Store a decision, and its delivery with a lease until `until`.

        Returns False, and stores nothing, if the countdown has changed since it was loaded, or has
        an unsettled change. Returns False, too, if another countdown in the same channel, to a
        title that was joined with this one, announces the same; the delivery is then skipped.
        """
        async with self._database.write() as connection:
            is_repeated = await is_announced(connection, countdown, delivery)
            if delivery is not None and is_repeated:
                decision, delivery = skip(decision, delivery.milestone), None
            handled_until = decision.cursor
            changed = await connection.execute(
                update(countdowns)
                .where(countdowns.c.id == countdown.id, countdowns.c.version == countdown.version)
                .where(~_open_change)
                .values(
                    cursor=to_timestamp(handled_until),
                    known_release=encode_release_state(decision.known_release),
                    next_at=to_timestamp(decision.next_at),
                    version=countdown.version + 1,
                )
            )
            if changed.rowcount == 0:
                return False
            rows = [
                skipped_row(secrets.token_hex(8), countdown.id, milestone, handled_until)
                for milestone in decision.skipped
            ]
            if delivery is not None:
                rows.append(claimed_row(delivery, until))
            if rows:
                await connection.execute(deliveries.insert(), rows)
        return not is_repeated

    async def expired_claims(self, now: datetime, limit: int) -> Sequence[Delivery]:
        """Return unsettled deliveries whose lease has expired."""
        query = (
            select(deliveries)
            .where(_lease_expired(now))
            .order_by(deliveries.c.lease_until)
            .limit(limit)
        )
        return [delivery_from_row(row) for row in await self._database.fetch(query)]

    async def renew_claim(
        self, delivery_id: str, now: datetime, until: datetime
    ) -> Delivery | None:
        """Renew an expired lease for another attempt, which may post the message from now on.

        Returns the delivery, with `claimed_at` as the time of this attempt if no other may have
        posted it, or None if another process renewed it first.
        """
        expired = (deliveries.c.id == delivery_id) & _lease_expired(now)
        async with self._database.write() as connection:
            rows = (await connection.execute(select(deliveries).where(expired))).all()
            if not rows:
                return None
            delivery = delivery_from_row(rows[0])
            if not delivery.maybe_posted:
                delivery = replace(delivery, claimed_at=now)
            delivery = replace(delivery, claim_number=delivery.claim_number + 1)
            changed = await connection.execute(
                update(deliveries)
                .where(expired)
                .values(
                    claim_number=delivery.claim_number,
                    lease_until=to_timestamp(until),
                    claimed_at=to_timestamp(delivery.claimed_at),
                    maybe_posted=True,
                )
            )
        return delivery if changed.rowcount else None

    async def extend_leases(self, delivery_ids: Collection[str], until: datetime) -> None:
        """Extend the leases of deliveries that are being sent."""
        extended = {"lease_until": to_timestamp(until)}
        async with self._database.write() as connection:
            await update_unsettled(connection, deliveries.c.id.in_(delivery_ids), extended)

    async def schedule_retry(self, delivery: Delivery, until: datetime, error: str) -> None:
        """Store a failed attempt: `attempts`, `maybe_posted`, the error, and when to retry."""
        values = {
            "attempts": delivery.attempts,
            "maybe_posted": delivery.maybe_posted,
            "error": error,
            "lease_until": to_timestamp(until),
        }
        async with self._database.write() as connection:
            await update_unsettled(connection, latest_claim(delivery), values)

    async def move(self, delivery: Delivery) -> None:
        """Store the channel of a delivery that was certainly not posted in another one."""
        values = {"target_channel_id": delivery.channel_id}
        async with self._database.write() as connection:
            await update_unsettled(connection, latest_claim(delivery), values)

    async def settle(
        self,
        delivery: Delivery,
        outcome: Outcome,
        message_id: int | None = None,
        error: str | None = None,
    ) -> None:
        """Settle a delivery.

        A change that was announced becomes the known release of its countdown, which is then due.
        """
        async with self._database.write() as connection:
            # Also if it may have been posted, or never can be: do not announce it again.
            announced = outcome != "skipped"
            await settle_delivery(connection, delivery, announced, outcome, message_id, error)

    async def fail(
        self, delivery: Delivery, reason: PauseReason, error: str, now: datetime
    ) -> None:
        """Settle a delivery as failed, and pause its countdown with a notice that is due `now`."""
        paused = {"paused": str(reason), "next_at": None, "notify_at": to_timestamp(now)}
        async with self._database.write() as connection:
            # Otherwise, a change is announced after the countdown was resumed.
            announced = delivery.maybe_posted
            await settle_delivery(connection, delivery, announced, "failed", None, error)
            # If it is already paused, its reason is kept.
            await update_running(connection, delivery.countdown_id, paused, is_in_channel(delivery))

    async def defer_countdown(self, countdown_id: int, until: datetime) -> None:
        """Do not handle a countdown before `until`."""
        async with self._database.write() as connection:
            await update_running(connection, countdown_id, {"next_at": to_timestamp(until)})

    async def due_notices(self, now: datetime, limit: int) -> Sequence[DueCountdown]:
        """Return the paused countdowns whose servers have to be notified."""
        due = countdowns.c.notify_at <= to_timestamp(now)
        query = _WITH_TITLE.where(due).order_by(countdowns.c.notify_at).limit(limit)
        return [_due_countdown(row) for row in await self._database.fetch(query)]

    async def claim_notice(self, countdown_id: int, now: datetime, until: datetime) -> bool:
        """Claim a due notice. It is due again at `until`, unless it is settled.

        Returns False if another process claimed it first.
        """
        due = (countdowns.c.id == countdown_id) & (countdowns.c.notify_at <= to_timestamp(now))
        async with self._database.write() as connection:
            claimed = await connection.execute(
                update(countdowns).where(due).values(notify_at=to_timestamp(until))
            )
        return claimed.rowcount == 1

    async def settle_notice(self, countdown_id: int) -> None:
        """Store that a server was notified, or cannot be."""
        settled = update(countdowns).where(countdowns.c.id == countdown_id).values(notify_at=None)
        async with self._database.write() as connection:
            await connection.execute(settled)

    async def next_wake_at(self) -> datetime | None:
        """Return when the next countdown, retry or notice is due."""
        next_due = select(countdowns.c.next_at).where(countdowns.c.next_at.is_not(None))
        query = select(
            # The index on next_at gives the first row; most countdowns have no open change.
            next_due.where(~_open_change).order_by("next_at").limit(1).scalar_subquery(),
            select(func.min(deliveries.c.lease_until)).scalar_subquery(),
            select(func.min(countdowns.c.notify_at)).scalar_subquery(),
        )
        [row] = await self._database.fetch(query)
        instants = [instant for instant in row if instant is not None]
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


def _due_countdown(row: Any) -> DueCountdown:
    return DueCountdown(countdown_from_row(row), Title.model_validate_json(row.record))


def _lease_expired(now: datetime) -> ColumnElement[bool]:
    lease_until = deliveries.c.lease_until
    is_wrong = lease_until > to_timestamp(now + _LONGEST_LEASE)
    # With the first condition, the index is used.
    return lease_until.is_not(None) & ((lease_until <= to_timestamp(now)) | is_wrong)
