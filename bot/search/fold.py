"""The fold: one spelling for all the ways a Korean or Japanese name is romanised.

Romanisations differ where Korean draws a line that Latin letters do not: 박 is Park, Pak or
Bak, 정 is Jung, Jeong, Chung or Jong, 우 is Woo, U or Oo. The fold keeps what all spellings
agree on. It joins different names too (Song and Sung), so equal folds are weaker evidence
than equal letters. The classes follow Revised Romanization, McCune-Reischauer and the
spellings South Koreans choose for their passports.
"""

import re
from collections.abc import Callable

from bot.search import hangul, kana

_CLASSES = {
    "j": "tch ch zh jj j z",
    "s": "sh ss s x",
    "k": "kk gg ck k g q c",
    "t": "tt dd t d",
    "p": "pp bb p b f v",
    "l": "rr ll lr rl r l",
    "n": "n",
    "o": "eo eu oo ou wu woo wou u o",
    "oo": "oeu oeo",  # Go-eun written together, not the "oe" of Choe
    "ao": "aeu",  # likewise Ha-eun
    "yo": "yeo you yoo yuu yeu yu yo ue",
    "ye": "yae yea ye",
    "i": "eui ui yi yee ee i",
    "e": "ae oe oi ea e",
    "wo": "weo wo",
    "we": "wae we",
    "a": "aa a",
}
_CLASS_OF = {spelling: name for name, row in _CLASSES.items() for spelling in row.split()}
_SPELLING = re.compile("|".join(sorted(_CLASS_OF, key=len, reverse=True)))

_RULES = [
    (re.compile(pattern), result)
    for pattern, result in (
        ("^([kgtdpbr])h", r"\1"),  # Gho, Khan, Rhee
        ("(?<=[aeiou])h(?![aeiouwy])", ""),  # Oh, Noh, Ahn, Suh
        ("ar(?=k)", "a"),  # Park
        ("c(?=[ei])", "s"),  # Vincenzo
        ("(?<=[^aeiou])y(?![aeiouy])", "i"),  # Suzy
        ("ng(?![aeiouwy])", "n"),  # kana has one letter for n and ng
        ("^[rl]ee$", "i"),  # Lee, Rhee: 이
    )
]
# North Korean and older spellings keep the ㄹ that the South drops: Ri and Lee, Ryu and Yoo.
_LOST_INITIAL = re.compile("^l(?=[iy])")
_PIECE = re.compile("([가-힣]+)|([ぁ-ゖァ-ヺー]+)|([a-z0-9]+)|(.)", re.DOTALL)
_DOUBLES = ("kk", "tt", "pp", "ss", "jj", "ll", "nn", "mm")
_MEETING = re.compile("|".join((*_DOUBLES, "nk")))


def fold(words: str) -> str:
    """The fold of a normalised name, word for word; "" where part of it cannot be read."""
    return _fold(words, _fold_kana)


def fold_korean_kana(words: str) -> str:
    """The fold of a name whose kana spell Korean: パク・ソジュン folds as Park Seo Jun does."""
    return _fold(words, _fold_korean_kana)


def romanised(words: str) -> str:
    """A normalised name in Latin letters, not folded; what cannot be read is left out."""
    return " ".join(
        "".join(_latin_piece(match) for match in _PIECE.finditer(word)) for word in words.split()
    )


def join_words(folded: str) -> str:
    """A fold with its spaces off, alike wherever the spaces were.

    Written together, "ng" and "n-g" are not told apart (Seungeon, Mingyu), nor are a final
    and an initial that meet (Park Kyung). Works on many folds at once, a line each.
    """
    joined = folded.replace(" ", "")
    if not _MEETING.search(joined):
        return joined  # as most are
    for double in _DOUBLES:
        joined = joined.replace(double, double[0])
    return joined.replace("nk", "n")


def _fold(words: str, kana_reader: Callable[[str], str]) -> str:
    folded: list[str] = []
    for place, word in enumerate(words.split()):
        pieces = [_fold_piece(match, kana_reader) for match in _PIECE.finditer(word)]
        if not all(pieces):
            return ""
        whole = "".join(pieces)
        folded.append(join_words(_LOST_INITIAL.sub("", whole) if place == 0 else whole))
    return " ".join(folded)


def _fold_piece(match: re.Match[str], kana_reader: Callable[[str], str]) -> str:
    syllables, kana_run, latin, _ = match.groups()
    if syllables:
        return "".join(_fold_latin(syllable) for syllable in hangul.romanise(syllables))
    if kana_run:
        return kana_reader(kana_run)
    return _fold_latin(latin) if latin else ""


def _latin_piece(match: re.Match[str]) -> str:
    syllables, kana_run, latin, _ = match.groups()
    if syllables:
        return "".join(hangul.romanise(syllables))
    return kana.romanise(kana_run) if kana_run else latin or ""


def _fold_kana(run: str) -> str:
    return _fold_latin(kana.romanise(run))


def _fold_korean_kana(run: str) -> str:
    return "".join(_fold_latin(piece) for piece in kana.romanise_korean(run))


def _fold_latin(latin: str) -> str:
    for pattern, result in _RULES:
        latin = pattern.sub(result, latin)
    return _SPELLING.sub(lambda match: _CLASS_OF[match[0]], latin)
