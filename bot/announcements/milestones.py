"""Plans milestones: release window + schedule → announcements with their times.

An exact date gets a day countdown, D-100 … D-Day, as Korean fans count. A less precise window (a
month, a quarter) has no date to count down to. Its milestones are its start, its midpoint, the
start of its last month, and its end.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.announcements.local_time import local_instant
from bot.catalog.model import Release, ReleaseStatus
from bot.catalog.window import ReleaseWindow

# How late these announcements may still be posted.
RELEASED_EXPIRY = timedelta(days=3)
CLOSED_EXPIRY = timedelta(days=30)

_NOT_COMING = (ReleaseStatus.CANCELLED, ReleaseStatus.POSTPONED)

# Shorter windows get no LAST_MONTH milestone: the last month would be most of the window.
_QUARTER = timedelta(days=85)


class MilestoneKind(StrEnum):
    """The type of a milestone."""

    DAYS_LEFT = "days_left"
    RELEASED = "released"
    OPENS = "opens"
    HALFWAY = "halfway"
    LAST_MONTH = "last_month"
    CLOSED = "closed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Milestone:
    """An announcement to post at `at` and not after `expires_at`.

    `days_left` is n in D-n, and None for milestones other than DAYS_LEFT.
    """

    kind: MilestoneKind
    at: datetime
    expires_at: datetime
    days_left: int | None = None

    @property
    def key(self) -> str:
        """A short identifier: `D-7`, `D-Day`, `released` …"""
        if self.days_left is None:
            return str(self.kind)
        return f"D-{self.days_left}" if self.days_left else "D-Day"


@dataclass(frozen=True, slots=True)
class Schedule:
    """When to post: the days before the release, the time of day and the time zone."""

    milestone_days: Sequence[int]
    post_time: time
    timezone: ZoneInfo


def plan_milestones(release: Release | None, schedule: Schedule) -> list[Milestone]:
    """Return all milestones of a release, in chronological order.

    The list is empty if there is no release, or if it has no window, is canceled or is postponed.
    """
    window = release.window if release else None
    if release is None or window is None or release.status in _NOT_COMING:
        return []
    if window.is_exact:
        milestones = _day_milestones(window, schedule)
    elif release.status is not ReleaseStatus.RELEASED:
        milestones = _period_milestones(window, schedule)
    else:
        return []
    return sorted(milestones, key=lambda milestone: milestone.at)


def _day_milestones(window: ReleaseWindow, schedule: Schedule) -> Iterator[Milestone]:
    instant = window.instant
    release_day = window.first_day(schedule.timezone)
    for days_left in schedule.milestone_days:
        day = release_day - timedelta(days=days_left)
        at = _post_instant(day, schedule)
        expires_at = _end_of(day, at, schedule) if days_left else at + RELEASED_EXPIRY
        if instant is not None:
            expires_at = min(expires_at, instant)
        # After the release instant, only the RELEASED milestone is posted.
        if instant is None or at < instant:
            yield Milestone(MilestoneKind.DAYS_LEFT, at, expires_at, days_left)
    if instant is not None:
        yield Milestone(MilestoneKind.RELEASED, instant, instant + RELEASED_EXPIRY)


def _period_milestones(window: ReleaseWindow, schedule: Schedule) -> Iterator[Milestone]:
    first, last = window.earliest, window.latest
    end = last + timedelta(days=1)
    midpoint = first + (end - first) // 2
    last_month = last.replace(day=1) if end - first >= _QUARTER else end
    optional = [(MilestoneKind.HALFWAY, midpoint), (MilestoneKind.LAST_MONTH, last_month)]
    steps = [(MilestoneKind.OPENS, first), *(step for step in optional if first < step[1] < end)]
    # Each milestone expires when the next one begins.
    expiry_days = [*(day for _kind, day in steps[1:]), end]
    for (kind, day), expiry_day in zip(steps, expiry_days, strict=True):
        yield Milestone(kind, _post_instant(day, schedule), _midnight(expiry_day, schedule))
    closed = _post_instant(end, schedule)
    yield Milestone(MilestoneKind.CLOSED, closed, closed + CLOSED_EXPIRY)


def _post_instant(day: date, schedule: Schedule) -> datetime:
    return local_instant(day, schedule.post_time, schedule.timezone)


def _end_of(day: date, at: datetime, schedule: Schedule) -> datetime:
    """Return the end of a day, or one hour after `at` if the time zone skipped the day."""
    midnight = _midnight(day + timedelta(days=1), schedule)
    return midnight if at < midnight else at + timedelta(hours=1)


def _midnight(day: date, schedule: Schedule) -> datetime:
    return local_instant(day, time(), schedule.timezone)
