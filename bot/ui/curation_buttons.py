"""Persistent buttons and menus for curators and suggestions. Their custom ids are untrusted."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any, Self

from discord import ButtonStyle, Interaction, SelectOption
from discord.ui import Button, DynamicItem, Item, Select

from bot.catalog.model import Person, Title
from bot.ui.buttons import MENU_LIMIT
from bot.ui.curation_targets import RECORD
from bot.ui.markdown import plain_text
from bot.ui.render_context import RenderContext

_ARGUMENT = r"(?P<argument>[A-Za-z0-9_,/-]{0,95})"


class CurationAction(StrEnum):
    """What a button for curators does, with the argument of the button."""

    EDIT_AGAIN = "again"
    """Opens a modal with what was typed before. The argument is the key of the draft."""
    ADD_ANYWAY = "add"
    """Adds the title of a draft although there is one of the same name."""
    UNDO = "undo"
    """Undoes entries of a history, by their ids with commas."""
    HISTORY = "history"
    """Shows a page of the history of a record: `title/ID/PAGE`."""
    SAME = "same"
    """Joins the records of a doubtful pair."""
    DIFFERENT = "apart"
    """Keeps the records of a doubtful pair apart."""
    NEXT_DOUBT = "doubt"
    """Shows the doubtful pair after the one with this id."""
    ACCEPT = "accept"
    """Accepts a suggestion."""
    CHANGE = "change"
    """Accepts a suggestion in another form."""
    DECLINE = "decline"
    """Declines a suggestion."""
    BLOCK = "block"
    """Blocks who made a suggestion."""
    UNBLOCK = "unblock"
    """Accepts suggestions of a member again, by the id of the user."""
    NEXT_SUGGESTION = "next"
    """Shows the suggestion after the one with this id."""


class CurationButton(
    DynamicItem[Button[Any]],
    template=rf"curate:(?P<action>{'|'.join(CurationAction)}):{_ARGUMENT}",
):
    """A button for curators."""

    def __init__(
        self,
        action: CurationAction,
        argument: str | int,
        label: str = "…",
        style: ButtonStyle = ButtonStyle.secondary,
    ) -> None:
        self.action = action
        self.argument = str(argument)
        custom_id = f"curate:{action}:{argument}"
        super().__init__(Button(label=plain_text(label, 80), style=style, custom_id=custom_id))

    @classmethod
    async def from_custom_id(
        cls, interaction: Interaction[Any], item: Item[Any], match: Any, /
    ) -> Self:
        """Restore the button from a message of any age."""
        return cls(CurationAction(match["action"]), match["argument"])

    async def callback(self, interaction: Interaction[Any]) -> None:
        """Run the action."""
        await interaction.client.run_curation_action(interaction, self.action, self.argument)


class CurationMenu(DynamicItem[Select[Any]], template=r"curate:(?P<kind>edit|undo)"):
    """A menu for curators: of what to edit, by `EditTarget`, or of what to undo, by id."""

    def __init__(self, select: Select[Any]) -> None:
        super().__init__(select)

    @classmethod
    def to_edit(cls, options: Sequence[SelectOption], placeholder: str) -> Self:
        """Create a menu whose values are edit targets."""
        return cls(_select("edit", options, placeholder))

    @classmethod
    def to_undo(cls, options: Sequence[SelectOption], placeholder: str) -> Self:
        """Create a menu whose values are the ids of entries of a history."""
        return cls(_select("undo", options, placeholder))

    @classmethod
    async def from_custom_id(
        cls, interaction: Interaction[Any], item: Item[Any], match: Any, /
    ) -> Self:
        """Restore the menu from a message of any age."""
        return cls(item if isinstance(item, Select) else Select(custom_id=match[0]))

    async def callback(self, interaction: Interaction[Any]) -> None:
        """Open the chosen modal, or undo the chosen entry."""
        value = next(iter(self.item.values), "")
        if self.item.custom_id == "curate:undo":
            await interaction.client.run_curation_action(interaction, CurationAction.UNDO, value)
        else:
            await interaction.client.open_edit(interaction, value)


class SuggestButton(DynamicItem[Button[Any]], template=rf"suggest:(?P<path>{RECORD})"):
    """A button with which anybody suggests a change of a record."""

    def __init__(self, path: str, label: str = "…") -> None:
        self.path = path
        super().__init__(Button(label=plain_text(label, 80), custom_id=f"suggest:{path}"))

    @classmethod
    def of(cls, record: Title | Person, context: RenderContext) -> Self:
        """Create the button of a record's card."""
        label = context.translations.gettext("Suggest a correction")
        return cls(f"{record.entity}/{record.id}", label)

    @classmethod
    async def from_custom_id(
        cls, interaction: Interaction[Any], item: Item[Any], match: Any, /
    ) -> Self:
        """Restore the button from a message of any age."""
        return cls(match["path"])

    async def callback(self, interaction: Interaction[Any]) -> None:
        """Open the modal for a suggestion."""
        await interaction.client.open_suggestion(interaction, self.path)


def _select(kind: str, options: Sequence[SelectOption], placeholder: str) -> Select[Any]:
    return Select(
        custom_id=f"curate:{kind}", placeholder=placeholder, options=list(options[:MENU_LIMIT])
    )
