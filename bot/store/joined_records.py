"""Which records answer as another one, because they were joined."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Column, Table, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.layer_tables import joins
from bot.store.record_rows import Entity
from bot.store.tables import credits

# How many values a query has at most.
CHUNK = 500

Item = TypeVar("Item")


class Ref(NamedTuple):
    """A record, by its kind and id."""

    entity: Entity
    id: str


def chunks(items: Iterable[Item], size: int = CHUNK) -> Iterator[Sequence[Item]]:
    """Yield items in lists of up to `size`."""
    listed = list(items)
    for start in range(0, len(listed), size):
        yield listed[start : start + size]


async def rows_by(
    connection: AsyncConnection,
    table: Table,
    column: Column[Any],
    values: Collection[Any],
    *conditions: Any,
) -> list[Any]:
    """Return the rows of a table whose column has one of the values."""
    rows: list[Any] = []
    for chunk in chunks(sorted(values)):
        query = select(table).where(column.in_(chunk), *conditions)
        rows += (await connection.execute(query)).all()
    return rows


async def canonical_ids(
    connection: AsyncConnection, entity: Entity, ids: Collection[str]
) -> dict[str, str]:
    """Return the ids of the records that answer for these ids, by id."""
    canonical = {one: one for one in ids}
    unresolved = set(ids)
    while unresolved:
        found = await rows_by(
            connection, joins, joins.c.alias_id, unresolved, joins.c.entity == entity
        )
        targets = {row.alias_id: row.record_id for row in found}
        canonical = {one: targets.get(target, target) for one, target in canonical.items()}
        unresolved = set(targets.values())
    return canonical


async def alias_ids(
    connection: AsyncConnection, entity: Entity, ids: Collection[str]
) -> dict[str, str]:
    """Return the ids that were joined into these records, each with the record's id."""
    aliases: dict[str, str] = {}
    found: dict[str, str] = {one: one for one in ids}
    while found:
        rows = await rows_by(connection, joins, joins.c.record_id, found, joins.c.entity == entity)
        found = {row.alias_id: found[row.record_id] for row in rows}
        aliases |= found
    return aliases


async def titles_crediting(connection: AsyncConnection, refs: Iterable[Ref]) -> list[Ref]:
    """Return the titles that credit any of these people, or those joined with them."""
    ids = {ref.id for ref in refs if ref.entity == "person"}
    people = set((await canonical_ids(connection, "person", ids)).values())
    rows = await rows_by(connection, credits, credits.c.person_id, people)
    return [Ref("title", one) for one in sorted({row.title_id for row in rows})]
