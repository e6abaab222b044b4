"""The catalog as it is read: every record, and the names to search."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.catalog.model import Person, Title
from bot.catalog.names import Keys
from bot.catalog.records import Records
from bot.catalog.search import Form
from bot.store.database import Database
from bot.store.tables import credits, facts, forms, people, titles

CHANGED = "catalog_changed"
"""The fact that holds when a record was last written, in ISO 8601."""

VERSION = "catalog_version"
"""The fact that is another after every import that wrote something."""

# A character is known by the show and by the actor; how much of each ranks best was measured.
_FROM_SHOW, _FROM_ACTOR = 0.12, 0.10

_KEYS = (forms.c.letters, forms.c.fold, forms.c.initials)


@dataclass(frozen=True, slots=True)
class Contents:
    """Everything in the catalog at one moment. `version` is None while nothing was ever read."""

    version: str | None
    records: Records
    shows: Sequence[Form]
    """Every name a title can be found by."""
    people: Sequence[Form]
    """Every name a person can be found by, and every name of a character."""


class CatalogStore:
    """Reads the catalog."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def version(self) -> str | None:
        """What tells one state of the catalog from another."""
        return await self._database.fact(VERSION)

    async def load(self) -> Contents:
        """Everything, as it is now."""
        async with self._database.read() as connection:
            known = dict(_pairs(await _rows(connection, select(facts.c.name, facts.c.value))))
            shows, actors = [
                dict(_pairs(await _rows(connection, select(table.c.id, table.c.popularity))))
                for table in (titles, people)
            ]
            return Contents(
                known.get(VERSION),
                await _records(connection, known.get(CHANGED)),
                await _show_forms(connection, shows),
                await _people_forms(connection, shows, actors),
            )

    async def records(self) -> AsyncIterator[Title | Person]:
        """Every record, people first, each kind by id."""
        for table, model in ((people, Person), (titles, Title)):
            for row in await self._database.fetch(select(table.c.record).order_by(table.c.id)):
                yield model.model_validate_json(row.record)


async def _rows(connection: AsyncConnection, query: Any) -> Sequence[Any]:
    return (await connection.execute(query)).all()


def _pairs(rows: Sequence[Any]) -> Any:
    return ((key, value) for key, value in rows)


async def _records(connection: AsyncConnection, changed: str | None) -> Records:
    works: dict[str, list[str]] = {}
    by_popularity = select(credits).join(titles).order_by(titles.c.popularity.desc(), titles.c.id)
    for row in await _rows(connection, by_popularity):
        works.setdefault(row.person_id, []).append(row.title_id)
    titles_by_id, people_by_id = [
        {row.id: row.record.encode() for row in await _rows(connection, select(table))}
        for table in (titles, people)
    ]
    since = datetime.fromisoformat(changed) if changed else None
    return Records(titles_by_id, people_by_id, works, since)


async def _show_forms(connection: AsyncConnection, shows: dict[str, float]) -> list[Form]:
    query = select(forms.c.title_id, *_KEYS).where(forms.c.person_id.is_(None))
    rows = await _rows(connection, query)
    return [Form(f"title:{title}", Keys(*keys), shows[title]) for title, *keys in rows]


async def _people_forms(
    connection: AsyncConnection, shows: dict[str, float], actors: dict[str, float]
) -> list[Form]:
    query = select(forms.c.title_id, forms.c.person_id, forms.c.weight, *_KEYS)
    rows = await _rows(connection, query.where(forms.c.person_id.is_not(None)))
    return [
        Form(f"person:{person}", Keys(*keys), actors[person])
        if title is None
        else Form(
            f"character:{title}/{person}",
            Keys(*keys),
            (_FROM_SHOW * shows[title] + _FROM_ACTOR * actors[person]) * weight,
        )
        for title, person, weight, *keys in rows
    ]
