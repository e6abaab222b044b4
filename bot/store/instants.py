"""Instants as they are stored: seconds since 1970, in UTC."""

from datetime import UTC, datetime
from typing import overload


@overload
def seconds(instant: datetime) -> float: ...
@overload
def seconds(instant: None) -> None: ...
def seconds(instant: datetime | None) -> float | None:
    """An instant as it is stored; None stays None."""
    return None if instant is None else instant.timestamp()


def from_seconds(stored: float) -> datetime:
    """A stored instant."""
    return datetime.fromtimestamp(stored, UTC)
