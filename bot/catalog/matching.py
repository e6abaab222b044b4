"""How well what was typed fits one name."""

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

import numpy as np
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist

# Fits, by how the name was found. Parts of names lie up to _COVERAGE higher, by how much of the
# name was typed; names with a slip lie lower, by how much of the name it spares.
EXACT = 1.0
SPACED_OTHERWISE = 0.995
REORDERED = 0.97
WHOLE_WORDS = 0.88
BEGINNING = 0.84
WORD_BEGINNING = 0.80
MISTYPED = 0.80
WITHIN = 0.62

_COVERAGE = 0.06
_LEAST_SIMILAR = 0.55  # below, it is another name
_PART_MISTYPED = 0.94  # times a slip in the whole name
_BEGINNING_MISTYPED = 0.90
_SAME_WORDS = 0.06  # how much better a fit is whose slips spare most words

Joined = Callable[[str], str]
"""Takes the spaces off the words of a key."""


def fit(query: str, name: str, joined: Joined) -> float:
    """How well a query fits a name that holds all of it; 0 where it does not."""
    typed, whole = joined(query), joined(name)
    if typed == whole:
        return EXACT if query == name else SPACED_OTHERWISE
    if typed in whole:
        return _fit_part(typed, whole, _bounds(name, joined))
    if len(typed) == len(whole) and typed in _rotations(name.split(" "), joined):
        return REORDERED
    return 0.0


def fits_mistyped(query: str, names: Sequence[str], joined: Joined) -> list[float]:
    """How well a query with slips fits each name; 0 where it is another name.

    A slip is a letter left out, put in, mistaken, or swapped with the next (OSA distance).
    """
    typed = joined(query)
    variants = [
        (place, text, weight)
        for place, name in enumerate(names)
        for text, weight in _variants(len(typed), name, joined)
    ]
    fits = [0.0] * len(names)
    for (place, _, weight), alike in zip(
        variants, _similarities(typed, [text for _, text, _ in variants]), strict=True
    ):
        fits[place] = max(fits[place], MISTYPED * weight * alike)
    asked = set(query.split(" "))
    return [
        found and found + _SAME_WORDS * _share(asked, name)
        for found, name in zip(fits, names, strict=True)
    ]


def similarity(one: str, other: str) -> float:
    """1 for the same text, less for each letter that differs."""
    return OSA.normalized_similarity(one, other)


def _similarities(typed: str, texts: list[str]) -> list[float]:
    scorer = OSA.normalized_similarity
    table = cdist([typed], texts, scorer=scorer, score_cutoff=_LEAST_SIMILAR, dtype=np.float32)
    return table[0].tolist()


def _share(asked: set[str], name: str) -> float:
    """How much of the words asked for is in the name, by letters."""
    same = asked.intersection(name.split(" "))
    return sum(map(len, same)) / sum(map(len, asked))


def _rotations(words: list[str], joined: Joined) -> list[str]:
    """The name with its first words put last: family names come first or last."""
    return [joined("".join(words[cut:] + words[:cut])) for cut in range(1, len(words))]


@lru_cache(4096)
def _bounds(name: str, joined: Joined) -> frozenset[int]:
    """Where words begin and end in the joined name."""
    words = name.split(" ")
    return frozenset(len(joined("".join(words[:count]))) for count in range(len(words) + 1))


def _fit_part(typed: str, whole: str, bounds: frozenset[int]) -> float:
    extra = _COVERAGE * len(typed) / len(whole)
    places = [start for start in bounds if whole.startswith(typed, start)]
    if any(start + len(typed) in bounds for start in places):
        return WHOLE_WORDS + extra
    if 0 in places:
        return BEGINNING + extra
    return (WORD_BEGINNING if places else WITHIN) + extra


def _variants(length: int, name: str, joined: Joined) -> Iterator[tuple[str, float]]:
    """What may have been typed of a name, and how likely each is beside the whole."""
    whole = joined(name)
    yield whole, 1.0
    words = name.split(" ")
    if len(words) > 1 and abs(length - len(whole)) <= 2:
        yield from ((rotation, _PART_MISTYPED) for rotation in _rotations(words, _plainly))
    if length < len(whole):
        yield whole[:length], _BEGINNING_MISTYPED
        yield from ((part, _PART_MISTYPED) for part in _parts(length, words))


def _parts(length: int, words: list[str]) -> Iterator[str]:
    """From each word on, as many words as come nearest to the length typed."""
    for start in range(len(words)):
        end, missing = start + 1, length - len(words[start])
        while end < len(words) and abs(missing - len(words[end])) <= abs(missing):
            missing -= len(words[end])
            end += 1
        yield "".join(words[start:end])


def _plainly(words: str) -> str:
    return words
