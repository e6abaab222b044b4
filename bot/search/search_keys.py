"""One name → the keys it can be found by."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from bot.search import hangul, kana
from bot.search.fold import fold, fold_korean_kana, romanised

# Raised whenever keys_of changes what it gives: stored keys of another version are made anew.
KEYS_VERSION = 2

_VOICED_MARKS = "\u3099\u309a"  # が is か and a mark, but another letter
_PLAIN = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"}
    | dict.fromkeys("'’‘`´ʼ", "")  # within words: what's, Love's
)
# NFKC turns the letters of a keyboard (U+3131 on) into those of old texts (U+1100 on).
_LONE_LETTERS = {
    ord(unicodedata.normalize("NFKC", chr(code))): chr(code) for code in range(0x3131, 0x3164)
}


@dataclass(frozen=True, slots=True)
class SearchKeys:
    """What a name is found by. Each key is made of words with one space between."""

    letters: str
    """Small letters without marks; katakana as hiragana, Hangul as the letters typed."""
    fold: str
    """The fold of its romanisation; "" where it cannot be read, as kanji cannot."""
    initials: str
    """The first consonants of its Hangul syllables, other letters kept; of a romanised name
    those it likely has in Hangul; "" for any other name."""


def make_search_keys(text: str) -> SearchKeys:
    """The keys of one name, in whatever script it is written. Never fails."""
    return _keys(_normalised(text))


@dataclass(frozen=True, slots=True)
class QueryVariant:
    """One thing a query can stand for."""

    text: str
    """Normalised."""
    keys: SearchKeys
    latin: str
    """Romanised, but not folded."""


def typed_variant(query: str) -> QueryVariant:
    """The query as it was typed."""
    words = _normalised(query)
    return _reading(words, _keys(words))


def query_variants(query: str) -> Iterator[QueryVariant]:
    """All that a query can stand for; as typed first, then less likely readings.

    Katakana may spell Korean, the last syllable may be half typed, and the keyboard may have
    been in the wrong layout.
    """
    typed = typed_variant(query)
    yield typed
    for key in (*_korean_kana(typed.text), *_half_typed(typed.text)):
        yield _reading(typed.text, SearchKeys("", key, ""))
    yield from map(typed_variant, _wrong_layout(query))


def _keys(words: str) -> SearchKeys:
    return SearchKeys(_letters(words), fold(words), _initials(words))


def _reading(words: str, keys: SearchKeys) -> QueryVariant:
    return QueryVariant(words, keys, romanised(words))


def _normalised(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", _compatible(text).casefold())
    unmarked = (
        char for char in decomposed if char in _VOICED_MARKS or not unicodedata.combining(char)
    )
    plain = _compatible("".join(unmarked)).translate(_PLAIN)
    spaced = "".join(char if _in_words(char) else " " for char in plain)
    return " ".join(spaced.split())


def _compatible(text: str) -> str:
    """NFKC, but with lone Hangul letters as keyboards give them."""
    return unicodedata.normalize("NFKC", text).translate(_LONE_LETTERS)


def _in_words(char: str) -> bool:
    # The vowels of Thai and Hindi are marks.
    return char.isalnum() or unicodedata.category(char).startswith("M")


def _letters(words: str) -> str:
    return hangul.letters(kana.to_hiragana(words))


def _initials(words: str) -> str:
    if any(hangul.is_syllable(char) or hangul.is_letter(char) for char in words):
        return hangul.initials(words)
    return hangul.romanised_initials(words.split())


def _korean_kana(words: str) -> list[str]:
    return [fold_korean_kana(words)] if kana.has_katakana(words) else []


def _half_typed(words: str) -> list[str]:
    return [fold(words[:-1])] if re.search("[가-힣][ㄱ-ㅎ]$", words) else []


def _wrong_layout(query: str) -> list[str]:
    typed = _compatible(query)
    if any(hangul.is_syllable(char) or hangul.is_letter(char) for char in typed):
        return [hangul.to_latin_keys(typed)]
    meant = hangul.from_latin_keys(typed)
    # Latin words rarely give whole syllables by chance: "taec" is ㅅㅁㄷㅊ.
    return [meant] if re.fullmatch("[가-힣]+[ㄱ-ㅎ]?", meant.replace(" ", "")) else []
