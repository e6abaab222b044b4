"""Loads what records are merged from."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.catalog.edits import Edit, EditAction
from bot.catalog.layer import Layer
from bot.catalog.merging import CATALOG
from bot.catalog.model import Title, record_class
from bot.store.joined_records import alias_ids, canonical_ids, rows_by
from bot.store.layer_tables import edits, source_records
from bot.store.record_rows import TABLES, Entity
from bot.store.tables import people
from bot.store.timestamps import from_timestamp

_CREDITS = ("cast", "crew")


@dataclass(frozen=True, slots=True)
class MergeInput:
    """What some records of one kind are merged from.

    `stored` are the merged records as they are now, `person_ids` the ids of people in layers with
    those of their records.
    """

    entity: Entity
    layers: Mapping[str, Sequence[Layer]]
    edits: Mapping[str, Sequence[Edit]]
    person_ids: Mapping[str, str]
    stored: Mapping[str, str]


async def load_merge_input(
    connection: AsyncConnection, entity: Entity, ids: Sequence[str]
) -> MergeInput:
    """Load what the records with these ids are merged from. None of them may be an alias."""
    record_ids = {**dict(zip(ids, ids, strict=True)), **await alias_ids(connection, entity, ids)}
    layers: dict[str, list[Layer]] = {}
    of_entity = source_records.c.entity == entity
    for row in await rows_by(
        connection, source_records, source_records.c.record_id, record_ids, of_entity
    ):
        record = record_class(entity).model_validate_json(row.record)
        layer = Layer(row.source, row.external_id, record)
        layers.setdefault(record_ids[row.record_id], []).append(layer)
    made: dict[str, list[Edit]] = {}
    for row in await rows_by(
        connection,
        edits,
        edits.c.record_id,
        record_ids,
        edits.c.entity == entity,
        edits.c.undone_at.is_(None),
        edits.c.action.in_([str(action) for action in EditAction]),
    ):
        made.setdefault(record_ids[row.record_id], []).append(edit_from_row(row))
    made = await _with_people(connection, made)
    table = TABLES[entity]
    stored = {row.id: row.record for row in await rows_by(connection, table, table.c.id, ids)}
    person_ids = await _person_ids(connection, (one for many in layers.values() for one in many))
    return MergeInput(entity, layers, made, person_ids, stored)


def edit_from_row(row: Any) -> Edit:
    """Return the edit in a row."""
    value = None if row.value is None else json.loads(row.value)
    return Edit(row.path, EditAction(row.action), value, row.id, from_timestamp(row.made_at))


async def _with_people(
    connection: AsyncConnection, made: Mapping[str, Sequence[Edit]]
) -> dict[str, list[Edit]]:
    """Return edits that credit the records that answer for people, without unknown people."""
    credited = {person for many in made.values() for one in many for person in _credited(one)}
    canonical = await canonical_ids(connection, "person", credited)
    known = {row.id for row in await rows_by(connection, people, people.c.id, canonical.values())}
    person_ids = {one: other for one, other in canonical.items() if other in known}
    return {
        record_id: [edit for one in many if (edit := _resolved(one, person_ids))]
        for record_id, many in made.items()
    }


def _credited(edit: Edit) -> Iterable[str]:
    if edit.path.startswith("cast."):
        yield edit.path.removeprefix("cast.")
    elif not edit.path and edit.value:
        yield from (credit["person"] for name in _CREDITS for credit in edit.value.get(name, ()))


def _resolved(edit: Edit, person_ids: Mapping[str, str]) -> Edit | None:
    if edit.path.startswith("cast."):
        person = person_ids.get(edit.path.removeprefix("cast."))
        return replace(edit, path=f"cast.{person}") if person else None
    if edit.path or not edit.value:
        return edit
    resolved: dict[str, Any] = {
        name: [
            {**credit, "person": person_ids[credit["person"]]}
            for credit in edit.value[name]
            if credit["person"] in person_ids
        ]
        for name in _CREDITS
        if name in edit.value
    }
    return replace(edit, value={**edit.value, **resolved})


async def _person_ids(connection: AsyncConnection, layers: Iterable[Layer]) -> dict[str, str]:
    """Return the records of the people that layers refer to, by their ids in the layers."""
    credited: dict[str, set[str]] = {}
    for layer in layers:
        if isinstance(layer.record, Title):
            ids = credited.setdefault(layer.source, set())
            ids |= {one.person for one in (*layer.record.cast, *layer.record.crew)}
    minted: dict[str, str] = {}
    for source, ids in credited.items():
        if source == CATALOG:
            minted |= {person: person for person in ids}
        else:
            minted |= await _minted_ids(connection, source, ids)
    canonical = await canonical_ids(connection, "person", set(minted.values()))
    return {person: canonical[record_id] for person, record_id in minted.items()}


async def _minted_ids(
    connection: AsyncConnection, source: str, ids: Collection[str]
) -> dict[str, str]:
    """People in the records of a source have ids of the form `SOURCE-ID`."""
    external_ids = {person.removeprefix(f"{source}-") for person in ids}
    rows = await rows_by(
        connection,
        source_records,
        source_records.c.external_id,
        external_ids,
        source_records.c.source == source,
        source_records.c.entity == "person",
    )
    minted = {f"{source}-{row.external_id}": row.record_id for row in rows}
    # Those that the source merged into others answer as these.
    canonical = await canonical_ids(connection, "person", set(ids) - minted.keys())
    return minted | {one: other for one, other in canonical.items() if one != other}
