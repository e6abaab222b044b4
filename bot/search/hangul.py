"""Hangul as it is typed, abbreviated and romanised.

Letters are compatibility jamo, one for each keystroke of the standard two-set keyboard
(KS X 5002): a compound vowel or final is two strokes (ㅘ = ㅗ ㅏ, ㄳ = ㄱ ㅅ), a doubled
consonant is one (shift). So a partly typed syllable is always a prefix of its letters.
"""

import re

_INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_VOWELS = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
_FINALS = " ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ"
_STROKES = {
    "ㅘ": "ㅗㅏ", "ㅙ": "ㅗㅐ", "ㅚ": "ㅗㅣ", "ㅝ": "ㅜㅓ", "ㅞ": "ㅜㅔ", "ㅟ": "ㅜㅣ",
    "ㅢ": "ㅡㅣ", "ㄳ": "ㄱㅅ", "ㄵ": "ㄴㅈ", "ㄶ": "ㄴㅎ", "ㄺ": "ㄹㄱ", "ㄻ": "ㄹㅁ",
    "ㄼ": "ㄹㅂ", "ㄽ": "ㄹㅅ", "ㄾ": "ㄹㅌ", "ㄿ": "ㄹㅍ", "ㅀ": "ㄹㅎ", "ㅄ": "ㅂㅅ",
}  # fmt: skip
_COMPOUNDS = {strokes: compound for compound, strokes in _STROKES.items()}
_KEYS = dict(
    zip(
        "ㅂㅈㄷㄱㅅㅛㅕㅑㅐㅔㅁㄴㅇㄹㅎㅗㅓㅏㅣㅋㅌㅊㅍㅠㅜㅡㅃㅉㄸㄲㅆㅒㅖ",
        "qwertyuiopasdfghjklzxcvbnmQWERTOP",
        strict=True,
    )
)
_LETTER_OF_KEY = {key: letter for letter, key in _KEYS.items()}

# Revised Romanization of Korean (Ministry of Culture and Tourism notice 2000-8).
# A letter that is silent is written as a hyphen here.
_LATIN_INITIALS = "g kk n d tt r m b pp s ss - j jj ch k t p h"
_LATIN_VOWELS = "a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i"
_LATIN_FINALS = "- k k k n n n t l k m l l l p l m p p t t ng t t k t p t"
# Before a vowel a final keeps its own sound: 속았 is sog-at, not sok-at.
_LINKED_FINALS = "- g kk ks n nj n d r lg lm lb ls lt lp r m b ps s ss ng j ch k t p -"
_SPELLED_INITIALS, _SPELLED_VOWELS, _SPELLED_FINALS, _SPELLED_LINKED = (
    row.replace("-", "").split(" ")
    for row in (_LATIN_INITIALS, _LATIN_VOWELS, _LATIN_FINALS, _LINKED_FINALS)
)

_CONSONANT = "[ㄱ-ㅎ]"
_VOWEL = "[ㅏ-ㅣ]"
_SYLLABLE_OF_LETTERS = re.compile(
    f"({_CONSONANT})"
    "(ㅗㅏ|ㅗㅐ|ㅗㅣ|ㅜㅓ|ㅜㅔ|ㅜㅣ|ㅡㅣ|[ㅏ-ㅣ])"
    # A consonant before a vowel begins the next syllable, so it cannot end this one.
    f"((?:ㄱㅅ|ㄴㅈ|ㄴㅎ|ㄹㄱ|ㄹㅁ|ㄹㅂ|ㄹㅅ|ㄹㅌ|ㄹㅍ|ㄹㅎ|ㅂㅅ|[ㄱㄲㄴㄷㄹㅁㅂㅅㅆㅇㅈㅊㅋㅌㅍㅎ])(?!{_VOWEL}))?"
)

# One Korean syllable as it may be romanised: its beginning, its vowel, its end.
_ROMANISED = re.compile(
    "(kk|tt|pp|jj|ss|ch|sh|[bdghjklmnprst]?)([yw]?[aeiou]{1,3}h?)(?:ng|ck|rk|[bcdgklmnpt])?"
)
# The likeliest consonant: passports write ㄱ as k and ㅂ as p at the head of family names.
_LIKELY_INITIALS = {
    **dict(zip("gkndtrlmbpsjh", "ㄱㄱㄴㄷㅌㄹㄹㅁㅂㅍㅅㅈㅎ", strict=True)),
    **{
        "": "ㅇ",
        "ch": "ㅊ",
        "sh": "ㅅ",
        "kk": "ㄲ",
        "tt": "ㄸ",
        "pp": "ㅃ",
        "jj": "ㅉ",
        "ss": "ㅆ",
    },
}
_SPOKEN_OTHERWISE = {"park": "ㅂ", "pak": "ㅂ", "cho": "ㅈ", "lee": "ㅇ", "lim": "ㅇ"}


def is_syllable(char: str) -> bool:
    """Whether this is a whole Hangul syllable, 가 to 힣."""
    return "가" <= char <= "힣"


def is_letter(char: str) -> bool:
    """Whether this is a lone Hangul letter as keyboards give it, ㄱ to ㅣ."""
    return "ㄱ" <= char <= "ㅣ"


def _parts(syllable: str) -> tuple[int, int, int]:
    """The places of a syllable's initial, vowel and final (Unicode, section 3.12)."""
    rest, final = divmod(ord(syllable) - ord("가"), 28)
    initial, vowel = divmod(rest, 21)
    return initial, vowel, final


def letters(text: str) -> str:
    """Hangul split into the letters typed for it; all else unchanged."""
    return "".join(_letters_of(char) for char in text)


def _letters_of(char: str) -> str:
    if not is_syllable(char):
        return _STROKES.get(char, char)
    initial, vowel, final = _parts(char)
    ending = _FINALS[final].strip()
    typed_vowel = _STROKES.get(_VOWELS[vowel], _VOWELS[vowel])
    return _INITIALS[initial] + typed_vowel + _STROKES.get(ending, ending)


def initials(text: str) -> str:
    """Each syllable's first consonant; all else unchanged, clusters of consonants split.

    Keyboards join two consonants typed in a row where they can (ㄱㅅ becomes ㄳ), so a
    cluster in a query of initials stands for two of them.
    """
    return "".join(
        _INITIALS[_parts(char)[0]] if is_syllable(char) else _STROKES.get(char, char)
        for char in text
    )


def romanised_initials(words: list[str]) -> str:
    """The likely first consonants of a Korean name in Latin syllables; "" if it is none."""
    syllables = [_ROMANISED.fullmatch(word) for word in words]
    if not 2 <= len(words) <= 4 or None in syllables:
        return ""
    return "".join(
        _SPOKEN_OTHERWISE.get(syllable[0]) or _LIKELY_INITIALS[syllable[1]]
        for syllable in syllables
        if syllable
    )


def romanise(text: str) -> list[str]:
    """The Revised Romanization of each syllable in a run of whole Hangul syllables."""
    parts = [_parts(char) for char in text]
    silent = _INITIALS.index("ㅇ")
    links = [initial == silent for initial, _, _ in parts[1:]] + [False]
    return [
        _SPELLED_INITIALS[initial]
        + _SPELLED_VOWELS[vowel]
        + (_SPELLED_LINKED if linked else _SPELLED_FINALS)[final]
        for (initial, vowel, final), linked in zip(parts, links, strict=True)
    ]


def compose(typed: str) -> str:
    """Letters joined into syllables as a keyboard would; what does not join is left as it is."""
    return _SYLLABLE_OF_LETTERS.sub(_composed, typed)


def _composed(match: re.Match[str]) -> str:
    initial, vowel, final = match[1], match[2], match[3] or " "
    if initial not in _INITIALS:
        return match[0]
    place = _INITIALS.index(initial) * 21 + _VOWELS.index(_COMPOUNDS.get(vowel, vowel))
    return chr(ord("가") + place * 28 + _FINALS.index(_COMPOUNDS.get(final, final)))


def from_latin_keys(text: str) -> str:
    """What these keys give with the Korean layout on: ``dhrxordus`` → 옥택연."""
    # With shift two letters differ at most; text all in capitals was typed with caps lock.
    typed = text.lower() if text.isupper() else text
    strokes = (_LETTER_OF_KEY.get(key) or _LETTER_OF_KEY.get(key.lower(), key) for key in typed)
    return compose("".join(strokes))


def to_latin_keys(text: str) -> str:
    """What the keys of this Hangul give with the Latin layout on: ㅅㅁㄷㅊ → ``taec``."""
    return "".join(_KEYS.get(letter, letter) for letter in letters(text)).lower()


def abbreviation_pattern(text: str) -> re.Pattern[str]:
    """What letters a name has that is abbreviated so: 송ㅈㄱ fits the letters of 송중기.

    A lone consonant stands for a syllable that begins with it; a whole syllable for itself.
    """
    typed = "".join(char for char in text if is_syllable(char) or is_letter(char))
    pieces = [
        re.escape(letters(char))
        if is_syllable(char)
        else "".join(f"{one}{_VOWEL}+{_CONSONANT}*?" for one in letters(char))
        for char in typed
    ]
    return re.compile("".join(pieces))
