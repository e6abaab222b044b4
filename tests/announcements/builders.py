"""Builds countdowns, releases and instants for tests."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from bot.announcements.milestones import Milestone, Schedule
from bot.announcements.model import Countdown, ReleaseState
from bot.catalog.model import Release, ReleaseStatus, Title
from bot.catalog.window import ReleaseWindow
from tests.support import records


def at(text: str) -> datetime:
    """An instant, in UTC unless the text names an offset."""
    instant = datetime.fromisoformat(text)
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def local_text(instant: datetime, zone: ZoneInfo) -> str:
    """An instant as the local date and time in a time zone."""
    return f"{instant.astimezone(zone):%Y-%m-%d %H:%M}"


def schedule(
    timezone: str = "UTC",
    post_time: time = time(9),
    milestone_days: Sequence[int] = (7, 3, 1, 0),
) -> Schedule:
    return Schedule(tuple(milestone_days), post_time, ZoneInfo(timezone))


def state(window: str | None = None, status: str | None = None) -> ReleaseState:
    """A release state from the texts that a record holds."""
    return ReleaseState(
        ReleaseWindow.parse(window) if window else None, ReleaseStatus(status) if status else None
    )


def a_title(*releases: dict[str, Any], **fields: Any) -> Title:
    return Title.model_validate(records.title("show", "A Show", releases=releases, **fields))


def release_of(title: Title, release_key: str = "premiere") -> Release | None:
    """The release of a title that a countdown with that key counts down to."""
    return a_countdown(release_key=release_key).find_release(title)


def a_countdown(**fields: Any) -> Countdown:
    """A countdown from D-7 to D-Day at 09:00 UTC that has announced nothing yet."""
    plain = Countdown(
        id=1,
        guild_id=10,
        channel_id=100,
        title_id="show",
        release_key="premiere",
        schedule=schedule(),
        language="en-US",
        role_id=None,
        publish=False,
        picture=False,
        paused=None,
        cursor=at("2026-01-01"),
        known_release=ReleaseState(),
        next_at=at("2026-01-01"),
        version=1,
    )
    return replace(plain, **fields)


def a_countdown_to(title: Title, **fields: Any) -> Countdown:
    """A countdown whose channel knows the title's release as it is now."""
    return a_countdown(known_release=ReleaseState.of(release_of(title)), **fields)


def keys(milestones: Sequence[Milestone]) -> list[str]:
    return [milestone.key for milestone in milestones]
