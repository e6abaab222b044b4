"""Converts English labels of Wikidata to the genres and occupations of records."""

import re
from collections.abc import Iterable

# Words and phrases in labels such as "romance television series" or "historical drama".
_GENRES = {
    "action": "action",
    "boys' love": "boys love",
    "comedy": "comedy",
    "sitcom": "comedy",
    "crime": "crime",
    "detective": "crime",
    "police": "crime",
    "drama": "drama",
    "family": "family",
    "fantasy": "fantasy",
    "historical": "historical",
    "sageuk": "historical",
    "horror": "horror",
    "legal": "law",
    "medical": "medical",
    "melodrama": "melodrama",
    "military": "military",
    "war": "military",
    "musical": "music",
    "mystery": "mystery",
    "political": "political",
    "romance": "romance",
    "romantic": "romance",
    "science fiction": "sci-fi",
    "slice of life": "slice of life",
    "sport": "sports",
    "sports": "sports",
    "supernatural": "supernatural",
    "teen": "youth",
    "thriller": "thriller",
    "youth": "youth",
}
_OCCUPATIONS = {
    "actor",
    "actress",
    "comedian",
    "director",
    "model",
    "novelist",
    "producer",
    "screenwriter",
    "singer",
    "writer",
}
_GENRE_WORDS = re.compile(rf"\b(?:{'|'.join(_GENRES)})\b")
_MEDIA = re.compile(r"^(?:film|movie|stage|television|theat(?:er|re)|theatrical|tv) ")


def find_genres(labels: Iterable[str]) -> tuple[str, ...]:
    """Return the genres in English labels of genres. Others are left out."""
    found = (word for label in labels for word in _GENRE_WORDS.findall(label.casefold()))
    return tuple(dict.fromkeys(_GENRES[word] for word in found))


def find_occupations(labels: Iterable[str]) -> tuple[str, ...]:
    """Return the occupations in English labels, such as `actor` for "film actor"."""
    occupations = (_MEDIA.sub("", label.casefold()) for label in labels)
    return tuple(dict.fromkeys(each for each in occupations if each in _OCCUPATIONS))
