"""How well a query fits one name."""

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

import numpy as np
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist

from bot.search import weights
from bot.search.weights import PartFits

RemoveSpaces = Callable[[str], str]
"""Removes the spaces between the words of a key."""


def fit(query: str, name: str, remove_spaces: RemoveSpaces, parts: PartFits) -> float:
    """How well a query fits a name that contains all of it; 0 where it does not."""
    typed, whole = remove_spaces(query), remove_spaces(name)
    if typed == whole:
        return weights.EXACT if query == name else weights.SPACED_OTHERWISE
    if typed in whole:
        return _fit_part(typed, whole, _word_boundaries(name, remove_spaces), parts)
    if len(typed) == len(whole) and typed in _rotations(name.split(" "), remove_spaces):
        return weights.REORDERED
    return 0.0


def fits_mistyped(query: str, names: Sequence[str], remove_spaces: RemoveSpaces) -> list[float]:
    """How well a query with slips fits each name; 0 where it is another name.

    A slip is a letter left out, put in, mistaken, or swapped with the next (OSA distance).
    """
    typed = remove_spaces(query)
    variants = [
        (place, text, weight)
        for place, name in enumerate(names)
        for text, weight in _variants(len(typed), name, remove_spaces)
    ]
    fits = [0.0] * len(names)
    for (place, _, weight), alike in zip(
        variants, _similarities(typed, [text for _, text, _ in variants]), strict=True
    ):
        fits[place] = max(fits[place], weights.MISTYPED * weight * alike)
    asked = set(query.split(" "))
    return [
        found and found + weights.SAME_WORDS * _shared_words(asked, name)
        for found, name in zip(fits, names, strict=True)
    ]


def similarity(one: str, other: str) -> float:
    """1 for the same text, less for each letter that differs."""
    return OSA.normalized_similarity(one, other)


def _similarities(typed: str, texts: list[str]) -> list[float]:
    table = cdist(
        [typed],
        texts,
        scorer=OSA.normalized_similarity,
        score_cutoff=weights.LEAST_SIMILAR,
        dtype=np.float32,
    )
    return table[0].tolist()


def _shared_words(asked: set[str], name: str) -> float:
    """How much of the words asked for is in the name, by letters."""
    same = asked.intersection(name.split(" "))
    return sum(map(len, same)) / sum(map(len, asked))


def _rotations(words: list[str], remove_spaces: RemoveSpaces) -> list[str]:
    """The name with its first words put last: family names come first or last."""
    return [remove_spaces("".join(words[cut:] + words[:cut])) for cut in range(1, len(words))]


@lru_cache(4096)
def _word_boundaries(name: str, remove_spaces: RemoveSpaces) -> frozenset[int]:
    """Where words begin and end in the name without spaces."""
    words = name.split(" ")
    return frozenset(len(remove_spaces("".join(words[:count]))) for count in range(len(words) + 1))


def _fit_part(typed: str, whole: str, boundaries: frozenset[int], parts: PartFits) -> float:
    extra = weights.COVERAGE * len(typed) / len(whole)
    starts = [start for start in boundaries if whole.startswith(typed, start)]
    if 0 in starts:
        return (parts.first_words if len(typed) in boundaries else parts.first_letters) + extra
    if not starts:
        return weights.FIRST_LETTER_MISSING if typed == whole[1:] else weights.WITHIN + extra
    if len(whole) - len(typed) in starts:
        return parts.last_words + extra
    if any(start + len(typed) in boundaries for start in starts):
        return parts.middle_words + extra
    return parts.word_start + extra


def _variants(length: int, name: str, remove_spaces: RemoveSpaces) -> Iterator[tuple[str, float]]:
    """What may have been typed of a name, and how likely each is beside the whole."""
    whole = remove_spaces(name)
    yield whole, 1.0
    words = name.split(" ")
    if len(words) > 1 and abs(length - len(whole)) <= 2:
        yield from ((rotation, weights.WORDS_MISTYPED) for rotation in _rotations(words, str))
    if length < len(whole):
        yield whole[:length], weights.BEGINNING_MISTYPED
        yield from ((part, weights.WORDS_MISTYPED) for part in _parts(length, words))


def _parts(length: int, words: list[str]) -> Iterator[str]:
    """From each word on, as many words as come nearest to the length typed."""
    lengths = list(map(len, words))
    for start, missing in enumerate(length - first for first in lengths):
        end = start + 1
        for following in lengths[end:]:
            # One more word comes nearer while less than half of it is too much.
            if following > 2 * missing:
                break
            missing -= following
            end += 1
        yield "".join(words[start:end])
