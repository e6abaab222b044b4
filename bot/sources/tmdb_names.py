"""Names of TMDB, tagged with the languages that TMDB states or that their scripts show."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from babel.core import get_global

from bot.catalog.model import Name, NameType
from bot.sources.text import as_list, as_mapping, clean_line

_MAX_NAMES = 80
_MAX_ROWS = 300

# By ISO 15924 code. A name has the first script of which it has a letter.
_SCRIPTS = {
    "Hang": re.compile(r"[\u1100-\u11ff\u3130-\u318f\uac00-\ud7af]"),
    "Kana": re.compile(r"[\u3041-\u3096\u30a1-\u30fa\u30fc]"),
    "Hani": re.compile(r"[\u3400-\u9fff]"),
    "Thai": re.compile(r"[\u0e01-\u0e5b]"),
    "Latn": re.compile(r"[A-Za-z]"),
}
_LANGUAGES_BY_SCRIPT = {"Hang": "ko", "Kana": "ja", "Thai": "th"}

# Titles used in a country are often romanized: the tag counts only with these scripts.
_LANGUAGES_BY_COUNTRY = {
    "KR": ("ko", {"Hang"}),
    "JP": ("ja", {"Kana", "Hani"}),
    "CN": ("zh-CN", {"Hani"}),
    "TW": ("zh-TW", {"Hani"}),
    "HK": ("zh-HK", {"Hani"}),
    "TH": ("th", {"Thai"}),
    "US": ("en", {"Latn"}),
    "GB": ("en", {"Latn"}),
    "DE": ("de", {"Latn"}),
    "FR": ("fr", {"Latn"}),
    "ES": ("es", {"Latn"}),
    "MX": ("es-419", {"Latn"}),
    "BR": ("pt-BR", {"Latn"}),
    "ID": ("id", {"Latn"}),
    "VN": ("vi", {"Latn"}),
}


def script_of(text: str) -> str | None:
    """Return the ISO 15924 code of the script, or None if it is another or there are no letters."""
    return next((code for code, letters in _SCRIPTS.items() if letters.search(text)), None)


def language_of(text: str) -> str:
    """Return the language that the script shows, or `und`: Han has names of several languages."""
    return _LANGUAGES_BY_SCRIPT.get(script_of(text) or "", "und")


def language_tag(language: object, country: object = None) -> str | None:
    """Return the BCP 47 tag for TMDB's codes of a language and a country, or None if malformed.

    The country is left out where it is where most speakers live, except in Chinese and Portuguese.
    """
    if not isinstance(language, str) or not re.fullmatch(r"[a-z]{2,3}", language):
        return None
    if language == "xx":  # no language
        return None
    if language == "cn":  # TMDB's code for Cantonese
        return "zh-HK"
    if not isinstance(country, str) or not re.fullmatch(r"[A-Z]{2}", country):
        return language
    if language == "es" and country != "ES":
        return "es-419"
    likely = get_global("likely_subtags").get(language, "")
    if likely.endswith(f"_{country}") and language not in ("zh", "pt"):
        return language
    return f"{language}-{country}"


def translations_of(record: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    """Return the tag and the data of each translation of a show or person."""
    rows = as_list(as_mapping(record.get("translations")).get("translations"))[:_MAX_ROWS]
    return [
        (tag, as_mapping(row.get("data")))
        for row in map(as_mapping, rows)
        if (tag := language_tag(row.get("iso_639_1"), row.get("iso_3166_1")))
    ]


def show_names(show: Mapping[str, Any]) -> list[Name]:
    """Return the names of a show: English, original, translated, alternative."""
    names: list[Name] = []
    english = clean_line(show.get("name"))
    # Without an English name, TMDB repeats the original one.
    if english and script_of(english) in ("Latn", None):
        names.append(Name(text=english, lang="en", type=NameType.MAIN))
    if original := clean_line(show.get("original_name")):
        tag = language_tag(show.get("original_language")) or "und"
        names.append(Name(text=original, lang=tag, type=NameType.ORIGINAL))
    names += [name for name in _translated_names(show) if name.text != english]
    names += [name for name in _alternative_titles(show) if name.text != english]
    if english and not names:
        names.append(Name(text=english, lang=language_of(english), type=NameType.MAIN))
    return _distinct(names)


def person_names(person: Mapping[str, Any]) -> list[Name]:
    """Return the names of a person: main, translated, and those also known as, by their script."""
    names = _translated_names(person)
    if main := clean_line(person.get("name")):
        language = "en" if script_of(main) in ("Latn", None) else language_of(main)
        names.insert(0, Name(text=main, lang=language, type=NameType.MAIN))
    names.sort(key=lambda name: name.lang != "en")
    for value in as_list(person.get("also_known_as"))[:_MAX_ROWS]:
        if text := clean_line(value):
            names.append(Name(text=text, lang=language_of(text)))
    return _distinct(names)


def _translated_names(record: Mapping[str, Any]) -> list[Name]:
    return [
        Name(text=text, lang=tag, type=NameType.MAIN)
        for tag, data in translations_of(record)
        if (text := clean_line(data.get("name")))
    ]


def _alternative_titles(show: Mapping[str, Any]) -> list[Name]:
    rows = as_list(as_mapping(show.get("alternative_titles")).get("results"))[:_MAX_ROWS]
    return [
        Name(text=text, lang=_language_in(row.get("iso_3166_1"), text))
        for row in map(as_mapping, rows)
        if (text := clean_line(row.get("title")))
    ]


def _language_in(country: object, text: str) -> str:
    """Return the language of a title that is used in a country."""
    if isinstance(country, str) and country in _LANGUAGES_BY_COUNTRY:
        tag, scripts = _LANGUAGES_BY_COUNTRY[country]
        if script_of(text) in scripts:
            return tag
    return language_of(text)


def _distinct(names: Iterable[Name]) -> list[Name]:
    """Return each name once per language; those without one only if no language has them."""
    kept: dict[tuple[str, str], Name] = {}
    texts: set[str] = set()
    for name in names:
        if name.lang == "und" and name.text in texts:
            continue
        kept.setdefault((name.text, name.lang), name)
        texts.add(name.text)
    return list(kept.values())[:_MAX_NAMES]
