"""Gives new records of sources their ids, or those of the records that they belong to."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.catalog.identity import id_key
from bot.catalog.model import Person, Title
from bot.store.joined_records import Ref, canonical_ids, rows_by
from bot.store.layer_tables import external_ids, joins, source_records
from bot.store.layers import LayerRecord
from bot.store.record_identity import find_by_external_ids, sources_of
from bot.store.record_rows import Entity


class ExternalId(NamedTuple):
    """An id of a title or a person outside of the catalog. `value` is as it is compared."""

    entity: Entity
    scheme: str
    value: str


async def with_record_ids(
    connection: AsyncConnection, source: str, layers: Sequence[LayerRecord]
) -> list[LayerRecord]:
    """Return the layers with the ids of their records, which new ones get now and for good."""
    new = [layer.record for layer in layers if not layer.record_id]
    known = await _known_external_ids(connection, new)
    joined = await _joined_ids(connection, new)
    # Two records of one source, even if they are new, are two records.
    taken = await _of_source(connection, source, joined.values())
    result: list[LayerRecord] = []
    for layer in layers:
        if not layer.record_id:
            record, found = layer.record, None
            if not known.isdisjoint(_external_ids(record)):
                found = await find_by_external_ids(connection, source, record)
            if found is None or Ref(record.entity, found) in taken:
                is_free = joined.get(Ref(record.entity, record.id)) not in taken
                found = await _mint_id(connection, record, reuse=is_free)
            minted = Ref(record.entity, found)
            taken.add(joined.get(minted, minted))
            layer = replace(layer, record_id=found)
        result.append(layer)
    return result


async def _joined_ids(
    connection: AsyncConnection, records: Iterable[Title | Person]
) -> dict[Ref, Ref]:
    """Return the records that answer for those ids of new records that were joined before.

    A source may list again what it had removed.
    """
    joined: dict[Ref, Ref] = {}
    ids = {record.id for record in records}
    for column in (joins.c.alias_id, joins.c.record_id):
        for row in await rows_by(connection, joins, column, ids):
            one = getattr(row, column.name)
            root = (await canonical_ids(connection, row.entity, [one]))[one]
            joined[Ref(row.entity, one)] = Ref(row.entity, root)
    return joined


async def _of_source(connection: AsyncConnection, source: str, refs: Collection[Ref]) -> set[Ref]:
    """Return those records of which a source says something."""
    found: set[Ref] = set()
    for ref in refs:
        if source in (await sources_of(connection, ref.entity, [ref.id]))[ref.id]:
            found.add(ref)
    return found


def _external_ids(record: Title | Person) -> Iterable[ExternalId]:
    for scheme, value in record.external_ids.items():
        yield ExternalId(record.entity, scheme, id_key(scheme, value))


async def _known_external_ids(
    connection: AsyncConnection, records: Iterable[Title | Person]
) -> set[ExternalId]:
    """Return those external ids of records that some stored record of the kind has."""
    wanted = {one for record in records for one in _external_ids(record)}
    rows = await rows_by(
        connection,
        external_ids,
        external_ids.c.value,
        {one.value for one in wanted},
        # The index begins with these: without them, every id there is would be read.
        external_ids.c.entity.in_(sorted({one.entity for one in wanted})),
        external_ids.c.scheme.in_(sorted({one.scheme for one in wanted})),
    )
    return {ExternalId(row.entity, row.scheme, row.value) for row in rows}


async def _mint_id(connection: AsyncConnection, record: Title | Person, *, reuse: bool) -> str:
    """Return the id that a record has in its source, unless another record has it.

    Without `reuse`, it is another one.
    """
    of_entity = source_records.c.entity == record.entity
    column = source_records.c.record_id
    own = [record.id] if reuse else []
    for candidate in (*own, *(f"{record.id[:36]}-{n}" for n in range(2, 100))):
        if not await rows_by(connection, source_records, column, [candidate], of_entity):
            return candidate
    raise AssertionError("ids of sources are distinct")
