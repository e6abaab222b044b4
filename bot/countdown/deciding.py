"""A countdown + its release + the time → what to post now, and when to look again."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.catalog.model import Release, ReleaseStatus
from bot.catalog.window import ReleaseWindow
from bot.countdown.model import Countdown, Decision
from bot.countdown.occasions import Kind, Occasion, Schedule, occasions

# A change is news for so long, should it not get through at once.
_NEWS_FOR = timedelta(days=30)

# A change to one of these is told even where the window stays as it was.
_ENDING = (ReleaseStatus.POSTPONED, ReleaseStatus.CANCELLED)
_TELLING = (ReleaseStatus.CONFIRMED, *_ENDING)


UNSURE = "?"
"""The state of a release of which a channel may know more than is stored: after a backup was put
back. It is taken as it then stands, and not told as a change, which it may have been already."""


def state_of(release: Release | None) -> str:
    """What a channel knows of a release: its window and its status, as one text."""
    if release is None:
        return "|"
    return f"{release.window or ''}|{release.status or ''}"


def window_in(state: str) -> str:
    """The window in a state, "" where there was none."""
    return state.partition("|")[0]


def decide(countdown: Countdown, release: Release | None, now: datetime) -> Decision:
    """What to do about a countdown at `now`.

    A change is told before anything else, and what the new window has already behind it is not
    told late. Of what came due since last time, the latest that is still true is posted.
    """
    # While the release is away from the record, the channel still knows it as it was.
    state = countdown.seen if release is None else state_of(release)
    planned = occasions(release, countdown.schedule)
    cursor = max(now, countdown.cursor)
    due = next((occasion.at for occasion in planned if occasion.at > cursor), None)
    if release is not None and is_news(countdown.seen, release):
        change = Occasion(Kind.CHANGED, now, now + _NEWS_FOR)
        return Decision(change, [], cursor, state, due)
    came_due = [occasion for occasion in planned if countdown.cursor < occasion.at <= now]
    post = next((occasion for occasion in reversed(came_due) if now < occasion.until), None)
    skipped = [occasion for occasion in came_due if occasion is not post]
    return Decision(post, skipped, cursor, state, due)


def rescheduled(
    countdown: Countdown,
    release: Release | None,
    now: datetime,
    told_by: Schedule | None = None,
) -> Countdown:
    """A countdown taken up from now on: what it has behind it is not announced late.

    Nor is what it has behind it by `told_by`, its schedule so far, told again by the new one.
    """
    ahead = upcoming(countdown, release, now)
    before = occasions(release, told_by) if told_by else []
    told = {occasion.key for occasion in before if occasion.at <= now}
    cursor = max((occasion.at for occasion in ahead if occasion.key in told), default=now)
    news = release is not None and is_news(countdown.seen, release)
    due = next((occasion.at for occasion in ahead if occasion.at > cursor), None)
    at_once = news or countdown.seen == UNSURE
    return replace(countdown, cursor=cursor, due=now if at_once else due)


def upcoming(countdown: Countdown, release: Release | None, now: datetime) -> list[Occasion]:
    """What will be announced from now on, as far as is known today, soonest first."""
    return [one for one in occasions(release, countdown.schedule) if one.at > now]


def is_news(seen: str, release: Release) -> bool:
    """Whether a release is otherwise than in a state, so that a channel has to be told."""
    if seen == UNSURE:
        return False
    window, _, status = seen.partition("|")
    known = ReleaseWindow.parse(window) if window else None
    if not _same(known, release.window):
        return True
    telling = _TELLING if release.window else _ENDING
    return release.status in telling and release.status != status


def _same(one: ReleaseWindow | None, other: ReleaseWindow | None) -> bool:
    """Whether two windows are the same, however they are written."""
    if one is None or other is None:
        return one is other
    return (one.earliest, one.latest, one.instant) == (other.earliest, other.latest, other.instant)
