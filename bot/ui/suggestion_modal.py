"""The modal in which anybody suggests a change of a record."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from discord import Interaction
from discord.ui import Modal

from bot.catalog.model import Person, Title
from bot.ui.curation_targets import RECORD
from bot.ui.markdown import truncate
from bot.ui.modals import TITLE_LIMIT, FormField, add_fields, fill_in, submitted_values
from bot.ui.render_context import RenderContext

TEXT, SOURCE = "text", "source"
_TEXT_LIMIT, _SOURCE_LIMIT = 1000, 300
_CUSTOM_ID = re.compile(rf"suggest:(?P<path>{RECORD})", re.ASCII)


class SuggestionModal(Modal):
    """The modal for a suggestion about a record, filled in with what was typed before."""

    def __init__(
        self, record: Title | Person, typed: Mapping[str, str], context: RenderContext
    ) -> None:
        super().__init__(
            title=truncate(context.label(record), TITLE_LIMIT),
            custom_id=f"suggest:{record.entity}/{record.id}",
        )
        add_fields(self, fill_in(suggestion_fields(context), typed))


def suggestion_fields(context: RenderContext) -> list[FormField]:
    """Return the fields of a suggestion."""
    _ = context.translations.gettext
    return [
        FormField(
            TEXT,
            _("What should change?"),
            description=_("What is wrong or missing, and what is right"),
            limit=_TEXT_LIMIT,
            multiline=True,
            required=True,
        ),
        FormField(
            SOURCE,
            _("Where does it say so?"),
            description=_("A link, if you have one"),
            limit=_SOURCE_LIMIT,
        ),
    ]


@dataclass(frozen=True, slots=True)
class SubmittedSuggestion:
    """What a member submitted with a `SuggestionModal`. It is untrusted."""

    path: str
    values: Mapping[str, str]

    @classmethod
    def of(cls, interaction: Interaction[Any]) -> "SubmittedSuggestion | None":
        """Return what was submitted, or None if it is another modal."""
        custom_id = cast(dict[str, Any], interaction.data or {}).get("custom_id", "")
        match = _CUSTOM_ID.fullmatch(custom_id)
        return cls(match["path"], submitted_values(interaction)) if match else None
