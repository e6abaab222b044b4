"""What a source offers to the sync, and what the sync keeps about it."""

from collections.abc import AsyncIterator, Container, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal, NamedTuple, Protocol

from bot.catalog.model import Person, Title

Entity = Literal["title", "person"]


class Item(NamedTuple):
    """A title or a person of a source, by its id there."""

    entity: Entity
    id: str


def record_id(source: str, item_id: str | int) -> str:
    """Return the id of a source's record, such as `tvmaze-43687`."""
    return f"{source}-{item_id}"


@dataclass(frozen=True, slots=True)
class Listing:
    """A part of a source's list of items, or of those that changed.

    `stamps` maps items to text that differs whenever the item has changed, such as its last
    modification. `state` is what the source needs to continue after this part; it is stored as
    JSON, together with the stamps. `done` and `total` are for the progress; the unit is the
    source's. The last part of a list of everything has the number of its items as `count`.
    """

    stamps: Mapping[Item, str]
    state: Mapping[str, Any]
    done: int = 0
    total: int | None = None
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a source says of some items.

    `records` have ids of the form `SOURCE-ID` (`record_id`), also where they refer to people.
    Every item that was asked for is in exactly one of `found`, `missing`, `unwanted` and
    `refused`.

    - `found` maps items to the ids of their records.
    - `missing` no longer exist in the source. Their last record is kept.
    - `unwanted` are none of what is asked for, such as shows of another country.
    - `refused` have a reason: what the source says of them cannot be used.
    - `merged` maps ids of records to those that the source merged them into.
    - `referenced` are items that records refer to and that are to be fetched, too.
    """

    records: Sequence[Title | Person] = ()
    found: Mapping[Item, str] = field(default_factory=dict[Item, str])
    missing: Sequence[Item] = ()
    unwanted: Sequence[Item] = ()
    refused: Mapping[Item, str] = field(default_factory=dict[Item, str])
    merged: Mapping[str, str] = field(default_factory=dict[str, str])
    referenced: Sequence[Item] = ()


@dataclass(frozen=True, slots=True)
class SourceStatus:
    """When a source was last read, and what failed.

    `retry_at` is set while the source asks to wait. `summary` has the numbers of the last sync.
    `records` is the number of its records that are stored.
    """

    source: str
    started_at: datetime | None
    finished_at: datetime | None
    failed_at: datetime | None
    error: str | None
    advice: str | None
    retry_at: datetime | None
    is_running: bool
    summary: Mapping[str, int]
    records: int = 0


class Source(Protocol):
    """A source of records.

    `batch_size` is how many items one `fetch` may have. Changes are asked for every `interval`.
    Items are fetched again after `max_age`, even unchanged, if it is set; records older than
    `expiry` must not be shown.
    """

    name: str
    batch_size: int
    interval: timedelta
    max_age: timedelta | None
    expiry: timedelta | None

    def list_items(
        self, state: Mapping[str, Any], known: Container[Item], *, full: bool
    ) -> AsyncIterator[Listing]:
        """Yield the items of the source, or those that may have changed since `state`.

        With an empty `state`, the state of an unfinished list, or `full`, everything is listed.
        `known` are the items listed before. Raises SourceError; what was yielded stays valid.
        """
        ...

    async def fetch(self, items: Sequence[Item]) -> Fetched:
        """Return what the source says of some items. Raises SourceError if it cannot be read."""
        ...
