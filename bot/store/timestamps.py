"""Converts datetimes to and from stored timestamps: seconds since 1970, in UTC."""

from datetime import UTC, datetime
from typing import overload


@overload
def to_timestamp(instant: datetime) -> float: ...
@overload
def to_timestamp(instant: None) -> None: ...
def to_timestamp(instant: datetime | None) -> float | None:
    """Convert a datetime to a timestamp. None is returned unchanged."""
    return None if instant is None else instant.timestamp()


def from_timestamp(stored: float) -> datetime:
    """Convert a timestamp to a datetime in UTC."""
    return datetime.fromtimestamp(stored, UTC)
