"""Serves the catalog from memory: name search and records."""

import asyncio
import gc
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from bot.catalog.model import CastCredit, Person, Title
from bot.catalog.snapshot import CatalogSnapshot
from bot.catalog.window import WindowState
from bot.search.name_search import NameSearch
from bot.store.catalog import CatalogContents, CatalogStore
from bot.store.catalog_changes import CatalogChanges


@dataclass(frozen=True, slots=True)
class Character:
    """A character of a title, with the actor who plays it."""

    title: Title
    person: Person
    credits: tuple[CastCredit, ...]

    @property
    def ref(self) -> str:
        """The ref of the character: `character:TITLE/PERSON`."""
        return f"character:{self.title.id}/{self.person.id}"


CatalogEntry = Title | Person | Character
"""An entry that can be found by name."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A search suggestion, with details that distinguish it from entries of the same name."""

    ref: str
    entry: CatalogEntry
    lead_actor: Person | None = None
    """For a title: the person billed first."""
    best_known_title: Title | None = None
    """For a person: their most popular title."""


@dataclass(frozen=True, slots=True)
class CatalogExamples:
    """A title and a person that many members know. None in an empty catalog."""

    title: Title | None = None
    person: Person | None = None


# Searches slow down with the number of names that were added to an index.
_MAX_ADDED_NAMES = 4000


class _CatalogState:
    """One version of the catalog, up to the change with the id `change`."""

    def __init__(
        self,
        change: int,
        snapshot: CatalogSnapshot,
        title_names: NameSearch,
        person_names: NameSearch,
    ) -> None:
        self.change = change
        self.snapshot = snapshot
        self.title_names = title_names
        self.person_names = person_names

    @classmethod
    def of(cls, contents: CatalogContents) -> Self:
        """Index a whole catalog."""
        return cls(
            contents.change,
            contents.snapshot,
            NameSearch(contents.title_names()),
            NameSearch(contents.person_names()),
        )

    def changed(self, changes: CatalogChanges) -> "_CatalogState":
        """Return the state with some changes. The cost is that of the changes."""
        titles, people = changes.title_names, changes.person_names
        return _CatalogState(
            changes.change,
            changes.apply(self.snapshot),
            self.title_names.changed(titles.refs, titles.entries),
            self.person_names.changed(people.refs, people.entries),
        )

    @property
    def added_names(self) -> int:
        """The number of names that were added since the catalog was indexed as a whole."""
        return self.title_names.added_rows + self.person_names.added_rows

    def release(self) -> None:
        """Free the memory in parts. Freeing it all at once would delay replies for longer."""
        for attribute in list(vars(self)):
            delattr(self, attribute)


class CatalogService:
    """The catalog in memory, loaded by `open` and updated by `refresh`.

    Lookups do not use the database, so they are fast even when it is busy.
    """

    def __init__(self, store: CatalogStore, contents: CatalogContents) -> None:
        self._store = store
        self._state = _CatalogState.of(contents)
        self._lock = asyncio.Lock()

    @classmethod
    async def open(cls, store: CatalogStore) -> Self:
        """Load the catalog and return a service for it."""
        return cls(store, await store.load())

    async def refresh(self) -> bool:
        """Update the catalog if it has changed. Returns whether it has."""
        async with self._lock:
            last = await self._store.last_change()
            if last == self._state.change:
                return False
            changes = None
            if self._state.added_names <= _MAX_ADDED_NAMES:
                changes = await self._store.load_changes(self._state.change, self.snapshot)
            if changes is None:
                await self._reload()
            else:
                self._state = await asyncio.to_thread(self._state.changed, changes)
        return True

    async def _reload(self) -> None:
        """Load and index the whole catalog. This takes seconds for a large one."""
        with _no_garbage_collection():
            state = await asyncio.to_thread(_CatalogState.of, await self._store.load())
            replaced, self._state = self._state, state
            await asyncio.to_thread(replaced.release)

    async def get_titles(self, ids: Iterable[str]) -> dict[str, Title]:
        """Return the existing titles with these ids, by id.

        Refreshes the catalog if any title is missing.
        """
        title_ids = set(ids)
        if len(titles := self.snapshot.titles(title_ids)) < len(title_ids):
            await self.refresh()
            titles = self.snapshot.titles(title_ids)
        return titles

    @property
    def snapshot(self) -> CatalogSnapshot:
        """The records of the catalog."""
        return self._state.snapshot

    @property
    def is_empty(self) -> bool:
        """Whether the catalog has no entries."""
        return self.snapshot.size.titles + self.snapshot.size.people == 0

    @property
    def title_names(self) -> NameSearch:
        """The name search for titles."""
        return self._state.title_names

    @property
    def person_names(self) -> NameSearch:
        """The name search for people and characters."""
        return self._state.person_names

    def entry(self, ref: str) -> CatalogEntry | None:
        """Return the entry for a ref, or None if it does not exist or the ref is invalid."""
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

    def record(self, ref: str) -> Title | Person | None:
        """Return the title or the person for a ref, or None as `entry` does, and for characters."""
        entry = self.entry(ref)
        return None if isinstance(entry, Character) else entry

    def entries(self, refs: Iterable[str]) -> dict[str, CatalogEntry]:
        """Return the existing entries for these refs, by ref, in the given order."""
        return {ref: entry for ref in refs if (entry := self.entry(ref))}

    def examples(self, now: datetime) -> CatalogExamples:
        """Return a popular title, if possible one with a release ahead, and a popular person."""
        titles = [one for one in self._popular(self.title_names) if isinstance(one, Title)]
        upcoming = (title for title in titles if _is_upcoming(title, now))
        title = next(upcoming, next(iter(titles), None))
        # Or the actors of popular characters.
        people = (
            one.person if isinstance(one, Character) else one
            for one in self._popular(self.person_names)
        )
        person = next((one for one in people if isinstance(one, Person)), None)
        return CatalogExamples(title, person)

    def _popular(self, names: NameSearch) -> list[CatalogEntry]:
        return list(self.entries(names.suggest("")).values())

    def candidates(self, refs: Iterable[str]) -> list[Candidate]:
        """Return the existing entries for these refs as candidates, in the given order."""
        return [self._candidate(ref, entry) for ref, entry in self.entries(refs).items()]

    def _character(self, title_id: str, person_id: str) -> Character | None:
        title, person = self.snapshot.title(title_id), self.snapshot.person(person_id)
        if title is None or person is None:
            return None
        credits = tuple(
            credit for credit in title.credits_of(person_id) if credit.names and not credit.spoiler
        )
        return Character(title, person, credits) if credits else None

    def _candidate(self, ref: str, entry: CatalogEntry) -> Candidate:
        if isinstance(entry, Title):
            lead_actor = self.snapshot.person(_lead_actor_id(entry))
            return Candidate(ref, entry, lead_actor=lead_actor)
        if isinstance(entry, Person):
            best_known = self.snapshot.best_known_title(entry.id)
            return Candidate(ref, entry, best_known_title=best_known)
        return Candidate(ref, entry)


def _is_upcoming(title: Title, now: datetime) -> bool:
    windows = (release.window for release, _earlier in title.release_history())
    return any(window and window.state(now) is WindowState.AHEAD for window in windows)


@contextmanager
def _no_garbage_collection() -> Generator[None]:
    """Suspend garbage collection. Scanning a catalog while it is loaded would delay every reply
    and free nothing. Other garbage is collected afterwards."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _lead_actor_id(title: Title) -> str | None:
    actor_ids = (credit.person for credit in title.billing() if not credit.spoiler)
    return next(actor_ids, None)
