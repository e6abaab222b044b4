"""Messages in each language, by gettext; English is the source and the fallback.

`locales/<language>.po` are read as they are when first needed: no build step stands between a
translator and the bot.
"""

import gettext
from collections.abc import Mapping
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path
from typing import cast

from babel import Locale, UnknownLocaleError
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

SOURCE_LANGUAGE = "en-US"
LOCALES = Path(__file__).parent / "locales"


class Translations:
    """What the bot says in one language.

    `locale` is the tag it was asked for, as Discord writes it (`en-US`, `ko`); `babel` is CLDR's
    knowledge of that language.
    """

    def __init__(self, locale: str, translations: gettext.NullTranslations) -> None:
        self.locale = locale
        self.babel = _babel(locale)
        self.gettext = translations.gettext
        self.ngettext = translations.ngettext

    @property
    def language(self) -> str:
        """The language alone, without region: `pt` for `pt-BR`."""
        return self.locale.split("-")[0]

    def territory(self, code: str) -> str:
        """The name of an ISO 3166 country, or the code itself where it is none."""
        return cast(Mapping[str, str], self.babel.territories).get(code, code)

    def language_name(self, tag: str) -> str:
        """The name of a BCP 47 language, or the tag itself where it is none."""
        return cast(Mapping[str, str], self.babel.languages).get(tag.split("-")[0], tag)


@lru_cache(64)
def get_translations(locale: str, folder: Path = LOCALES) -> Translations:
    """The texts for a Discord locale: of that locale, else of its language, else in English."""
    return Translations(locale, _translations(locale, folder))


@cache
def _translations(locale: str, folder: Path) -> gettext.NullTranslations:
    """The texts of a locale over those of its language, over English."""
    chain = gettext.NullTranslations()
    for tag in (locale.split("-")[0], locale):
        file = folder / f"{tag}.po"
        if file.is_file():
            compiled = _compile(file)
            compiled.add_fallback(chain)
            chain = compiled
    return chain


def _compile(file: Path) -> gettext.NullTranslations:
    with file.open("rb") as lines:
        catalog = read_po(lines)
    for message in list(catalog):
        # Left empty, a plural would be compiled as English, and nothing behind it be asked.
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
    """Whether there are texts for a Discord locale, or it is the source language itself."""
    tags = (locale, locale.split("-")[0])
    return locale == SOURCE_LANGUAGE or any((folder / f"{tag}.po").is_file() for tag in tags)


def native_name(locale: str) -> str:
    """What a language calls itself."""
    return _babel(locale).get_display_name() or locale


def gettext_noop(message: str) -> str:
    """Mark a message for translation where it is not yet said; say it with `gettext` later."""
    return message
