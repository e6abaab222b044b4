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
# In labels of genres and classes, such as "reality television series".
_UNSCRIPTED_WORDS = re.compile(
    r"\b(?:variety|reality|(?:talk|chat|game|quiz|music|award|cooking|talent|comedy|survival) "
    r"(?:show|program|programme)|audition|quiz|news|documentary|docuseries|current affairs)\b"
)
_DRAMA_WORDS = re.compile(r"drama|\b(?:sitcom|soap opera|serial|telenovela)\b")
_GENRE_WORDS = re.compile(rf"\b(?:{'|'.join(_GENRES)})\b")
_MEDIA = re.compile(r"^(?:film|movie|stage|television|theat(?:er|re)|theatrical|tv) ")


def find_genres(labels: Iterable[str]) -> tuple[str, ...]:
    """Return the genres in English labels of genres. Others are left out."""
    found = (word for label in labels for word in _GENRE_WORDS.findall(label.casefold()))
    return tuple(dict.fromkeys(_GENRES[word] for word in found))


def is_unscripted(labels: Iterable[str]) -> bool:
    """Return whether English labels of genres and classes are of variety shows and the like."""
    texts = [label.casefold() for label in labels]
    return any(map(_UNSCRIPTED_WORDS.search, texts)) and not any(map(_DRAMA_WORDS.search, texts))


def find_occupations(labels: Iterable[str]) -> tuple[str, ...]:
    """Return the occupations in English labels, such as `actor` for "film actor"."""
    occupations = (_MEDIA.sub("", label.casefold()) for label in labels)
    return tuple(dict.fromkeys(each for each in occupations if each in _OCCUPATIONS))
