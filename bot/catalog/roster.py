"""Who bears which name."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from bot.catalog.bigrams import Places, Scores
from bot.catalog.names import Keys

# Popularity counts by its order of size. Below 1/20 it hardly tells the unknown apart; 7 is
# about the most that any title has.
_KNOWN = 20.0
_KNOWN_BEST = 7.0


@dataclass(frozen=True, slots=True)
class Form:
    """One name form of one entity."""

    ref: str
    """``title:…``, ``person:…`` or ``character:TITLE/PERSON``."""
    keys: Keys
    popularity: float
    """Of the entity; 0 and up, a few at most."""


class Roster:
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

    def __init__(self, forms: Iterable[Form]) -> None:
        """Forms in any order; an entity may have many, and many entities one name."""
        entities: dict[str, int] = {}
        names: dict[str, int] = {}
        self.letters, self.folds, self.initials = [], [], []
        borne: list[int] = []
        bearing: list[int] = []
        popularity: list[float] = []
        for form in forms:
            if form.keys.letters not in names:
                self._add_name(form.keys)
            borne.append(names.setdefault(form.keys.letters, len(names)))
            bearing.append(entities.setdefault(form.ref, len(entities)))
            popularity.append(form.popularity)
        self.refs = list(entities)
        self._link(np.array(borne, np.int32), np.array(bearing, np.int32), popularity)

    def bearers(self, row: int) -> list[int]:
        """The entities that bear a name."""
        return self._bearers[self._starts[row] : self._starts[row + 1]].tolist()

    def _add_name(self, keys: Keys) -> None:
        self.letters.append(keys.letters)
        self.folds.append(keys.fold)
        self.initials.append(keys.initials)

    def _link(self, borne: Places, bearing: Places, popularity: list[float]) -> None:
        known = np.log1p(_KNOWN * np.array(popularity, np.float32)) / np.log1p(_KNOWN * _KNOWN_BEST)
        known = known.clip(0, 1).astype(np.float32)
        self.prominence = np.zeros(len(self.refs), np.float32)
        np.maximum.at(self.prominence, bearing, known)
        self.best_known = np.zeros(len(self.letters), np.float32)
        np.maximum.at(self.best_known, borne, self.prominence[bearing])
        order = np.argsort(borne, kind="stable")
        self._bearers = bearing[order]
        self._starts = np.searchsorted(borne[order], np.arange(len(self.letters) + 1))
