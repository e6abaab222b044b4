"""Explains where each field of a record comes from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from bot.catalog.edits import active_edits
from bot.catalog.merging import Merged, merge
from bot.store.database import Database
from bot.store.joined_records import Ref, alias_ids, canonical_ids
from bot.store.layer_tables import source_records
from bot.store.merge_input import load_merge_input
from bot.store.timestamps import from_timestamp


@dataclass(frozen=True, slots=True)
class LayerInfo:
    """A source that says something of a record, and when it was read; None for files."""

    source: str
    external_id: str
    fetched: datetime | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """A merged record with the source of each field, its layers, locked fields and aliases."""

    merged: Merged
    layers: Sequence[LayerInfo]
    locked: Sequence[str]
    aliases: Sequence[str]


async def explain(database: Database, ref: Ref) -> Explanation | None:
    """Explain a record, or return None if it does not exist."""
    async with database.read() as connection:
        record_id = (await canonical_ids(connection, ref.entity, [ref.id]))[ref.id]
        loaded = await load_merge_input(connection, ref.entity, [record_id])
        aliases: Mapping[str, str] = await alias_ids(connection, ref.entity, [record_id])
        query = (
            select(source_records)
            .where(source_records.c.entity == ref.entity)
            .where(source_records.c.record_id.in_([record_id, *aliases]))
            .order_by(source_records.c.source, source_records.c.external_id)
        )
        rows = (await connection.execute(query)).all()
    edits = loaded.edits.get(record_id, ())
    merged = merge(record_id, loaded.layers.get(record_id, ()), edits, loaded.person_ids)
    if merged is None:
        return None
    layers = [
        LayerInfo(
            row.source,
            row.external_id,
            from_timestamp(row.fetched_at) if row.fetched_at else None,
        )
        for row in rows
    ]
    return Explanation(merged, layers, sorted(active_edits(edits)), sorted(aliases))
