"""The local date and hour decide, through every change of every zone's offset."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.countdown.local_time import instant_of, local_day
from tests.countdown.making import at, local

FIRST, LAST = datetime(2019, 12, 25, tzinfo=UTC), datetime(2031, 1, 5, tzinfo=UTC)
HOURS = [time(0), time(0, 30), time(1), time(2), time(2, 30), time(3), time(9), time(23, 59)]
# No zone changed twice within so short a time, Ramadan in Morocco (a month) included.
STRIDE = timedelta(days=5)


def wall_time(instant: datetime, zone: ZoneInfo) -> datetime:
    return instant.astimezone(zone).replace(tzinfo=None)


def transitions(name: str, first: datetime = FIRST, last: datetime = LAST) -> Iterator[datetime]:
    """Every instant at which a zone's offset changes."""
    zone = ZoneInfo(name)
    here, offset = first, first.astimezone(zone).utcoffset()
    while here < last:
        there = here + STRIDE
        if (now := there.astimezone(zone).utcoffset()) != offset:
            before, after = here, there
            while after - before > timedelta(seconds=1):
                middle = before + timedelta(seconds=(after - before) // timedelta(seconds=2))
                changed = middle.astimezone(zone).utcoffset() != offset
                before, after = (before, middle) if changed else (middle, after)
            yield after
        here, offset = there, now


@cache
def sound_at(name: str, changes: tuple[datetime, ...], wall: datetime) -> datetime:
    """When `wall` comes first, found by trying each offset the zone has around its changes."""
    zone, utc = ZoneInfo(name), wall.replace(tzinfo=UTC)
    around = [c for c in changes if abs(c - utc) < timedelta(days=3)]
    moments = [utc, *(edge for c in around for edge in (c - timedelta(seconds=1), c))]
    offsets = {moment.astimezone(zone).utcoffset() or timedelta() for moment in moments}
    shown = [utc - offset for offset in offsets if wall_time(utc - offset, zone) == wall]
    # Where no clock ever shows it, the change is what jumped over it.
    return min(shown) if shown else min(c for c in around if wall_time(c, zone) > wall)


def days_around(change: datetime, zone: ZoneInfo) -> Iterator[date]:
    middle = wall_time(change, zone).date()
    return (middle + timedelta(days=days) for days in (-2, -1, 0, 1))


def test_every_change_of_every_zone_in_ten_years() -> None:
    checked = 0
    for name in sorted(available_timezones()):
        zone, changes = ZoneInfo(name), tuple(transitions(name))
        for change in changes:
            for day in days_around(change, zone):
                for hour in HOURS:
                    found = instant_of(day, hour, zone)
                    expected = sound_at(name, changes, datetime.combine(day, hour))
                    assert found == expected, (name, day, hour)
                    checked += 1
    assert checked > 100_000


def test_away_from_changes_every_zone_shows_the_very_date_and_hour() -> None:
    days = [date(year, month, 10) for year in range(2020, 2031) for month in (1, 6, 8, 12)]
    for name in sorted(available_timezones()):
        zone = ZoneInfo(name)
        for day in days:
            instant = instant_of(day, time(21, 30), zone)
            assert wall_time(instant, zone) == datetime.combine(day, time(21, 30)), (name, day)
            assert local_day(instant, zone) == day


@pytest.mark.parametrize(
    ("zone", "day", "hour", "instant", "shown"),
    [
        # Two in the morning was left out: it is posted when clocks jump to three.
        ("Europe/Berlin", "2026-03-29", "02:30", "2026-03-29T01:00", "2026-03-29 03:00"),
        ("America/New_York", "2026-03-08", "02:00", "2026-03-08T07:00", "2026-03-08 03:00"),
        # Half past two came twice: it is posted at the first.
        ("Europe/Berlin", "2026-10-25", "02:30", "2026-10-25T00:30", "2026-10-25 02:30"),
        # A change of half an hour.
        ("Australia/Lord_Howe", "2026-10-04", "02:15", "2026-10-03T15:30", "2026-10-04 02:30"),
        ("Australia/Lord_Howe", "2026-04-05", "01:45", "2026-04-04T14:45", "2026-04-05 01:45"),
        # At midnight: the day begins at one.
        ("Africa/Cairo", "2026-04-24", "00:00", "2026-04-23T22:00", "2026-04-24 01:00"),
        # Clocks are set back over midnight.
        ("America/Nuuk", "2026-10-24", "23:30", "2026-10-25T00:30", "2026-10-24 23:30"),
        # Two zones left a whole date out, the one when it moved west to east of the date line.
        ("Pacific/Apia", "2011-12-30", "09:00", "2011-12-30T10:00", "2011-12-31 00:00"),
        ("Pacific/Apia", "2011-12-29", "09:00", "2011-12-29T19:00", "2011-12-29 09:00"),
        ("Pacific/Apia", "2011-12-31", "09:00", "2011-12-30T19:00", "2011-12-31 09:00"),
        ("Pacific/Kwajalein", "1993-08-21", "09:00", "1993-08-21T12:00", "1993-08-22 00:00"),
        ("Pacific/Kwajalein", "1993-08-22", "09:00", "1993-08-21T21:00", "1993-08-22 09:00"),
        # Offsets of minutes, and the farthest there are.
        ("Asia/Kathmandu", "2026-05-14", "00:00", "2026-05-13T18:15", "2026-05-14 00:00"),
        ("Pacific/Kiritimati", "2026-05-14", "00:00", "2026-05-13T10:00", "2026-05-14 00:00"),
        ("Etc/GMT+12", "2026-05-14", "23:59", "2026-05-15T11:59", "2026-05-14 23:59"),
    ],
)
def test_a_wall_clock_and_its_instant(
    zone: str, day: str, hour: str, instant: str, shown: str
) -> None:
    there = ZoneInfo(zone)
    found = instant_of(date.fromisoformat(day), time.fromisoformat(hour), there)
    assert found == at(instant)
    assert local(found, there) == shown


@given(
    st.sampled_from(sorted(available_timezones())),
    st.dates(date(1990, 1, 1), date(2040, 1, 1)),
    st.times(),
)
def test_the_instant_never_lies_before_what_was_asked_for(name: str, day: date, hour: time) -> None:
    zone = ZoneInfo(name)
    found = instant_of(day, hour, zone)
    assert found.tzinfo is UTC
    assert wall_time(found, zone) >= datetime.combine(day, hour)
    # And the second before it does: nothing earlier would have done.
    earlier = found - timedelta(seconds=1)
    assert wall_time(earlier, zone) < datetime.combine(day, hour)


@given(st.sampled_from(sorted(available_timezones())), st.dates(date(1990, 1, 1), date(2040, 1, 1)))
def test_days_come_in_their_order(name: str, day: date) -> None:
    zone = ZoneInfo(name)
    week = [instant_of(day + timedelta(days=n), time(9), zone) for n in range(7)]
    assert week == sorted(week)
