"""A countdown + its release + the time → what to post now, and when to look again."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar

from bot.announcements.milestones import Milestone, MilestoneKind, Schedule, plan_milestones
from bot.announcements.model import Countdown, Decision, NewCountdown, ReleaseState
from bot.catalog.model import Release, ReleaseStatus
from bot.catalog.window import ReleaseWindow

AnyCountdown = TypeVar("AnyCountdown", bound=NewCountdown)

# For how long a change is still news if it could not be posted at once.
CHANGE_EXPIRY = timedelta(days=30)

# A change to one of these is announced even if the window stays the same.
_ENDING_STATUSES = (ReleaseStatus.POSTPONED, ReleaseStatus.CANCELLED)
_ANNOUNCED_STATUSES = (ReleaseStatus.CONFIRMED, *_ENDING_STATUSES)


def decide(countdown: Countdown, release: Release | None, now: datetime) -> Decision:
    """What to do about a countdown at `now`.

    A change is announced before anything else, and milestones that the new window has already
    passed are not posted late. Of those that came due since last time, the latest that is still
    true is posted.
    """
    # While the release is missing from the record, the channel still knows it as it was.
    known = countdown.known_release if release is None else ReleaseState.of(release)
    planned = plan_milestones(release, countdown.schedule)
    cursor = max(now, countdown.cursor)
    next_at = next((milestone.at for milestone in planned if milestone.at > cursor), None)
    if release is not None and is_change(countdown.known_release, release):
        change = Milestone(MilestoneKind.CHANGED, now, now + CHANGE_EXPIRY)
        return Decision(change, [], cursor, known, next_at)
    came_due = [milestone for milestone in planned if countdown.cursor < milestone.at <= now]
    post = next((one for one in reversed(came_due) if now < one.expires_at), None)
    skipped = [milestone for milestone in came_due if milestone is not post]
    return Decision(post, skipped, cursor, known, next_at)


def reschedule(
    countdown: AnyCountdown,
    release: Release | None,
    now: datetime,
    previous_schedule: Schedule | None = None,
) -> AnyCountdown:
    """A countdown planned anew from `now`: milestones that have passed are not posted late.

    Nor are those posted under `previous_schedule` posted again under the new one.
    """
    ahead = upcoming_milestones(countdown, release, now)
    before = plan_milestones(release, previous_schedule) if previous_schedule else []
    posted = {milestone.key for milestone in before if milestone.at <= now}
    cursor = max((milestone.at for milestone in ahead if milestone.key in posted), default=now)
    changed = release is not None and is_change(countdown.known_release, release)
    next_at = next((milestone.at for milestone in ahead if milestone.at > cursor), None)
    at_once = changed or countdown.known_release is None
    return replace(countdown, cursor=cursor, next_at=now if at_once else next_at)


def upcoming_milestones(
    countdown: NewCountdown, release: Release | None, now: datetime
) -> list[Milestone]:
    """What will be announced after `now`, as far as is known today, soonest first."""
    return [one for one in plan_milestones(release, countdown.schedule) if one.at > now]


def is_change(known: ReleaseState | None, release: Release) -> bool:
    """Whether a release differs from what a channel knows so that it has to be told."""
    if known is None:
        return False
    if not _is_same_window(known.window, release.window):
        return True
    announced = _ANNOUNCED_STATUSES if release.window else _ENDING_STATUSES
    return release.status in announced and release.status != known.status


def _is_same_window(one: ReleaseWindow | None, other: ReleaseWindow | None) -> bool:
    """Whether two windows are the same, however they are written."""
    if one is None or other is None:
        return one is other
    return (one.earliest, one.latest, one.instant) == (other.earliest, other.latest, other.instant)
