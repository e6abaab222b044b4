"""For whom a card is made: their language and their present."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.catalog.display_names import best_name, other_names
from bot.catalog.model import Person, Title
from bot.i18n import Translations
from bot.ui.markdown import escape_inline


@dataclass(frozen=True, slots=True)
class RenderContext:
    """Who reads: what a card says depends on their texts and on what time it is."""

    translations: Translations
    now: datetime

    def name(self, record: Title | Person) -> str:
        """What a title or a person is called, safe to stand in a message."""
        return escape_inline(best_name(record.names, self.translations.language), 80)

    def label(self, record: Title | Person) -> str:
        """The same for where nothing is formatted: buttons, menus, options."""
        return best_name(record.names, self.translations.language)

    def other_names(self, record: Title | Person) -> str:
        """The other names, in one line."""
        return " · ".join(
            escape_inline(name, 60)
            for name in other_names(record.names, self.translations.language)
        )

    def country(self, code: str) -> str:
        """The name of an ISO 3166 country; anything else as it is written."""
        return escape_inline(self.translations.territory(code))

    def language_name(self, tag: str) -> str:
        """The name of a BCP 47 language."""
        return escape_inline(self.translations.language_name(tag))

    def join_short(self, items: Iterable[str], limit: int = 6) -> str:
        """Short things of one kind, side by side."""
        return ", ".join(list(items)[:limit])

    def localized_text(
        self, stories: Mapping[str, str], original: str | None
    ) -> tuple[str, str] | None:
        """The text to read and its language: the reader's, else the original's, else any."""
        for tag in (self.translations.locale, self.translations.language, original, "en", *stories):
            if tag is not None and tag in stories:
                return stories[tag], tag
        return None
