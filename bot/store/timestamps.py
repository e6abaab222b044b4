"""Instants as they are stored: seconds since 1970, in UTC."""

from datetime import UTC, datetime
from typing import overload


@overload
def to_timestamp(instant: datetime) -> float: ...
@overload
def to_timestamp(instant: None) -> None: ...
def to_timestamp(instant: datetime | None) -> float | None:
    """An instant as it is stored; None stays None."""
    return None if instant is None else instant.timestamp()


def from_timestamp(stored: float) -> datetime:
    """A stored instant."""
    return datetime.fromtimestamp(stored, UTC)
