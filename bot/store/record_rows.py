"""Writes records with their search keys and credits."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Table, delete
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.catalog.model import CastCredit, CastRole, Name, NameType, Person, Title
from bot.search.name_table import is_main
from bot.search.search_keys import SearchKeys, make_search_keys
from bot.store.database import upsert_all
from bot.store.tables import credits, people, search_keys, titles

Entity = Literal["title", "person"]

TABLES: dict[Entity, Table] = {"person": people, "title": titles}
"""The tables of records. People are first, since credits have foreign keys to them."""


@dataclass(frozen=True, slots=True)
class RecordRows:
    """The rows of records of one kind."""

    table: Table
    records: list[dict[str, Any]]
    search_keys: list[dict[str, Any]]
    credits: list[dict[str, Any]]

    @classmethod
    def of(cls, entity: Entity, records: Sequence[Title | Person]) -> "RecordRows":
        """Return the rows of records of one kind. This takes about a millisecond for each."""
        return cls(
            TABLES[entity],
            [record_row(record) for record in records],
            [row for record in records for row in key_rows(record)],
            [row for record in records for row in _credit_rows(record)],
        )


async def replace_records(connection: AsyncConnection, rows: RecordRows) -> None:
    """Insert or replace records, within a transaction."""
    if not rows.records:
        return
    ids = [row["id"] for row in rows.records]
    is_title = rows.table is titles
    await upsert_all(connection, rows.table, ["id"], rows.records)
    await delete_keys(connection, ids, is_title=is_title)
    await insert_into(connection, search_keys, rows.search_keys)
    if is_title:
        await connection.execute(delete(credits).where(credits.c.title_id.in_(ids)))
        await insert_into(connection, credits, rows.credits)


async def delete_keys(connection: AsyncConnection, ids: Sequence[str], *, is_title: bool) -> None:
    """Delete the search keys of titles, with those of their characters, or of people."""
    # Rows with both ids are names of characters, which belong to titles.
    owner = search_keys.c.title_id if is_title else search_keys.c.person_id
    own_keys = owner.in_(ids) if is_title else owner.in_(ids) & search_keys.c.title_id.is_(None)
    await connection.execute(delete(search_keys).where(own_keys))


async def insert_into(
    connection: AsyncConnection, table: Table, rows: Sequence[dict[str, Any]]
) -> None:
    """Insert rows, if there are any."""
    if rows:
        await connection.execute(table.insert(), rows)


def record_row(record: Title | Person) -> dict[str, Any]:
    """Return the row of a record."""
    row = {
        "id": record.id,
        "record": encode_record(record),
        "popularity": record.popularity,
    }
    return {**row, "joined_into": None} if isinstance(record, Title) else row


def encode_record(record: Title | Person) -> str:
    """Return a record as it is stored."""
    return record.model_dump_json(exclude_unset=True)


def _credit_rows(record: Title | Person) -> Iterator[dict[str, str]]:
    if isinstance(record, Title):
        for person in sorted({credit.person for credit in (*record.cast, *record.crew)}):
            yield {"title_id": record.id, "person_id": person}


def key_rows(record: Title | Person) -> Iterator[dict[str, Any]]:
    """Yield the search key rows of a record: its own names, and those of its characters."""
    if isinstance(record, Person):
        yield from _name_rows(record.names, None, record.id, None)
        return
    yield from _name_rows(record.names, record.id, None, None)
    for credit in record.cast:
        # Hidden cameos must not appear in search results.
        if not credit.spoiler:
            yield from _character_rows(record.id, credit)


def _character_rows(title_id: str, credit: CastCredit) -> Iterator[dict[str, Any]]:
    yield from _name_rows(credit.names, title_id, credit.person, credit.role)


def _name_rows(
    names: Iterable[Name], title_id: str | None, person_id: str | None, role: CastRole | None
) -> Iterator[dict[str, Any]]:
    # If a name is both a main name and an alias, it counts as a main name.
    types: dict[SearchKeys, NameType] = {}
    for name in sorted(names, key=lambda name: is_main(name.type), reverse=True):
        types.setdefault(make_search_keys(name.text), name.type)
    for keys, name_type in sorted(types.items(), key=lambda item: item[0].letters):
        yield {
            "title_id": title_id,
            "person_id": person_id,
            "role": role and str(role),
            "name_type": str(name_type),
            "letters": keys.letters,
            "fold": keys.fold,
            "initials": keys.initials,
        }
