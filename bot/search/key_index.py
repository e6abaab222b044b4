"""An index of one kind of search key: which names' keys fit a query, and how well."""

from collections.abc import Collection, Iterator
from copy import copy
from typing import Self

import numpy as np

from bot.search import weights
from bot.search.bigrams import BigramIndex, Places, Scores
from bot.search.matching import RemoveSpaces, fit, fits_mistyped
from bot.search.weights import PartFits


class KeyIndex:
    """Finds rows by one of their keys; a row is named by its place in the list of keys.

    Every search gives pairs of a row and how well the query fits its key, 0 to 1.
    """

    def __init__(
        self, keys: list[str], popularity: Scores, remove_spaces: RemoveSpaces, parts: PartFits
    ) -> None:
        """Index one key a row, "" where a row has none; ``popularity`` (0 to 1) goes with them.

        ``remove_spaces`` also takes many keys at once, a line each.
        """
        self._keys = keys
        self._favour = weights.CANDIDATES_POPULARITY * popularity
        self._remove_spaces = remove_spaces
        self._part_fits = parts
        self._whole = self._wholes(keys)
        self._index = BigramIndex(self._whole, keys)
        # Which row bears which name, in a tenth of the memory that a dict of them takes.
        hashes = np.fromiter(map(hash, self._whole), np.int64)
        self._by_hash = np.argsort(hashes, kind="stable").astype(np.int32)
        self._hashes = hashes[self._by_hash]
        self._unused: frozenset[int] = frozenset()

    def extended(
        self, keys: list[str], popularity: Scores, count: int, unused: Collection[int]
    ) -> Self:
        """An index of ``keys``, of which the first ``count`` are all that this one was made with.

        The rows ``unused`` are not found. The cost is that of the keys after ``count``.
        """
        extended = copy(self)
        extended._keys = keys
        extended._unused = frozenset(unused)
        extended._favour = weights.CANDIDATES_POPULARITY * popularity
        added = keys[count:]
        whole = self._wholes(added)
        extended._whole = self._whole[:count] + whole
        extended._index = self._index.extended(whole, added, count, unused)
        new = np.arange(len(self._whole), len(keys), dtype=np.int32)
        hashes = np.fromiter(map(hash, extended._whole[len(self._whole) :]), np.int64)
        order = np.argsort(hashes, kind="stable")
        places = np.searchsorted(self._hashes, hashes[order], "right")
        extended._by_hash = np.insert(self._by_hash, places, new[order])
        extended._hashes = np.insert(self._hashes, places, hashes[order])
        return extended

    def _wholes(self, keys: list[str]) -> list[str]:
        """The keys without spaces."""
        whole = self._remove_spaces("\n".join(keys)).split("\n") if keys else []
        # Of one word, as many are, it is the key itself: kept once.
        return [key if key == one else one for key, one in zip(keys, whole, strict=True)]

    def exact(self, query: str) -> Iterator[tuple[int, float]]:
        """Rows whose key is the query, whatever its spaces."""
        for row in self._rows_of([self._remove_spaces(query)]):
            yield row, self._fit(query, row)

    def containing(self, query: str) -> Iterator[tuple[int, float]]:
        """Rows whose key contains the whole query, or has its words in another order."""
        if query:
            yield from self._containing(query, *self._candidates(query))

    def fuzzy(self, query: str) -> Iterator[tuple[int, float]]:
        """Rows as `containing` gives; where none is spelled right, those with a slip too."""
        if not query:
            return
        rows, likeness = self._candidates(query)
        found = dict(self._containing(query, rows, likeness))
        yield from found.items()
        if max(found.values(), default=0.0) < weights.SPELLED_RIGHT:
            alike: list[int] = rows[likeness > weights.COMPARED_FROM].tolist()
            swapped = self._rows_of(_swaps(self._remove_spaces(query)))
            yield from self._mistyped(query, [*alike[-weights.COMPARED :], *swapped])

    def similar(self, query: str) -> Iterator[tuple[int, float]]:
        """Rows whose key shares many pairs of letters with the query."""
        if query:
            rows, likeness = self._candidates(query)
            much = likeness >= weights.SIMILAR_FROM
            shares: list[float] = (likeness[much] / weights.MOST_LIKENESS).tolist()
            yield from zip(rows[much].tolist(), shares, strict=True)

    def _fit(self, query: str, row: int) -> float:
        return fit(query, self._keys[row], self._remove_spaces, self._part_fits)

    def _rows_of(self, texts: list[str]) -> list[int]:
        """The rows whose key is one of the texts, which have no spaces."""
        hashes = np.fromiter(map(hash, texts), np.int64, len(texts))
        first: list[int] = np.searchsorted(self._hashes, hashes, "left").tolist()
        last: list[int] = np.searchsorted(self._hashes, hashes, "right").tolist()
        found: list[int] = []
        for text, start, end in zip(texts, first, last, strict=True):
            if text and start < end:
                rows: list[int] = self._by_hash[start:end].tolist()
                found += (row for row in rows if self._whole[row] == text)
        return [row for row in found if row not in self._unused]

    def _containing(
        self, query: str, rows: Places, likeness: Scores
    ) -> Iterator[tuple[int, float]]:
        typed, whole = self._remove_spaces(query), self._whole
        length = len(typed)
        reordered: list[int] = rows[likeness > weights.REORDERED_FROM].tolist()
        # Most names contain nothing of the kind, and are not looked at any closer.
        near = {row for row in rows.tolist() if typed in whole[row]}
        near.update(row for row in reordered if len(whole[row]) == length)
        for row in near:
            if found := self._fit(query, row):
                yield row, found

    def _mistyped(self, query: str, rows: list[int]) -> Iterator[tuple[int, float]]:
        names = [self._keys[row] for row in rows]
        fits = fits_mistyped(query, names, self._remove_spaces)
        yield from ((row, found) for row, found in zip(rows, fits, strict=True) if found)

    def _candidates(self, query: str) -> tuple[Places, Scores]:
        """The rows to measure closely, and how like the query each is by its pairs of letters.

        The likeliest come last.
        """
        places, likeness = self._index.alike(self._remove_spaces(query))
        enough = likeness >= likeness.max(initial=0.0) * weights.CANDIDATES_FROM
        places, likeness = places[enough], likeness[enough]
        order = np.argsort(likeness + self._favour[places])[-weights.CANDIDATES :]
        return places[order], likeness[order]


def _swaps(text: str) -> list[str]:
    """The text with two neighbouring letters swapped, in every way.

    A swap in a short name leaves hardly any pair of letters to find it by.
    """
    return [
        text[:place] + text[place + 1] + text[place] + text[place + 2 :]
        for place in range(len(text) - 1)
    ]
