"""Translations, with gettext. English is the source language and the fallback.

The `locales/<language>.po` files are compiled at runtime, so there is no build step.
"""

import gettext
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache, reduce
from io import BytesIO
from pathlib import Path
from typing import cast

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

SOURCE_LANGUAGE = "en-US"
LOCALES = Path(__file__).parent / "locales"

# Where the name in CLDR is not what its speakers say.
_NATIVE_NAMES = {"id": "Bahasa Indonesia"}


class Translations:
    """The translations for one Discord locale.

    `locale` is the requested Discord locale (`en-US`, `ko`). `babel` is the corresponding Babel
    locale.
    """

    def __init__(self, locale: str, translations: gettext.NullTranslations) -> None:
        self.locale = locale
        self.babel = _babel(locale)
        self.gettext = translations.gettext
        self.pgettext = translations.pgettext
        self.ngettext = translations.ngettext

    @property
    def language(self) -> str:
        """The language without region: `pt` for `pt-BR`."""
        return self.locale.split("-")[0]

    def territory(self, code: str) -> str:
        """Return the name of an ISO 3166 country, or the code if it is unknown."""
        return cast(Mapping[str, str], self.babel.territories).get(code, code)

    def language_name(self, tag: str) -> str:
        """Return the name of a BCP 47 language, or the tag if it is unknown."""
        return cast(Mapping[str, str], self.babel.languages).get(tag.split("-")[0], tag)

    def city(self, zone: str) -> str:
        """Return the name of an IANA time zone's city, or of a zone without one (`EST`)."""
        if "/" not in zone:
            return zone
        canonical = _zone_aliases().get(zone, zone)
        zones = cast(Mapping[str, Mapping[str, str]], self.babel.time_zones)
        # CLDR knows some zones by an earlier name only.
        names = (canonical, *_earlier_zones().get(canonical, ()))
        cities = (zones.get(name, {}).get("city") for name in names)
        return next(filter(None, cities), canonical.rpartition("/")[2].replace("_", " "))

    def join_list(self, items: Iterable[str]) -> str:
        """Join a series of facts as the language does: `A, B, C`."""
        parts = list(items)
        # CLDR has unit styles for measures, in some languages with `and`, or without a separator.
        separated = self.babel.list_patterns["standard"]["middle"]
        # Thai separates by spaces, which foreign names contain.
        if not separated.format("", "").strip():
            separated = "{0}, {1}"
        return reduce(separated.format, parts) if parts else ""


@lru_cache(64)
def get_translations(locale: str, folder: Path = LOCALES) -> Translations:
    """Return the translations for a Discord locale.

    Falls back to the translations for its language, then to English.
    """
    return Translations(locale, _translations(locale, folder))


@cache
def _translations(locale: str, folder: Path) -> gettext.NullTranslations:
    """Return the translations for a locale with its fallback chain."""
    chain = gettext.NullTranslations()
    for tag in (locale.split("-")[0], locale):
        file = folder / f"{tag}.po"
        if file.is_file():
            compiled = _compile(file)
            compiled.add_fallback(chain)
            chain = compiled
    return chain


def _compile(file: Path) -> gettext.NullTranslations:
    with file.open("rb") as po_file:
        catalog = read_po(po_file)
    for message in list(catalog):
        # An untranslated plural would be compiled as English and bypass the fallback.
        if message.id and not any(message.string or ()):
            catalog.delete(message.id, message.context)
    compiled = BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def _babel(locale: str) -> Locale:
    try:
        return Locale.parse(locale, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale.parse(SOURCE_LANGUAGE, sep="-")


def is_supported(locale: str, folder: Path = LOCALES) -> bool:
    """Return whether a Discord locale is the source language or has translations."""
    tags = (locale, locale.split("-")[0])
    return locale == SOURCE_LANGUAGE or any((folder / f"{tag}.po").is_file() for tag in tags)


def babel_locales() -> Sequence[Locale]:
    """Return the Babel locales of all supported languages."""
    return [_babel(SOURCE_LANGUAGE), *(_babel(file.stem) for file in sorted(LOCALES.glob("*.po")))]


def native_name(locale: str) -> str:
    """Return the name of a language in that language, capitalized as in a menu."""
    return capitalize(_NATIVE_NAMES.get(locale) or _babel(locale).get_display_name() or locale)


def capitalize(text: str) -> str:
    """Return a text with a capital first letter, and the rest unchanged."""
    return text[:1].upper() + text[1:]


def language_name(locale: str, reader: Translations) -> str:
    """Return the name of a language in a reader's language."""
    return _babel(locale).get_display_name(reader.babel) or locale


@cache
def _earlier_zones() -> Mapping[str, Sequence[str]]:
    """Return the earlier names of each time zone."""
    names: dict[str, list[str]] = {}
    for earlier, zone in sorted(_zone_aliases().items()):
        names.setdefault(zone, []).append(earlier)
    return names


def _zone_aliases() -> Mapping[str, str]:
    return cast(Mapping[str, str], get_global("zone_aliases"))


def gettext_noop(message: str) -> str:
    """Mark a message for extraction and return it unchanged. Translate it later with `gettext`."""
    return message


def pgettext_noop(context: str, message: str) -> str:
    """Mark a message with a context for extraction and return it unchanged.

    Translate it later with `pgettext` and the same context.
    """
    return message
