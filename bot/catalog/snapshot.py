"""An immutable, in-memory snapshot of the catalog. Records are parsed on first access."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TypeVar

from bot.catalog.model import CastCredit, Person, Title

# The number of parsed records to cache per kind: a few tens of megabytes at most.
_CACHED_RECORDS = 4096
_CACHED_FILMOGRAPHIES = 512

_MAX_JOINS = 50

Key = TypeVar("Key")
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class FilmographyEntry:
    """A title in a person's filmography, with their characters and jobs."""

    title: Title
    characters: tuple[CastCredit, ...]
    jobs: tuple[str, ...]

    @property
    def has_public_credit(self) -> bool:
        """Whether the entry has anything besides hidden cameos."""
        return bool(self.jobs) or any(not credit.spoiler for credit in self.characters)


@dataclass(frozen=True, slots=True)
class CatalogSize:
    """The size of the catalog. `changed` is None if nothing was ever imported."""

    titles: int
    people: int
    changed: datetime | None


class CatalogSnapshot:
    """The titles and people of the catalog, by id. Immutable."""

    def __init__(
        self,
        titles: Mapping[str, bytes] | None = None,
        people: Mapping[str, bytes] | None = None,
        works: Mapping[str, Sequence[str]] | None = None,
        changed: datetime | None = None,
        aliases: Mapping[tuple[str, str], str] | None = None,
    ) -> None:
        """Create a snapshot.

        `titles` and `people` map ids to records in JSON (UTF-8). `works` maps each person's id to
        the ids of the titles that credit them, most popular first. `aliases` maps kinds ("title",
        "person") and ids to the ids of the records that answer for them.
        """
        self._titles = titles or {}
        self._people = people or {}
        self._works = works or {}
        self._aliases = aliases or {}
        self.size = CatalogSize(len(self._titles), len(self._people), changed)
        self._read_title = lru_cache(_CACHED_RECORDS)(Title.model_validate_json)
        self._read_person = lru_cache(_CACHED_RECORDS)(Person.model_validate_json)
        # An lru_cache of a method would create a reference cycle. A replaced snapshot would then
        # stay in memory until the next garbage collection.
        self._filmographies: dict[str, Sequence[FilmographyEntry]] = {}

    def changed(
        self,
        titles: Mapping[str, bytes | None],
        people: Mapping[str, bytes | None],
        works: Mapping[str, Sequence[str]],
        aliases: Mapping[tuple[str, str], str | None],
        changed: datetime | None,
    ) -> "CatalogSnapshot":
        """Return a snapshot with these entries replaced. None removes an entry."""
        return CatalogSnapshot(
            _replaced(self._titles, titles),
            _replaced(self._people, people),
            _replaced(self._works, works),
            changed,
            _replaced(self._aliases, aliases),
        )

    def record_id(self, kind: str, record_id: str) -> str:
        """Return the id of the record that answers for an id of a `title` or `person`."""
        # Records that were joined repeatedly; a circle would be a fault.
        for _join in range(_MAX_JOINS):
            joined = self._aliases.get((kind, record_id))
            if joined is None:
                break
            record_id = joined
        return record_id

    def title(self, title_id: str | None) -> Title | None:
        """Return the title with this id, or None."""
        stored = self._titles.get(self.record_id("title", title_id or ""))
        return None if stored is None else self._read_title(stored)

    def person(self, person_id: str | None) -> Person | None:
        """Return the person with this id, or None."""
        stored = self._people.get(self.record_id("person", person_id or ""))
        return None if stored is None else self._read_person(stored)

    def titles(self, ids: Iterable[str]) -> dict[str, Title]:
        """Return the existing titles with these ids, by id."""
        return {title_id: title for title_id in ids if (title := self.title(title_id))}

    def people_of(self, title: Title) -> dict[str, Person]:
        """Return the cast and crew of a title, by id."""
        ids = (credit.person for credit in (*title.cast, *title.crew))
        return {person_id: person for person_id in ids if (person := self.person(person_id))}

    def filmography(self, person_id: str) -> Sequence[FilmographyEntry]:
        """Return a person's filmography, newest first.

        Titles with only undated releases are first, titles without releases last.
        """
        if (cached := self._filmographies.get(person_id)) is not None:
            return cached
        if len(self._filmographies) >= _CACHED_FILMOGRAPHIES:
            self._filmographies.clear()
        entries = sorted(self._entries(person_id), key=_newest_first)
        self._filmographies[person_id] = entries
        return entries

    def best_known_title(self, person_id: str) -> Title | None:
        """Return a person's most popular title, not counting hidden cameos."""
        entries = self._entries(person_id)
        return next((entry.title for entry in entries if entry.has_public_credit), None)

    def _entries(self, person_id: str) -> Iterable[FilmographyEntry]:
        titles = map(self.title, self._works.get(person_id, ()))
        return (_filmography_entry(title, person_id) for title in titles if title)


def _filmography_entry(title: Title, person_id: str) -> FilmographyEntry:
    jobs = tuple(credit.job for credit in title.crew if credit.person == person_id)
    return FilmographyEntry(title, title.credits_of(person_id), jobs)


def _newest_first(entry: FilmographyEntry) -> tuple[int, float, str]:
    undated = 9999 if entry.title.releases else 0
    return -(entry.title.year or undated), -entry.title.popularity, entry.title.id


def _replaced(old: Mapping[Key, Value], changes: Mapping[Key, Value | None]) -> dict[Key, Value]:
    """Return a copy of a mapping with changes, of which None removes a key."""
    new = dict(old)
    for key, value in changes.items():
        if value is None:
            new.pop(key, None)
        else:
            new[key] = value
    return new
