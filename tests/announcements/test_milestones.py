"""The milestones of a release, and when each expires."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.announcements.local_time import local_day
from bot.announcements.milestones import Milestone, MilestoneKind, Schedule, plan_milestones
from bot.catalog.model import Release, ReleaseStatus
from tests.announcements.builders import at, keys, local_text, schedule


def release(window: str | None, status: str | None = "announced") -> Release:
    return Release.model_validate({"window": window, "status": status})


def planned(window: str, options: Schedule) -> list[tuple[str, str]]:
    """The milestones of a window, each with its local time."""
    found = plan_milestones(release(window), options)
    return [(milestone.key, local_text(milestone.at, options.timezone)) for milestone in found]


def test_date_is_counted_down_to_at_the_local_post_time() -> None:
    assert planned("2026-05-14", schedule("Asia/Seoul", time(21), (7, 1, 0))) == [
        ("D-7", "2026-05-07 21:00"),
        ("D-1", "2026-05-13 21:00"),
        ("D-Day", "2026-05-14 21:00"),
    ]


def test_instant_is_counted_down_to_on_its_local_date() -> None:
    # Four in the afternoon in Seoul is three in the morning in New York, of the same date …
    assert planned("2026-05-14T16:00+09:00", schedule("America/New_York", time(2), (1, 0))) == [
        ("D-1", "2026-05-13 02:00"),
        ("D-Day", "2026-05-14 02:00"),
        ("released", "2026-05-14 03:00"),
    ]
    # … and one in the morning there is the evening before.
    assert planned("2026-05-14T01:00+09:00", schedule("America/New_York", time(9), (1, 0))) == [
        ("D-1", "2026-05-12 09:00"),
        ("D-Day", "2026-05-13 09:00"),
        ("released", "2026-05-13 12:00"),
    ]


def test_no_day_is_counted_once_the_release_is_out() -> None:
    # At 09:00 it has been out for an hour: no D-Day follows.
    assert planned("2026-05-14T08:00+00:00", schedule(milestone_days=(1, 0))) == [
        ("D-1", "2026-05-13 09:00"),
        ("released", "2026-05-14 08:00"),
    ]
    assert planned("2026-05-14T09:00+00:00", schedule(milestone_days=(0,))) == [
        ("released", "2026-05-14 09:00")
    ]


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        (
            "2026",
            [("opens", "2026-01-01"), ("halfway", "2026-07-02"), ("last_month", "2026-12-01"),
             ("closed", "2027-01-01")],
        ),
        (
            "2026-H2",
            [("opens", "2026-07-01"), ("halfway", "2026-10-01"), ("last_month", "2026-12-01"),
             ("closed", "2027-01-01")],
        ),
        (
            "2026-Q1",
            [("opens", "2026-01-01"), ("halfway", "2026-02-15"), ("last_month", "2026-03-01"),
             ("closed", "2026-04-01")],
        ),
        (
            "2026-05",
            [("opens", "2026-05-01"), ("halfway", "2026-05-16"), ("closed", "2026-06-01")],
        ),
        (
            "2026-05/2026-06",
            [("opens", "2026-05-01"), ("halfway", "2026-05-31"), ("closed", "2026-07-01")],
        ),
        (
            "2025-11/2026-01",
            [("opens", "2025-11-01"), ("halfway", "2025-12-17"), ("last_month", "2026-01-01"),
             ("closed", "2026-02-01")],
        ),
    ],
)  # fmt: skip
def test_period_opens_is_halfway_has_a_last_month_and_closes(
    window: str, expected: list[tuple[str, str]]
) -> None:
    shown = [(key, f"{day} 09:00") for key, day in expected]
    assert planned(window, schedule("Asia/Seoul")) == shown


@pytest.mark.parametrize(
    ("window", "status"),
    [
        (None, "announced"),
        (None, None),
        ("2026-05-14", "cancelled"),
        ("2026-05-14", "postponed"),
        ("2026", "cancelled"),
        ("2026", "postponed"),
        # Released within the period, at an unknown date: it neither opens nor closes.
        ("2026", "released"),
    ],
)
def test_release_that_is_not_coming_has_no_milestones(
    window: str | None, status: str | None
) -> None:
    assert plan_milestones(release(window, status), schedule()) == []


def test_released_status_keeps_the_milestones_of_a_date() -> None:
    assert keys(
        plan_milestones(release("2026-05-14", "released"), schedule(milestone_days=(1, 0)))
    ) == [
        "D-1",
        "D-Day",
    ]


def expiry(milestone: Milestone, options: Schedule) -> str:
    return local_text(milestone.expires_at, options.timezone)


def test_expiry_of_each_milestone() -> None:
    options = schedule("Asia/Seoul", time(21), (7, 0))
    week, day = plan_milestones(release("2026-05-14"), options)
    assert expiry(week, options) == "2026-05-08 00:00"
    assert expiry(day, options) == "2026-05-17 21:00"
    # D-Day expires at the instant itself; "released" three days later.
    week, day, released = plan_milestones(release("2026-05-14T22:30+09:00"), options)
    assert expiry(week, options) == "2026-05-08 00:00"
    assert expiry(day, options) == "2026-05-14 22:30"
    assert expiry(released, options) == "2026-05-17 22:30"
    opens, halfway, last_month, closed = plan_milestones(release("2026"), options)
    assert expiry(opens, options) == "2026-07-02 00:00"
    assert expiry(halfway, options) == "2026-12-01 00:00"
    assert expiry(last_month, options) == "2027-01-01 00:00"
    assert closed.expires_at - closed.at == timedelta(days=30)


@pytest.mark.parametrize(
    ("zone", "day", "expected"),
    [
        # The post time is skipped when clocks are set forward.
        ("Europe/Berlin", "2026-03-29", [("D-1", "2026-03-28 02:30"),
                                         ("D-Day", "2026-03-29 03:00")]),
        # It is repeated when clocks are set back: the first is used.
        ("Europe/Berlin", "2026-10-25", [("D-1", "2026-10-24 02:30"),
                                         ("D-Day", "2026-10-25 02:30")]),
        # Samoa skipped 2011-12-30: its milestone is posted as soon as the date is over.
        ("Pacific/Apia", "2011-12-31", [("D-1", "2011-12-31 00:00"),
                                        ("D-Day", "2011-12-31 02:30")]),
        ("Pacific/Apia", "2011-12-30", [("D-1", "2011-12-29 02:30"),
                                        ("D-Day", "2011-12-31 00:00")]),
        ("Pacific/Kwajalein", "1993-08-22", [("D-1", "1993-08-22 00:00"),
                                             ("D-Day", "1993-08-22 02:30")]),
    ],
)  # fmt: skip
def test_local_times_and_dates_that_do_not_exist(
    zone: str, day: str, expected: list[tuple[str, str]]
) -> None:
    options = schedule(zone, time(2, 30), (1, 0))
    assert planned(day, options) == expected
    assert all(
        milestone.expires_at > milestone.at for milestone in plan_milestones(release(day), options)
    )


ZONES = st.sampled_from(sorted(available_timezones()))
MILESTONE_DAYS = st.lists(st.integers(0, 400), min_size=1, max_size=6, unique=True)
DAYS = st.dates(date(1995, 1, 1), date(2038, 1, 1))


@given(ZONES, st.times(), MILESTONE_DAYS, DAYS)
def test_every_milestone_of_any_date_is_planned_once_on_its_own_date(
    zone: str, hour: time, milestones: list[int], day: date
) -> None:
    options = schedule(zone, hour, milestones)
    found = plan_milestones(release(day.isoformat()), options)
    assert sorted(one.days_left for one in found if one.days_left is not None) == sorted(milestones)
    for one in found:
        eve = day - timedelta(days=one.days_left or 0)
        late = local_day(one.at, options.timezone) - eve
        # Only on a skipped date, or in a skipped last hour, it is posted on the next date.
        assert timedelta() <= late <= timedelta(days=1)
        if one.days_left and not late:
            assert local_day(one.expires_at - timedelta(seconds=1), options.timezone) == eve


WINDOWS = st.one_of(
    DAYS.map(str),
    st.datetimes(datetime(1995, 1, 1), datetime(2038, 1, 1)).map(lambda t: f"{t:%FT%T}+09:00"),
    st.builds("{}{}".format, st.integers(1995, 2038), st.sampled_from(["", "-H1", "-Q4", "-02"])),
    st.tuples(DAYS, DAYS).map(lambda days: "/".join(map(str, sorted(days)))),
)


@given(WINDOWS, st.sampled_from([None, *ReleaseStatus]), ZONES, st.times(), MILESTONE_DAYS)
def test_milestones_are_in_order_and_expire_after_they_are_due(
    window: str, status: str | None, zone: str, hour: time, milestones: list[int]
) -> None:
    found = plan_milestones(release(window, status), schedule(zone, hour, milestones))
    assert [one.at for one in found] == sorted(one.at for one in found)
    assert all(one.at < one.expires_at for one in found)
    assert len(set(keys(found))) == len(found)


@given(st.integers(1995, 2038), st.sampled_from(["", "-H1", "-H2", "-Q2", "-11"]), MILESTONE_DAYS)
def test_period_never_counts_days(year: int, part: str, milestones: list[int]) -> None:
    found = plan_milestones(release(f"{year}{part}"), schedule(milestone_days=milestones))
    assert found
    assert all(one.days_left is None and one.kind is not MilestoneKind.DAYS_LEFT for one in found)


@pytest.mark.parametrize(
    "window", ["1800", "1800-01-01", "1800-01-01T00:00+14:00", "2200-12-31", "2200"]
)
def test_extreme_windows_can_be_planned(window: str) -> None:
    plan_milestones(release(window), schedule("Asia/Seoul", milestone_days=(1000, 1, 0)))


def test_milestone_key() -> None:
    now = at("2026-05-01")
    assert Milestone(MilestoneKind.DAYS_LEFT, now, now, 7).key == "D-7"
    assert Milestone(MilestoneKind.DAYS_LEFT, now, now, 0).key == "D-Day"
    assert Milestone(MilestoneKind.LAST_MONTH, now, now).key == "last_month"
    assert schedule("Asia/Seoul").timezone == ZoneInfo("Asia/Seoul")
