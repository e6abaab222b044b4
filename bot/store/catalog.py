"""The catalog as it is read: records by id, who worked on what, the names to search."""

from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from bot.catalog.model import CastCredit, Person, Title
from bot.catalog.names import Keys
from bot.catalog.search import Form
from bot.store.database import Database
from bot.store.tables import credits, forms, people, titles

CHANGED = "catalog_changed"
"""The fact that holds when a record was last written, in ISO 8601."""

# A character is known by the show and by the actor; how much of each ranks best was measured.
_FROM_SHOW, _FROM_ACTOR = 0.12, 0.10

_KEYS = (forms.c.letters, forms.c.fold, forms.c.initials)

# A statement takes at most so many parameters in the oldest SQLite still about.
_CHUNK = 900


@dataclass(frozen=True, slots=True)
class Work:
    """What one person did in one title."""

    title: Title
    characters: tuple[CastCredit, ...]
    jobs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CatalogSize:
    """How much is known, and since when. `changed` is None while nothing was ever read."""

    titles: int
    people: int
    changed: datetime | None


class CatalogStore:
    """Reads the catalog. Nothing is kept in memory, so what is answered is what is stored."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def title(self, title_id: str) -> Title | None:
        """The title of that id."""
        return (await self.titles([title_id])).get(title_id)

    async def person(self, person_id: str) -> Person | None:
        """The person of that id."""
        return (await self.people([person_id])).get(person_id)

    async def titles(self, ids: Iterable[str]) -> dict[str, Title]:
        """The titles of those ids that exist, by id."""
        rows = await self._records(titles, ids)
        return {row.id: Title.model_validate_json(row.record) for row in rows}

    async def people(self, ids: Iterable[str]) -> dict[str, Person]:
        """The people of those ids that exist, by id."""
        rows = await self._records(people, ids)
        return {row.id: Person.model_validate_json(row.record) for row in rows}

    async def people_of(self, title: Title) -> dict[str, Person]:
        """Everybody credited in a title, by id."""
        return await self.people({credit.person for credit in (*title.cast, *title.crew)})

    async def works_of(self, person_id: str) -> list[Work]:
        """Everything a person is credited in, newest first.

        What is announced without a date is newer than all; what no release is known of comes last.
        """
        query = select(titles.c.record).join(credits).where(credits.c.person_id == person_id)
        rows = await self._database.fetch(query)
        works = [_work(Title.model_validate_json(row.record), person_id) for row in rows]
        return sorted(works, key=_newest_first)

    async def best_known(self, person_ids: Iterable[str]) -> dict[str, Title]:
        """Each person's most popular title, by the person's id; nobody without one."""
        rank = func.row_number().over(
            partition_by=credits.c.person_id,
            order_by=(titles.c.popularity.desc(), titles.c.id),
        )
        ranked = (
            select(credits.c.person_id, titles.c.record, rank.label("rank"))
            .join(titles)
            .where(credits.c.person_id.in_(list(person_ids)))
            .subquery()
        )
        query = select(ranked.c.person_id, ranked.c.record).where(ranked.c.rank == 1)
        rows = await self._database.fetch(query)
        return {row.person_id: Title.model_validate_json(row.record) for row in rows}

    async def size(self) -> CatalogSize:
        """How much is known, and since when."""
        counts = select(
            select(func.count()).select_from(titles).scalar_subquery(),
            select(func.count()).select_from(people).scalar_subquery(),
        )
        [(title_count, person_count)] = await self._database.fetch(counts)
        changed = await self._database.fact(CHANGED)
        return CatalogSize(
            title_count,
            person_count,
            datetime.fromisoformat(changed) if changed else None,
        )

    async def records(self) -> AsyncIterator[Title | Person]:
        """Every record, people first, each kind by id."""
        for table, model in ((people, Person), (titles, Title)):
            for row in await self._database.fetch(select(table.c.record).order_by(table.c.id)):
                yield model.model_validate_json(row.record)

    async def title_forms(self) -> list[Form]:
        """Every name a title can be found by."""
        shows = await self._popularity(titles)
        query = select(forms.c.title_id, *_KEYS).where(forms.c.person_id.is_(None))
        rows = await self._database.fetch(query)
        return [Form(f"title:{title}", Keys(*keys), shows[title]) for title, *keys in rows]

    async def people_forms(self) -> list[Form]:
        """Every name a person can be found by, and every name of a character."""
        actors, shows = await self._popularity(people), await self._popularity(titles)
        query = select(forms.c.title_id, forms.c.person_id, forms.c.weight, *_KEYS)
        rows = await self._database.fetch(query.where(forms.c.person_id.is_not(None)))
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

    async def _popularity(self, table: Any) -> Mapping[str, float]:
        rows = await self._database.fetch(select(table.c.id, table.c.popularity))
        return {row.id: row.popularity for row in rows}

    async def _records(self, table: Any, ids: Iterable[str]) -> list[Any]:
        wanted, rows = list(ids), list[Any]()
        for start in range(0, len(wanted), _CHUNK):
            chunk = wanted[start : start + _CHUNK]
            query = select(table.c.id, table.c.record).where(table.c.id.in_(chunk))
            rows += await self._database.fetch(query)
        return rows


def _work(title: Title, person_id: str) -> Work:
    jobs = tuple(credit.job for credit in title.crew if credit.person == person_id)
    return Work(title, title.credits_of(person_id), jobs)


def _newest_first(work: Work) -> tuple[int, float, str]:
    undated = 9999 if work.title.releases else 0
    return -(work.title.year or undated), -work.title.popularity, work.title.id
