"""Stores which records a curator keeps apart, whatever speaks for joining them."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.joined_records import Ref, alias_ids, canonical_ids, rows_by
from bot.store.layer_tables import doubts, edits, joins
from bot.store.record_rows import Entity

_NO_EVIDENCE = "[]"

Pair = tuple[str, str]


async def is_kept_apart(connection: AsyncConnection, entity: Entity, pair: Pair) -> bool:
    """Return whether two records are kept apart, or any of those joined with them."""
    roots = set((await canonical_ids(connection, entity, pair)).values())
    root_of = {**{one: one for one in roots}, **await alias_ids(connection, entity, roots)}
    is_kept = doubts.c.kept_apart_by.is_not(None)
    of_entity = doubts.c.entity == entity
    rows = await rows_by(connection, doubts, doubts.c.first_id, root_of, of_entity, is_kept)
    return any({root_of[row.first_id], root_of.get(row.second_id)} == roots for row in rows)


async def keep_apart(
    connection: AsyncConnection, entity: Entity, pair: Pair, user_id: int
) -> list[dict[str, Any]]:
    """Keep two records apart. Returns the joins that this undid, as JSON."""
    first, second = sorted(pair)
    of_pair = _of_pair(entity, (first, second))
    changed = await connection.execute(update(doubts).where(of_pair).values(kept_apart_by=user_id))
    if changed.rowcount == 0:
        await connection.execute(
            doubts.insert().values(
                entity=entity,
                first_id=first,
                second_id=second,
                evidence=_NO_EVIDENCE,
                found_at=0.0,
                kept_apart_by=user_id,
            )
        )
    return await _separate(connection, entity, (first, second))


async def allow_join(
    connection: AsyncConnection,
    entity: Entity,
    pair: Pair,
    undone: Iterable[Mapping[str, Any]],
) -> list[Ref]:
    """Keep two records apart no longer, and join again what `keep_apart` had separated.

    Returns the records that were joined.
    """
    of_pair = _of_pair(entity, pair)
    no_evidence = doubts.c.evidence == _NO_EVIDENCE
    await connection.execute(delete(doubts).where(of_pair, no_evidence))
    await connection.execute(update(doubts).where(of_pair).values(kept_apart_by=None))
    joined: list[Ref] = []
    for row in undone:
        if row["user_id"] is not None and not await _is_joined_by_people(connection, entity, row):
            continue
        alias, record_id = row["alias_id"], row["record_id"]
        canonical = await canonical_ids(connection, entity, (alias, record_id))
        if canonical[alias] == alias != canonical[record_id]:
            await connection.execute(joins.insert().values(**row))
            joined += [Ref(entity, alias), Ref(entity, record_id)]
    return joined


async def split(connection: AsyncConnection, ref: Ref, alias: str) -> None:
    """Undo that a record was joined into another one."""
    await connection.execute(
        delete(joins).where(
            joins.c.entity == ref.entity, joins.c.alias_id == alias, joins.c.record_id == ref.id
        )
    )


async def _separate(
    connection: AsyncConnection, entity: Entity, pair: Pair
) -> list[dict[str, Any]]:
    """Undo the join by which two records are the same one, which may be by way of others."""
    first, second = pair
    below_second = await alias_ids(connection, entity, [second])
    if (canonical := await canonical_ids(connection, entity, pair))[first] != canonical[second]:
        return []
    # What is joined into one of them stays with it.
    of_alias = joins.c.alias_id == (first if first in below_second else second)
    query = select(joins).where(joins.c.entity == entity, of_alias)
    undone = [dict(row) for row in (await connection.execute(query)).mappings()]
    await connection.execute(delete(joins).where(joins.c.entity == entity, of_alias))
    return undone


async def _is_joined_by_people(
    connection: AsyncConnection, entity: Entity, join: Mapping[str, Any]
) -> bool:
    """Return whether a join that people made is still in their history, and not undone."""
    rows = await rows_by(
        connection,
        edits,
        edits.c.record_id,
        [join["record_id"]],
        edits.c.entity == entity,
        edits.c.action == "join",
        edits.c.value == json.dumps(join["alias_id"]),
        edits.c.undone_at.is_(None),
    )
    return bool(rows)


def _of_pair(entity: Entity, pair: Pair) -> ColumnElement[bool]:
    first, second = sorted(pair)
    return (
        (doubts.c.entity == entity) & (doubts.c.first_id == first) & (doubts.c.second_id == second)
    )
