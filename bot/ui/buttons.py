"""Persistent buttons and menus. Their state is in their custom ids and values.

They work after a restart, in messages of any age, and in any process of the bot.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

from discord import Interaction, SelectOption
from discord.ui import Button, DynamicItem, Item, Select

from bot.ui.links import CardLink
from bot.ui.markdown import plain_text

MENU_LIMIT = 25


class CardButton(DynamicItem[Button[Any]], template=r"(?s)card:(?P<path>.+)"):
    """A button that opens a card for the user who clicks it."""

    def __init__(self, label: str, path: CardLink | str) -> None:
        self.path = str(path)
        # Discord rejects a button with an empty or blank label.
        button_label = plain_text(label, 80) or "…"
        super().__init__(Button(label=button_label, custom_id=f"card:{self.path}"))

    @classmethod
    async def from_custom_id(
        cls, interaction: Interaction[Any], item: Item[Any], match: Any, /
    ) -> Self:
        """Restore the button from a message of any age, from any component with its custom id."""
        return cls(getattr(item, "label", None) or "…", match["path"])

    async def callback(self, interaction: Interaction[Any]) -> None:
        """Open the card."""
        await interaction.client.open_card(interaction, self.path)


@dataclass(frozen=True, slots=True)
class MenuOption:
    """An option of a menu: its label, its description and the card it opens."""

    label: str
    description: str
    link: CardLink


class CardMenu(DynamicItem[Select[Any]], template=r"menu"):
    """A select menu that opens the chosen card for the user."""

    def __init__(self, select: Select[Any]) -> None:
        super().__init__(select)

    @classmethod
    def of(cls, options: Sequence[MenuOption], placeholder: str) -> Self:
        """Create a menu of these options, up to Discord's limit."""
        select_options = [
            SelectOption(
                label=plain_text(option.label, 100) or "…",
                description=plain_text(option.description, 100) or None,
                value=str(option.link),
            )
            for option in options[:MENU_LIMIT]
        ]
        return cls(Select(custom_id="menu", placeholder=placeholder, options=select_options))

    @classmethod
    async def from_custom_id(
        cls, interaction: Interaction[Any], item: Item[Any], match: Any, /
    ) -> Self:
        """Restore the menu from a message of any age."""
        return cls(item if isinstance(item, Select) else Select(custom_id="menu"))

    async def callback(self, interaction: Interaction[Any]) -> None:
        """Open the chosen card."""
        path = next(iter(self.item.values), "")
        await interaction.client.open_card(interaction, path)
