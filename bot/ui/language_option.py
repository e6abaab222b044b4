"""The option for a language, with autocomplete and validation."""

from collections.abc import Iterable, Iterator
from typing import Any

from discord import Interaction, Locale
from discord.app_commands import Choice, Transformer

from bot.errors import UserError
from bot.i18n import (
    SOURCE_LANGUAGE,
    Translations,
    capitalize,
    get_translations,
    is_supported,
    language_name,
    native_name,
)
from bot.ui.interaction_context import context_of
from bot.ui.layout import join_dotted

_CHOICE_LIMIT = 25


class LanguageOption(Transformer):
    """A supported language, as a Discord locale."""

    async def autocomplete(  # pyright: ignore[reportIncompatibleMethodOverride]
        self, interaction: Interaction[Any], value: str, /
    ) -> list[Choice[str]]:
        """Suggest the languages that match the typed text, in their language or the member's."""
        reader = context_of(interaction).translations
        return [
            Choice(name=join_dotted(*_language_label(tag, reader)), value=tag)
            for tag in _matching_languages(value, reader)
        ][:_CHOICE_LIMIT]

    async def transform(self, interaction: Interaction[Any], value: str, /) -> str:
        """Return the Discord locale of a language: a locale, or the typed name of one.

        Raises UserError if no language matches, or several do.
        """
        reader = context_of(interaction).translations
        matches = list(_matching_languages(value, reader))
        exact = [tag for tag in matches if value.casefold() in _language_names(tag, reader)]
        match exact or matches:
            case [tag]:
                return tag
            case _:
                _ = reader.gettext
                raise UserError(_("I couldn't find that language. Pick one from the suggestions."))


def _matching_languages(query: str, reader: Translations) -> Iterator[str]:
    """Yield the supported Discord locales whose names contain the text."""
    for locale in Locale:
        tag = locale.value
        names = _language_names(tag, reader)
        if is_supported(tag) and any(query.casefold() in name for name in names):
            yield tag


def _language_names(tag: str, reader: Translations) -> tuple[str, ...]:
    """Return the tag and the names of a language, case-folded."""
    english = get_translations(SOURCE_LANGUAGE)
    names = tag, native_name(tag), language_name(tag, reader), language_name(tag, english)
    return tuple(name.casefold() for name in names)


def _language_label(tag: str, reader: Translations) -> Iterable[str]:
    """Return the name of a language in that language and, if it differs, in the reader's."""
    return dict.fromkeys((native_name(tag), capitalize(language_name(tag, reader))))
