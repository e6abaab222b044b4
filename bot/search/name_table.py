"""Which entities have which names."""

from collections.abc import Iterable
from dataclasses import dataclass

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
    """Distinct names (rows) and the entities that bear them, both named by their places."""

    refs: list[str]
    """Of entities."""
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
        self._link(np.array(borne, np.int32), np.array(bearing, np.int32), popularity, main)

    def bearers(self, row: int) -> list[tuple[int, bool]]:
        """The entities that bear a name, and whether it is a main name of each."""
        coded: list[int] = self._bearers[self._starts[row] : self._starts[row + 1]].tolist()
        return [(code >> 1, code & 1 == 1) for code in coded]

    def _add_name(self, keys: SearchKeys) -> None:
        self.letters.append(keys.letters)
        self.folds.append(keys.fold)
        self.initials.append(keys.initials)

    def _link(
        self, borne: Places, bearing: Places, popularity: list[float], main: list[bool]
    ) -> None:
        known = np.log1p(weights.POPULARITY_SCALE * np.array(popularity, np.float32))
        known /= np.log1p(weights.POPULARITY_SCALE * weights.POPULARITY_MOST)
        known = known.clip(0, 1).astype(np.float32)
        self.prominence = np.zeros(len(self.refs), np.float32)
        np.maximum.at(self.prominence, bearing, known)
        self.best_known = np.zeros(len(self.letters), np.float32)
        np.maximum.at(self.best_known, borne, self.prominence[bearing])
        order = np.argsort(borne, kind="stable")
        # An entity's place and whether the name is a main one, in one number.
        self._bearers = (bearing * 2 + np.array(main, np.int32))[order]
        self._starts = np.searchsorted(borne[order], np.arange(len(self.letters) + 1))
