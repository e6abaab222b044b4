"""A query → the people and titles meant.

Pairs of letters pick the likeliest names, each is measured closely (see ``matching``), and
of names that fit about equally well the better known come first.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from functools import lru_cache
from typing import Self

from bot.search import weights
from bot.search.fold import join_words, romanised
from bot.search.hangul import abbreviation_pattern, compose, is_letter, is_syllable
from bot.search.kana import is_kana
from bot.search.key_index import KeyIndex
from bot.search.matching import similarity
from bot.search.name_table import NameEntry, NameTable
from bot.search.ranking import Match, Ranking
from bot.search.search_keys import QueryVariant, query_variants, typed_variant
from bot.search.weights import PERSON_PARTS, TITLE_PARTS

__all__ = ["LONGEST_QUERY", "Hit", "NameEntry", "NameIndex", "best_matches"]

LONGEST_QUERY = 100
"""Letters of a query that count: longer than nearly all names, short enough to stay quick."""


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
    """Finds entities by any of their names. Immutable."""

    def __init__(self, entries: Iterable[NameEntry]) -> None:
        """Entries in any order; an entity may have many, and many entities one name."""
        self._table = table = NameTable(entries)
        only_titles = all(ref.startswith("title:") for ref in table.refs)
        parts = TITLE_PARTS if only_titles else PERSON_PARTS
        self._letters = KeyIndex(table.letters, table.best_known, _remove_spaces, parts)
        self._folds = KeyIndex(table.folds, table.best_known, join_words, parts)
        self._initials = KeyIndex(table.initials, table.best_known, _remove_spaces, parts)
        self._ranking = Ranking(table)

    @property
    def added_rows(self) -> int:
        """The number of names added by `changed` since the index was made as a whole."""
        return len(self._table.letters) - self._table.base_rows

    def changed(self, refs: Collection[str], entries: Iterable[NameEntry]) -> Self:
        """An index without the entities with these refs, and with ``entries``.

        It finds the same as one made anew. The cost is that of all changes since then.
        """
        if not self._table.refs:
            # An empty index does not know yet whether its names are those of titles.
            return type(self)(entries)
        changed = copy(self)
        changed._table = table = self._table.changed(refs, entries)
        count, unused = table.base_rows, table.unused_rows
        changed._letters = self._letters.extended(table.letters, table.best_known, count, unused)
        changed._folds = self._folds.extended(table.folds, table.best_known, count, unused)
        changed._initials = self._initials.extended(table.initials, table.best_known, count, unused)
        changed._ranking = Ranking(table)
        return changed

    def find_exact(self, query: str) -> list[Hit]:
        """The entities whose name, or one that sounds the same, is the whole query; as `search`
        orders them. None where nobody is called just so."""
        variant = typed_variant(query[:LONGEST_QUERY])
        as_typed = list(self._letters.exact(variant.keys.letters))
        if not as_typed:
            return []
        matches = [(row, fit, True) for row, fit in as_typed]
        return self._hits([*matches, *self._match_sound(variant, weights.EXACT)])

    def search(self, query: str, limit: int = 25) -> list[Hit]:
        """The entities a query may mean, likeliest first; equal ones in the order of refs.

        The order weighs how well the query fits and how well known the entity is.
        """
        query = query[:LONGEST_QUERY]
        return self._hits(list(self._match(query)) or self._similar(query), limit)

    def _hits(self, matches: Iterable[Match], limit: int | None = None) -> list[Hit]:
        ordered = self._ranking.order(matches)[:limit]
        return [Hit(self._table.refs[entity], fit) for entity, fit in ordered]

    def _similar(self, query: str) -> Iterator[Match]:
        """What to offer where nothing fits: names that have letters in common with the query."""
        keys = typed_variant(query).keys
        for row, alike in self._letters.similar(keys.letters):
            yield row, alike * weights.SIMILAR, False
        for row, alike in self._folds.similar(keys.fold):
            yield row, alike * weights.SIMILAR, False

    def _match(self, query: str) -> Iterator[Match]:
        best = 0.0
        for place, variant in enumerate(query_variants(query)):
            if best >= weights.GOOD_ENOUGH:
                return
            weight = weights.OTHER_VARIANT if place else 1.0
            for row, fit, whole in self._match_variant(variant):
                best = max(best, fit * weight)
                yield row, fit * weight, whole
            if best and _is_short_initials(variant):
                return

    def _match_variant(self, variant: QueryVariant) -> Iterator[Match]:
        best = 0.0
        for row, fit in self._letters.fuzzy(variant.keys.letters):
            best = max(best, fit)
            yield row, fit, fit >= weights.REORDERED
        yield from self._match_sound(variant, best)
        if any(map(is_letter, variant.text)):
            yield from self._match_initials(variant)

    def _match_sound(self, variant: QueryVariant, best: float) -> Iterator[Match]:
        """Names that sound alike. The better the best spelled as typed, the closer they must be."""
        find = self._folds.fuzzy
        if best >= weights.SPACED_OTHERWISE:
            find = self._folds.exact
        elif best >= weights.SPELLED_RIGHT:
            find = self._folds.containing
        latin = _remove_spaces(variant.latin)
        has_kana = any(map(is_kana, variant.text))
        short = len(join_words(variant.keys.fold)) < weights.LEAST_FOLD
        for row, fit in find(variant.keys.fold):
            whole = fit >= weights.REORDERED
            weight = self._sound_weight(row, latin, whole, has_kana)
            if not whole:
                weight *= weights.SHORT_FOLD if short else weights.FOLDED_PART
            yield row, fit * weight, whole

    def _sound_weight(self, row: int, latin: str, whole: bool, has_kana: bool) -> float:
        """What a fit by sound is worth, by how far the spellings agree."""
        letters = _remove_spaces(self._table.letters[row])
        if not letters.isascii():
            if not whole:
                return weights.FOLDED + weights.FOLDED_ALIKE * weights.FOLDED_PART_ALIKE
            letters = _romanised(letters)
        weight = weights.FOLDED + weights.FOLDED_ALIKE * similarity(latin, letters)
        # Kana have one letter for n and ng.
        same_final = has_kana or letters.endswith("ng") == latin.endswith("ng")
        return weight if same_final else weight * weights.FOLDED_OTHER_FINAL

    def _match_initials(self, variant: QueryVariant) -> Iterator[Match]:
        pattern = abbreviation_pattern(variant.text)
        only_initials = not any(map(is_syllable, variant.text))
        for row, fit in self._initials.containing(variant.keys.initials):
            whole = fit >= weights.REORDERED
            if not whole:
                first = _remove_spaces(self._table.initials[row]).startswith(variant.keys.initials)
                fit *= weights.FIRST_INITIALS if first else weights.OTHER_INITIALS
            letters = _remove_spaces(self._table.letters[row])
            if pattern.search(letters):
                yield row, fit * weights.INITIALS, whole
            elif only_initials and letters.isascii():
                yield row, fit * weights.INITIALS_LIKELY, whole


def _is_short_initials(variant: QueryVariant) -> bool:
    short = len(variant.keys.initials) <= weights.SHORT_INITIALS
    return short and all(map(is_letter, variant.text))


@lru_cache(4096)
def _romanised(letters: str) -> str:
    return romanised(compose(letters))


def best_matches(hits: Sequence[Hit]) -> Sequence[Hit]:
    """The hits of a search that the query can mean.

    One is clear, several fit about equally well, none fits. Of whole names as typed all are
    meant and nothing else is: a name that one entity has is clear, however like others it is.
    """
    if not hits or hits[0].score < weights.LEAST_MATCH:
        return []
    best = hits[0].score
    whole_names = (weights.SPACED_OTHERWISE, weights.REORDERED)
    least = next((least for least in whole_names if best >= least), best - weights.EQUAL_MATCH)
    return [hit for hit in hits if hit.score >= least]


def _remove_spaces(words: str) -> str:
    return words.replace(" ", "")
