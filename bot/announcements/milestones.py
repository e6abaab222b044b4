"""What there is to announce of a release, and when: window + milestones + zone → occasions.

A day is counted down to, D-100 … D-Day, as Korean fans count. A coarser window is not: nobody
announced a day, so there are no days left to it. It opens, is half through, has its last month, and
closes.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.announcements.local_time import local_day, local_instant
from bot.catalog.model import Release, ReleaseStatus
from bot.catalog.window import Precision, ReleaseWindow

# For how long it is still worth saying, late, that something came out or that a window closed.
RELEASED_EXPIRY = timedelta(days=3)
CLOSED_EXPIRY = timedelta(days=30)

_NOT_COMING = (ReleaseStatus.CANCELLED, ReleaseStatus.POSTPONED)

# A window this long has a last month that is not the whole or half of it.
_QUARTER = timedelta(days=85)


class MilestoneKind(StrEnum):
    """What an announcement says."""

    DAYS_LEFT = "days_left"
    RELEASED = "released"
    OPENS = "opens"
    HALFWAY = "halfway"
    LAST_MONTH = "last_month"
    CLOSED = "closed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Milestone:
    """One thing to announce: from `at` on, and true until `until`. `days` are those left (D-n)."""

    kind: MilestoneKind
    at: datetime
    expires_at: datetime
    days_left: int | None = None

    @property
    def key(self) -> str:
        """What it is, in a word: D-7, D-Day, out …"""
        if self.days_left is None:
            return str(self.kind)
        return f"D-{self.days_left}" if self.days_left else "D-Day"


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a channel is told: on which days before, at what time of day, in which zone."""

    milestone_days: Sequence[int]
    post_time: time
    timezone: ZoneInfo


def plan_milestones(release: Release | None, schedule: Schedule) -> list[Milestone]:
    """Everything there is to announce of a release as it stands, in order of time.

    Of none, and of one without a window or that is not coming, there is nothing.
    """
    window = release.window if release else None
    if release is None or window is None or release.status in _NOT_COMING:
        return []
    if _is_day(window):
        found = _day_milestones(window, schedule)
    elif release.status is not ReleaseStatus.RELEASED:
        found = _period_milestones(window, schedule)
    else:
        return []
    return sorted(found, key=lambda milestone: milestone.at)


def _is_day(window: ReleaseWindow) -> bool:
    return window.precision in (Precision.DAY, Precision.INSTANT)


def _day_milestones(window: ReleaseWindow, schedule: Schedule) -> Iterator[Milestone]:
    out = window.instant
    day = local_day(out, schedule.timezone) if out else window.earliest
    for days in schedule.milestone_days:
        eve = day - timedelta(days=days)
        at = _post_instant(eve, schedule)
        until = _end_of(eve, at, schedule) if days else at + RELEASED_EXPIRY
        # Once it is out, there is nothing left to count: the moment itself says so.
        if out is None or at < out:
            yield Milestone(MilestoneKind.DAYS_LEFT, at, min(until, out) if out else until, days)
    if out is not None:
        yield Milestone(MilestoneKind.RELEASED, out, out + RELEASED_EXPIRY)


def _period_milestones(window: ReleaseWindow, schedule: Schedule) -> Iterator[Milestone]:
    first, last = window.earliest, window.latest
    end = last + timedelta(days=1)
    half = first + (end - first) // 2
    last_month = last.replace(day=1) if end - first >= _QUARTER else end
    later = [(MilestoneKind.HALFWAY, half), (MilestoneKind.LAST_MONTH, last_month)]
    steps = [(MilestoneKind.OPENS, first), *(step for step in later if first < step[1] < end)]
    ends = [*(day for _kind, day in steps[1:]), end]
    for (kind, day), over in zip(steps, ends, strict=True):
        yield Milestone(kind, _post_instant(day, schedule), _midnight(over, schedule))
    closed = _post_instant(end, schedule)
    yield Milestone(MilestoneKind.CLOSED, closed, closed + CLOSED_EXPIRY)


def _post_instant(day: date, schedule: Schedule) -> datetime:
    return local_instant(day, schedule.post_time, schedule.timezone)


def _end_of(day: date, at: datetime, schedule: Schedule) -> datetime:
    """When a day is over. One that a zone left out lasts an hour, so that it can be told of."""
    midnight = _midnight(day + timedelta(days=1), schedule)
    return midnight if at < midnight else at + timedelta(hours=1)


def _midnight(day: date, schedule: Schedule) -> datetime:
    return local_instant(day, time(), schedule.timezone)
