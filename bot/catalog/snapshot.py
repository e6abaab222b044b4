"""The catalog in memory: every record as it is stored, parsed when somebody asks for it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from bot.catalog.model import CastCredit, Person, Title

# Parsed records of each kind that are cached: a few ten megabytes at most.
_CACHED_RECORDS = 4096
_CACHED_FILMOGRAPHIES = 512


@dataclass(frozen=True, slots=True)
class FilmographyEntry:
    """What one person did in one title."""

    title: Title
    characters: tuple[CastCredit, ...]
    jobs: tuple[str, ...]

    @property
    def has_public_credit(self) -> bool:
        """Whether it may be shown unasked: not where all there is to it is a hidden cameo."""
        return bool(self.jobs) or any(not credit.spoiler for credit in self.characters)


@dataclass(frozen=True, slots=True)
class CatalogSize:
    """How much is known, and since when. `changed` is None while nothing was ever read."""

    titles: int
    people: int
    changed: datetime | None


class CatalogSnapshot:
    """Titles and people by their ids. Never changes once made."""

    def __init__(
        self,
        titles: Mapping[str, bytes] | None = None,
        people: Mapping[str, bytes] | None = None,
        works: Mapping[str, Sequence[str]] | None = None,
        changed: datetime | None = None,
    ) -> None:
        """`titles` and `people` are records as JSON (UTF-8) by id; `works` the ids of the titles
        each person is credited in, the most popular first."""
        self._titles = titles or {}
        self._people = people or {}
        self._works = works or {}
        self.size = CatalogSize(len(self._titles), len(self._people), changed)
        self._read_title = lru_cache(_CACHED_RECORDS)(Title.model_validate_json)
        self._read_person = lru_cache(_CACHED_RECORDS)(Person.model_validate_json)
        # Not an lru_cache of a method: that would refer back to this snapshot, and keep a replaced
        # one alive until a garbage collection.
        self._filmographies: dict[str, Sequence[FilmographyEntry]] = {}

    def title(self, title_id: str | None) -> Title | None:
        """The title of that id."""
        stored = self._titles.get(title_id or "")
        return None if stored is None else self._read_title(stored)

    def person(self, person_id: str | None) -> Person | None:
        """The person of that id."""
        stored = self._people.get(person_id or "")
        return None if stored is None else self._read_person(stored)

    def titles(self, ids: Iterable[str]) -> dict[str, Title]:
        """The titles of those ids that exist, by id."""
        return {one: title for one in ids if (title := self.title(one))}

    def people_of(self, title: Title) -> dict[str, Person]:
        """Everybody credited in a title, by id."""
        ids = (credit.person for credit in (*title.cast, *title.crew))
        return {one: person for one in ids if (person := self.person(one))}

    def filmography(self, person_id: str) -> Sequence[FilmographyEntry]:
        """Everything a person is credited in, newest first.

        What is announced without a date is newer than all; what no release is known of comes last.
        """
        if (cached := self._filmographies.get(person_id)) is not None:
            return cached
        if len(self._filmographies) >= _CACHED_FILMOGRAPHIES:
            self._filmographies.clear()
        entries = sorted(self._credited(person_id), key=_newest_first)
        self._filmographies[person_id] = entries
        return entries

    def best_known_title(self, person_id: str) -> Title | None:
        """A person's most popular title of which it is no secret that they are in it."""
        return next(
            (work.title for work in self._credited(person_id) if work.has_public_credit), None
        )

    def _credited(self, person_id: str) -> Iterable[FilmographyEntry]:
        titles = map(self.title, self._works.get(person_id, ()))
        return (_work(title, person_id) for title in titles if title)


def _work(title: Title, person_id: str) -> FilmographyEntry:
    jobs = tuple(credit.job for credit in title.crew if credit.person == person_id)
    return FilmographyEntry(title, title.credits_of(person_id), jobs)


def _newest_first(work: FilmographyEntry) -> tuple[int, float, str]:
    undated = 9999 if work.title.releases else 0
    return -(work.title.year or undated), -work.title.popularity, work.title.id
