"""What there is to announce of a release, and until when it is true."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalog.model import Release, ReleaseStatus
from bot.countdown.local_time import local_day
from bot.countdown.occasions import Kind, Occasion, Schedule, occasions
from tests.countdown.making import at, keys, local, schedule


def release(window: str | None, status: str | None = "announced") -> Release:
    return Release.model_validate({"window": window, "status": status})


def told(window: str, terms: Schedule) -> list[tuple[str, str]]:
    """What is announced of a window, and what the channel's clock shows then."""
    found = occasions(release(window), terms)
    return [(occasion.key, local(occasion.at, terms.zone)) for occasion in found]


def test_a_day_is_counted_down_to_at_the_hour_of_the_zone() -> None:
    assert told("2026-05-14", schedule("Asia/Seoul", time(21), (7, 1, 0))) == [
        ("D-7", "2026-05-07 21:00"),
        ("D-1", "2026-05-13 21:00"),
        ("D-Day", "2026-05-14 21:00"),
    ]


def test_a_moment_is_counted_down_to_on_the_date_it_has_in_the_zone() -> None:
    # Four in the afternoon in Seoul is three in the morning in New York, of the same date …
    assert told("2026-05-14T16:00+09:00", schedule("America/New_York", time(2), (1, 0))) == [
        ("D-1", "2026-05-13 02:00"),
        ("D-Day", "2026-05-14 02:00"),
        ("out", "2026-05-14 03:00"),
    ]
    # … and one in the morning there is the evening before.
    assert told("2026-05-14T01:00+09:00", schedule("America/New_York", time(9), (1, 0))) == [
        ("D-1", "2026-05-12 09:00"),
        ("D-Day", "2026-05-13 09:00"),
        ("out", "2026-05-13 12:00"),
    ]


def test_what_is_out_is_not_counted_down_to() -> None:
    # At nine it has been out for an hour: the moment itself says so, no D-Day follows.
    assert told("2026-05-14T08:00+00:00", schedule(milestones=(1, 0))) == [
        ("D-1", "2026-05-13 09:00"),
        ("out", "2026-05-14 08:00"),
    ]
    assert told("2026-05-14T09:00+00:00", schedule(milestones=(0,))) == [
        ("out", "2026-05-14 09:00")
    ]


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        ("2026", [("opens", "2026-01-01"), ("half", "2026-07-02"), ("last_month", "2026-12-01"),
                  ("closed", "2027-01-01")]),
        ("2026-H2", [("opens", "2026-07-01"), ("half", "2026-10-01"), ("last_month", "2026-12-01"),
                     ("closed", "2027-01-01")]),
        ("2026-Q1", [("opens", "2026-01-01"), ("half", "2026-02-15"), ("last_month", "2026-03-01"),
                     ("closed", "2026-04-01")]),
        ("2026-05", [("opens", "2026-05-01"), ("half", "2026-05-16"), ("closed", "2026-06-01")]),
        ("2026-05/2026-06", [("opens", "2026-05-01"), ("half", "2026-05-31"),
                             ("closed", "2026-07-01")]),
        ("2025-11/2026-01", [("opens", "2025-11-01"), ("half", "2025-12-17"),
                             ("last_month", "2026-01-01"), ("closed", "2026-02-01")]),
    ],
)  # fmt: skip
def test_a_coarser_window_opens_is_half_through_and_closes(
    window: str, expected: list[tuple[str, str]]
) -> None:
    shown = [(key, f"{day} 09:00") for key, day in expected]
    assert told(window, schedule("Asia/Seoul")) == shown


@pytest.mark.parametrize(
    ("window", "status"),
    [
        (None, "announced"),
        (None, None),
        ("2026-05-14", "cancelled"),
        ("2026-05-14", "postponed"),
        ("2026", "cancelled"),
        ("2026", "postponed"),
        # A window in which something came out, nobody says when, neither closes nor ends.
        ("2026", "released"),
    ],
)
def test_what_is_not_coming_is_not_announced(window: str | None, status: str | None) -> None:
    assert occasions(release(window, status), schedule()) == []


def test_a_day_on_which_it_is_released_is_announced_as_ever() -> None:
    assert keys(occasions(release("2026-05-14", "released"), schedule(milestones=(1, 0)))) == [
        "D-1",
        "D-Day",
    ]


def until(occasion: Occasion, terms: Schedule) -> str:
    return local(occasion.until, terms.zone)


def test_how_long_each_is_true() -> None:
    terms = schedule("Asia/Seoul", time(21), (7, 0))
    week, day = occasions(release("2026-05-14"), terms)
    assert until(week, terms) == "2026-05-08 00:00"
    assert until(day, terms) == "2026-05-17 21:00"
    # Before a moment the day ends with it, and what is out is news for three days.
    week, day, out = occasions(release("2026-05-14T22:30+09:00"), terms)
    assert until(week, terms) == "2026-05-08 00:00"
    assert until(day, terms) == "2026-05-14 22:30"
    assert until(out, terms) == "2026-05-17 22:30"
    opens, half, last_month, closed = occasions(release("2026"), terms)
    assert until(opens, terms) == "2026-07-02 00:00"
    assert until(half, terms) == "2026-12-01 00:00"
    assert until(last_month, terms) == "2027-01-01 00:00"
    assert closed.until - closed.at == timedelta(days=30)


@pytest.mark.parametrize(
    ("zone", "day", "expected"),
    [
        # The night clocks are set forward, the hour chosen may not exist.
        ("Europe/Berlin", "2026-03-29", [("D-1", "2026-03-28 02:30"),
                                         ("D-Day", "2026-03-29 03:00")]),
        # The night they are set back it comes twice, and is announced at the first.
        ("Europe/Berlin", "2026-10-25", [("D-1", "2026-10-24 02:30"),
                                         ("D-Day", "2026-10-25 02:30")]),
        # Samoa had no 30th of December: what was to be told on it is told as soon as it can be.
        ("Pacific/Apia", "2011-12-31", [("D-1", "2011-12-31 00:00"),
                                        ("D-Day", "2011-12-31 02:30")]),
        ("Pacific/Apia", "2011-12-30", [("D-1", "2011-12-29 02:30"),
                                        ("D-Day", "2011-12-31 00:00")]),
        ("Pacific/Kwajalein", "1993-08-22", [("D-1", "1993-08-22 00:00"),
                                             ("D-Day", "1993-08-22 02:30")]),
    ],
)  # fmt: skip
def test_hours_and_days_that_do_not_exist(
    zone: str, day: str, expected: list[tuple[str, str]]
) -> None:
    terms = schedule(zone, time(2, 30), (1, 0))
    assert told(day, terms) == expected
    assert all(occasion.until > occasion.at for occasion in occasions(release(day), terms))


ZONES = st.sampled_from(sorted(available_timezones()))
MILESTONES = st.lists(st.integers(0, 400), min_size=1, max_size=6, unique=True)
DAYS = st.dates(date(1995, 1, 1), date(2038, 1, 1))


@given(ZONES, st.times(), MILESTONES, DAYS)
def test_each_milestone_of_any_day_is_told_once_on_its_own_date(
    zone: str, hour: time, milestones: list[int], day: date
) -> None:
    terms = schedule(zone, hour, milestones)
    found = occasions(release(day.isoformat()), terms)
    assert sorted(one.days for one in found if one.days is not None) == sorted(milestones)
    for one in found:
        eve = day - timedelta(days=one.days or 0)
        late = local_day(one.at, terms.zone) - eve
        # Only a date that the zone left out, or a last hour of one, is told on the next.
        assert timedelta() <= late <= timedelta(days=1)
        if one.days and not late:
            assert local_day(one.until - timedelta(seconds=1), terms.zone) == eve


WINDOWS = st.one_of(
    DAYS.map(str),
    st.datetimes(datetime(1995, 1, 1), datetime(2038, 1, 1)).map(lambda t: f"{t:%FT%T}+09:00"),
    st.builds("{}{}".format, st.integers(1995, 2038), st.sampled_from(["", "-H1", "-Q4", "-02"])),
    st.tuples(DAYS, DAYS).map(lambda days: "/".join(map(str, sorted(days)))),
)


@given(WINDOWS, st.sampled_from([None, *ReleaseStatus]), ZONES, st.times(), MILESTONES)
def test_all_is_in_order_and_true_for_a_while(
    window: str, status: str | None, zone: str, hour: time, milestones: list[int]
) -> None:
    found = occasions(release(window, status), schedule(zone, hour, milestones))
    assert [one.at for one in found] == sorted(one.at for one in found)
    assert all(one.at < one.until for one in found)
    assert len(set(keys(found))) == len(found)


@given(st.integers(1995, 2038), st.sampled_from(["", "-H1", "-H2", "-Q2", "-11"]), MILESTONES)
def test_never_days_left_to_a_day_nobody_announced(
    year: int, part: str, milestones: list[int]
) -> None:
    found = occasions(release(f"{year}{part}"), schedule(milestones=milestones))
    assert found
    assert all(one.days is None and one.kind is not Kind.DAYS_LEFT for one in found)


@pytest.mark.parametrize(
    "window", ["1800", "1800-01-01", "1800-01-01T00:00+14:00", "2200-12-31", "2200"]
)
def test_no_window_that_can_be_written_is_too_much(window: str) -> None:
    occasions(release(window), schedule("Asia/Seoul", milestones=(1000, 1, 0)))


def test_an_occasion_is_named_in_a_word() -> None:
    now = at("2026-05-01")
    assert Occasion(Kind.DAYS_LEFT, now, now, 7).key == "D-7"
    assert Occasion(Kind.DAYS_LEFT, now, now, 0).key == "D-Day"
    assert Occasion(Kind.LAST_MONTH, now, now).key == "last_month"
    assert schedule("Asia/Seoul").zone == ZoneInfo("Asia/Seoul")
