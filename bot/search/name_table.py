"""Which entities have which names."""

from collections.abc import Collection, Iterable, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Self

import numpy as np

from bot.catalog.model import CastRole, NameType
from bot.search import weights
from bot.search.bigrams import Places, Scores
from bot.search.search_keys import SearchKeys


def character_popularity(show: float, actor: float, role: str | None) -> float:
    """How popular a character is, by the show, the actor and a `CastRole`."""
    weight = weights.ROLE_WEIGHTS[CastRole(role)] if role else weights.UNKNOWN_ROLE_WEIGHT
    return (weights.CHARACTER_SHOW * show + weights.CHARACTER_ACTOR * actor) * weight


def is_main(name_type: str) -> bool:
    """Whether a name of that `NameType` is what something is called, rather than an alias."""
    return name_type in (NameType.MAIN, NameType.ORIGINAL)


@dataclass(frozen=True, slots=True)
class NameEntry:
    """One name of one entity."""

    ref: str
    """``title:…``, ``person:…`` or ``character:TITLE/PERSON``."""
    keys: SearchKeys
    popularity: float
    """Of the entity; 0 and up, a few at most."""
    is_main: bool = True
    """Whether it is what the entity is called, rather than an alias."""


class NameTable:
    """Distinct names (rows) and the entities that bear them, both named by their places.

    A table that was changed keeps the places of the one it was made from. Entities that were
    dropped bear no names any more, and names may have no bearers.
    """

    refs: list[str]
    """Of entities."""
    is_character: list[bool]
    """Of entities, as is the next one."""
    is_person: list[bool]
    prominence: Scores
    """Of entities: 0 for the unknown to 1 for the best known."""
    letters: list[str]
    """Of rows, as are the next three."""
    folds: list[str]
    initials: list[str]
    best_known: Scores
    """The prominence of the best known who bears the name."""

    def __init__(self, forms: Iterable[NameEntry]) -> None:
        """Forms in any order; an entity may have many, and many entities one name."""
        entities: dict[str, int] = {}
        names: dict[str, int] = {}
        self.letters, self.folds, self.initials = [], [], []
        borne: list[int] = []
        bearing: list[int] = []
        main: list[bool] = []
        popularity: list[float] = []
        for form in forms:
            if form.keys.letters not in names:
                self._add_name(form.keys)
            borne.append(names.setdefault(form.keys.letters, len(names)))
            bearing.append(entities.setdefault(form.ref, len(entities)))
            popularity.append(form.popularity)
            main.append(form.is_main)
        self.refs = list(entities)
        self.is_character = [ref.startswith("character:") for ref in self.refs]
        self.is_person = [ref.startswith("person:") for ref in self.refs]
        self.base_rows = len(self.letters)
        self._changed: dict[int, list[tuple[int, bool]]] = {}
        self._link(np.array(borne, np.int32), np.array(bearing, np.int32), popularity, main)

    def bearers(self, row: int) -> list[tuple[int, bool]]:
        """The entities that bear a name, and whether it is a main name of each."""
        if (changed := self._changed.get(row)) is not None:
            return changed
        coded: list[int] = self._bearers[self._starts[row] : self._starts[row + 1]].tolist()
        return [(code >> 1, code & 1 == 1) for code in coded]

    def _add_name(self, keys: SearchKeys) -> None:
        self.letters.append(keys.letters)
        self.folds.append(keys.fold)
        self.initials.append(keys.initials)

    def changed(self, refs: Collection[str], entries: Iterable[NameEntry]) -> Self:
        """A table without the entities with these refs, and with ``entries``.

        The cost is that of the changes, but for copies of lists.
        """
        table = copy(self)
        table.refs, table._changed = list(self.refs), dict(self._changed)
        table.is_character, table.is_person = list(self.is_character), list(self.is_person)
        table.letters, table.folds = list(self.letters), list(self.folds)
        table.initials = list(self.initials)
        table._add(list(entries), table._drop(set(refs)))
        return table

    @property
    def unused_rows(self) -> list[int]:
        """The names that nobody bears any more."""
        return [row for row, bearers in self._changed.items() if not bearers]

    def _drop(self, refs: set[str]) -> set[int]:
        """Drop entities. Returns the rows of their names."""
        dropped = {entity for entity, ref in enumerate(self.refs) if ref in refs}
        places = np.flatnonzero(np.isin(self._bearers >> 1, list(dropped)))
        rows: set[int] = set((np.searchsorted(self._starts, places, "right") - 1).tolist())
        for row, bearers in self._changed.items():
            if any(entity in dropped for entity, _is_main in bearers):
                rows.add(row)
        for row in rows:
            self._changed[row] = [one for one in self.bearers(row) if one[0] not in dropped]
        return rows

    def _add(self, entries: Sequence[NameEntry], touched: set[int]) -> None:
        """Add entries. `touched` are rows whose bearers have changed before."""
        names = {letters: row for row, letters in enumerate(self.letters)}
        entities: dict[str, int] = {}
        for entry in entries:
            row = names.setdefault(entry.keys.letters, len(names))
            if row == len(self.letters):
                self._add_name(entry.keys)
                self._changed[row] = []
            if entry.ref not in entities:
                entities[entry.ref] = len(self.refs)
                self._add_entity(entry.ref)
            bearer = (entities[entry.ref], entry.is_main)
            self._changed[row] = [*self.bearers(row), bearer]
            touched.add(row)
        popularity = {entry.ref: entry.popularity for entry in entries}
        added = _prominence([popularity[ref] for ref in entities])
        self.prominence = np.concatenate((self.prominence, added))
        known = np.zeros(len(self.letters), np.float32)
        known[: len(self.best_known)] = self.best_known
        for row in touched:
            bearers = (self.prominence[entity] for entity, _is_main in self._changed[row])
            known[row] = max(bearers, default=0.0)
        self.best_known = known

    def _add_entity(self, ref: str) -> None:
        self.refs.append(ref)
        self.is_character.append(ref.startswith("character:"))
        self.is_person.append(ref.startswith("person:"))

    def _link(
        self, borne: Places, bearing: Places, popularity: list[float], main: list[bool]
    ) -> None:
        known = _prominence(popularity)
        self.prominence = np.zeros(len(self.refs), np.float32)
        np.maximum.at(self.prominence, bearing, known)
        self.best_known = np.zeros(len(self.letters), np.float32)
        np.maximum.at(self.best_known, borne, self.prominence[bearing])
        order = np.argsort(borne, kind="stable")
        # An entity's place and whether the name is a main one, in one number.
        self._bearers = (bearing * 2 + np.array(main, np.int32))[order]
        self._starts = np.searchsorted(borne[order], np.arange(len(self.letters) + 1))


def _prominence(popularity: list[float]) -> Scores:
    """Popularity on a logarithmic scale from 0 to 1."""
    known = np.log1p(weights.POPULARITY_SCALE * np.array(popularity, np.float32))
    known /= np.log1p(weights.POPULARITY_SCALE * weights.POPULARITY_MOST)
    return known.clip(0, 1).astype(np.float32)
