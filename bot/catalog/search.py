"""A query → the people and titles meant.

Pairs of letters pick the likeliest names, each is measured closely (see ``matching``), and
of names that fit about equally well the better known come first.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.catalog import matching
from bot.catalog.channel import Channel
from bot.catalog.fold import run_on
from bot.catalog.hangul import abbreviation_pattern, is_letter, is_syllable
from bot.catalog.names import Reading, reading_as_typed, readings_of
from bot.catalog.roster import Form, Roster

__all__ = ["LONGEST_QUERY", "Form", "Hit", "NameIndex", "meant"]

LONGEST_QUERY = 100
"""Letters of a query that count: longer than nearly all names, short enough to stay quick."""

# A fit found by fold or initials, times the same fit by letters.
_FOLDED = 0.82
_FOLDED_ALIKE = 0.14  # so much more, as far as the spellings before the fold agree
# Two letters of a fold begin or are within very many names: lee, li and yi all fold to i.
_TELLING = 3
_HARDLY_TELLING = 0.7
_ABBREVIATED = 0.9
_ABBREVIATED_LIKELY = 0.86  # initials of a name that is known in Latin letters only
_OTHER_READING = 0.97  # for each reading but the one typed
_GOOD = 0.9  # no other reading is tried when one fits as well as this

# What being known best is worth beside a fit.
_PROMINENCE = 0.34
_PROMINENCE_MISTYPED = 0.12  # fame must not turn one name spelled right into another
_SPELLED_RIGHT = 0.8

_RESEMBLING = 0.5  # times the likeness: never enough to be meant
_LEAST_MEANT = 0.6  # about a third of the letters may be wrong
_AS_GOOD = 0.03
_WHOLE_NAMES = (matching.SPACED_OTHERWISE, matching.REORDERED)


@dataclass(frozen=True, slots=True)
class Hit:
    """An entity that a query may mean."""

    ref: str
    score: float
    """How well the query fits its name, 0 to 1, whoever bears it:

    - 0.97 and up: the whole name, spaced or ordered as it may be
    - 0.80 to 0.96: the whole name spelled another way, whole words of it, or its beginning
    - below: mistyped, or some letters within the name
    """


class NameIndex:
    """Finds entities by any of their names. Never changes once made."""

    def __init__(self, forms: Iterable[Form]) -> None:
        """Forms in any order; an entity may have many, and many entities one name."""
        self._roster = roster = Roster(forms)
        self._letters = Channel(roster.letters, roster.best_known, _unspaced)
        self._folds = Channel(roster.folds, roster.best_known, run_on)
        self._initials = Channel(roster.initials, roster.best_known, _unspaced)

    def named(self, query: str) -> list[Hit]:
        """The entities whose name, or one that sounds the same, is the whole query; as `search`
        orders them. None where nobody is called just so."""
        query = query[:LONGEST_QUERY]
        reading = reading_as_typed(query)
        as_typed = list(self._letters.same(reading.keys.letters))
        if not as_typed:
            return []
        return self._ranked([*as_typed, *self._folded(reading, matching.EXACT)])

    def search(self, query: str, limit: int = 25) -> list[Hit]:
        """The entities a query may mean, likeliest first; equal ones in the order of refs.

        The order weighs how well the query fits and how well known the entity is.
        """
        query = query[:LONGEST_QUERY]
        return self._ranked(list(self._row_fits(query)) or self._resembling(query))[:limit]

    def _ranked(self, rows: Iterable[tuple[int, float]]) -> list[Hit]:
        fits: dict[int, float] = {}
        for row, fit in rows:
            for entity in self._roster.bearers(row):
                fits[entity] = max(fit, fits.get(entity, 0.0))
        ranked = sorted(fits, key=lambda entity: self._rank(entity, fits[entity]))
        return [Hit(self._roster.refs[entity], fits[entity]) for entity in ranked]

    def _rank(self, entity: int, fit: float) -> tuple[float, str]:
        worth = _PROMINENCE if fit >= _SPELLED_RIGHT else _PROMINENCE_MISTYPED
        known = float(self._roster.prominence[entity])
        return -(fit + worth * known), self._roster.refs[entity]

    def _resembling(self, query: str) -> Iterator[tuple[int, float]]:
        """What to offer where nothing fits: names that have letters in common with the query."""
        keys = reading_as_typed(query).keys
        for row, alike in self._letters.resembling(keys.letters):
            yield row, alike * _RESEMBLING
        for row, alike in self._folds.resembling(keys.fold):
            yield row, alike * _RESEMBLING

    def _row_fits(self, query: str) -> Iterator[tuple[int, float]]:
        best = 0.0
        for place, reading in enumerate(readings_of(query)):
            if best >= _GOOD:
                return
            weight = _OTHER_READING if place else 1.0
            for row, fit in self._reading_fits(reading):
                best = max(best, fit * weight)
                yield row, fit * weight

    def _reading_fits(self, reading: Reading) -> Iterator[tuple[int, float]]:
        as_typed = list(self._letters.fitting(reading.keys.letters))
        yield from as_typed
        yield from self._folded(reading, max((fit for _, fit in as_typed), default=0.0))
        if any(map(is_letter, reading.text)):
            yield from self._abbreviation_fits(reading)

    def _folded(self, reading: Reading, best: float) -> Iterator[tuple[int, float]]:
        """Names that sound alike. The better the best spelled as typed, the closer they must be."""
        look = self._folds.fitting
        if best >= matching.SPACED_OTHERWISE:
            look = self._folds.same
        elif best >= matching.WORD_BEGINNING:
            look = self._folds.holding
        latin = _unspaced(reading.latin)
        enough = len(run_on(reading.keys.fold)) >= _TELLING
        for row, fit in look(reading.keys.fold):
            if not enough and fit < matching.REORDERED:
                fit *= _HARDLY_TELLING
            alike = matching.similarity(latin, _unspaced(self._roster.letters[row]))
            yield row, fit * (_FOLDED + _FOLDED_ALIKE * alike)

    def _abbreviation_fits(self, reading: Reading) -> Iterator[tuple[int, float]]:
        pattern = abbreviation_pattern(reading.text)
        only_initials = not any(map(is_syllable, reading.text))
        for row, fit in self._initials.holding(reading.keys.initials):
            letters = _unspaced(self._roster.letters[row])
            if pattern.search(letters):
                yield row, fit * _ABBREVIATED
            elif only_initials and letters.isascii():
                yield row, fit * _ABBREVIATED_LIKELY


def meant(hits: Sequence[Hit]) -> Sequence[Hit]:
    """Which of the hits of one search the asker can have meant.

    One is clear, several fit about equally well, none fits. Of whole names as typed all are
    meant and nothing else is: a name that one entity has is clear, however like others it is.
    """
    if not hits or hits[0].score < _LEAST_MEANT:
        return []
    best = hits[0].score
    wholly = (least for least in _WHOLE_NAMES if best >= least)
    least = next(wholly, best - _AS_GOOD)
    return [hit for hit in hits if hit.score >= least]


def _unspaced(words: str) -> str:
    return words.replace(" ", "")
