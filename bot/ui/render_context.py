"""The language and time a card is rendered for, and the commands it can mention."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.catalog.display_names import best_name, other_names
from bot.catalog.model import Person, Title
from bot.i18n import Translations
from bot.ui.markdown import escape_inline


@dataclass(frozen=True, slots=True)
class RenderContext:
    """The user's translations and the current time.

    `command_ids` has the ids of the bot's commands, by name, as far as they are known.
    """

    translations: Translations
    now: datetime
    command_ids: Mapping[str, int] = field(default_factory=dict[str, int])

    def command(self, name: str) -> str:
        """Return a mention of a command such as `countdown add`, which Discord shows in the
        user's language, or its translated name if its id is unknown."""
        command_id = self.command_ids.get(name.split()[0])
        return f"</{name}:{command_id}>" if command_id else self.command_label(name)

    def command_label(self, name: str) -> str:
        """Return the translated name of a command, for labels, which have no mentions."""
        return "/" + " ".join(map(self.translations.gettext, name.split()))

    def name(self, record: Title | Person) -> str:
        """Return the display name of a record, escaped for a message."""
        return escape_inline(best_name(record.names, self.translations.language), 80)

    def label(self, record: Title | Person) -> str:
        """Return the display name of a record, unescaped, for buttons, menus and options."""
        return best_name(record.names, self.translations.language)

    def other_names(self, record: Title | Person) -> str:
        """Return the other names of a record in one line, escaped."""
        return " · ".join(
            escape_inline(name, 60)
            for name in other_names(record.names, self.translations.language)
        )

    def country(self, code: str) -> str:
        """Return the name of an ISO 3166 country, or the code if it is unknown, escaped."""
        return escape_inline(self.translations.territory(code))

    def language_name(self, tag: str) -> str:
        """Return the name of a BCP 47 language, or the tag if it is unknown, escaped."""
        return escape_inline(self.translations.language_name(tag))

    def join_short(self, items: Iterable[str], limit: int = 6) -> str:
        """Join up to `limit` items as a series of facts."""
        return self.translations.join_list(list(items)[:limit])

    def localized_text(
        self, texts: Mapping[str, str], original: str | None
    ) -> tuple[str, str] | None:
        """Return the best text and its language.

        The user's language is preferred, then English, then the original language, then any.
        """
        for tag in (self.translations.locale, self.translations.language, "en", original, *texts):
            if tag is not None and tag in texts:
                return texts[tag], tag
        return None

    def language_note(self, language: str) -> str:
        """Return in which language a text is, or nothing if it is the user's."""
        if language.split("-")[0] == self.translations.language:
            return ""
        note = self.translations.gettext("In {language}")
        return note.format(language=self.language_name(language))
