"""A wall clock's time in a zone, as an instant, through every change of its offset."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def local_instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """When a clock in `zone` shows `at` on `day`, in UTC.

    A time that comes twice (clocks set back) is the first of the two. One that does not exist
    (clocks set forward, a day left out) is the first that does after it.
    """
    wall = datetime.combine(day, at)
    instant = wall.replace(tzinfo=zone).astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) == wall:
        return instant
    return _end_of_gap(wall, zone)


def local_day(instant: datetime, zone: ZoneInfo) -> date:
    """The date in `zone` at an instant."""
    return instant.astimezone(zone).date()


def _end_of_gap(wall: datetime, zone: ZoneInfo) -> datetime:
    """The instant at which clocks jump over `wall`, to the second."""
    # Read with the offset after the jump the time lies before it, and the other way round.
    before = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    after = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    offset = before.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(after - before) // timedelta(seconds=2))
        if middle.astimezone(zone).utcoffset() == offset:
            before = middle
        else:
            after = middle
    return after
