"""Names as members type them: suggestions while typing, and matches once sent."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from functools import lru_cache
from heapq import nlargest
from typing import Self

from bot.search.name_index import LONGEST_QUERY, Hit, NameIndex, best_matches
from bot.search.name_table import NameEntry

# What a menu holds, and what fits on a phone while typing.
_SEARCH_LIMIT, _SUGGESTION_LIMIT = 25, 10
_CACHED_QUERIES = 4096

# Some of them may be dropped before the names are indexed as a whole again.
_BEST_KNOWN = 500


@dataclass(frozen=True, slots=True)
class SearchResult:
    """What a text may mean: `matches` fit it (one: clear), `similar` only resemble it."""

    matches: Sequence[str]
    similar: Sequence[str]


class NameSearch:
    """The names of titles, or of people and characters. Immutable."""

    def __init__(self, entries: Iterable[NameEntry]) -> None:
        """Index the names. `entries` are read once, one at a time."""
        popularity: dict[str, float] = {}
        index = NameIndex(_recording(entries, popularity))
        # The first search sets up tables; do it now, not while the first member waits.
        index.search("warm-up 처음")
        self._use(index, popularity)

    def changed(self, refs: Collection[str], entries: Sequence[NameEntry]) -> Self:
        """The names without those of the entities with these refs, and with ``entries``."""
        popularity = {ref: one for ref, one in self._best_known.items() if ref not in refs}
        index = self._index.changed(refs, _recording(entries, popularity))
        changed = copy(self)
        changed._use(index, popularity)
        return changed

    @property
    def added_rows(self) -> int:
        """The number of names added by `changed`, which make searches slower."""
        return self._index.added_rows

    def _use(self, index: NameIndex, popularity: dict[str, float]) -> None:
        self._index = index
        # Many members ask for the same few names. The cache holds the index's methods, not
        # methods of this object: those would keep a replaced catalog alive.
        self._search = lru_cache(_CACHED_QUERIES)(index.search)
        self._find_exact = lru_cache(_CACHED_QUERIES)(index.find_exact)
        best_known = _most_popular(popularity, _BEST_KNOWN)
        self._best_known = {ref: popularity[ref] for ref in best_known}
        self._popular = best_known[:_SUGGESTION_LIMIT]

    def search(self, text: str, limit: int = _SEARCH_LIMIT) -> list[Hit]:
        """What has names that fit `text`, best first."""
        return self._search(text[:LONGEST_QUERY], limit)

    def suggest(self, text: str) -> Sequence[str]:
        """References for autocomplete, best first; the most popular for no text."""
        if not text.strip():
            return self._popular
        return [hit.ref for hit in self.search(text, _SUGGESTION_LIMIT)]

    def resolve(self, text: str) -> SearchResult:
        """What `text`, as it was sent, can mean; without text the most popular are similar."""
        if not text.strip():
            return SearchResult([], self._popular)
        hits = self._find_exact(text[:LONGEST_QUERY]) or self.search(text)
        return SearchResult([hit.ref for hit in best_matches(hits)], [hit.ref for hit in hits])


def _recording(entries: Iterable[NameEntry], popularity: dict[str, float]) -> Iterator[NameEntry]:
    for entry in entries:
        popularity[entry.ref] = entry.popularity
        yield entry


def _most_popular(popularity: dict[str, float], limit: int) -> list[str]:
    return nlargest(limit, popularity, key=lambda ref: (popularity[ref], ref))
