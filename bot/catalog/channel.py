"""One kind of key of many names, and how well a query fits each."""

from collections.abc import Iterator

import numpy as np

from bot.catalog.bigrams import BigramIndex, Places, Scores
from bot.catalog.matching import WORD_BEGINNING, Joined, fit, fits_mistyped

_CANDIDATES = 80  # names measured closely
_CANDIDATES_FROM = 0.4  # times the most likeness: few enough for a quick choice
_MISTYPED = 40  # of these, so many are compared letter by letter
_SLIPS_FROM = 0.6  # likeness below which a name is not a mistyping of the query
_REORDERED_FROM = 1.2  # likeness below which a name is not the query's words in another order
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
        whole = joined("\n".join(keys)).split("\n") if keys else []
        # Of one word, as many are, it is the key itself: kept once.
        self._whole = [key if key == one else one for key, one in zip(keys, whole, strict=True)]
        self._index = BigramIndex(self._whole, keys)
        # Which row bears which name, in a tenth of the memory that a dict of them takes.
        hashes = np.fromiter(map(hash, self._whole), np.int64)
        self._by_hash = np.argsort(hashes, kind="stable").astype(np.int32)
        self._hashes = hashes[self._by_hash]

    def same(self, query: str) -> Iterator[tuple[int, float]]:
        """Rows whose key is the query, spaced as it may be, and how well it fits."""
        typed = self._joined(query)
        first = np.searchsorted(self._hashes, hash(typed), "left")
        last = np.searchsorted(self._hashes, hash(typed), "right")
        rows: list[int] = self._by_hash[first:last].tolist()
        for row in rows:
            if typed and self._whole[row] == typed:
                yield row, fit(query, self._keys[row], self._joined)

    def holding(self, query: str) -> Iterator[tuple[int, float]]:
        """Rows whose key holds the whole query, and how well it fits."""
        if query:
            yield from self._holding(query, *self._likeliest(query))

    def fitting(self, query: str) -> Iterator[tuple[int, float]]:
        """Rows whose key holds the query, or else something like it, and how well it fits."""
        if not query:
            return
        rows, likeness = self._likeliest(query)
        found = dict(self._holding(query, rows, likeness))
        yield from found.items()
        if max(found.values(), default=0.0) < WORD_BEGINNING:
            alike: list[int] = rows[likeness > _SLIPS_FROM].tolist()
            others = [row for row in alike[-_MISTYPED:] if row not in found]
            names = [self._keys[row] for row in others]
            fits = zip(others, fits_mistyped(query, names, self._joined), strict=True)
            yield from ((row, mistyped) for row, mistyped in fits if mistyped)

    def resembling(self, query: str) -> Iterator[tuple[int, float]]:
        """Rows whose key has much in common with the query, and how much, 0 to 1."""
        if query:
            rows, likeness = self._likeliest(query)
            much = likeness >= _RESEMBLING_FROM
            shares: list[float] = (likeness[much] / _MOST_LIKE).tolist()
            yield from zip(rows[much].tolist(), shares, strict=True)

    def _holding(self, query: str, rows: Places, likeness: Scores) -> Iterator[tuple[int, float]]:
        typed = self._joined(query)
        places: list[int] = rows.tolist()
        reordered: list[bool] = (likeness > _REORDERED_FROM).tolist()
        for row, alike in zip(places, reordered, strict=True):
            whole = self._whole[row]
            # Most names hold nothing of the kind, and are not looked at any closer.
            near = typed in whole or (alike and len(typed) == len(whole))
            if near and (found := fit(query, self._keys[row], self._joined)):
                yield row, found

    def _likeliest(self, query: str) -> tuple[Places, Scores]:
        """The rows to measure closely, and how like the query each is by its pairs of letters.

        The likeliest come last.
        """
        places, likeness = self._index.alike(self._joined(query))
        enough = likeness >= likeness.max(initial=0.0) * _CANDIDATES_FROM
        places, likeness = places[enough], likeness[enough]
        order = np.argsort(likeness + self._favour[places])[-_CANDIDATES:]
        return places[order], likeness[order]
