"""A release window: a date exactly as precise as its source.

The forms are ISO 8601's: `2025`, `2025-11`, `2025-11-22`, `2025-11-22T16:00+09:00`, an interval
`2025-11/2026-01`; and for halves and quarters `2025-H2` and `2025-Q4`, as broadcasters write them.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Self

_PERIOD = re.compile(r"(?P<year>\d{4})(?:-(?:(?P<part>H[12]|Q[1-4])|(?P<month>\d{2})))?", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
# What is reckoned from a window must not leave the calendar.
_YEARS = 1800, 2200
_FORMS = "2025, 2025-H2, 2025-Q4, 2025-11, 2025-11-22, 2025-11-22T16:00+09:00 or 2025-11/2026-01"

# A calendar day begins first at UTC+14 and ends last at UTC-12: a window that names no zone has
# begun once it has anywhere, and is over only once it is everywhere.
_FIRST_ZONE = timedelta(hours=14)
_LAST_ZONE = timedelta(hours=-12)


class Precision(StrEnum):
    """How exactly a window is known, finest first."""

    INSTANT = "instant"
    DAY = "day"
    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    YEAR = "year"
    INTERVAL = "interval"


class WindowState(StrEnum):
    """Where an instant lies as seen from a window."""

    AHEAD = "ahead"
    OPEN = "open"
    PASSED = "passed"


@dataclass(frozen=True, slots=True)
class ReleaseWindow:
    """The first and the last day on which something may be released, and how exactly that is known.

    `text` is the ISO 8601 form it was read from. `instant` is set where precision is INSTANT.
    """

    text: str
    precision: Precision
    earliest: date
    latest: date
    instant: datetime | None = None

    @classmethod
    @lru_cache(4096)
    def parse(cls, text: str) -> Self:
        """Read a window from one of its forms. Raises ValueError naming the forms there are."""
        try:
            return cls._read(text)
        except ValueError as error:
            reason = f" ({error})" if str(error) else ""
            raise ValueError(
                f"{text!r} is not a valid release window{reason}; use {_FORMS}"
            ) from None

    @classmethod
    def _read(cls, text: str) -> Self:
        if "/" in text:
            found = cls._interval(text)
        elif "T" in text:
            found = cls._instant(text)
        else:
            found = cls(text, *_period(text))
        if not _YEARS[0] <= found.earliest.year <= found.latest.year <= _YEARS[1]:
            raise ValueError(f"the year must be between {_YEARS[0]} and {_YEARS[1]}")
        return found

    @classmethod
    def _interval(cls, text: str) -> Self:
        start, _, end = text.partition("/")
        _, earliest, _ = _period(start)
        _, _, latest = _period(end)
        if latest < earliest:
            raise ValueError("the end is before the start")
        return cls(text, Precision.INTERVAL, earliest, latest)

    @classmethod
    def _instant(cls, text: str) -> Self:
        instant = datetime.fromisoformat(text)
        if instant.tzinfo is None:
            raise ValueError("a time needs a UTC offset")
        return cls(text, Precision.INSTANT, instant.date(), instant.date(), instant)

    def state(self, now: datetime) -> WindowState:
        """Where `now` (with its zone) lies: ahead of the window, in it, or past it."""
        if self.instant is not None:
            return WindowState.PASSED if now >= self.instant else WindowState.AHEAD
        utc = now - (now.utcoffset() or timedelta())
        if (utc + _FIRST_ZONE).date() < self.earliest:
            return WindowState.AHEAD
        if (utc + _LAST_ZONE).date() > self.latest:
            return WindowState.PASSED
        return WindowState.OPEN

    def __str__(self) -> str:
        return self.text


def _period(text: str) -> tuple[Precision, date, date]:
    match = _PERIOD.fullmatch(text)
    if match is None:
        if not _DAY.fullmatch(text):
            raise ValueError
        day = date.fromisoformat(text)
        return Precision.DAY, day, day
    year, part, month = int(match["year"]), match["part"], match["month"]
    if month is not None:
        return Precision.MONTH, *_months(year, int(month), 1)
    if part is None:
        return Precision.YEAR, *_months(year, 1, 12)
    size, precision = (6, Precision.HALF) if part[0] == "H" else (3, Precision.QUARTER)
    return precision, *_months(year, (int(part[1]) - 1) * size + 1, size)


def _months(year: int, first: int, count: int) -> tuple[date, date]:
    last = first + count - 1
    return date(year, first, 1), date(year, last, monthrange(year, last)[1])
