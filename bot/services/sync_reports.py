"""What a sync reports: its progress, and a summary of what it has found."""

from dataclasses import asdict, dataclass

from bot.sources.ports import Fetched
from bot.store.record_merging import MergedRecords


@dataclass(frozen=True, slots=True)
class SyncProgress:
    """How far a sync is: parts of the list read, or items fetched."""

    source: str
    is_listing: bool
    done: int
    total: int | None


@dataclass(slots=True)
class SyncSummary:
    """What a sync has found. `items` counts those of the source, the others count records."""

    new: int = 0
    changed: int = 0
    doubtful: int = 0
    refused: int = 0
    missing: int = 0
    items: int = 0

    def add(self, fetched: Fetched, merged: MergedRecords) -> None:
        """Count what was fetched and what it changed."""
        self.new += len(merged.added)
        self.changed += len(merged.changed) + len(merged.removed)
        self.refused += len(fetched.refused)
        self.missing += len(fetched.missing)

    def as_dict(self) -> dict[str, int]:
        """Return the numbers by name."""
        return asdict(self)
