"""Joins records of the same title or person, and lists those that may be."""

import json
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from itertools import combinations
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.catalog.identity import (
    Comparison,
    Verdict,
    compare_ids,
    compare_people,
    id_key,
    name_key,
)
from bot.catalog.merging import CATALOG
from bot.catalog.model import Person, Title, record_class
from bot.store.database import upsert
from bot.store.joined_records import Ref, alias_ids, canonical_ids, chunks, rows_by
from bot.store.kept_apart import is_kept_apart
from bot.store.layer_tables import doubts, external_ids, joins, source_records
from bot.store.record_rows import Entity
from bot.store.tables import credits, people
from bot.store.timestamps import to_timestamp

# A common number among many records says nothing about any of them.
_MAX_SHARED = 20

# The source whose record is kept when two are joined.
_KEPT_FIRST = (CATALOG, "tvmaze", "wikidata", "tmdb")


async def find_by_external_ids(
    connection: AsyncConnection, source: str, record: Title | Person
) -> str | None:
    """Return the id of the only record with which a new record of a source is to be joined."""
    entity, ids = record.entity, record.external_ids
    matches = await _sharing_ids(connection, entity, ids)
    sources = await sources_of(connection, entity, matches)
    same = [
        record_id
        for record_id, others in matches.items()
        if compare_ids(entity, ids, _all_ids(others)).verdict is Verdict.SAME
        and source not in sources[record_id]
        and not await is_kept_apart(connection, entity, (record_id, record.id))
    ]
    return same[0] if len(same) == 1 else None


async def join_by_external_ids(
    connection: AsyncConnection, refs: Iterable[Ref], now: datetime
) -> set[Ref]:
    """Join records that share an external id with others. Returns the records that changed.

    If other ids contradict each other, the pair is listed as doubtful.
    """
    changed: set[Ref] = set()
    for entity, record_id in await _sharing_an_id(connection, refs):
        own = await _layers_of(connection, entity, [record_id])
        [(_id, records)] = own.items()
        matches = await _sharing_ids(connection, entity, _all_ids(records))
        for other in sorted(matches):
            # Either may have been joined with another record meanwhile.
            layers = await _layers_of(connection, entity, (record_id, other))
            if len(layers) == 2:
                first, second = layers
                comparison = compare_ids(entity, _all_ids(layers[first]), _all_ids(layers[second]))
                changed |= await join_if_same(connection, entity, (first, second), comparison, now)
    return changed


async def _sharing_an_id(connection: AsyncConnection, refs: Iterable[Ref]) -> list[Ref]:
    """Return those of these records that share an external id with another one."""
    own, other = external_ids.alias(), external_ids.alias()
    sharing: list[Ref] = []
    by_entity: dict[Entity, list[str]] = {"title": [], "person": []}
    for ref in refs:
        by_entity[ref.entity].append(ref.id)
    for entity, ids in by_entity.items():
        for chunk in chunks(sorted(ids)):
            query = (
                select(source_records.c.record_id)
                .join(own, _is_of_record(own))
                .join(other, (other.c.scheme == own.c.scheme) & (other.c.value == own.c.value))
                .where(source_records.c.entity == entity, other.c.entity == entity)
                .where(source_records.c.record_id.in_(chunk))
                .where(
                    (other.c.source != own.c.source) | (other.c.external_id != own.c.external_id)
                )
                .distinct()
            )
            rows = (await connection.execute(query)).all()
            sharing += [Ref(entity, row.record_id) for row in rows]
    return sharing


def _is_of_record(ids: Any) -> ColumnElement[bool]:
    """Return the condition that external ids are those of a record of a source."""
    return (
        (ids.c.source == source_records.c.source)
        & (ids.c.entity == source_records.c.entity)
        & (ids.c.external_id == source_records.c.external_id)
    )


async def join_people_of_titles(
    connection: AsyncConnection, title_ids: Collection[str], now: datetime
) -> set[Ref]:
    """Join people of different sources with the same name in the same title.

    Returns the records that changed. Ambiguous and contradictory pairs are listed as doubtful.
    """
    credited: dict[str, set[str]] = {}
    for row in await rows_by(connection, credits, credits.c.title_id, title_ids):
        credited.setdefault(row.title_id, set()).add(row.person_id)
    ids = {person for cast in credited.values() for person in cast}
    rows = await rows_by(connection, people, people.c.id, ids)
    by_id = {row.id: Person.model_validate_json(row.record) for row in rows}
    sources = await sources_of(connection, "person", ids)
    changed: set[Ref] = set()
    for title_id, cast in sorted(credited.items()):
        pairs = list(_same_named_pairs([by_id[one] for one in sorted(cast) if one in by_id]))
        pairs = [pair for pair in pairs if not sources[pair[0].id] & sources[pair[1].id]]
        counts = [one.id for pair in pairs for one in pair]
        for one, other in pairs:
            comparison = compare_people(one, other, [title_id])
            if counts.count(one.id) + counts.count(other.id) > 2:
                ambiguous = (*comparison.evidence, "several_of_this_name")
                comparison = Comparison(Verdict.DOUBTFUL, ambiguous)
            pair = (one.id, other.id)
            changed |= await join_if_same(connection, "person", pair, comparison, now)
    return changed


async def join(
    connection: AsyncConnection,
    entity: Entity,
    pair: tuple[str, str],
    evidence: Sequence[str],
    now: datetime,
    user_id: int | None = None,
) -> set[Ref]:
    """Join two records. One of them answers for both. Returns both, to be merged anew."""
    kept, alias = await _order(connection, entity, pair)
    await connection.execute(
        joins.insert().values(
            entity=entity,
            alias_id=alias,
            record_id=kept,
            evidence=json.dumps(list(evidence), ensure_ascii=False),
            user_id=user_id,
            joined_at=to_timestamp(now),
        )
    )
    return {Ref(entity, kept), Ref(entity, alias)}


async def join_if_same(
    connection: AsyncConnection,
    entity: Entity,
    pair: tuple[str, str],
    comparison: Comparison,
    now: datetime,
) -> set[Ref]:
    """Join two records that are the same, or list them if that is doubtful.

    A source knows its own records apart: two of the same source are at best doubtful. Returns the
    records that changed, to be merged anew.
    """
    if comparison.verdict is Verdict.DIFFERENT:
        return set()
    first, second = sorted((await canonical_ids(connection, entity, pair)).values())
    if first == second or await is_kept_apart(connection, entity, (first, second)):
        return set()
    evidence = comparison.evidence
    sources = await sources_of(connection, entity, (first, second))
    if shared := sorted(sources[first] & sources[second]):
        evidence = (*evidence, f"same_source:{shared[0]}")
    elif comparison.verdict is Verdict.SAME:
        return await join(connection, entity, (first, second), evidence, now)
    key = {"entity": entity, "first_id": first, "second_id": second}
    encoded = json.dumps(list(evidence), ensure_ascii=False)
    values = {"evidence": encoded, "found_at": to_timestamp(now)}
    await upsert(connection, doubts, key, values)
    return set()


async def _order(
    connection: AsyncConnection, entity: Entity, pair: tuple[str, str]
) -> tuple[str, str]:
    """Return the record to keep, and the other one. Records by hand are kept first."""
    sources = await sources_of(connection, entity, pair)

    def rank(record_id: str) -> tuple[int, str]:
        known = [_KEPT_FIRST.index(one) for one in sources[record_id] if one in _KEPT_FIRST]
        return min(known, default=len(_KEPT_FIRST)), record_id

    kept, alias = sorted(pair, key=rank)
    return kept, alias


async def _sharing_ids(
    connection: AsyncConnection, entity: Entity, ids: Any
) -> dict[str, list[Title | Person]]:
    """Return the records that share an external id, by their ids."""
    record_ids: set[str] = set()
    for scheme, value in ids.items():
        query = (
            select(source_records.c.record_id)
            .join(external_ids, _is_of_record(external_ids))
            .where(external_ids.c.entity == entity)
            .where(external_ids.c.scheme == scheme)
            .where(external_ids.c.value == id_key(scheme, value))
            .limit(_MAX_SHARED)
        )
        record_ids |= {row.record_id for row in (await connection.execute(query)).all()}
    canonical = await canonical_ids(connection, entity, record_ids)
    return await _layers(connection, entity, set(canonical.values()))


async def _layer_rows(
    connection: AsyncConnection, entity: Entity, ids: Collection[str]
) -> list[tuple[str, Any]]:
    """Return the layers of records and of those joined into them, with the records' ids."""
    record_ids = {**{one: one for one in ids}, **await alias_ids(connection, entity, ids)}
    of_entity = source_records.c.entity == entity
    rows = await rows_by(
        connection, source_records, source_records.c.record_id, record_ids, of_entity
    )
    return [(record_ids[row.record_id], row) for row in rows]


async def _layers(
    connection: AsyncConnection, entity: Entity, ids: Collection[str]
) -> dict[str, list[Title | Person]]:
    layers: dict[str, list[Title | Person]] = {}
    for record_id, row in await _layer_rows(connection, entity, ids):
        record = record_class(entity).model_validate_json(row.record)
        layers.setdefault(record_id, []).append(record)
    return layers


async def _layers_of(
    connection: AsyncConnection, entity: Entity, ids: Collection[str]
) -> dict[str, list[Title | Person]]:
    """Return the layers of the records that answer for these ids."""
    canonical = await canonical_ids(connection, entity, ids)
    return await _layers(connection, entity, set(canonical.values()))


async def sources_of(
    connection: AsyncConnection, entity: Entity, ids: Collection[str]
) -> dict[str, set[str]]:
    """Return which sources say something of records, by their ids."""
    sources: dict[str, set[str]] = {one: set() for one in ids}
    for record_id, row in await _layer_rows(connection, entity, ids):
        sources[record_id].add(row.source)
    return sources


def _all_ids(records: Iterable[Title | Person]) -> dict[str, str]:
    ids: dict[str, str] = {}
    for record in records:
        ids = {**record.external_ids, **ids}
    return ids


def _same_named_pairs(cast: Sequence[Person]) -> Iterable[tuple[Person, Person]]:
    by_name: dict[str, list[Person]] = {}
    for person in cast:
        for key in {name_key(name.text) for name in person.names} - {""}:
            by_name.setdefault(key, []).append(person)
    pairs = {
        (one.id, other.id): (one, other)
        for people in by_name.values()
        for one, other in combinations(people, 2)
    }
    return pairs.values()
