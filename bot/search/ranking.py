"""Puts the entities that a search found in order."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import accumulate
from math import inf

from bot.search import weights
from bot.search.name_table import NameTable

Match = tuple[int, float, bool]
"""A row of the name table, how well the query fits its name, and whether it is the whole name."""


@dataclass(slots=True)
class _Found:
    """What one search found, by entity."""

    fits: dict[int, float] = field(default_factory=dict[int, float])
    scores: dict[int, float] = field(default_factory=dict[int, float])
    """Fit and popularity."""
    named_exactly: dict[int, bool] = field(default_factory=dict[int, bool])
    """Of entities whose whole name was typed: whether it is a main name."""
    whole: set[int] = field(default_factory=set[int])
    """Entities whose whole name the query is, by letters or by sound."""


class Ranking:
    """Orders entities by how well their names fit and by how popular they are.

    Three rules come before that. A person's name typed exactly comes before parts of others'
    names. A main name typed exactly comes before an alias typed exactly. A person comes before a
    character whose name fits no better.
    """

    def __init__(self, table: NameTable) -> None:
        self._table = table
        self._is_character = table.is_character
        self._is_person = table.is_person
        self._popularity: list[float] = table.prominence.tolist()

    def order(self, matches: Iterable[Match]) -> list[tuple[int, float]]:
        """Entities and how well each fits, best first, from matches in any order."""
        found = self._collect(matches)
        final = dict(found.scores)
        self._raise_people(found, final)
        _raise_main_names(found, final)
        self._lower_characters(found, final)

        def key(entity: int) -> tuple[float, bool, bool, float, str]:
            return (
                -final[entity],
                self._is_character[entity],
                not found.named_exactly.get(entity, False),
                -found.scores[entity],
                self._table.refs[entity],
            )

        return [(entity, found.fits[entity]) for entity in sorted(final, key=key)]

    def _collect(self, matches: Iterable[Match]) -> _Found:
        found = _Found()
        fits, scores = found.fits, found.scores
        for row, fit, whole in matches:
            exact = fit >= weights.SPACED_OTHERWISE
            spelled_right = fit >= weights.SPELLED_RIGHT
            worth = weights.POPULARITY if spelled_right else weights.POPULARITY_MISTYPED
            for entity, is_main in self._table.bearers(row):
                score = fit + worth * self._popularity[entity]
                if exact and not self._is_character[entity]:
                    score += weights.EXACT_BONUS
                if score > scores.get(entity, 0.0):
                    scores[entity] = score
                if fit > fits.get(entity, 0.0):
                    fits[entity] = fit
                if exact:
                    found.named_exactly[entity] = is_main or found.named_exactly.get(entity, False)
                if whole:
                    found.whole.add(entity)
        return found

    def _raise_people(self, found: _Found, final: dict[int, float]) -> None:
        """Give each person named exactly at least the score of all who are named in part."""
        people = [entity for entity in found.named_exactly if self._is_person[entity]]
        if people:
            parts = (score for entity, score in final.items() if entity not in found.whole)
            best = max(parts, default=0.0)
            for person in people:
                final[person] = max(final[person], best)

    def _lower_characters(self, found: _Found, final: dict[int, float]) -> None:
        """Give each character at most the score of every person whose name fits as well."""
        people = [entity for entity in final if not self._is_character[entity]]
        if len(people) in (0, len(final)):
            return
        anybody = _LowestScores(people, found.fits, final)
        whole = _LowestScores([one for one in people if one in found.whole], found.fits, final)
        for entity in final:
            if self._is_character[entity]:
                fit = found.fits[entity]
                if entity not in found.whole:
                    lowest = anybody.among(fit - weights.SAME_PART)
                else:
                    tolerance = weights.SAME_SOUND if fit < weights.REORDERED else 0.0
                    lowest = min(anybody.among(fit), whole.among(fit - tolerance))
                if lowest < final[entity]:
                    final[entity] = lowest


class _LowestScores:
    """The lowest score among those whose names fit well enough."""

    def __init__(
        self, entities: list[int], fits: dict[int, float], scores: dict[int, float]
    ) -> None:
        ordered = sorted(entities, key=fits.__getitem__, reverse=True)
        self._descending = [-fits[entity] for entity in ordered]
        self._lowest = list(accumulate((scores[entity] for entity in ordered), min))

    def among(self, least: float) -> float:
        """The lowest score among fits of at least this; infinite where there is none."""
        count = bisect_right(self._descending, -least)
        return self._lowest[count - 1] if count else inf


def _raise_main_names(found: _Found, final: dict[int, float]) -> None:
    """Give each main name typed exactly at least the score of every alias typed exactly."""
    aliases = [final[entity] for entity, is_main in found.named_exactly.items() if not is_main]
    best = max(aliases, default=0.0)
    for entity, is_main in found.named_exactly.items():
        if is_main:
            final[entity] = max(final[entity], best)
