"""A release window: a date exactly as precise as its source.

The formats are those of ISO 8601: `2025`, `2025-11`, `2025-11-22`, `2025-11-22T16:00+09:00` and
the interval `2025-11/2026-01`. Halves and quarters are `2025-H2` and `2025-Q4`, as broadcasters
write them.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Self
from zoneinfo import ZoneInfo

_PERIOD = re.compile(r"(?P<year>\d{4})(?:-(?:(?P<part>H[12]|Q[1-4])|(?P<month>\d{2})))?", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
# Dates computed from a window must stay within the range of `datetime.date`.
_YEARS = 1800, 2200
_FORMATS = "2025, 2025-H2, 2025-Q4, 2025-11, 2025-11-22, 2025-11-22T16:00+09:00 or 2025-11/2026-01"

# A calendar day begins first at UTC+14 and ends last at UTC-12. A window without a time zone is
# open as soon as it has begun in some zone, and has passed once it is over in all of them.
_FIRST_ZONE = timedelta(hours=14)
_LAST_ZONE = timedelta(hours=-12)


class Precision(StrEnum):
    """The precision of a window, finest first."""

    INSTANT = "instant"
    DAY = "day"
    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    YEAR = "year"
    INTERVAL = "interval"


class WindowState(StrEnum):
    """The state of a window at an instant."""

    AHEAD = "ahead"
    OPEN = "open"
    PASSED = "passed"


@dataclass(frozen=True, slots=True)
class ReleaseWindow:
    """The earliest and latest release date, with their precision.

    `text` is the original text. `instant` is set if the precision is INSTANT.
    """

    text: str
    precision: Precision
    earliest: date
    latest: date
    instant: datetime | None = None

    @classmethod
    @lru_cache(4096)
    def parse(cls, text: str) -> Self:
        """Parse a window. Raises ValueError, listing the valid formats."""
        try:
            return cls._parse(text)
        except ValueError as error:
            reason = f" ({error})" if str(error) else ""
            raise ValueError(
                f"{text!r} is not a valid release window{reason}; use {_FORMATS}"
            ) from None

    @classmethod
    def _parse(cls, text: str) -> Self:
        if "/" in text:
            window = cls._parse_interval(text)
        elif "T" in text:
            window = cls._parse_instant(text)
        else:
            window = cls(text, *_parse_period(text))
        if not _YEARS[0] <= window.earliest.year <= window.latest.year <= _YEARS[1]:
            raise ValueError(f"the year must be between {_YEARS[0]} and {_YEARS[1]}")
        return window

    @classmethod
    def _parse_interval(cls, text: str) -> Self:
        start, _, end = text.partition("/")
        _, earliest, _ = _parse_period(start)
        _, _, latest = _parse_period(end)
        if latest < earliest:
            raise ValueError("the end is before the start")
        return cls(text, Precision.INTERVAL, earliest, latest)

    @classmethod
    def _parse_instant(cls, text: str) -> Self:
        instant = datetime.fromisoformat(text)
        if instant.tzinfo is None:
            raise ValueError("a time needs a UTC offset")
        return cls(text, Precision.INSTANT, instant.date(), instant.date(), instant)

    def state(self, now: datetime) -> WindowState:
        """Return the state at `now`, which must be timezone-aware."""
        if self.instant is not None:
            return WindowState.PASSED if now >= self.instant else WindowState.AHEAD
        utc = now - (now.utcoffset() or timedelta())
        if (utc + _FIRST_ZONE).date() < self.earliest:
            return WindowState.AHEAD
        if (utc + _LAST_ZONE).date() > self.latest:
            return WindowState.PASSED
        return WindowState.OPEN

    @property
    def is_exact(self) -> bool:
        """Whether the day is known, or even the time."""
        return self.precision in (Precision.INSTANT, Precision.DAY)

    def first_day(self, zone: ZoneInfo) -> date:
        """Return the earliest day: of an instant, the day in a time zone."""
        return self.instant.astimezone(zone).date() if self.instant else self.earliest

    def is_within(self, other: Self) -> bool:
        """Return whether every day of this window is in the other one."""
        return other.earliest <= self.earliest and self.latest <= other.latest

    def __str__(self) -> str:
        return self.text


def _parse_period(text: str) -> tuple[Precision, date, date]:
    match = _PERIOD.fullmatch(text)
    if match is None:
        if not _DAY.fullmatch(text):
            raise ValueError
        day = date.fromisoformat(text)
        return Precision.DAY, day, day
    year, part, month = int(match["year"]), match["part"], match["month"]
    if month is not None:
        return Precision.MONTH, *_month_range(year, int(month), 1)
    if part is None:
        return Precision.YEAR, *_month_range(year, 1, 12)
    size, precision = (6, Precision.HALF) if part[0] == "H" else (3, Precision.QUARTER)
    return precision, *_month_range(year, (int(part[1]) - 1) * size + 1, size)


def _month_range(year: int, first: int, count: int) -> tuple[date, date]:
    last = first + count - 1
    return date(year, first, 1), date(year, last, monthrange(year, last)[1])
