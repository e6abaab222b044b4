"""Building blocks of cards, within Discord's limits for Components V2.

The limits: 4,000 characters over all text of a message, 40 components, 5 buttons a row.
Source: https://docs.discord.com/developers/components/reference
"""

from collections.abc import Iterable, Sequence
from typing import Any

import discord
from discord.ui import (
    ActionRow,
    Container,
    Item,
    LayoutView,
    Section,
    TextDisplay,
    Thumbnail,
)

_TEXT_LIMIT = 4000
_ROW = 5
ACCENT = discord.Colour(0xE8467C)

Button = Item[Any]
"""A button of any make: persistent, or a plain link."""


def card(
    *texts: str | None,
    menu: Item[Any] | None = None,
    buttons: Sequence[Button] = (),
    navigation: Sequence[Button] = (),
    poster: str | None = None,
) -> LayoutView:
    """A card: texts one under the other, then a menu, then buttons, then those that lead on.

    A text that is None or empty is left out. What exceeds Discord's limit of text is cut at its
    end. A poster stands beside the first text.
    """
    container: Container[Any] = Container(accent_colour=ACCENT)
    for number, text in enumerate(_within_limit(texts)):
        display: TextDisplay[Any] = TextDisplay(text)
        if number == 0 and poster:
            container.add_item(Section(display, accessory=Thumbnail(poster)))
        else:
            container.add_item(display)
    for row in ([menu] if menu else [], *_rows(buttons), *_rows(navigation)):
        if row:
            container.add_item(ActionRow(*row))
    view = LayoutView(timeout=None)
    view.add_item(container)
    return view


def join_lines(*parts: str | None) -> str:
    """The parts there are, each on a line of its own."""
    return "\n".join(part for part in parts if part)


def join_dotted(*parts: str | None) -> str:
    """The parts there are, on one line."""
    return " · ".join(part for part in parts if part)


def bold(text: str) -> str:
    """Text that stands out."""
    return f"**{text}**"


def labelled(label: str, text: str) -> str:
    """A label and what it says; nothing where it says nothing."""
    return f"**{label}** {text}" if text else ""


def heading(text: str) -> str:
    """A line that heads what follows."""
    return f"### {text}"


def subtext(text: str) -> str:
    """Text in Discord's small print; nothing for none."""
    return f"-# {text}" if text else ""


def _within_limit(texts: Iterable[str | None]) -> Iterable[str]:
    left = _TEXT_LIMIT
    for text in texts:
        if text and left > 1:
            cut = text if len(text) <= left else text[: left - 1].rstrip("\\") + "…"
            left -= len(cut)
            yield cut


def _rows(buttons: Sequence[Button]) -> Iterable[Sequence[Button]]:
    return (buttons[start : start + _ROW] for start in range(0, len(buttons), _ROW))
