"""Persistent buttons and menus of countdowns, for moderators. Their custom ids are untrusted."""

import re
from collections.abc import Sequence
from enum import StrEnum
from typing import Any, Self

from discord import ButtonStyle, Interaction, SelectOption
from discord.ui import Button, DynamicItem, Item, Select

from bot.ui.buttons import MENU_LIMIT
from bot.ui.markdown import plain_text


class CountdownAction(StrEnum):
    """What a countdown button does with a countdown of the server."""

    SHOW = "show"
    PREVIEW = "preview"
    EDIT = "edit"
    PAUSE = "pause"
    RESUME = "resume"
    REMOVE = "remove"
    """Asks first."""
    CONFIRM_REMOVAL = "confirm"
    LIST = "list"
    """Shows a page of all countdowns."""


class CountdownButton(
    DynamicItem[Button[Any]],
    template=rf"countdown:(?P<action>{'|'.join(CountdownAction)}):(?P<number>[0-9]{{1,18}})",
):
    """A button for a countdown. `number` is the countdown's id, or the page for `LIST`."""

    def __init__(
        self,
        action: CountdownAction,
        number: int,
        label: str = "…",
        style: ButtonStyle = ButtonStyle.secondary,
    ) -> None:
        self.action = action
        self.number = number
        custom_id = f"countdown:{action}:{number}"
        super().__init__(Button(label=plain_text(label, 80), style=style, custom_id=custom_id))

    @classmethod
    async def from_custom_id(
        cls, interaction: Interaction[Any], item: Item[Any], match: Any, /
    ) -> Self:
        """Restore the button from a message of any age."""
        return cls(CountdownAction(match["action"]), int(match["number"]))

    async def callback(self, interaction: Interaction[Any]) -> None:
        """Run the action."""
        await interaction.client.run_countdown_action(interaction, self.action, self.number)


class CountdownMenu(DynamicItem[Select[Any]], template=r"countdowns"):
    """A select menu that shows the chosen countdown. Its values are ids."""

    def __init__(self, select: Select[Any]) -> None:
        super().__init__(select)

    @classmethod
    def of(cls, options: Sequence[SelectOption], placeholder: str) -> Self:
        """Create a menu of these options, up to Discord's limit."""
        return cls(
            Select(
                custom_id="countdowns", placeholder=placeholder, options=list(options[:MENU_LIMIT])
            )
        )

    @classmethod
    async def from_custom_id(
        cls, interaction: Interaction[Any], item: Item[Any], match: Any, /
    ) -> Self:
        """Restore the menu from a message of any age."""
        return cls(item if isinstance(item, Select) else Select(custom_id="countdowns"))

    async def callback(self, interaction: Interaction[Any]) -> None:
        """Show the chosen countdown."""
        value = next(iter(self.item.values), "")
        chosen = int(value) if re.fullmatch(r"[0-9]{1,18}", value) else 0
        await interaction.client.run_countdown_action(interaction, CountdownAction.SHOW, chosen)
