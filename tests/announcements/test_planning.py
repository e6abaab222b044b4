"""Planning: what is posted now, what is skipped, and what comes next."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.announcements.milestones import MilestoneKind
from bot.announcements.model import Countdown, Decision, ReleaseState
from bot.announcements.planning import decide, reschedule, upcoming_milestones
from tests.announcements.builders import (
    a_countdown,
    a_countdown_to,
    a_title,
    at,
    keys,
    release_of,
    schedule,
    state,
)

DAY = {"window": "2026-05-14", "status": "announced"}


def decide_at(countdown: Countdown, now: str, **release: Any) -> Decision:
    return decide(countdown, release_of(a_title(release or DAY)), at(now))


def dealt_with_until(cursor: str, **release: Any) -> Countdown:
    """A countdown to a release that its channel knows, with all up to the cursor announced."""
    return a_countdown_to(a_title(release or DAY), cursor=at(cursor))


def told(countdown: Countdown, decision: Decision) -> Countdown:
    """The countdown once the change that was decided has been announced."""
    assert decision.post is not None
    cursor = max(countdown.cursor, decision.post.at)
    return replace(countdown, cursor=cursor, known_release=decision.announced_release)


def posted_key(decision: Decision) -> str | None:
    return decision.post.key if decision.post else None


@pytest.mark.parametrize(
    ("cursor", "now", "post", "skipped", "due"),
    [
        # In time.
        ("2026-05-01", "2026-05-06T23:00", None, [], "2026-05-07T09:00"),
        ("2026-05-01", "2026-05-07T09:00", "D-7", [], "2026-05-11T09:00"),
        ("2026-05-07T09:00", "2026-05-11T09:00", "D-3", [], "2026-05-13T09:00"),
        ("2026-05-13T09:00", "2026-05-14T09:00", "D-Day", [], None),
        # Before the cursor: already dealt with.
        ("2026-05-07T09:00", "2026-05-07T09:00:01", None, [], "2026-05-11T09:00"),
        ("2026-05-14T09:00", "2026-05-15T09:00", None, [], None),
        # Late, but still on the same date.
        ("2026-05-01", "2026-05-07T23:59", "D-7", [], "2026-05-11T09:00"),
        ("2026-05-01", "2026-05-08T00:00", None, ["D-7"], "2026-05-11T09:00"),
        # Several missed: the latest that has not expired.
        ("2026-05-01", "2026-05-13T20:00", "D-1", ["D-7", "D-3"], "2026-05-14T09:00"),
        ("2026-05-01", "2026-05-14T08:59", None, ["D-7", "D-3", "D-1"], "2026-05-14T09:00"),
        # D-Day expires after three days.
        ("2026-05-01", "2026-05-17T08:59", "D-Day", ["D-7", "D-3", "D-1"], None),
        ("2026-05-01", "2026-05-17T09:00", None, ["D-7", "D-3", "D-1", "D-Day"], None),
    ],
)
def test_milestones_are_posted_in_time_late_or_not_at_all(
    cursor: str, now: str, post: str | None, skipped: list[str], due: str | None
) -> None:
    decision = decide_at(dealt_with_until(cursor), now)
    assert posted_key(decision) == post
    assert keys(decision.skipped) == skipped
    assert decision.next_at == (at(due) if due else None)
    assert decision.cursor == at(now)


def test_released_replaces_d_day_once_the_instant_has_passed() -> None:
    release = {"window": "2026-05-14T12:00+00:00", "status": "announced"}
    countdown = dealt_with_until("2026-05-13T10:00", **release)
    assert posted_key(decide_at(countdown, "2026-05-14T11:59:59", **release)) == "D-Day"
    decision = decide_at(countdown, "2026-05-14T12:00", **release)
    assert (posted_key(decision), keys(decision.skipped)) == ("released", ["D-Day"])


def test_milestone_of_a_period_expires_at_the_next_one() -> None:
    release = {"window": "2026", "status": "announced"}
    countdown = dealt_with_until("2025-12-01", **release)
    assert posted_key(decide_at(countdown, "2026-06-30", **release)) == "opens"
    decision = decide_at(countdown, "2026-12-24", **release)
    assert (posted_key(decision), keys(decision.skipped)) == ("last_month", ["opens", "halfway"])
    assert posted_key(decide_at(countdown, "2027-01-31T08:59", **release)) == "closed"
    assert posted_key(decide_at(countdown, "2027-01-31T09:00", **release)) is None


CHANGES = [
    # The window became a date, moved, was withdrawn, was first announced.
    (state("2025", "announced"), {"window": "2026-05-14", "status": "announced"}, True),
    (state("2026-05-14", "announced"), {"window": "2026-06-01", "status": "announced"}, True),
    (state("2026-05-14", "announced"), {"status": "announced"}, True),
    (state(), {"window": "2026"}, True),
    # The status changed to one that is announced.
    (state("2026", "announced"), {"window": "2026", "status": "confirmed"}, True),
    (state("2026", "announced"), {"window": "2026", "status": "postponed"}, True),
    (state("2026", "confirmed"), {"window": "2026", "status": "cancelled"}, True),
    (state("2026", "postponed"), {"status": "cancelled"}, True),
    # Nothing changed, or nothing worth an announcement.
    (state("2026", "announced"), {"window": "2026", "status": "announced"}, False),
    (state("2026", "confirmed"), {"window": "2026", "status": "confirmed"}, False),
    (state("2026", "rumoured"), {"window": "2026", "status": "announced"}, False),
    (state("2026", "announced"), {"window": "2026"}, False),
    (state("2026-05-14", "announced"), {"window": "2026-05-14", "status": "released"}, False),
    (state(), {"status": "announced"}, False),
    (state(status="announced"), {"status": "confirmed"}, False),
]


@pytest.mark.parametrize(("known", "release", "announced"), CHANGES)
def test_changes_that_are_announced(
    known: ReleaseState, release: dict[str, Any], announced: bool
) -> None:
    decision = decide(
        a_countdown(known_release=known, cursor=at("2025-06-01")),
        release_of(a_title(release)),
        at("2025-06-01"),
    )
    assert posted_key(decision) == ("changed" if announced else None)


@pytest.mark.parametrize(("known", "release", "announced"), CHANGES)
def test_change_is_announced_once(
    known: ReleaseState, release: dict[str, Any], announced: bool
) -> None:
    current, now = release_of(a_title(release)), at("2025-06-01")
    countdown = a_countdown(known_release=known, cursor=now)
    first = decide(countdown, current, now)
    assert posted_key(first) == ("changed" if announced else None)
    if announced:
        # Until it is announced, the countdown stays as it is, and nothing else is due.
        assert (first.cursor, first.known_release, first.next_at) == (now, known, None)
        countdown = told(countdown, first)
    again = decide(countdown, current, now + timedelta(seconds=1))
    assert again.post is None
    assert again.known_release == ReleaseState.of(current)


def test_change_replaces_the_old_milestones() -> None:
    countdown = dealt_with_until("2026-05-01")
    moved = {"window": "2026-05-20", "status": "announced"}
    decision = decide_at(countdown, "2026-05-07T09:00", **moved)
    assert (posted_key(decision), list(decision.skipped)) == ("changed", [])
    after = told(countdown, decision)
    assert decide_at(after, "2026-05-07T09:00", **moved).next_at == at("2026-05-13T09:00")
    assert posted_key(decide_at(after, "2026-05-11T09:00", **moved)) is None
    assert posted_key(decide_at(after, "2026-05-13T09:00", **moved)) == "D-7"


def test_milestones_that_a_new_window_has_already_passed_are_not_posted() -> None:
    countdown = dealt_with_until("2026-01-01", window="2026", status="announced")
    decision = decide_at(countdown, "2026-05-13T10:00")
    assert (posted_key(decision), list(decision.skipped)) == ("changed", [])
    next_decision = decide_at(told(countdown, decision), "2026-05-13T10:00:01")
    assert posted_key(next_decision) is None
    assert next_decision.next_at == at("2026-05-14T09:00")


@pytest.mark.parametrize("status", ["postponed", "cancelled"])
def test_postponed_or_cancelled_release_has_a_change_and_no_milestones(status: str) -> None:
    called_off = {"window": "2026-05-14", "status": status}
    countdown = dealt_with_until("2026-05-01")
    decision = decide_at(countdown, "2026-05-07T09:00", **called_off)
    assert posted_key(decision) == "changed"
    after = decide_at(told(countdown, decision), "2026-05-07T09:00", **called_off)
    assert (posted_key(after), after.next_at) == (None, None)


def test_change_expires_after_thirty_days() -> None:
    decision = decide_at(dealt_with_until("2026-05-01"), "2026-05-02", window="2027")
    assert decision.post is not None
    assert decision.post.expires_at == at("2026-06-01")


def test_release_missing_from_the_record_is_not_announced() -> None:
    decision = decide(dealt_with_until("2026-05-01"), None, at("2026-05-07T09:00"))
    assert (posted_key(decision), list(decision.skipped), decision.next_at) == (None, [], None)


def test_release_that_returns_unchanged_is_not_announced() -> None:
    countdown = dealt_with_until("2026-05-01")
    away = decide(countdown, None, at("2026-05-02"))
    back = decide_at(replace(countdown, known_release=away.known_release), "2026-05-03")
    assert posted_key(back) is None


@pytest.mark.parametrize(
    ("known", "window"),
    [
        ("2026-05-14T16:00+09:00", "2026-05-14T07:00+00:00"),
        ("2026-01/2026-06", "2026-H1"),
    ],
)
def test_same_window_written_differently_is_not_a_change(known: str, window: str) -> None:
    countdown = a_countdown(known_release=state(known, "announced"), cursor=at("2025-06-01"))
    assert posted_key(decide_at(countdown, "2025-06-01", window=window, status="announced")) is None


def test_rescheduled_countdown_skips_passed_milestones() -> None:
    countdown, release = dealt_with_until("2026-01-01"), release_of(a_title(DAY))
    resumed = reschedule(countdown, release, at("2026-05-11T12:00"))
    assert (resumed.cursor, resumed.next_at) == (at("2026-05-11T12:00"), at("2026-05-13T09:00"))
    assert posted_key(decide(resumed, release, at("2026-05-11T12:00"))) is None
    assert reschedule(countdown, release, at("2026-06-01")).next_at is None
    assert reschedule(countdown, None, at("2026-05-01")).next_at is None


def test_rescheduled_countdown_announces_a_missed_change_at_once() -> None:
    moved = release_of(a_title({"window": "2026-06-01"}))
    resumed = reschedule(dealt_with_until("2026-01-01"), moved, at("2026-05-02"))
    assert resumed.next_at == at("2026-05-02")
    decision = decide(resumed, moved, at("2026-05-02"))
    assert posted_key(decision) == "changed"


def test_upcoming_milestones_are_listed_soonest_first() -> None:
    countdown, release = dealt_with_until("2026-01-01"), release_of(a_title(DAY))
    assert keys(upcoming_milestones(countdown, release, at("2026-05-07T09:00"))) == [
        "D-3",
        "D-1",
        "D-Day",
    ]
    assert upcoming_milestones(countdown, None, at("2026-05-07T09:00")) == []


def test_release_state_keeps_window_and_status() -> None:
    release = release_of(a_title({"window": "2026-H2", "status": "announced"}))
    assert release is not None
    assert ReleaseState.of(release) == ReleaseState(release.window, release.status)
    assert str(ReleaseState.of(release).window) == "2026-H2"
    assert ReleaseState.of(None) == ReleaseState(None, None)


@pytest.mark.parametrize(
    ("release_key", "found"),
    [
        ("premiere · Netflix", "2026-02"),
        # If the key was reworded: the first release of the same event.
        ("premiere · tvN", "2026-01"),
        ("premiere", "2026-01"),
        ("finale", "2026-03"),
        ("season", None),
    ],
)
def test_release_is_found_by_its_key_or_event(release_key: str, found: str | None) -> None:
    title = a_title(
        {"window": "2025-12", "network": "Viki"},
        {"window": "2026-01", "network": "Viki"},
        {"window": "2026-02", "network": "Netflix"},
        {"event": "finale", "window": "2026-03"},
    )
    release = release_of(title, release_key)
    assert (str(release.window) if release else None) == found


@given(st.lists(st.integers(0, 40 * 24), min_size=1, max_size=12), st.data())
def test_every_milestone_is_posted_or_skipped_exactly_once_whenever_ticks_run(
    ticks: list[int], data: st.DataObject
) -> None:
    """However often and late ticks run: each is posted at most once, before it expires."""
    release, begin = release_of(a_title(DAY)), at("2026-04-20")
    countdown = dealt_with_until("2026-04-20")
    countdown = replace(countdown, schedule=schedule(milestone_days=(10, 7, 3, 1, 0)))
    dealt_with: list[str] = []
    now: datetime = begin
    for hours in sorted(ticks):
        now = begin + timedelta(hours=hours, minutes=data.draw(st.integers(0, 59)))
        now = max(now, countdown.cursor)
        decision = decide(countdown, release, now)
        if decision.post is not None:
            assert decision.post.at <= now < decision.post.expires_at
            assert decision.post.kind is MilestoneKind.DAYS_LEFT
            dealt_with.append(decision.post.key)
        dealt_with += keys(decision.skipped)
        assert decision.next_at is None or decision.next_at > now
        countdown = replace(countdown, cursor=decision.cursor, known_release=decision.known_release)
    everything = [("D-10", 10), ("D-7", 7), ("D-3", 3), ("D-1", 1), ("D-Day", 0)]
    over = [key for key, days in everything if at("2026-05-14T09:00") - timedelta(days) <= now]
    assert sorted(dealt_with) == sorted(over)


def test_release_is_not_announced_as_changed_if_it_is_uncertain_what_the_channel_knows() -> None:
    unsure = replace(dealt_with_until("2026-05-01"), known_release=None)
    decision = decide_at(unsure, "2026-05-02")
    assert (posted_key(decision), decision.known_release) == (
        None,
        ReleaseState.of(release_of(a_title(DAY))),
    )
    assert decide(unsure, None, at("2026-05-02")).known_release is None
    # It is handled at once, so that any change from then on is announced.
    now = at("2026-05-02")
    assert reschedule(unsure, release_of(a_title(DAY)), now).next_at == now


@pytest.mark.parametrize("status", ["released", "announced", None])
def test_date_first_learned_of_when_it_has_passed_is_not_announced(status: str | None) -> None:
    """As after an update of the catalog that adds the dates of old shows."""
    undated = a_countdown(known_release=state(), cursor=at("2026-01-01"))
    release = {"window": "2021-02-20", **({"status": status} if status else {})}
    decision = decide_at(undated, "2026-05-01", **release)
    assert decision.post is None
    later = replace(undated, cursor=decision.cursor, known_release=decision.known_release)
    assert decide_at(later, "2026-05-02", **release).post is None
    moved = decide_at(later, "2026-05-03", window="2027-02-20", status="announced")
    assert posted_key(moved) == "changed"


def test_cancellation_of_a_past_date_is_announced() -> None:
    undated = a_countdown(known_release=state(), cursor=at("2026-01-01"))
    decision = decide_at(undated, "2026-05-01", window="2026-04-01", status="cancelled")
    assert posted_key(decision) == "changed"
