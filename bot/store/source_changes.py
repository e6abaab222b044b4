"""What a fetch changes in the records of a source."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.catalog.confirmation import Key, PendingDate, confirm_dates
from bot.catalog.model import Person, Title, record_class
from bot.store.joined_records import rows_by
from bot.store.layer_tables import source_records
from bot.store.layers import LayerRecord, decode_pending, encode_pending, external_id_of
from bot.store.record_rows import Entity, encode_record

RecordKey = tuple[Entity, str]
"""A record of a source, by its kind and its id there."""


@dataclass(frozen=True, slots=True)
class StoredRecord:
    """A record of a source as it is stored. `text` and `pending` are JSON."""

    record_id: str
    record: Title | Person
    text: str
    pending: str | None


@dataclass(slots=True)
class SourceChanges:
    """What a fetch changes.

    `layers` are to be written; new ones have no record id yet. `unchanged` are as they were.
    `pending` and `new_people` are ids of records, such as `tvmaze-43687`: those with dates that
    are not confirmed, and those of people who were not known.
    """

    layers: list[LayerRecord] = field(default_factory=list[LayerRecord])
    unchanged: list[RecordKey] = field(default_factory=list[RecordKey])
    pending: set[str] = field(default_factory=set[str])
    new_people: set[str] = field(default_factory=set[str])


async def load_stored(
    connection: AsyncConnection, source: str, records: Iterable[Title | Person]
) -> dict[RecordKey, StoredRecord]:
    """Load what a source said of records before."""
    ids: dict[Entity, set[str]] = {"title": set(), "person": set()}
    for record in records:
        ids[record.entity].add(external_id_of(source, record))
    stored: dict[RecordKey, StoredRecord] = {}
    for entity, external in ids.items():
        model = record_class(entity)
        for row in await rows_by(
            connection,
            source_records,
            source_records.c.external_id,
            external,
            source_records.c.source == source,
            source_records.c.entity == entity,
        ):
            record = model.model_validate_json(row.record)
            known = StoredRecord(row.record_id, record, row.record, row.pending)
            stored[entity, row.external_id] = known
    return stored


def compare(
    source: str,
    records: Sequence[Title | Person],
    stored: Mapping[RecordKey, StoredRecord],
    now: datetime,
) -> SourceChanges:
    """Return what records change that were fetched at `now`."""
    changes = SourceChanges()
    for record in {(one.entity, one.id): one for one in records}.values():
        key = (record.entity, external_id_of(source, record))
        before = stored.get(key)
        confirmed, pending = _confirm(record, before, now)
        if pending:
            changes.pending.add(record.id)
        if before is None and isinstance(record, Person):
            changes.new_people.add(record.id)
        if before and _is_same(before, confirmed, pending):
            changes.unchanged.append(key)
        else:
            record_id = before.record_id if before else ""
            changes.layers.append(LayerRecord(confirmed, record_id, now, pending=pending))
    return changes


def _confirm(
    record: Title | Person, before: StoredRecord | None, now: datetime
) -> tuple[Title | Person, Mapping[Key, PendingDate]]:
    if before is None or not isinstance(record, Title) or not isinstance(before.record, Title):
        return record, {}
    confirmed = confirm_dates(before.record, decode_pending(before.pending), record, now)
    return confirmed.title, confirmed.pending


def _is_same(
    before: StoredRecord, record: Title | Person, pending: Mapping[Key, PendingDate]
) -> bool:
    if before.pending != encode_pending(pending):
        return False
    text = encode_record(record)
    return before.text == text or _without_checks(before.text) == _without_checks(text)


def _without_checks(text: str) -> object:
    """Return a record without the days on which its releases were checked."""
    record = json.loads(text)
    for release in record.get("releases", ()):
        release.pop("checked", None)
    return record
