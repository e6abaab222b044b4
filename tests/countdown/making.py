"""Countdowns, releases and instants as tests need them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from bot.catalog.model import Release, Title
from bot.countdown.deciding import state_of
from bot.countdown.model import Countdown
from bot.countdown.occasions import Occasion, Schedule
from tests import records


def at(text: str) -> datetime:
    """An instant, in UTC where nothing else is said."""
    instant = datetime.fromisoformat(text)
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def local(instant: datetime, zone: ZoneInfo) -> str:
    """What a wall clock and its calendar show at an instant."""
    return f"{instant.astimezone(zone):%Y-%m-%d %H:%M}"


def schedule(
    zone: str = "UTC", hour: time = time(9), milestones: Sequence[int] = (7, 3, 1, 0)
) -> Schedule:
    return Schedule(tuple(milestones), hour, ZoneInfo(zone))


def a_title(*releases: dict[str, Any], **fields: Any) -> Title:
    return Title.model_validate(records.title("show", "A Show", releases=releases, **fields))


def release_in(title: Title, slot: str = "premiere") -> Release | None:
    return a_countdown(slot=slot).release_of(title)


def a_countdown(**fields: Any) -> Countdown:
    """A countdown of D-7 … D-Day at nine, UTC, that has nothing behind it."""
    plain = Countdown(
        id=1,
        guild_id=10,
        channel_id=100,
        title_id="show",
        slot="premiere",
        schedule=schedule(),
        language="en-US",
        role_id=None,
        publish=False,
        paused=None,
        cursor=at("2026-01-01"),
        seen="|",
        due=at("2026-01-01"),
        version=1,
    )
    return replace(plain, **fields)


def knowing(title: Title, **fields: Any) -> Countdown:
    """A countdown whose channel knows the title's release as it stands."""
    return a_countdown(seen=state_of(release_in(title)), **fields)


def keys(occasions: Sequence[Occasion]) -> list[str]:
    return [occasion.key for occasion in occasions]
