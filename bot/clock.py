"""The clock. It is injected, so that the demo and tests can control the time."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Clock = Callable[[], datetime]
"""Returns the current time, timezone-aware."""


def system_clock() -> datetime:
    """Return the current time in UTC."""
    return datetime.now(UTC)


def describe_offset(offset: timedelta) -> str:
    """Return how far one clock is ahead of another in words: `61 min ahead of`, `2 s behind`."""
    seconds = abs(offset.total_seconds())
    size = f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"
    return f"{size} {'ahead of' if offset > timedelta() else 'behind'}"
