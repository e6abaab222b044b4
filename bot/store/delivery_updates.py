"""Updates of deliveries and their countdowns, within a transaction."""

from typing import Any

from sqlalchemy import ColumnElement, case, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.announcements.milestones import MilestoneKind
from bot.announcements.model import Delivery
from bot.announcements.ports import Outcome
from bot.store.countdown_rows import encode_release_state
from bot.store.tables import countdowns, deliveries
from bot.store.timestamps import to_timestamp


def latest_claim(delivery: Delivery) -> ColumnElement[bool]:
    """Return the condition that no other process has taken over a delivery."""
    return (deliveries.c.id == delivery.id) & (deliveries.c.claim_number == delivery.claim_number)


def is_in_channel(delivery: Delivery) -> ColumnElement[bool]:
    """Return the condition that a countdown is in the channel that its delivery is posted in."""
    target = select(deliveries.c.target_channel_id).where(deliveries.c.id == delivery.id)
    return countdowns.c.channel_id == target.scalar_subquery()


async def update_unsettled(
    connection: AsyncConnection, which: ColumnElement[bool], values: dict[str, Any]
) -> bool:
    """Update deliveries, unless another process has settled them in the meantime."""
    unsettled = which & deliveries.c.outcome.is_(None)
    changed = await connection.execute(update(deliveries).where(unsettled).values(values))
    return changed.rowcount > 0


async def update_running(
    connection: AsyncConnection,
    countdown_id: int,
    values: dict[str, Any],
    condition: ColumnElement[bool] | None = None,
) -> None:
    """Update a countdown as its next version, unless it is paused."""
    running = (countdowns.c.id == countdown_id) & countdowns.c.paused.is_(None)
    await connection.execute(
        update(countdowns)
        .where(running if condition is None else running & condition)
        .values(version=countdowns.c.version + 1, **values)
    )


async def settle_delivery(
    connection: AsyncConnection,
    delivery: Delivery,
    announced: bool,
    outcome: Outcome,
    message_id: int | None,
    error: str | None,
) -> None:
    """Settle a delivery, unless another process has settled it.

    A change that was `announced` becomes the known release of its countdown, which is then due.
    """
    # The countdown first, as when it is removed: otherwise the two could wait for each other.
    locked = select(countdowns.c.id).where(countdowns.c.id == delivery.countdown_id)
    await connection.execute(locked.with_for_update())
    settled: dict[str, Any] = {"lease_until": None, "outcome": outcome, "message_id": message_id}
    if error is not None:
        settled["error"] = error
    if outcome == "failed":
        settled["attempts"] = delivery.attempts + 1
    # Whoever has posted it settles it, even after losing the lease.
    own = deliveries.c.id == delivery.id if outcome == "sent" else latest_claim(delivery)
    if not await update_unsettled(connection, own, settled):
        return
    if delivery.milestone.kind is not MilestoneKind.CHANGED:
        return
    await connection.execute(
        update(countdowns)
        .where(countdowns.c.id == delivery.countdown_id)
        .values(_after_change(delivery, announced))
    )


def _after_change(delivery: Delivery, announced: bool) -> dict[str, Any]:
    """Return the new values of a countdown. Whether announced or not, it is decided anew."""
    decided_at = to_timestamp(delivery.milestone.at)
    values: dict[str, Any] = {
        "next_at": case((countdowns.c.paused.is_(None), decided_at)),
        "version": countdowns.c.version + 1,
    }
    if announced:
        cursor = countdowns.c.cursor
        values["cursor"] = case((cursor > decided_at, cursor), else_=decided_at)
        values["known_release"] = encode_release_state(delivery.announced_release)
    return values
