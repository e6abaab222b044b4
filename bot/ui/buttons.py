"""Persistent buttons and menus: their custom ids say what they open, and they keep no state.

So they work after a restart, in messages of any age, and on whichever process answers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

from discord import Interaction, SelectOption
from discord.ui import Button, DynamicItem, Item, Select

from bot.ui.links import CardLink
from bot.ui.markdown import truncate

MENU_LIMIT = 25


class CardButton(DynamicItem[Button[Any]], template=r"(?s)card:(?P<path>.+)"):
    """A button that opens a card for the member who presses it."""

    def __init__(self, label: str, path: CardLink | str) -> None:
        self.path = str(path)
        # A button without any label is refused; a name of nothing but spaces is as good as none.
        shown = truncate(label.strip() or "…", 80)
        super().__init__(Button(label=shown, custom_id=f"card:{self.path}"))

    @classmethod
    async def from_custom_id(
        cls, interaction: Interaction[Any], item: Item[Any], match: Any, /
    ) -> Self:
        """Make the button again from a message sent at any time, even of something else there."""
        return cls(getattr(item, "label", None) or "…", match["path"])

    async def callback(self, interaction: Interaction[Any]) -> None:
        """Open the card."""
        await interaction.client.open_card(interaction, self.path)


@dataclass(frozen=True, slots=True)
class MenuOption:
    """One line of a menu: what it is called, what tells it apart, and what it opens."""

    label: str
    description: str
    link: CardLink


class CardMenu(DynamicItem[Select[Any]], template=r"menu"):
    """A menu of cards; the chosen one opens for the member who chooses."""

    def __init__(self, select: Select[Any]) -> None:
        super().__init__(select)

    @classmethod
    def of(cls, options: Sequence[MenuOption], placeholder: str) -> Self:
        """A menu of these options, as many as Discord allows."""
        choices = [
            SelectOption(
                label=truncate(option.label, 100),
                description=truncate(option.description, 100) or None,
                value=str(option.link),
            )
            for option in options[:MENU_LIMIT]
        ]
        return cls(Select(custom_id="menu", placeholder=placeholder, options=choices))

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


def unique_buttons(*buttons: CardButton) -> list[CardButton]:
    """The buttons without repeated links: Discord accepts a custom id once per message."""
    return list({button.path: button for button in reversed(buttons)}.values())[::-1]
