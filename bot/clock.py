"""The clock. It is injected, so that the demo and tests can control the time."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Returns the current time, timezone-aware."""


def system_clock() -> datetime:
    """Return the current time in UTC."""
    return datetime.now(UTC)
