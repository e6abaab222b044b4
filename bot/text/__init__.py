"""Messages in each language, by gettext; English is the source and the fallback.

`locales/<language>.po` are read as they are when first needed: no build step stands between a
translator and the bot.
"""

import gettext
from collections.abc import Mapping
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import cast

from babel import Locale, UnknownLocaleError
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

SOURCE_LANGUAGE = "en-US"
LOCALES = Path(__file__).parent / "locales"


class Texts:
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


def texts_for(locale: str, folder: Path = LOCALES) -> Texts:
    """The texts for a Discord locale: of that very locale, of its language, or in English."""
    return Texts(locale, _translations(locale, folder))


@cache
def _translations(locale: str, folder: Path) -> gettext.NullTranslations:
    for tag in (locale, locale.split("-")[0]):
        file = folder / f"{tag}.po"
        if file.is_file():
            return _compile(file)
    return gettext.NullTranslations()


def _compile(file: Path) -> gettext.NullTranslations:
    with file.open("rb") as lines:
        catalog = read_po(lines)
    compiled = BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def _babel(locale: str) -> Locale:
    try:
        return Locale.parse(locale, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale.parse(SOURCE_LANGUAGE, sep="-")


def marked(message: str) -> str:
    """Mark a message for translation where it is not yet said; say it with `gettext` later."""
    return message
