"""Builds decisions and deliveries for tests, and reads their rows."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import text

from bot.announcements.milestones import Milestone, MilestoneKind
from bot.announcements.model import Countdown, Decision, Delivery
from bot.announcements.ports import DeliveryStore
from bot.store.countdowns import CountdownStore
from bot.store.database import Database
from tests.announcements.builders import a_countdown, state
from tests.conftest import NOW

LEASE = timedelta(seconds=15)
LATER = NOW + timedelta(days=4)
D_7 = Milestone(MilestoneKind.DAYS_LEFT, NOW, NOW + timedelta(hours=15), 7)


def decision(post: Milestone | None = D_7, *skipped: Milestone, **fields: Any) -> Decision:
    return replace(Decision(post, skipped, NOW, state("2026"), LATER), **fields)


def delivery(countdown: Countdown, delivery_id: str = "aaaa", **fields: Any) -> Delivery:
    return replace(
        Delivery(delivery_id, countdown.id, countdown.channel_id, D_7, state(), None, NOW), **fields
    )


async def claimed(
    deliveries: DeliveryStore, countdowns: CountdownStore
) -> tuple[Countdown, Delivery]:
    """A countdown whose D-7 is claimed and not settled."""
    countdown = await countdowns.add(a_countdown(next_at=NOW))
    one = delivery(countdown)
    assert await deliveries.claim(countdown, decision(), one, NOW + LEASE)
    return countdown, one


async def delivery_rows(database: Database) -> list[Any]:
    """The rows of all deliveries."""
    async with database.read() as connection:
        query = text("SELECT * FROM deliveries ORDER BY claimed_at, id")
        return list((await connection.execute(query)).all())
