"""Translates command names and descriptions."""

from discord.app_commands import TranslationContextTypes, Translator, locale_str
from discord.enums import Locale

from bot.i18n import get_translations


class GettextTranslator(Translator):
    """Translates command names and descriptions with the translations in `bot/i18n/locales`."""

    async def translate(
        self, string: locale_str, locale: Locale, context: TranslationContextTypes
    ) -> str | None:
        """Return the translation, or None if it is the same as in English."""
        translated = get_translations(locale.value).gettext(string.message)
        return translated if translated != string.message else None
