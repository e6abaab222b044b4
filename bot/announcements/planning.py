"""Decides what a countdown posts now and when it is due next."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar

from bot.announcements.milestones import Milestone, MilestoneKind, Schedule, plan_milestones
from bot.announcements.model import Countdown, Decision, Delivery, NewCountdown, ReleaseState
from bot.announcements.ports import DueCountdown
from bot.catalog.model import Release, ReleaseStatus
from bot.catalog.window import ReleaseWindow, WindowState

AnyCountdown = TypeVar("AnyCountdown", bound=NewCountdown)

# How late a change may still be announced.
CHANGE_EXPIRY = timedelta(days=30)

# A change to one of these statuses is announced even if the window stays the same.
_ENDING_STATUSES = (ReleaseStatus.POSTPONED, ReleaseStatus.CANCELLED)
_ANNOUNCED_STATUSES = (ReleaseStatus.CONFIRMED, *_ENDING_STATUSES)


def decide(countdown: Countdown, release: Release | None, now: datetime) -> Decision:
    """Decide what a countdown posts at `now`.

    A change takes precedence, and nothing else is decided until it is settled. After a change,
    past milestones of the new window are not posted. Otherwise the latest due milestone that has
    not expired is posted, and the other due milestones are skipped.
    """
    past = release is not None and _is_past(countdown.known_release, release, now)
    if release is not None and is_change(countdown.known_release, release) and not past:
        return _announce_change(countdown, release, now)
    # If the release is missing from the record, the last announced state is kept.
    known = countdown.known_release if release is None else ReleaseState.of(release)
    planned = plan_milestones(release, countdown.schedule)
    cursor = max(now, countdown.cursor)
    next_at = next((milestone.at for milestone in planned if milestone.at > cursor), None)
    if countdown.known_release is None or past:
        # Due milestones may have been posted already, or are first learned of afterwards.
        return Decision(None, [], cursor, known, next_at)
    due = [milestone for milestone in planned if countdown.cursor < milestone.at <= now]
    post = next((milestone for milestone in reversed(due) if now < milestone.expires_at), None)
    skipped = [milestone for milestone in due if milestone is not post]
    return Decision(post, skipped, cursor, known, next_at)


def _is_past(known: ReleaseState | None, release: Release, now: datetime) -> bool:
    """Return whether a date is first learned of when it has passed. It is not announced then."""
    window = release.window
    is_first = known is not None and known.window is None
    if not is_first or window is None or release.status in _ENDING_STATUSES:
        return False
    return window.state(now) is WindowState.PASSED


def _announce_change(countdown: Countdown, release: Release, now: datetime) -> Decision:
    change = Milestone(MilestoneKind.CHANGED, now, now + CHANGE_EXPIRY)
    return Decision(
        change, [], countdown.cursor, countdown.known_release, None, ReleaseState.of(release)
    )


def is_current(due: DueCountdown, delivery: Delivery, now: datetime) -> bool:
    """Return whether an announcement has not expired and is still planned."""
    if now >= delivery.milestone.expires_at:
        return False
    release = due.countdown.find_release(due.title)
    if delivery.milestone.kind is MilestoneKind.CHANGED:
        return (
            release is not None
            and is_change(delivery.previous_release, release)
            and not is_change(delivery.announced_release, release)
        )
    # The time of day may have been edited since, but not the date that it is about.
    planned = plan_milestones(release, due.countdown.schedule)
    is_planned = delivery.milestone.key in {milestone.key for milestone in planned}
    return is_planned and release is not None and not is_change(delivery.previous_release, release)


def reschedule(
    countdown: AnyCountdown,
    release: Release | None,
    now: datetime,
    previous_schedule: Schedule | None = None,
    *,
    keep_due: bool = False,
) -> AnyCountdown:
    """Return the countdown rescheduled from `now`. Past milestones are not posted.

    Milestones handled under `previous_schedule` (up to `cursor`) are not posted again. With
    `keep_due`, those that were due and not handled yet stay due.
    """
    upcoming = upcoming_milestones(countdown, release, now)
    previous = plan_milestones(release, previous_schedule) if previous_schedule else []
    due = {milestone.key for milestone in previous if countdown.cursor < milestone.at <= now}
    planned = plan_milestones(release, countdown.schedule)
    if keep_due and any(milestone.key in due and milestone.at <= now for milestone in planned):
        return replace(countdown, next_at=now)
    handled = {milestone.key for milestone in previous if milestone.at <= countdown.cursor}
    cursor = max((milestone.at for milestone in upcoming if milestone.key in handled), default=now)
    changed = release is not None and is_change(countdown.known_release, release)
    next_at = next((milestone.at for milestone in upcoming if milestone.at > cursor), None)
    due_now = changed or countdown.known_release is None
    return replace(countdown, cursor=cursor, next_at=now if due_now else next_at)


def upcoming_milestones(
    countdown: NewCountdown, release: Release | None, now: datetime
) -> list[Milestone]:
    """Return the currently planned milestones after `now`, soonest first."""
    planned = plan_milestones(release, countdown.schedule)
    return [milestone for milestone in planned if milestone.at > now]


def is_change(known: ReleaseState | None, release: Release) -> bool:
    """Return whether a release differs from its last announced state in a way to announce."""
    if known is None:
        return False
    if not _is_same_window(known.window, release.window):
        return True
    statuses = _ANNOUNCED_STATUSES if release.window else _ENDING_STATUSES
    return release.status in statuses and release.status != known.status


def _is_same_window(one: ReleaseWindow | None, other: ReleaseWindow | None) -> bool:
    """Return whether two windows are the same, regardless of their notation."""
    if one is None or other is None:
        return one is other
    return (one.earliest, one.latest, one.instant) == (other.earliest, other.latest, other.instant)
