"""The catalog in memory: names to find, and the records behind them."""

import asyncio
import gc
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Self

from bot.catalog.model import CastCredit, Person, Title
from bot.catalog.snapshot import CatalogSnapshot
from bot.search.name_search import NameSearch
from bot.store.catalog import CatalogContents, CatalogStore


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


CatalogEntry = Title | Person | Character
"""Anything a name can lead to."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry to choose from, with what tells it apart from its namesakes."""

    ref: str
    entry: CatalogEntry
    lead_actor: Person | None = None
    """Of a title: who is billed first."""
    best_known_title: Title | None = None
    """Of a person: their most popular title."""


class _CatalogState:
    """The catalog at one moment."""

    def __init__(self, contents: CatalogContents) -> None:
        self.version = contents.version
        self.snapshot = contents.snapshot
        self.title_names = NameSearch(contents.title_names())
        self.person_names = NameSearch(contents.person_names())

    def release(self) -> None:
        """Free the memory part by part. Freed at once it would hold up replies for longer."""
        for part in list(vars(self)):
            delattr(self, part)


class CatalogService:
    """The catalog in memory, as it was when `open` or `refresh` was last called.

    Members are answered without the database, however busy it is.
    """

    def __init__(self, store: CatalogStore, contents: CatalogContents) -> None:
        self._store = store
        self._state = _CatalogState(contents)

    @classmethod
    async def open(cls, store: CatalogStore) -> Self:
        """Load the whole catalog."""
        return cls(store, await store.load())

    async def refresh(self) -> bool:
        """Load the catalog again if it has changed since. Returns whether it has."""
        if await self._store.version() == self._state.version:
            return False
        with _no_garbage_collection():
            # Takes seconds on a large catalog; members are answered meanwhile.
            state = await asyncio.to_thread(_CatalogState, await self._store.load())
            replaced, self._state = self._state, state
            await asyncio.to_thread(replaced.release)
        return True

    async def get_titles(self, ids: Iterable[str]) -> dict[str, Title]:
        """The titles of those ids that exist, by id, even if they were imported only just now."""
        wanted = set(ids)
        if len(found := self.snapshot.titles(wanted)) < len(wanted):
            await self.refresh()
            found = self.snapshot.titles(wanted)
        return found

    @property
    def snapshot(self) -> CatalogSnapshot:
        """The records."""
        return self._state.snapshot

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to find."""
        return self.snapshot.size.titles + self.snapshot.size.people == 0

    @property
    def title_names(self) -> NameSearch:
        """The names of titles."""
        return self._state.title_names

    @property
    def person_names(self) -> NameSearch:
        """The names of people and of characters."""
        return self._state.person_names

    def entry(self, ref: str) -> CatalogEntry | None:
        """The entry behind a reference; None where it no longer exists, or is no reference."""
        kind, _, rest = ref.partition(":")
        match kind:
            case "title":
                return self.snapshot.title(rest)
            case "person":
                return self.snapshot.person(rest)
            case "character":
                return self._character(*rest.partition("/")[::2])
            case _:
                return None

    def entries(self, refs: Iterable[str]) -> dict[str, CatalogEntry]:
        """The entries behind references, in their order; those that no longer exist are left
        out."""
        return {ref: entry for ref in refs if (entry := self.entry(ref))}

    def candidates(self, refs: Iterable[str]) -> list[Candidate]:
        """The same, each with what tells it apart."""
        return [self._candidate(ref, entry) for ref, entry in self.entries(refs).items()]

    def _character(self, title_id: str, person_id: str) -> Character | None:
        title, person = self.snapshot.title(title_id), self.snapshot.person(person_id)
        if title is None or person is None:
            return None
        credits = tuple(credit for credit in title.credits_of(person_id) if not credit.spoiler)
        return Character(title, person, credits) if credits else None

    def _candidate(self, ref: str, entry: CatalogEntry) -> Candidate:
        if isinstance(entry, Title):
            lead_actor = self.snapshot.person(_lead_actor_id(entry))
            return Candidate(ref, entry, lead_actor=lead_actor)
        if isinstance(entry, Person):
            best_known = self.snapshot.best_known_title(entry.id)
            return Candidate(ref, entry, best_known_title=best_known)
        return Candidate(ref, entry)


@contextmanager
def _no_garbage_collection() -> Generator[None]:
    """Suspend cyclic garbage collection: scanning a catalog that is being loaded would hold up
    every reply, and finds nothing. What else becomes garbage meanwhile is collected afterwards."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _lead_actor_id(title: Title) -> str | None:
    open_credits = (credit.person for credit in title.billing() if not credit.spoiler)
    return next(open_credits, None)
