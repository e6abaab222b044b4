"""A countdown, its release and the time: what is posted, what is skipped, when to look again."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.countdown.deciding import UNSURE, decide, rescheduled, state_of, upcoming, window_in
from bot.countdown.model import Countdown, Decision
from bot.countdown.occasions import Kind
from tests.countdown.making import a_countdown, a_title, at, keys, knowing, release_in, schedule

DAY = {"window": "2026-05-14", "status": "announced"}


def deciding(countdown: Countdown, now: str, **release: Any) -> Decision:
    return decide(countdown, release_in(a_title(release or DAY)), at(now))


def counted(cursor: str, **release: Any) -> Countdown:
    """A countdown to a release its channel knows, which all is told of up to the cursor."""
    return knowing(a_title(release or DAY), cursor=at(cursor))


def posted(decision: Decision) -> str | None:
    return decision.post.key if decision.post else None


@pytest.mark.parametrize(
    ("cursor", "now", "post", "skipped", "due"),
    [
        # In time.
        ("2026-05-01", "2026-05-06T23:00", None, [], "2026-05-07T09:00"),
        ("2026-05-01", "2026-05-07T09:00", "D-7", [], "2026-05-11T09:00"),
        ("2026-05-07T09:00", "2026-05-11T09:00", "D-3", [], "2026-05-13T09:00"),
        ("2026-05-13T09:00", "2026-05-14T09:00", "D-Day", [], None),
        # Dealt with is dealt with.
        ("2026-05-07T09:00", "2026-05-07T09:00:01", None, [], "2026-05-11T09:00"),
        ("2026-05-14T09:00", "2026-05-15T09:00", None, [], None),
        # Late while still true: on the same date.
        ("2026-05-01", "2026-05-07T23:59", "D-7", [], "2026-05-11T09:00"),
        ("2026-05-01", "2026-05-08T00:00", None, ["D-7"], "2026-05-11T09:00"),
        # Several missed: the latest that is still true.
        ("2026-05-01", "2026-05-13T20:00", "D-1", ["D-7", "D-3"], "2026-05-14T09:00"),
        ("2026-05-01", "2026-05-14T08:59", None, ["D-7", "D-3", "D-1"], "2026-05-14T09:00"),
        # D-Day is worth telling for three days.
        ("2026-05-01", "2026-05-17T08:59", "D-Day", ["D-7", "D-3", "D-1"], None),
        ("2026-05-01", "2026-05-17T09:00", None, ["D-7", "D-3", "D-1", "D-Day"], None),
    ],
)
def test_what_is_posted_in_time_late_or_not_at_all(
    cursor: str, now: str, post: str | None, skipped: list[str], due: str | None
) -> None:
    decision = deciding(counted(cursor), now)
    assert posted(decision) == post
    assert keys(decision.skipped) == skipped
    assert decision.due == (at(due) if due else None)
    assert decision.cursor == at(now)


def test_after_the_moment_itself_no_day_is_told() -> None:
    release = {"window": "2026-05-14T12:00+00:00", "status": "announced"}
    countdown = counted("2026-05-13T10:00", **release)
    assert posted(deciding(countdown, "2026-05-14T11:59:59", **release)) == "D-Day"
    decision = deciding(countdown, "2026-05-14T12:00", **release)
    assert (posted(decision), keys(decision.skipped)) == ("out", ["D-Day"])


def test_a_coarse_window_is_told_of_late_until_its_next_step() -> None:
    release = {"window": "2026", "status": "announced"}
    countdown = counted("2025-12-01", **release)
    assert posted(deciding(countdown, "2026-06-30", **release)) == "opens"
    decision = deciding(countdown, "2026-12-24", **release)
    assert (posted(decision), keys(decision.skipped)) == ("last_month", ["opens", "half"])
    assert posted(deciding(countdown, "2027-01-31T08:59", **release)) == "closed"
    assert posted(deciding(countdown, "2027-01-31T09:00", **release)) is None


NEWS = [
    # The window moved, became exact, was given up, was first announced.
    ("2025|announced", {"window": "2026-05-14", "status": "announced"}, True),
    ("2026-05-14|announced", {"window": "2026-06-01", "status": "announced"}, True),
    ("2026-05-14|announced", {"status": "announced"}, True),
    ("|", {"window": "2026"}, True),
    # Its status tells something new.
    ("2026|announced", {"window": "2026", "status": "confirmed"}, True),
    ("2026|announced", {"window": "2026", "status": "postponed"}, True),
    ("2026|confirmed", {"window": "2026", "status": "cancelled"}, True),
    ("2026|postponed", {"status": "cancelled"}, True),
    # Nothing new, or nothing to wake a channel for.
    ("2026|announced", {"window": "2026", "status": "announced"}, False),
    ("2026|confirmed", {"window": "2026", "status": "confirmed"}, False),
    ("2026|rumoured", {"window": "2026", "status": "announced"}, False),
    ("2026|announced", {"window": "2026"}, False),
    ("2026-05-14|announced", {"window": "2026-05-14", "status": "released"}, False),
    ("|", {"status": "announced"}, False),
    ("|announced", {"status": "confirmed"}, False),
]


@pytest.mark.parametrize(("seen", "release", "news"), NEWS)
def test_what_is_news(seen: str, release: dict[str, Any], news: bool) -> None:
    decision = decide(
        a_countdown(seen=seen, cursor=at("2025-06-01")),
        release_in(a_title(release)),
        at("2025-06-01"),
    )
    assert posted(decision) == ("changed" if news else None)


@pytest.mark.parametrize(("seen", "release", "news"), NEWS)
def test_news_are_told_once(seen: str, release: dict[str, Any], news: bool) -> None:
    known, now = release_in(a_title(release)), at("2025-06-01")
    countdown = a_countdown(seen=seen, cursor=now)
    first = decide(countdown, known, now)
    again = decide(replace(countdown, seen=first.seen), known, now + timedelta(seconds=1))
    assert again.post is None
    assert again.seen == state_of(known)


def test_a_change_drops_the_old_milestones_and_plans_the_new() -> None:
    countdown = counted("2026-05-01")
    moved = {"window": "2026-05-20", "status": "announced"}
    decision = deciding(countdown, "2026-05-07T09:00", **moved)
    assert (posted(decision), list(decision.skipped)) == ("changed", [])
    assert decision.due == at("2026-05-13T09:00")
    after = replace(countdown, cursor=decision.cursor, seen=decision.seen)
    assert posted(deciding(after, "2026-05-11T09:00", **moved)) is None
    assert posted(deciding(after, "2026-05-13T09:00", **moved)) == "D-7"


def test_milestones_that_a_change_finds_behind_it_are_not_posted_in_a_burst() -> None:
    countdown = counted("2026-01-01", window="2026", status="announced")
    decision = deciding(countdown, "2026-05-13T10:00")
    assert (posted(decision), list(decision.skipped)) == ("changed", [])
    assert decision.due == at("2026-05-14T09:00")
    after = replace(countdown, cursor=decision.cursor, seen=decision.seen)
    assert posted(deciding(after, "2026-05-13T10:00:01")) is None


@pytest.mark.parametrize("status", ["postponed", "cancelled"])
def test_what_is_called_off_is_told_once_and_then_nothing(status: str) -> None:
    called_off = {"window": "2026-05-14", "status": status}
    decision = deciding(counted("2026-05-01"), "2026-05-07T09:00", **called_off)
    assert (posted(decision), decision.due) == ("changed", None)


def test_a_change_that_does_not_get_through_is_news_for_a_month() -> None:
    decision = deciding(counted("2026-05-01"), "2026-05-02", window="2027")
    assert decision.post is not None
    assert decision.post.until == at("2026-06-01")


def test_a_release_that_left_the_record_is_nothing_to_tell_of() -> None:
    decision = decide(counted("2026-05-01"), None, at("2026-05-07T09:00"))
    assert (posted(decision), list(decision.skipped), decision.due) == (None, [], None)


def test_a_release_that_comes_back_as_it_was_is_no_news() -> None:
    countdown = counted("2026-05-01")
    away = decide(countdown, None, at("2026-05-02"))
    back = deciding(replace(countdown, seen=away.seen), "2026-05-03")
    assert posted(back) is None


@pytest.mark.parametrize(
    ("seen", "window"),
    [
        ("2026-05-14T16:00+09:00", "2026-05-14T07:00+00:00"),
        ("2026-01/2026-06", "2026-H1"),
    ],
)
def test_a_window_written_otherwise_is_no_news(seen: str, window: str) -> None:
    countdown = a_countdown(seen=f"{seen}|announced", cursor=at("2025-06-01"))
    assert posted(deciding(countdown, "2025-06-01", window=window, status="announced")) is None


def test_taken_up_again_what_is_behind_is_not_told_late() -> None:
    countdown, release = counted("2026-01-01"), release_in(a_title(DAY))
    taken_up = rescheduled(countdown, release, at("2026-05-11T12:00"))
    assert (taken_up.cursor, taken_up.due) == (at("2026-05-11T12:00"), at("2026-05-13T09:00"))
    assert posted(decide(taken_up, release, at("2026-05-11T12:00"))) is None
    assert rescheduled(countdown, release, at("2026-06-01")).due is None
    assert rescheduled(countdown, None, at("2026-05-01")).due is None


def test_taken_up_again_a_change_meanwhile_is_told_at_once() -> None:
    moved = release_in(a_title({"window": "2026-06-01"}))
    taken_up = rescheduled(counted("2026-01-01"), moved, at("2026-05-02"))
    assert taken_up.due == at("2026-05-02")
    decision = decide(taken_up, moved, at("2026-05-02"))
    assert posted(decision) == "changed"


def test_what_is_ahead_soonest_first() -> None:
    countdown, release = counted("2026-01-01"), release_in(a_title(DAY))
    assert keys(upcoming(countdown, release, at("2026-05-07T09:00"))) == ["D-3", "D-1", "D-Day"]
    assert upcoming(countdown, None, at("2026-05-07T09:00")) == []


def test_a_state_keeps_the_window() -> None:
    assert window_in(state_of(release_in(a_title({"window": "2026-H2"})))) == "2026-H2"
    assert window_in(state_of(None)) == ""


@pytest.mark.parametrize(
    ("slot", "found"),
    [
        ("premiere · Netflix", "2026-02"),
        # Where its wording changed, the first of the same event.
        ("premiere · tvN", "2026-01"),
        ("premiere", "2026-01"),
        ("finale", "2026-03"),
        ("season", None),
    ],
)
def test_the_release_counted_down_to(slot: str, found: str | None) -> None:
    title = a_title(
        {"window": "2025-12", "network": "Viki"},
        {"window": "2026-01", "network": "Viki"},
        {"window": "2026-02", "network": "Netflix"},
        {"event": "finale", "window": "2026-03"},
    )
    release = release_in(title, slot)
    assert (str(release.window) if release else None) == found


@given(st.lists(st.integers(0, 40 * 24), min_size=1, max_size=12), st.data())
def test_whenever_it_is_looked_at_each_milestone_is_dealt_with_once(
    looks: list[int], data: st.DataObject
) -> None:
    """However often and late it is looked at: told at most once, and then while it is true."""
    release, begin = release_in(a_title(DAY)), at("2026-04-20")
    countdown = counted("2026-04-20")
    countdown = replace(countdown, schedule=schedule(milestones=(10, 7, 3, 1, 0)))
    dealt_with: list[str] = []
    now: datetime = begin
    for look in sorted(looks):
        now = begin + timedelta(hours=look, minutes=data.draw(st.integers(0, 59)))
        now = max(now, countdown.cursor)
        decision = decide(countdown, release, now)
        if decision.post is not None:
            assert decision.post.at <= now < decision.post.until
            assert decision.post.kind is Kind.DAYS_LEFT
            dealt_with.append(decision.post.key)
        dealt_with += keys(decision.skipped)
        assert decision.due is None or decision.due > now
        countdown = replace(countdown, cursor=decision.cursor, seen=decision.seen)
    everything = [("D-10", 10), ("D-7", 7), ("D-3", 3), ("D-1", 1), ("D-Day", 0)]
    over = [key for key, days in everything if at("2026-05-14T09:00") - timedelta(days) <= now]
    assert sorted(dealt_with) == sorted(over)


def test_what_a_channel_may_know_already_is_taken_as_it_stands_and_not_told() -> None:
    unsure = replace(counted("2026-05-01"), seen=UNSURE)
    decision = deciding(unsure, "2026-05-02")
    assert (posted(decision), decision.seen) == (None, state_of(release_in(a_title(DAY))))
    assert decide(unsure, None, at("2026-05-02")).seen == UNSURE
    # So it is looked at as soon as it can be: a change from then on is one.
    now = at("2026-05-02")
    assert rescheduled(unsure, release_in(a_title(DAY)), now).due == now
