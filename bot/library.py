"""What members can ask: names to find, and the records behind them."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from heapq import nlargest
from typing import Self

from bot.catalog.model import CastCredit, Person, Title
from bot.catalog.records import Records
from bot.catalog.search import LONGEST_QUERY, Form, Hit, NameIndex, meant
from bot.store.catalog import CatalogStore, Contents

# What a menu holds, and what is looked through on a phone while typing.
_LISTED, _SUGGESTED = 25, 10

# Searches whose outcome is kept.
_REMEMBERED = 4096


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


class Names:
    """What shows, or people and characters, can be called. Never changes once made."""

    def __init__(self, forms: Sequence[Form]) -> None:
        self._index = NameIndex(forms)
        # What is made when it is first needed is made now, and not while the first member waits.
        self._index.search("first of all 처음")
        # Many ask for the same few, and all of them begin with the same letters.
        self._search = lru_cache(_REMEMBERED)(self._index.search)
        self._named = lru_cache(_REMEMBERED)(self._index.named)
        self._popular = _most_popular(forms)

    def search(self, text: str, limit: int = _LISTED) -> list[Hit]:
        """What has names that fit `text`, best first."""
        return self._search(text[:LONGEST_QUERY], limit)

    def suggest(self, text: str) -> Sequence[str]:
        """References to what `text` may become as it is typed; the most popular for no text."""
        if not text.strip():
            return self._popular
        return [hit.ref for hit in self.search(text, _SUGGESTED)]

    def answer(self, text: str) -> Answer:
        """What `text`, as it was sent, can mean; the most popular comes nearest to no text."""
        if not text.strip():
            return Answer([], self._popular)
        hits = self._named(text[:LONGEST_QUERY]) or self.search(text)
        return Answer([hit.ref for hit in meant(hits)], [hit.ref for hit in hits])


class _Snapshot:
    """The catalog at one moment."""

    def __init__(self, contents: Contents) -> None:
        self.version = contents.version
        self.records = contents.records
        self.shows, self.people = Names(contents.shows), Names(contents.people)


class Library:
    """The catalog in memory, as it was when `open` or `refresh` was last called.

    Members are answered without the database, however busy it is.
    """

    def __init__(self, store: CatalogStore, contents: Contents) -> None:
        self._store = store
        self._now = _Snapshot(contents)

    @classmethod
    async def open(cls, store: CatalogStore) -> Self:
        """Read everything that the catalog holds now."""
        return cls(store, await store.load())

    async def refresh(self) -> bool:
        """Read everything anew if somebody has changed the catalog since. Tells whether so."""
        if await self._store.version() == self._now.version:
            return False
        contents = await self._store.load()
        # Takes seconds on a large catalog; members are answered meanwhile.
        self._now = await asyncio.to_thread(_Snapshot, contents)
        return True

    async def titles(self, ids: Iterable[str]) -> dict[str, Title]:
        """The titles of those ids that exist, by id, even if they came in only just now."""
        wanted = set(ids)
        if len(found := self.catalog.titles(wanted)) < len(wanted):
            await self.refresh()
            found = self.catalog.titles(wanted)
        return found

    @property
    def catalog(self) -> Records:
        """The records."""
        return self._now.records

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to find."""
        return self.catalog.size.titles + self.catalog.size.people == 0

    @property
    def shows(self) -> Names:
        """The names of titles."""
        return self._now.shows

    @property
    def people(self) -> Names:
        """The names of people and of characters."""
        return self._now.people

    def record(self, ref: str) -> Found | None:
        """The record behind a reference; None where it is no longer there, or is no reference."""
        kind, _, rest = ref.partition(":")
        match kind:
            case "title":
                return self.catalog.title(rest)
            case "person":
                return self.catalog.person(rest)
            case "character":
                return self._character(*rest.partition("/")[::2])
            case _:
                return None

    def records(self, refs: Iterable[str]) -> dict[str, Found]:
        """The records behind references, in their order; what is no longer there is left out."""
        return {ref: found for ref in refs if (found := self.record(ref))}

    def listed(self, refs: Iterable[str]) -> list[Listed]:
        """The same, each with what tells it apart."""
        return [self._listed(ref, found) for ref, found in self.records(refs).items()]

    def _character(self, title_id: str, person_id: str) -> Character | None:
        title, person = self.catalog.title(title_id), self.catalog.person(person_id)
        if title is None or person is None:
            return None
        credits = tuple(credit for credit in title.credits_of(person_id) if not credit.spoiler)
        return Character(title, person, credits) if credits else None

    def _listed(self, ref: str, found: Found) -> Listed:
        if isinstance(found, Title):
            return Listed(ref, found, lead=self.catalog.person(_lead(found)))
        if isinstance(found, Person):
            return Listed(ref, found, best_known=self.catalog.best_known(found.id))
        return Listed(ref, found)


def _lead(title: Title) -> str | None:
    shown = (credit.person for credit in title.billing() if not credit.spoiler)
    return next(shown, None)


def _most_popular(forms: Sequence[Form], limit: int = _SUGGESTED) -> list[str]:
    """What is offered before a letter is typed."""
    popularity = {form.ref: form.popularity for form in forms}
    return nlargest(limit, popularity, key=lambda ref: (popularity[ref], ref))
