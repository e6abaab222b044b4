"""One kind of key of many names, and how well a query fits each."""

from collections.abc import Iterator

import numpy as np

from bot.catalog.bigrams import BigramIndex, Places, Scores
from bot.catalog.matching import Joined, fit, fits_mistyped

_CANDIDATES = 80  # names measured closely
_CANDIDATES_FROM = 0.4  # times the most likeness: few enough for a quick choice
_SLIPS_FROM = 0.6  # likeness below which a name is not a mistyping of the query
_RESEMBLING_FROM = 0.5  # likeness below which a name has nothing to do with the query
_MOST_LIKE = 2.0
_PROMINENCE = 0.3  # likeness that being known best is worth


class Channel:
    """Finds rows by one of their keys; a row is named by its place in the list of keys."""

    def __init__(self, keys: list[str], prominence: Scores, joined: Joined) -> None:
        """Index one key a row, "" where a row has none; ``prominence`` (0 to 1) goes with them.

        ``joined`` takes the spaces off words, and off many keys at once, a line each.
        """
        self._keys = keys
        self._favour = _PROMINENCE * prominence
        self._joined = joined
        self._index = BigramIndex(joined("\n".join(keys)).split("\n") if keys else [], keys)

    def holding(self, query: str) -> Iterator[tuple[int, float]]:
        """Rows whose key holds the whole query, and how well it fits."""
        if query:
            likeness = self._index.likeness(self._joined(query))
            yield from self._holding(query, self._likeliest(likeness))

    def fitting(self, query: str) -> Iterator[tuple[int, float]]:
        """Rows whose key holds the query or something like it, and how well it fits."""
        if not query:
            return
        likeness = self._index.likeness(self._joined(query))
        candidates = self._likeliest(likeness)
        found = dict(self._holding(query, candidates))
        yield from found.items()
        alike: list[int] = candidates[likeness[candidates] > _SLIPS_FROM].tolist()
        others = [row for row in alike if row not in found]
        if others:
            names = [self._keys[row] for row in others]
            fits = zip(others, fits_mistyped(query, names, self._joined), strict=True)
            yield from ((row, mistyped) for row, mistyped in fits if mistyped)

    def resembling(self, query: str) -> Iterator[tuple[int, float]]:
        """Rows whose key has much in common with the query, and how much, 0 to 1."""
        if query:
            likeness = self._index.likeness(self._joined(query))
            for row in self._likeliest(likeness).tolist():
                if likeness[row] >= _RESEMBLING_FROM:
                    yield row, float(likeness[row]) / _MOST_LIKE

    def _holding(self, query: str, rows: Places) -> Iterator[tuple[int, float]]:
        places: list[int] = rows.tolist()
        for row in places:
            if found := fit(query, self._keys[row], self._joined):
                yield row, found

    def _likeliest(self, likeness: Scores) -> Places:
        most = likeness.max(initial=0.0)
        places = np.flatnonzero((likeness > 0) & (likeness >= most * _CANDIDATES_FROM))
        favoured = likeness[places] + self._favour[places]
        if len(places) > _CANDIDATES:
            places = places[np.argpartition(favoured, -_CANDIDATES)[-_CANDIDATES:]]
        return places.astype(np.int32)
