"""Persistent buttons and menus: they say by themselves what they open, and keep no state.

That is why they work after a restart, in a message however old, on whichever process answers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol, Self, cast

from discord import Interaction, SelectOption
from discord.ui import Button, DynamicItem, Item, Select

from bot.ui.links import Link
from bot.ui.markdown import clip

_OPTIONS = 25


class OpensCards(Protocol):
    """What the client has to be able to do. `path` comes from outside and may be anything."""

    async def open_card(self, interaction: Interaction[Any], path: str) -> None:
        """Answer with the card at a path."""
        ...


class CardButton(DynamicItem[Button[Any]], template=r"(?s)card:(?P<path>.+)"):
    """A button that opens a card for the one who presses it."""

    def __init__(self, label: str, path: Link | str) -> None:
        self.path = str(path)
        # A button without any label is refused; a name of nothing but spaces is as good as none.
        shown = clip(label.strip() or "…", 80)
        super().__init__(Button(label=shown, custom_id=f"card:{self.path}"))

    @classmethod
    async def from_custom_id(
        cls, interaction: Interaction[Any], item: Item[Any], match: Any, /
    ) -> Self:
        """Make the button again from a message sent at any time, even of something else there."""
        return cls(getattr(item, "label", None) or "…", match["path"])

    async def callback(self, interaction: Interaction[Any]) -> None:
        """Open the card."""
        await cast(OpensCards, interaction.client).open_card(interaction, self.path)


@dataclass(frozen=True, slots=True)
class MenuOption:
    """One line of a menu: what it is called, what tells it apart, and what it opens."""

    label: str
    description: str
    link: Link


class CardMenu(DynamicItem[Select[Any]], template=r"menu"):
    """A menu of cards; the one chosen is opened for the one who chooses."""

    def __init__(self, options: Sequence[MenuOption], placeholder: str) -> None:
        shown = [
            SelectOption(
                label=clip(option.label, 100),
                description=clip(option.description, 100) or None,
                value=str(option.link),
            )
            for option in options[:_OPTIONS]
        ]
        super().__init__(Select(custom_id="menu", placeholder=placeholder, options=shown))

    @classmethod
    async def from_custom_id(
        cls, interaction: Interaction[Any], item: Item[Any], match: Any, /
    ) -> Self:
        """Take the menu as it stands in the message."""
        menu = cls.__new__(cls)
        super(CardMenu, menu).__init__(cast(Select[Any], item))
        return menu

    async def callback(self, interaction: Interaction[Any]) -> None:
        """Open the card chosen."""
        path = next(iter(getattr(self.item, "values", ())), "")
        await cast(OpensCards, interaction.client).open_card(interaction, path)


class Outdated(DynamicItem[Item[Any]], template=r"(?s)(?!card:.|menu\Z).*"):
    """Whatever else a message may have to press: it leads nowhere (any more), and says so."""

    @classmethod
    async def from_custom_id(
        cls, interaction: Interaction[Any], item: Item[Any], match: Any, /
    ) -> Self:
        """Take it as it stands in the message."""
        return cls(item)

    async def callback(self, interaction: Interaction[Any]) -> None:
        """Answer that it leads nowhere."""
        await cast(OpensCards, interaction.client).open_card(interaction, "")


def unique_buttons(*buttons: CardButton) -> list[CardButton]:
    """The buttons but for those that lead where an earlier one does: Discord takes an id once."""
    return list({button.path: button for button in reversed(buttons)}.values())[::-1]
