"""Countdowns to titles that were joined: what one of them announces, the others do not."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.announcements.milestones import Milestone
from bot.announcements.model import Countdown, Decision, Delivery
from bot.catalog.model import Title
from bot.store.countdown_rows import countdown_from_row, encode_release_state
from bot.store.tables import countdowns, deliveries, titles
from bot.store.timestamps import to_timestamp

# Countdowns may announce a milestone at different times of day.
_SAME_ANNOUNCEMENT = timedelta(days=1)


def skip(decision: Decision, milestone: Milestone) -> Decision:
    """Return the decision not to post a milestone. A change is then known all the same."""
    skipped = [*decision.skipped, milestone]
    if decision.announced_release is None:
        return replace(decision, post=None, skipped=skipped)
    return Decision(
        None,
        skipped,
        max(decision.cursor, milestone.at),
        decision.announced_release,
        # What follows is decided anew.
        milestone.at,
    )


async def is_announced(
    connection: AsyncConnection, countdown: Countdown, delivery: Delivery | None
) -> bool:
    """Return whether a countdown to a joined title announces the same in the same channel.

    No such countdown can claim a delivery until the transaction ends.
    """
    if delivery is None or not (twins := await _lock_twins(connection, countdown)):
        return False
    milestone = delivery.milestone
    at, tolerance = to_timestamp(milestone.at), _SAME_ANNOUNCEMENT.total_seconds()
    announced = encode_release_state(delivery.announced_release)
    query = (
        select(deliveries.c.id)
        .where(deliveries.c.countdown_id.in_(twins))
        .where(deliveries.c.kind == str(milestone.kind))
        .where(deliveries.c.days_left.is_not_distinct_from(milestone.days_left))
        .where(deliveries.c.announced_release.is_not_distinct_from(announced))
        .where(deliveries.c.due_at.between(at - tolerance, at + tolerance))
        .where(deliveries.c.outcome.is_(None) | deliveries.c.outcome.in_(("sent", "unknown")))
        .limit(1)
    )
    return (await connection.execute(query)).first() is not None


async def _lock_twins(connection: AsyncConnection, countdown: Countdown) -> Sequence[int]:
    """Return the ids of countdowns in the same channel to the same release of a joined title."""
    own = select(titles).where(titles.c.id == countdown.title_id)
    title = (await connection.execute(own)).first()
    if title is None:
        return []
    root = title.joined_into or title.id
    is_joined = or_(titles.c.id == root, titles.c.joined_into == root)
    query = (
        select(countdowns)
        .join(titles)
        .where(is_joined, countdowns.c.channel_id == countdown.channel_id)
        .order_by(countdowns.c.id)
        # The lock of all of them at once, in the same order, cannot end in a deadlock.
        .with_for_update(of=countdowns)
    )
    rows = (await connection.execute(query)).all()
    others = [countdown_from_row(row) for row in rows if row.title_id != countdown.title_id]
    if not others:
        return []
    record = Title.model_validate_json(title.record)
    release = countdown.find_release(record)
    return [one.id for one in others if one.find_release(record) == release]
