"""Japanese kana as Latin letters, and as the Korean they stand for."""

import re

_TO_HIRAGANA = {code: code - 0x60 for code in range(ord("ァ"), ord("ヶ") + 1)}

_COLUMNS = {
    "あいうえお": "a i u e o",
    "かきくけこ": "ka ki ku ke ko",
    "がぎぐげご": "ga gi gu ge go",
    "さしすせそ": "sa shi su se so",
    "ざじずぜぞ": "za ji zu ze zo",
    "たちつてと": "ta chi tsu te to",
    "だぢづでど": "da ji zu de do",
    "なにぬねの": "na ni nu ne no",
    "はひふへほ": "ha hi fu he ho",
    "ばびぶべぼ": "ba bi bu be bo",
    "ぱぴぷぺぽ": "pa pi pu pe po",
    "まみむめも": "ma mi mu me mo",
    "やゆよ": "ya yu yo",
    "らりるれろ": "ra ri ru re ro",
    "わゐゑをん": "wa i e o n",
    "ぁぃぅぇぉ": "a i u e o",
    "ゃゅょっーゔ": "ya yu yo - - vu",
}
# Hepburn, as the names of Japanese actors are spelled abroad.
_HEPBURN = {
    kana: "" if latin == "-" else latin
    for row, column in _COLUMNS.items()
    for kana, latin in zip(row, column.split(), strict=True)
}
_MORA = re.compile("[ぁ-ゖー][ゃゅょぁぃぅぇぉ]?")
_LONG_VOWELS = re.compile("(?<=o)[uo]|(?<=u)u")
_GLIDES = {"u": "w", "fu": "f", "vu": "v", "ku": "kw", "gu": "gw", "tsu": "ts"}
# Korean ends a syllable in these; Japanese writes them with a vowel of its own.
_FINALS = {"く": "k", "ぐ": "k", "む": "m", "る": "l", "ぷ": "p", "ぶ": "p", "と": "t"}


def to_hiragana(text: str) -> str:
    """Katakana as hiragana, which sounds the same; all else unchanged."""
    return text.translate(_TO_HIRAGANA)


def is_kana(char: str) -> bool:
    """Whether this is hiragana, katakana or the mark of a long vowel."""
    return "ぁ" <= char <= "ゖ" or "ァ" <= char <= "ヺ" or char == "ー"


def has_katakana(text: str) -> bool:
    """Whether any of this is katakana, as Japanese writes foreign names in."""
    return any("ァ" <= char <= "ヺ" for char in text)


def romanise(text: str) -> str:
    """A run of kana in Hepburn, long vowels written short: りょうた → ``ryota``."""
    return _LONG_VOWELS.sub("", "".join(_latin(mora) for mora in _MORA.findall(to_hiragana(text))))


def romanise_korean(text: str) -> list[str]:
    """A run of kana that spells Korean, piece by piece: パク → ``pa``, ``k``.

    ク ム ル プ ト are taken for a Korean final unless they begin the word or a vowel they carry
    is written out.
    """
    morae = _MORA.findall(to_hiragana(text))
    return [
        _korean(mora, first=place == 0, before="".join(morae[place + 1 : place + 2]))
        for place, mora in enumerate(morae)
    ]


def _korean(mora: str, *, first: bool, before: str) -> str:
    if not first and before != "ん" and mora in _FINALS:
        return _FINALS[mora]
    latin = _latin(mora)
    # ファ is how Japanese writes 화: it has no "hwa" of its own.
    return "hw" + latin[1:] if latin[:1] == "f" and mora != "ふ" else latin


def _latin(mora: str) -> str:
    sound = _HEPBURN.get(mora[0], "")
    if len(mora) == 1:
        return sound
    small = _HEPBURN[mora[1]]
    if small.startswith("y"):
        return sound[:-1] + (small[1:] if sound in ("shi", "chi", "ji") else small)
    # イェ is "ye"; otherwise a small vowel replaces the large one: チェ, ファ, ウォ.
    return "y" + small if sound == "i" else _GLIDES.get(sound, sound[:-1]) + small
