"""Stores what sources say of records: one layer for each source."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.catalog.confirmation import Key, PendingDate
from bot.catalog.identity import id_key
from bot.catalog.merging import CATALOG
from bot.catalog.model import Person, Title
from bot.store.joined_records import Ref, chunks, rows_by
from bot.store.layer_tables import (
    MAX_ID,
    MAX_SCHEME,
    edits,
    external_ids,
    joins,
    source_credits,
    source_records,
)
from bot.store.record_rows import encode_record, insert_into
from bot.store.tables import credits
from bot.store.timestamps import from_timestamp, to_timestamp


@dataclass(frozen=True, slots=True)
class LayerRecord:
    """What a source says of a record with the id `record_id`.

    `fetched` is None for records by hand. `digest` is that of the text in a file. `pending` are
    dates that are not confirmed.
    """

    record: Title | Person
    record_id: str
    fetched: datetime | None
    digest: str | None = None
    pending: Mapping[Key, PendingDate] = field(default_factory=dict[Key, PendingDate])


@dataclass(frozen=True, slots=True)
class LayerRows:
    """The rows of what a source says of some records."""

    source: str
    records: list[dict[str, Any]]
    external_ids: list[dict[str, Any]]
    credits: list[dict[str, Any]]

    @classmethod
    def of(cls, source: str, layers: Sequence[LayerRecord]) -> Self:
        """Return the rows of layers. This takes some time for many."""
        return cls(
            source,
            [_layer_row(source, layer) for layer in layers],
            list(_external_id_rows(source, layers)),
            [] if source == CATALOG else list(_credit_rows(source, layers)),
        )


async def write_layers(connection: AsyncConnection, rows: LayerRows) -> None:
    """Store what a source says of records, replacing what it said before."""
    refs = [(row["entity"], row["external_id"]) for row in rows.records]
    await delete_layers(connection, rows.source, refs)
    for table, values in (
        (source_records, rows.records),
        (external_ids, rows.external_ids),
        (source_credits, rows.credits),
    ):
        for chunk in chunks(values):
            await insert_into(connection, table, chunk)


async def delete_layers(
    connection: AsyncConnection, source: str, refs: Collection[tuple[str, str]]
) -> None:
    """Delete what a source says of records, given by kind and external id."""
    for entity in ("person", "title"):
        for chunk in chunks([one for kind, one in refs if kind == entity]):
            for table in (source_records, external_ids):
                await connection.execute(
                    delete(table).where(
                        table.c.source == source,
                        table.c.entity == entity,
                        table.c.external_id.in_(chunk),
                    )
                )
            if entity == "title":
                of_title = source_credits.c.title_id.in_(chunk)
                await connection.execute(
                    delete(source_credits).where(source_credits.c.source == source, of_title)
                )


async def layered_refs(connection: AsyncConnection, refs: Collection[Ref]) -> set[Ref]:
    """Return those of these records that have more than a layer by hand.

    Others have an edit, are joined with another record, or credit somebody who is.
    """
    layered: set[Ref] = set()
    for entity in ("person", "title"):
        ids = {ref.id for ref in refs if ref.entity == entity}
        other = source_records.c.source != CATALOG
        for table, column, *conditions in (
            (source_records, source_records.c.record_id, other),
            (edits, edits.c.record_id),
            (joins, joins.c.alias_id),
            (joins, joins.c.record_id),
        ):
            of_entity = table.c.entity == entity
            rows = await rows_by(connection, table, column, ids, of_entity, *conditions)
            layered |= {Ref(entity, getattr(row, column.name)) for row in rows}
    joined = select(joins.c.alias_id).where(joins.c.entity == "person")
    titles = {ref.id for ref in refs if ref.entity == "title"}
    of_joined = credits.c.person_id.in_(joined)
    rows = await rows_by(connection, credits, credits.c.title_id, titles, of_joined)
    return layered | {Ref("title", row.title_id) for row in rows}


def encode_pending(pending: Mapping[Key, PendingDate]) -> str | None:
    """Encode unconfirmed dates as JSON, or return None without any."""
    data = {key: [one.value, to_timestamp(one.since)] for key, one in pending.items()}
    return json.dumps(data, ensure_ascii=False) if data else None


def decode_pending(stored: str | None) -> dict[Key, PendingDate]:
    """Decode stored unconfirmed dates."""
    data: dict[str, tuple[str, float]] = json.loads(stored) if stored else {}
    return {key: PendingDate(value, from_timestamp(at)) for key, (value, at) in data.items()}


def external_id_of(source: str, record: Title | Person) -> str:
    """Return the id of a source's record in the source."""
    return record.id if source == CATALOG else record.id.removeprefix(f"{source}-")


def _layer_row(source: str, layer: LayerRecord) -> dict[str, Any]:
    return {
        "source": source,
        "entity": layer.record.entity,
        "external_id": external_id_of(source, layer.record),
        "record_id": layer.record_id,
        "record": encode_record(layer.record),
        "digest": layer.digest,
        "fetched_at": to_timestamp(layer.fetched) if layer.fetched else 0.0,
        "pending": encode_pending(layer.pending),
    }


def _external_id_rows(source: str, layers: Iterable[LayerRecord]) -> Iterable[dict[str, Any]]:
    for layer in layers:
        for scheme, said in layer.record.external_ids.items():
            value = id_key(scheme, said)
            if len(scheme) <= MAX_SCHEME and len(value) <= MAX_ID:
                yield {
                    "source": source,
                    "entity": layer.record.entity,
                    "external_id": external_id_of(source, layer.record),
                    "scheme": scheme,
                    "value": value,
                }


def _credit_rows(source: str, layers: Iterable[LayerRecord]) -> Iterable[dict[str, Any]]:
    for layer in layers:
        if isinstance(title := layer.record, Title):
            for person in sorted({credit.person for credit in (*title.cast, *title.crew)}):
                title_id = external_id_of(source, title)
                yield {"source": source, "title_id": title_id, "person_id": person}
