"""Modals with text fields and menus, and what was submitted in them.

discord.py does not keep these modals, so that they can be submitted after a restart.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast
from zlib import crc32

from discord import ComponentType, Interaction, SelectOption, TextStyle
from discord.ui import Label, Modal, Select, TextInput

from bot.control_characters import remove_control_characters
from bot.ui.markdown import plain_text, truncate
from bot.ui.render_context import RenderContext

REASON = "reason"
"""The field for why something is changed."""

# Of a modal's title and labels, of descriptions, and of a text that is typed.
TITLE_LIMIT = 45
_DESCRIPTION_LIMIT = 100
TEXT_LIMIT = 4000
_REASON_LIMIT = 300


@dataclass(frozen=True, slots=True)
class FormField:
    """A field of a modal: a text of up to `limit` characters, of several lines if `multiline`.

    With `choices`, values and labels, it is a menu. `value` is what it is filled in with.
    """

    name: str
    label: str
    value: str = ""
    description: str | None = None
    limit: int = 300
    multiline: bool = False
    required: bool = False
    choices: Sequence[tuple[str, str]] = ()


def reason_field(context: RenderContext) -> FormField:
    """Return the field for why something is changed."""
    _ = context.translations.gettext
    description = _("Optional. Shown to curators in the history.")
    return FormField(REASON, _("Why"), description=description, limit=_REASON_LIMIT)


def fill_in(fields: Sequence[FormField], values: Mapping[str, str]) -> list[FormField]:
    """Return the fields with other values, by name. Fields without one keep theirs."""
    return [replace(field, value=values.get(field.name, field.value)) for field in fields]


class EditModal(Modal):
    """A modal in which a curator edits a group of fields, or adds a title."""

    def __init__(self, title: str, custom_id: str, fields: Sequence[FormField]) -> None:
        super().__init__(title=truncate(title, TITLE_LIMIT), custom_id=custom_id)
        add_fields(self, fields)


def add_fields(modal: Modal, fields: Sequence[FormField]) -> None:
    """Add fields to a modal, and finish it: discord.py keeps only modals that are not finished."""
    for field in fields:
        modal.add_item(
            Label(
                text=truncate(field.label, TITLE_LIMIT),
                description=truncate(field.description or "", _DESCRIPTION_LIMIT) or None,
                component=_menu(field) if field.choices else _text_input(field),
            )
        )
    modal.stop()


def submitted_values(interaction: Interaction[Any]) -> dict[str, str]:
    """Return what was submitted in a modal, by field, without control characters. Untrusted."""
    values = raw_values(interaction).items()
    return {name: remove_control_characters(text, keep="\n") for name, text in values}


def raw_values(interaction: Interaction[Any]) -> dict[str, str]:
    """Return what was submitted in a modal, by field, exactly as Discord sent it. Untrusted."""
    data = cast(dict[str, Any], interaction.data or {})
    return dict(_values(data.get("components") or []))


def digest(text: str) -> str:
    """Return a short digest of what a modal is filled in with, to notice that it was changed."""
    return f"{crc32(text.encode()):08x}"


def _text_input(field: FormField) -> TextInput[Any]:
    return TextInput(
        custom_id=field.name,
        style=TextStyle.paragraph if field.multiline else TextStyle.short,
        default=field.value[: field.limit] or None,
        required=field.required,
        max_length=field.limit,
    )


def _menu(field: FormField) -> Select[Any]:
    options = [
        SelectOption(label=plain_text(label, 100) or "…", value=value, default=value == field.value)
        for value, label in field.choices
    ]
    return Select(
        custom_id=field.name,
        options=options,
        min_values=int(field.required),
        required=field.required,
    )


def _values(components: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    for label in components:
        match label.get("component"):
            case {
                "type": ComponentType.text_input.value,
                "custom_id": str(name),
                "value": str(text),
            }:
                yield name, text
            case {"type": ComponentType.select.value, "custom_id": str(name), "values": [*chosen]}:
                yield name, next((one for one in chosen if isinstance(one, str)), "")
            case _:
                pass
