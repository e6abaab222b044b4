"""The names in Wikidata's entities, in the languages that are kept."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from bot.catalog.model import Name, NameType
from bot.sources.text import as_list, as_mapping, clean_line
from bot.sources.wikidata_claims import read_best, read_monolingual

# Wikidata's language codes and their BCP 47 tags. English is first: a name in a language that a
# member does not read is shown in it. `mul` is Wikidata's default for all languages.
LANGUAGES = {
    "en": "en",
    "ko": "ko",
    "ja": "ja",
    "zh": "zh",
    "zh-hans": "zh-CN",
    "zh-hant": "zh-TW",
    "zh-tw": "zh-TW",
    "zh-hk": "zh-HK",
    "mul": "und",
    "es": "es",
    "pt": "pt",
    "pt-br": "pt-BR",
    "id": "id",
    "fr": "fr",
    "de": "de",
    "th": "th",
    "vi": "vi",
    "tl": "tl",
}
_IN_LATIN = {"en", "es", "pt", "pt-BR", "id", "fr", "de", "vi", "tl"}
_SCRIPT_LANGUAGES = {"HANGUL": "ko", "HIRAGANA": "ja", "KATAKANA": "ja", "THAI": "th"}

_MAX_NAMES = 60
_MAX_ALIASES = 20
# Editors' tools write the id of an item where a label is missing. Short ones may be real names.
_ID_AS_NAME = re.compile(r"Q\d{4,}", re.ASCII)


def read_labels(entity: Mapping[str, Any]) -> dict[str, str]:
    """Return the labels of an entity by BCP 47 tag, English first."""
    labels = as_mapping(entity.get("labels"))
    by_tag: dict[str, str] = {}
    retagged: dict[str, str] = {}
    for code, tag in LANGUAGES.items():
        if name := _name(as_mapping(labels.get(code)), code):
            target = by_tag if name.lang == tag else retagged
            target.setdefault(name.lang, name.text)
    return by_tag | {tag: text for tag, text in retagged.items() if tag not in by_tag}


def english_label(labels: Mapping[str, str]) -> str | None:
    """Return the English label; the one for all languages if it is in Latin letters."""
    if "en" in labels:
        return labels["en"]
    default = labels.get("und")
    return default if default and _scripts(default) <= {"LATIN"} else None


def label_names(labels: Mapping[str, str], original_language: str | None) -> list[Name]:
    """Return labels as names: original in the original language (ISO 639-1), else main."""
    return [
        Name(text=text, lang=tag, type=_label_type(tag, original_language))
        for tag, text in labels.items()
    ]


def title_names(entity: Mapping[str, Any], original_language: str | None) -> tuple[Name, ...]:
    """Return the names of a title. Without any label or official title, there are none."""
    labels = label_names(read_labels(entity), original_language)
    names = [*labels, *_monolingual_names(entity, "P1476", NameType.ORIGINAL)]
    return _distinct([*names, *_aliases(entity)]) if names else ()


def person_names(entity: Mapping[str, Any], country_language: str | None) -> tuple[Name, ...]:
    """Return the names of a person. Without any label or native name, there are none.

    The original language is that of the native name; without one, the language of the country.
    """
    native = list(_monolingual_names(entity, "P1559", NameType.ORIGINAL))
    language = native[0].lang.partition("-")[0] if native else country_language
    names = [*label_names(read_labels(entity), language), *native]
    return _distinct([*names, *_stage_names(entity), *_aliases(entity)]) if names else ()


def name_from_text(text: str) -> Name:
    """Return a main name in the language that its script tells, or `und`."""
    return Name(text=text, lang=_language_of(text) or "und", type=NameType.MAIN)


def _label_type(tag: str, original_language: str | None) -> NameType:
    is_original = tag.partition("-")[0] == original_language
    return NameType.ORIGINAL if is_original else NameType.MAIN


def _monolingual_names(
    entity: Mapping[str, Any], property_id: str, name_type: NameType
) -> Iterator[Name]:
    for text, code in read_best(entity, property_id, read_monolingual)[:_MAX_ALIASES]:
        name = _name({"value": text}, code)
        if name:
            yield name.model_copy(update={"type": name_type})


def _stage_names(entity: Mapping[str, Any]) -> Iterator[Name]:
    """Yield stage names, which have no language."""
    for text in read_best(entity, "P742", clean_line)[:_MAX_ALIASES]:
        yield name_from_text(text).model_copy(update={"type": NameType.STAGE})


def _aliases(entity: Mapping[str, Any]) -> Iterator[Name]:
    aliases = as_mapping(entity.get("aliases"))
    for code in LANGUAGES:
        for alias in as_list(aliases.get(code))[:_MAX_ALIASES]:
            name = _name(as_mapping(alias), code)
            if name:
                yield name.model_copy(update={"type": NameType.ALIAS})


def _name(content: Mapping[str, Any], code: str) -> Name | None:
    """Return a label, alias or text as a main name, unless it cannot be a name in its language."""
    text, tag = clean_line(content.get("value")), LANGUAGES.get(code)
    if not text or not tag or _ID_AS_NAME.fullmatch(text):
        return None
    scripts = _scripts(text)
    if tag == "und" or (tag in _IN_LATIN and scripts and "LATIN" not in scripts):
        # Aliases in other scripts are common under `en`; only some scripts tell their language.
        tag = _language_of(text) or ("und" if tag == "und" else None)
    return Name(text=text, lang=tag, type=NameType.MAIN) if tag else None


def _language_of(text: str) -> str | None:
    scripts = _scripts(text)
    return next((tag for script, tag in _SCRIPT_LANGUAGES.items() if script in scripts), None)


def _scripts(text: str) -> set[str]:
    """Return the scripts of the letters in a text, as Unicode's names of characters begin."""
    letters = (character for character in text if character.isalpha())
    return {unicodedata.name(letter, "").partition(" ")[0] for letter in letters}


def _distinct(names: Iterable[Name]) -> tuple[Name, ...]:
    """Drop names that are there already, in their language or in English."""
    seen: dict[tuple[str, str], Name] = {}
    for name in names:
        text = name.text.casefold()
        is_copy = name.lang in _IN_LATIN | {"und"} and ("en", text) in seen
        if is_copy and name.type is not NameType.ORIGINAL:
            continue
        seen.setdefault((name.lang, text), name)
    return tuple(seen.values())[:_MAX_NAMES]
