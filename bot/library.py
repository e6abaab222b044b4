"""What members can ask: names to find, and the records behind them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest
from typing import Self

from bot.catalog.model import CastCredit, Person, Title
from bot.catalog.search import Form, Hit, NameIndex, meant
from bot.store.catalog import CatalogStore


@dataclass(frozen=True, slots=True)
class Character:
    """A character of one title, with whoever plays it."""

    title: Title
    person: Person
    credits: tuple[CastCredit, ...]

    @property
    def ref(self) -> str:
        """`character:TITLE/PERSON`."""
        return f"character:{self.title.id}/{self.person.id}"


Found = Title | Person | Character
"""Anything a name can lead to."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A record to choose from, with what tells it apart from its namesakes."""

    ref: str
    found: Found
    lead: Person | None = None
    """Of a title: who is billed first."""
    best_known: Title | None = None
    """Of a person: their most popular title."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a text may mean: `meant` fit it (one: clear), `nearest` only resemble it."""

    meant: Sequence[str]
    nearest: Sequence[str]


class Library:
    """The catalog and the two indexes over its names: one of shows, one of people and characters.

    The indexes hold the names as they were when `open` was called; the records are always read
    as they are.
    """

    def __init__(
        self, catalog: CatalogStore, shows: Sequence[Form], people: Sequence[Form]
    ) -> None:
        self.catalog = catalog
        self.is_empty = not (shows or people)
        self._shows, self._people = NameIndex(shows), NameIndex(people)
        # What is made when it is first needed is made now, and not while the first member waits.
        for index in (self._shows, self._people):
            index.search("first of all 처음")
        self._popular_shows, self._popular_people = (
            _most_popular(shows),
            _most_popular(people),
        )

    @classmethod
    async def open(cls, catalog: CatalogStore) -> Self:
        """Build the indexes from what the catalog holds now."""
        return cls(catalog, await catalog.title_forms(), await catalog.people_forms())

    def search_shows(self, text: str, limit: int = 25) -> list[Hit]:
        """The titles whose names fit `text`, best first."""
        return self._shows.search(text, limit)

    def search_people(self, text: str, limit: int = 25) -> list[Hit]:
        """The people and characters whose names fit `text`, best first."""
        return self._people.search(text, limit)

    def answer_show(self, text: str) -> Answer:
        """Which titles `text` can mean; the most popular ones come nearest to no text at all."""
        if not text.strip():
            return Answer([], self._popular_shows)
        return _answer(self.search_shows(text))

    def answer_people(self, text: str) -> Answer:
        """Which people and characters `text` can mean; likewise."""
        if not text.strip():
            return Answer([], self._popular_people)
        return _answer(self.search_people(text))

    async def records(self, refs: Iterable[str]) -> dict[str, Found]:
        """The records behind references, in their order; what is no longer there is left out."""
        wanted = [ref for ref in refs if ":" in ref]
        titles = await self.catalog.titles(_ids(wanted, "title") | _ids(wanted, "character", 0))
        people = await self.catalog.people(_ids(wanted, "person") | _ids(wanted, "character", 1))
        found = {ref: _record(ref, titles, people) for ref in wanted}
        return {ref: record for ref, record in found.items() if record is not None}

    async def listed(self, refs: Sequence[str]) -> list[Listed]:
        """The records behind references, each with what tells it apart, in their order."""
        found = await self.records(refs)
        leads = {one.id: _lead(one) for one in found.values() if isinstance(one, Title)}
        people = await self.catalog.people({lead for lead in leads.values() if lead})
        known = await self.catalog.best_known(
            [one.id for one in found.values() if isinstance(one, Person)]
        )
        return [
            Listed(ref, one, people.get(leads.get(_id(one)) or ""), known.get(_id(one)))
            for ref, one in found.items()
        ]

    async def record(self, ref: str) -> Found | None:
        """The record behind one reference."""
        return (await self.records([ref])).get(ref)


def _lead(title: Title) -> str | None:
    shown = (credit.person for credit in title.billing() if not credit.spoiler)
    return next(shown, None)


def _id(found: Found) -> str:
    return "" if isinstance(found, Character) else found.id


def _answer(hits: Sequence[Hit]) -> Answer:
    return Answer([hit.ref for hit in meant(hits)], [hit.ref for hit in hits])


def _most_popular(forms: Sequence[Form], limit: int = 25) -> list[str]:
    """What is offered before a letter is typed."""
    popularity = {form.ref: form.popularity for form in forms}
    return nlargest(limit, popularity, key=lambda ref: (popularity[ref], ref))


def _ids(refs: Iterable[str], kind: str, part: int = 0) -> set[str]:
    split = (ref.split(":", 1) for ref in refs)
    ids = (rest.split("/") for found, rest in split if found == kind)
    return {parts[part] for parts in ids if part < len(parts)}


def _record(ref: str, titles: Mapping[str, Title], people: Mapping[str, Person]) -> Found | None:
    kind, _, rest = ref.partition(":")
    if kind == "title":
        return titles.get(rest)
    if kind == "person":
        return people.get(rest)
    title_id, _, person_id = rest.partition("/")
    title, person = titles.get(title_id), people.get(person_id)
    if kind != "character" or title is None or person is None:
        return None
    credits = tuple(credit for credit in title.credits_of(person_id) if not credit.spoiler)
    return Character(title, person, credits) if credits else None
