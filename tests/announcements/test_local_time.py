"""Local dates and times become instants, across every offset change of every time zone."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.announcements.local_time import local_day, local_instant
from tests.announcements.builders import at, local_text

FIRST, LAST = datetime(2019, 12, 25, tzinfo=UTC), datetime(2031, 1, 5, tzinfo=UTC)
HOURS = [time(0), time(0, 30), time(1), time(2), time(2, 30), time(3), time(9), time(23, 59)]
# Shorter than any time between two offset changes of a zone (Morocco: a month, for Ramadan).
STEP = timedelta(days=5)


def wall_time(instant: datetime, zone: ZoneInfo) -> datetime:
    return instant.astimezone(zone).replace(tzinfo=None)


def transitions(name: str, first: datetime = FIRST, last: datetime = LAST) -> Iterator[datetime]:
    """Every instant at which a zone's offset changes."""
    zone = ZoneInfo(name)
    here, offset = first, first.astimezone(zone).utcoffset()
    while here < last:
        there = here + STEP
        if (now := there.astimezone(zone).utcoffset()) != offset:
            before, after = here, there
            while after - before > timedelta(seconds=1):
                middle = before + timedelta(seconds=(after - before) // timedelta(seconds=2))
                changed = middle.astimezone(zone).utcoffset() != offset
                before, after = (before, middle) if changed else (middle, after)
            yield after
        here, offset = there, now


@cache
def expected_instant(name: str, changes: tuple[datetime, ...], wall: datetime) -> datetime:
    """The first instant that a clock shows `wall`, found by trying each offset near a change."""
    zone, utc = ZoneInfo(name), wall.replace(tzinfo=UTC)
    around = [c for c in changes if abs(c - utc) < timedelta(days=3)]
    moments = [utc, *(edge for c in around for edge in (c - timedelta(seconds=1), c))]
    offsets = {moment.astimezone(zone).utcoffset() or timedelta() for moment in moments}
    shown = [utc - offset for offset in offsets if wall_time(utc - offset, zone) == wall]
    # If no clock ever shows it, the change that skipped it.
    return min(shown) if shown else min(c for c in around if wall_time(c, zone) > wall)


def days_around(change: datetime, zone: ZoneInfo) -> Iterator[date]:
    middle = wall_time(change, zone).date()
    return (middle + timedelta(days=days) for days in (-2, -1, 0, 1))


def test_times_around_every_offset_change_of_ten_years() -> None:
    checked = 0
    for name in sorted(available_timezones()):
        zone, changes = ZoneInfo(name), tuple(transitions(name))
        for change in changes:
            for day in days_around(change, zone):
                for hour in HOURS:
                    found = local_instant(day, hour, zone)
                    expected = expected_instant(name, changes, datetime.combine(day, hour))
                    assert found == expected, (name, day, hour)
                    checked += 1
    assert checked > 100_000


def test_times_away_from_offset_changes_are_exact() -> None:
    days = [date(year, month, 10) for year in range(2020, 2031) for month in (1, 6, 8, 12)]
    for name in sorted(available_timezones()):
        zone = ZoneInfo(name)
        for day in days:
            instant = local_instant(day, time(21, 30), zone)
            assert wall_time(instant, zone) == datetime.combine(day, time(21, 30)), (name, day)
            assert local_day(instant, zone) == day


@pytest.mark.parametrize(
    ("zone", "day", "hour", "instant", "shown"),
    [
        # 02:00 to 03:00 is skipped: posted when clocks jump to 03:00.
        ("Europe/Berlin", "2026-03-29", "02:30", "2026-03-29T01:00", "2026-03-29 03:00"),
        ("America/New_York", "2026-03-08", "02:00", "2026-03-08T07:00", "2026-03-08 03:00"),
        # 02:30 is repeated: posted at the first.
        ("Europe/Berlin", "2026-10-25", "02:30", "2026-10-25T00:30", "2026-10-25 02:30"),
        # A change of half an hour.
        ("Australia/Lord_Howe", "2026-10-04", "02:15", "2026-10-03T15:30", "2026-10-04 02:30"),
        ("Australia/Lord_Howe", "2026-04-05", "01:45", "2026-04-04T14:45", "2026-04-05 01:45"),
        # At midnight: the day begins at one.
        ("Africa/Cairo", "2026-04-24", "00:00", "2026-04-23T22:00", "2026-04-24 01:00"),
        # Clocks are set back across midnight.
        ("America/Nuuk", "2026-10-24", "23:30", "2026-10-25T00:30", "2026-10-24 23:30"),
        # Two zones skipped a whole date when they crossed the date line.
        ("Pacific/Apia", "2011-12-30", "09:00", "2011-12-30T10:00", "2011-12-31 00:00"),
        ("Pacific/Apia", "2011-12-29", "09:00", "2011-12-29T19:00", "2011-12-29 09:00"),
        ("Pacific/Apia", "2011-12-31", "09:00", "2011-12-30T19:00", "2011-12-31 09:00"),
        ("Pacific/Kwajalein", "1993-08-21", "09:00", "1993-08-21T12:00", "1993-08-22 00:00"),
        ("Pacific/Kwajalein", "1993-08-22", "09:00", "1993-08-21T21:00", "1993-08-22 09:00"),
        # Offsets with minutes, and the most extreme ones.
        ("Asia/Kathmandu", "2026-05-14", "00:00", "2026-05-13T18:15", "2026-05-14 00:00"),
        ("Pacific/Kiritimati", "2026-05-14", "00:00", "2026-05-13T10:00", "2026-05-14 00:00"),
        ("Etc/GMT+12", "2026-05-14", "23:59", "2026-05-15T11:59", "2026-05-14 23:59"),
    ],
)
def test_skipped_and_repeated_local_times(
    zone: str, day: str, hour: str, instant: str, shown: str
) -> None:
    there = ZoneInfo(zone)
    found = local_instant(date.fromisoformat(day), time.fromisoformat(hour), there)
    assert found == at(instant)
    assert local_text(found, there) == shown


@given(
    st.sampled_from(sorted(available_timezones())),
    st.dates(date(1990, 1, 1), date(2040, 1, 1)),
    st.times(),
)
def test_instant_is_the_first_not_before_the_local_time(name: str, day: date, hour: time) -> None:
    zone = ZoneInfo(name)
    found = local_instant(day, hour, zone)
    assert found.tzinfo is UTC
    assert wall_time(found, zone) >= datetime.combine(day, hour)
    # The second before it is too early.
    earlier = found - timedelta(seconds=1)
    assert wall_time(earlier, zone) < datetime.combine(day, hour)


@given(st.sampled_from(sorted(available_timezones())), st.dates(date(1990, 1, 1), date(2040, 1, 1)))
def test_instants_of_consecutive_days_are_in_order(name: str, day: date) -> None:
    zone = ZoneInfo(name)
    week = [local_instant(day + timedelta(days=n), time(9), zone) for n in range(7)]
    assert week == sorted(week)
