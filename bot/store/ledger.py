"""Countdowns and deliveries as the announcer uses them (`bot.countdown.ports.Ledger`)."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select, update

from bot.catalog.model import Title
from bot.countdown.model import Countdown, Decision, Delivery, PauseReason
from bot.countdown.occasions import Kind, Occasion
from bot.countdown.ports import Due
from bot.store.countdowns import countdown_of
from bot.store.database import Database
from bot.store.instants import from_seconds, seconds
from bot.store.tables import countdowns, deliveries, titles

# A delivery is kept so long after it was settled, for whoever wonders what was announced.
KEPT_FOR = timedelta(days=90)


class DatabaseLedger:
    """Keeps claims in the database, so that any number of processes can share it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def due(self, now: datetime, limit: int) -> Sequence[int]:
        """The ids of countdowns to look at, longest due first."""
        query = (
            select(countdowns.c.id)
            .where(countdowns.c.due <= seconds(now))
            .order_by(countdowns.c.due)
            .limit(limit)
        )
        return [row.id for row in await self._database.fetch(query)]

    async def load(self, countdown_id: int) -> Due | None:
        """A countdown that is not paused, with its title."""
        query = (
            select(countdowns, titles.c.record)
            .join(titles)
            .where(countdowns.c.id == countdown_id, countdowns.c.paused.is_(None))
        )
        rows = await self._database.fetch(query)
        if not rows:
            return None
        return Due(countdown_of(rows[0]), Title.model_validate_json(rows[0].record))

    async def claim(
        self, countdown: Countdown, decision: Decision, delivery: Delivery | None, until: datetime
    ) -> bool:
        """Write a decision down, and the delivery with a lease, unless somebody was quicker."""
        now = decision.cursor
        async with self._database.write() as connection:
            changed = await connection.execute(
                update(countdowns)
                .where(countdowns.c.id == countdown.id, countdowns.c.version == countdown.version)
                .values(
                    cursor=seconds(now),
                    seen=decision.seen,
                    due=seconds(decision.due),
                    version=countdown.version + 1,
                )
            )
            if changed.rowcount == 0:
                return False
            rows = [
                _row(secrets.token_hex(8), countdown, occasion, now)
                for occasion in decision.skipped
            ]
            if delivery is not None:
                claimed = _row(delivery.id, countdown, delivery.occasion, now)
                lease = {"before": delivery.before, "lease": seconds(until), "outcome": None}
                rows.append({**claimed, **lease})
            if rows:
                await connection.execute(deliveries.insert(), rows)
        return True

    async def unsettled(self, now: datetime, limit: int) -> Sequence[Delivery]:
        """Deliveries claimed and not settled whose lease has run out."""
        query = (
            select(deliveries)
            .where(deliveries.c.lease <= seconds(now))
            .order_by(deliveries.c.lease)
            .limit(limit)
        )
        return [_delivery(row) for row in await self._database.fetch(query)]

    async def renew(self, delivery: Delivery, now: datetime, until: datetime) -> bool:
        """Take such a delivery over for another attempt. Tells whether this was first."""
        async with self._database.write() as connection:
            changed = await connection.execute(
                update(deliveries)
                .where(deliveries.c.id == delivery.id, deliveries.c.lease <= seconds(now))
                .values(lease=seconds(until), attempts=delivery.attempts)
            )
        return changed.rowcount == 1

    async def postpone(self, delivery_id: str, until: datetime, error: str) -> None:
        """Leave a delivery to be taken up again at an instant."""
        await self._change_delivery(delivery_id, lease=seconds(until), error=error)

    async def settle(self, delivery: Delivery, outcome: str, message_id: int | None) -> None:
        """Close a delivery: `sent`, `skipped` or `failed`."""
        await self._change_delivery(delivery.id, lease=None, outcome=outcome, message_id=message_id)

    async def put_off(self, countdown_id: int, until: datetime) -> None:
        """Look at a countdown no sooner than an instant."""
        await self._change_running(countdown_id, due=seconds(until))

    async def pause(self, countdown_id: int, reason: PauseReason) -> None:
        """Let a countdown rest."""
        # Where a moderator was quicker, or the server is gone, that is the reason.
        await self._change_running(countdown_id, due=None, paused=str(reason))

    async def next_wake(self) -> datetime | None:
        """The next instant at which something is due or to be retried."""
        query = select(
            select(func.min(countdowns.c.due)).scalar_subquery().label("due"),
            select(func.min(deliveries.c.lease)).scalar_subquery().label("lease"),
        )
        [row] = await self._database.fetch(query)
        instants = [instant for instant in (row.due, row.lease) if instant is not None]
        return from_seconds(min(instants)) if instants else None

    async def forget_old(self, now: datetime) -> None:
        """Erase what was announced long ago."""
        long_ago = seconds(now - KEPT_FOR)
        async with self._database.write() as connection:
            await connection.execute(
                delete(deliveries).where(
                    deliveries.c.claimed < long_ago, deliveries.c.lease.is_(None)
                )
            )

    async def _change_delivery(self, delivery_id: str, **values: Any) -> None:
        # What another process has settled meanwhile stays settled.
        open_ = (deliveries.c.id == delivery_id) & deliveries.c.outcome.is_(None)
        async with self._database.write() as connection:
            await connection.execute(update(deliveries).where(open_).values(values))

    async def _change_running(self, countdown_id: int, **values: Any) -> None:
        async with self._database.write() as connection:
            await connection.execute(
                update(countdowns)
                .where(countdowns.c.id == countdown_id, countdowns.c.paused.is_(None))
                .values(version=countdowns.c.version + 1, **values)
            )


def _row(
    delivery_id: str, countdown: Countdown, occasion: Occasion, now: datetime
) -> dict[str, Any]:
    """A delivery's row, as skipped."""
    return {
        "id": delivery_id,
        "countdown_id": countdown.id,
        "kind": str(occasion.kind),
        "at": seconds(occasion.at),
        "until": seconds(occasion.until),
        "days": occasion.days,
        "before": "",
        "claimed": seconds(now),
        "attempts": 1,
        "lease": None,
        "outcome": "skipped",
    }


def _delivery(row: Any) -> Delivery:
    occasion = Occasion(Kind(row.kind), from_seconds(row.at), from_seconds(row.until), row.days)
    claimed = from_seconds(row.claimed)
    return Delivery(row.id, row.countdown_id, occasion, row.before, claimed, row.attempts + 1)
