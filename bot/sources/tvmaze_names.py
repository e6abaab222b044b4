"""Which language a name on TVmaze is in, by its script and its country."""

import re
from collections.abc import Iterator, Sequence

from bot.catalog.model import Name, NameType
from bot.sources.countries import COUNTRIES
from bot.sources.text import as_mapping, clean_line

_MAX_NAMES = 100
_HANGUL = re.compile(r"[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]")
# Without the middle dot, which Chinese texts have, too.
_KANA = re.compile(r"[\u3041-\u3096\u30a1-\u30fa]")
_THAI = re.compile(r"[\u0e01-\u0e5b]")
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_CHINESE = {"CN": "zh-CN", "HK": "zh-HK", "MY": "zh", "SG": "zh", "TW": "zh-TW"}

# Countries where a title in Latin script is in one language.
_LATIN = {
    "AT": "de", "AU": "en", "BR": "pt-BR", "CZ": "cs", "DE": "de", "DK": "da", "ES": "es",
    "FI": "fi", "FR": "fr", "GB": "en", "HU": "hu", "ID": "id", "IE": "en", "IT": "it",
    "MX": "es", "NL": "nl", "NZ": "en", "PL": "pl", "PT": "pt", "RO": "ro", "SE": "sv",
    "TR": "tr", "US": "en", "VN": "vi",
}  # fmt: skip

_LANGUAGES = {country.language_name: country.language for country in COUNTRIES.values()}
_LANGUAGES["English"] = "en"


def find_language(name: object) -> str | None:
    """Return the code of a language by its name on TVmaze, or None if it is not known."""
    return _LANGUAGES.get(name) if isinstance(name, str) else None


def main_language(text: str, han_language: str = "zh") -> str:
    """Return the language of a name without a country: English, unless its script says otherwise.

    `han_language` is that of names in Han characters alone.
    """
    return _script_language(text) or (han_language if _HAN.search(text) else "en")


def map_names(name: str, akas: Sequence[object], language: str | None) -> tuple[Name, ...]:
    """Return the names of a show whose original language is `language`, the main one first.

    The first name in its own script is the original one.
    """
    main = Name(text=name, lang=main_language(name, _han_language(language)), type=NameType.MAIN)
    names = {(name, main.lang): main}
    has_original = main.lang == language
    for text, code in _read_akas(akas[:_MAX_NAMES]):
        lang = _aka_language(text, code, language)
        if text == name or (text, lang) in names:
            continue
        is_original = not has_original and _is_native(lang, code, language)
        has_original = has_original or is_original
        kind = NameType.ORIGINAL if is_original else NameType.ALIAS
        names[text, lang] = Name(text=text, lang=lang, type=kind)
    return tuple(names.values())


def _read_akas(akas: Sequence[object]) -> Iterator[tuple[str, str | None]]:
    """Yield names and the codes of their countries."""
    for aka in map(as_mapping, akas):
        code = as_mapping(aka.get("country")).get("code")
        if text := clean_line(aka.get("name")):
            yield text, code if isinstance(code, str) else None


def _aka_language(text: str, code: str | None, language: str | None) -> str:
    if found := _script_language(text):
        return found
    if not _HAN.search(text):
        return _LATIN.get(code or "", "und")
    if code in _CHINESE:
        return _CHINESE[code]
    if code == "JP":
        return "ja"
    return language if code is None and language in ("ja", "zh") else "und"


def _is_native(lang: str, code: str | None, language: str | None) -> bool:
    """Return whether a name is in the original language, and of a country where it is spoken."""
    spoken = code is None or (code in COUNTRIES and COUNTRIES[code].language == language)
    return spoken and lang.partition("-")[0] == language


def _script_language(text: str) -> str | None:
    if _HANGUL.search(text):
        return "ko"
    if _KANA.search(text):
        return "ja"
    return "th" if _THAI.search(text) else None


def _han_language(language: str | None) -> str:
    return "ja" if language == "ja" else "zh"
