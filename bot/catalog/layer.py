"""What one source says of a record."""

from dataclasses import dataclass

from bot.catalog.model import Person, Title


@dataclass(frozen=True, slots=True)
class Layer:
    """What one source says of a record. `external_id` is the record's id in that source."""

    source: str
    external_id: str
    record: Title | Person
