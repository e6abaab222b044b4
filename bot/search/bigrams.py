"""Which of many strings share most pairs of letters with a query."""

from collections.abc import Collection, Sequence
from copy import copy
from typing import Self

import numpy as np
from numpy.typing import NDArray

_BUCKETS = 1 << 16
_MULTIPLIER = 40503  # odd and near 2^16 / golden ratio: neighbouring code points spread out
_BY_CHANCE = 3  # a third of the pairs that the most alike string shares
_START = "\n"  # before every string, so that its beginning is a pair of its own

Places = NDArray[np.int32]
Buckets = NDArray[np.uint16]
Scores = NDArray[np.float32]


class _Segment:
    """The pairs of letters of some strings, whose places start at ``offset``."""

    def __init__(self, strings: Sequence[str], words: Sequence[str], offset: int) -> None:
        whole_pairs, whole_owners = _string_pairs(strings)
        start_pairs, start_owners = _word_starts(words)
        buckets = np.concatenate((whole_pairs, start_pairs))
        owners = np.concatenate((whole_owners, start_owners))
        buckets, owners = _distinct(buckets, owners)
        self._owners: Places = owners + np.int32(offset)
        counts = np.bincount(buckets, minlength=_BUCKETS)
        self._starts: Places = np.concatenate(([0], np.cumsum(counts))).astype(np.int32)

    def owners(self, bucket: int) -> Places:
        """The places of the strings with a pair of letters."""
        return self._owners[self._starts[bucket] : self._starts[bucket + 1]]


class BigramIndex:
    """Strings by the pairs of letters in them. A string is named by its place in the list."""

    def __init__(self, strings: Sequence[str], words: Sequence[str]) -> None:
        """Index strings without spaces, given with ``words``, the same before spaces came off.

        Each word's beginning counts as a beginning of the string: a name is often asked for by
        its last word. No string may hold a line break.
        """
        self._segments = (_Segment(strings, words, 0),)
        self._lengths: Scores = np.fromiter(map(len, strings), np.float32)
        self._unused: Places = np.empty(0, np.int32)

    def extended(
        self,
        strings: Sequence[str],
        words: Sequence[str],
        count: int,
        unused: Collection[int],
    ) -> Self:
        """An index of the first ``count`` strings of this one, which it was made with, and of
        ``strings`` after them, but for those at the places ``unused``. The cost is that of
        ``strings``."""
        extended = copy(self)
        extended._segments = (self._segments[0], _Segment(strings, words, count))
        lengths = np.fromiter(map(len, strings), np.float32)
        extended._lengths = np.concatenate((self._lengths[:count], lengths))
        extended._unused = np.fromiter(unused, np.int32)
        return extended

    def alike(self, query: str) -> tuple[Places, Scores]:
        """The strings most like the query, and how like it each is: 2 for the same.

        The part of the query that is found, plus Dice's coefficient of the two: a query may be
        a small part of a long name, but of two names that hold it the shorter is likelier.
        """
        codes = _codes(_START + query)
        buckets = np.unique(_pairs(codes[:-1], codes[1:])).tolist()
        found = [segment.owners(one) for segment in self._segments for one in buckets]
        owners = np.concatenate(found) if found else np.empty(0, np.int32)
        counts = np.bincount(owners, minlength=len(self._lengths))
        counts[self._unused] = 0
        # Most strings share a pair by chance. To leave them out here is what makes this quick.
        places = np.flatnonzero(counts >= max(1, counts.max(initial=0) // _BY_CHANCE))
        shared = counts[places].astype(np.float32)
        asked = np.float32(max(len(buckets), 1))
        dice = 2 * shared / (self._lengths[places] + asked)
        return places.astype(np.int32), (shared / asked + dice).astype(np.float32)


def _string_pairs(strings: Sequence[str]) -> tuple[Buckets, Places]:
    codes, owners = _joined(strings)
    # The last letter of a string and the start of the next make no pair.
    within = codes[1:] != ord(_START)
    return _pairs(codes[:-1], codes[1:])[within], owners[:-1][within]


def _distinct(buckets: Buckets, owners: Places) -> tuple[Buckets, Places]:
    """Sort by bucket, and count a pair that a string repeats once."""
    # Merges two sorted runs. A stable sort of 16-bit numbers is a radix sort. Both are linear.
    order = np.argsort(owners, kind="stable")
    order = order[np.argsort(buckets[order], kind="stable")]
    buckets, owners = buckets[order], owners[order]
    fresh = np.ones(len(order), np.bool_)
    fresh[1:] = (buckets[1:] != buckets[:-1]) | (owners[1:] != owners[:-1])
    return buckets[fresh], owners[fresh]


def _word_starts(words: Sequence[str]) -> tuple[Buckets, Places]:
    codes, owners = _joined(words)
    starts = np.flatnonzero(codes == ord(" ")) + 1
    return _pairs(np.full(len(starts), ord(_START), np.uint32), codes[starts]), owners[starts]


def _joined(strings: Sequence[str]) -> tuple[NDArray[np.uint32], Places]:
    """All strings as one array of code points, each after a start; and whose each one is."""
    codes = _codes("".join(_START + string for string in strings))
    return codes, (np.cumsum(codes == ord(_START)) - 1).astype(np.int32)


def _codes(text: str) -> NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def _pairs(first: NDArray[np.uint32], second: NDArray[np.uint32]) -> Buckets:
    return ((first * np.uint32(_MULTIPLIER)) ^ second).astype(np.uint16)
