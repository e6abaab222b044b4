"""Converts between local time and UTC, including daylight saving changes."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def local_instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """Convert a local date and time in `zone` to UTC.

    An ambiguous time (clocks set back) is resolved to its first occurrence. A nonexistent time
    (clocks set forward, or a skipped day) is resolved to the end of the gap.
    """
    wall = datetime.combine(day, at)
    instant = wall.replace(tzinfo=zone).astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) == wall:
        return instant
    return _end_of_gap(wall, zone)


def local_day(instant: datetime, zone: ZoneInfo) -> date:
    """Return the date in `zone` at an instant."""
    return instant.astimezone(zone).date()


def _end_of_gap(wall: datetime, zone: ZoneInfo) -> datetime:
    """Return the end of the gap that contains `wall`, to the second."""
    # With the offset after the gap, the time is before it. With the offset before, it is after.
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
