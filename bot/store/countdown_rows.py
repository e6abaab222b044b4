"""Converts countdowns and deliveries to and from table rows."""

import json
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from bot.announcements.milestones import Milestone, MilestoneKind, Schedule
from bot.announcements.model import (
    Countdown,
    Delivery,
    NewCountdown,
    PauseReason,
    ReleaseState,
)
from bot.catalog.model import ReleaseStatus
from bot.catalog.window import ReleaseWindow
from bot.store.timestamps import from_timestamp, to_timestamp


def countdown_from_row(row: Any) -> Countdown:
    """Return the countdown in a row."""
    days = tuple(map(int, row.milestone_days.split()))
    return Countdown(
        id=row.id,
        guild_id=row.guild_id,
        channel_id=row.channel_id,
        title_id=row.title_id,
        release_key=row.release_key,
        schedule=Schedule(days, time.fromisoformat(row.post_time), ZoneInfo(row.timezone)),
        language=row.language,
        role_id=row.role_id,
        publish=row.publish,
        picture=row.picture,
        paused=PauseReason(row.paused) if row.paused else None,
        cursor=from_timestamp(row.cursor),
        known_release=decode_release_state(row.known_release),
        next_at=None if row.next_at is None else from_timestamp(row.next_at),
        version=row.version,
    )


def countdown_values(countdown: NewCountdown) -> dict[str, Any]:
    """Return the column values of a countdown, without its id and version."""
    schedule = countdown.schedule
    return {
        "guild_id": countdown.guild_id,
        "channel_id": countdown.channel_id,
        "title_id": countdown.title_id,
        "release_key": countdown.release_key,
        "milestone_days": " ".join(map(str, schedule.milestone_days)),
        "post_time": schedule.post_time.isoformat("minutes"),
        "timezone": schedule.timezone.key,
        "language": countdown.language,
        "role_id": countdown.role_id,
        "publish": countdown.publish,
        "picture": countdown.picture,
        "paused": str(countdown.paused) if countdown.paused else None,
        "cursor": to_timestamp(countdown.cursor),
        "known_release": encode_release_state(countdown.known_release),
        "next_at": to_timestamp(countdown.next_at),
    }


def delivery_from_row(row: Any) -> Delivery:
    """Return the delivery in a row."""
    milestone = Milestone(
        MilestoneKind(row.kind),
        from_timestamp(row.due_at),
        from_timestamp(row.expires_at),
        row.days_left,
    )
    return Delivery(
        row.id,
        row.countdown_id,
        row.target_channel_id,
        milestone,
        decode_release_state(row.previous_release),
        decode_release_state(row.announced_release),
        from_timestamp(row.claimed_at),
        row.maybe_posted,
        row.attempts,
        row.claim_number,
    )


def claimed_row(delivery: Delivery, lease_until: datetime) -> dict[str, Any]:
    """Return the row for a newly claimed delivery."""
    claimed_at = delivery.claimed_at
    return {
        **_delivery_row(delivery.id, delivery.countdown_id, delivery.milestone, claimed_at),
        "target_channel_id": delivery.channel_id,
        "previous_release": encode_release_state(delivery.previous_release),
        "announced_release": encode_release_state(delivery.announced_release),
        "lease_until": to_timestamp(lease_until),
        "outcome": None,
    }


def skipped_row(
    delivery_id: str, countdown_id: int, milestone: Milestone, now: datetime
) -> dict[str, Any]:
    """Return the row for a skipped milestone."""
    row = _delivery_row(delivery_id, countdown_id, milestone, now)
    unused = dict.fromkeys(
        ("target_channel_id", "previous_release", "announced_release", "lease_until")
    )
    return {**row, **unused, "outcome": "skipped"}


def encode_release_state(state: ReleaseState | None) -> str | None:
    """Encode a release state as JSON. None, for an unknown state, is stored as NULL."""
    if state is None:
        return None
    window = str(state.window) if state.window else None
    status = str(state.status) if state.status else None
    return json.dumps({"window": window, "status": status})


def decode_release_state(stored: str | None) -> ReleaseState | None:
    """Decode a stored release state."""
    if stored is None:
        return None
    data: dict[str, str | None] = json.loads(stored)
    window, status = data["window"], data["status"]
    return ReleaseState(
        ReleaseWindow.parse(window) if window else None, ReleaseStatus(status) if status else None
    )


def _delivery_row(
    delivery_id: str, countdown_id: int, milestone: Milestone, claimed_at: datetime
) -> dict[str, Any]:
    return {
        "id": delivery_id,
        "countdown_id": countdown_id,
        "kind": str(milestone.kind),
        "due_at": to_timestamp(milestone.at),
        "expires_at": to_timestamp(milestone.expires_at),
        "days_left": milestone.days_left,
        "claimed_at": to_timestamp(claimed_at),
        # It may be posted from now on, even if the process is killed.
        "maybe_posted": True,
        "attempts": 0,
        "claim_number": 1,
    }
