"""Queries for the names in the catalog, and what becomes of their rows."""

from collections import deque
from collections.abc import AsyncIterator, Iterator, Mapping
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.search.name_table import NameEntry, character_popularity, is_main
from bot.search.search_keys import SearchKeys
from bot.store.tables import search_keys

# How many rows to fetch at once. Small enough not to block the event loop for long.
_CHUNK = 500

Row = tuple[Any, ...]


_KEYS = (search_keys.c.letters, search_keys.c.fold, search_keys.c.initials)
TITLE_NAMES = select(search_keys.c.title_id, search_keys.c.name_type, *_KEYS).where(
    search_keys.c.person_id.is_(None)
)
PERSON_NAMES = select(
    search_keys.c.title_id,
    search_keys.c.person_id,
    search_keys.c.role,
    search_keys.c.name_type,
    *_KEYS,
).where(search_keys.c.person_id.is_not(None))


async def stream(
    connection: AsyncConnection, query: Select[*tuple[Any, ...]]
) -> AsyncIterator[Row]:
    """Yield the rows of a query in chunks, so as not to block the event loop."""
    async with connection.stream(query) as result:
        async for chunk in result.partitions(_CHUNK):
            for row in chunk:
                yield tuple(row)


async def read_pairs(
    connection: AsyncConnection, query: Select[*tuple[Any, ...]]
) -> dict[str, Any]:
    """Return the rows of a query with two columns as a dictionary."""
    return {key: value async for key, value in stream(connection, query)}


def title_entries(rows: deque[Row], popularity: Mapping[str, float]) -> Iterator[NameEntry]:
    """Yield the names of titles, and consume their rows."""
    while rows:
        title_id, name_type, *keys = rows.popleft()
        ref = f"title:{title_id}"
        yield NameEntry(ref, SearchKeys(*keys), popularity[title_id], is_main(name_type))


def person_entries(
    rows: deque[Row], titles: Mapping[str, float], people: Mapping[str, float]
) -> Iterator[NameEntry]:
    """Yield the names of people and characters, and consume their rows.

    `titles` and `people` have the popularity of each by id.
    """
    while rows:
        title_id, person_id, role, name_type, *keys = rows.popleft()
        ref, popularity = f"person:{person_id}", people[person_id]
        if title_id is not None:
            ref = f"character:{title_id}/{person_id}"
            popularity = character_popularity(titles[title_id], popularity, role)
        yield NameEntry(ref, SearchKeys(*keys), popularity, is_main(name_type))
