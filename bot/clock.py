"""The time, passed in rather than reached for, so that the demo and the tests can move it."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Gives the present instant, always with its zone."""


def system_clock() -> datetime:
    """The present instant, in UTC."""
    return datetime.now(UTC)
