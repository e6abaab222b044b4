"""Building blocks of cards, within Discord's limits for Components V2.

The limits are 4,000 characters of text per message, 40 components, and 5 buttons per row.
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

from bot.catalog.model import Title

_TEXT_LIMIT = 4000
_BUTTONS_PER_ROW = 5
_MEDIA_URL_LIMIT = 2048
BUTTON_URL_LIMIT = 512
ACCENT = discord.Colour(0xE8467C)

Button = Item[Any]
"""A persistent button or a link button."""


def card(
    *texts: str | None,
    menu: Item[Any] | None = None,
    buttons: Sequence[Button] = (),
    navigation: Sequence[Button] = (),
    poster: str | None = None,
) -> LayoutView:
    """Build a card: texts, then a menu, then buttons, then navigation buttons.

    Components with callbacks of their own are not dispatched; use `CardButton` and `CardMenu`.
    Texts that are None or empty are omitted. Text beyond Discord's limit is truncated. The poster
    is shown beside the first text.
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
    # Its buttons are persistent. discord.py would keep an unstopped view, and a task, for each
    # private reply for 15 minutes.
    view.stop()
    return view


def poster_url(title: Title) -> str | None:
    """Return the URL of a title's poster, or None if there is none or Discord would reject it."""
    url = str(title.poster or "")
    return url if 0 < len(url) <= _MEDIA_URL_LIMIT else None


def join_lines(*parts: str | None) -> str:
    """Join the non-empty parts with line breaks."""
    return "\n".join(part for part in parts if part)


def join_dotted(*parts: str | None) -> str:
    """Join the non-empty parts with dots."""
    return " · ".join(part for part in parts if part)


def bold(text: str) -> str:
    """Return bold text."""
    return f"**{text}**"


def labelled(label: str, text: str) -> str:
    """Return a bold label and the text, or an empty string if the text is empty."""
    return f"**{label}** {text}" if text else ""


def heading(text: str) -> str:
    """Return a heading."""
    return f"### {text}"


def subtext(text: str) -> str:
    """Return subtext, or an empty string if the text is empty."""
    return f"-# {text}" if text else ""


def _within_limit(texts: Iterable[str | None]) -> Iterable[str]:
    remaining = _TEXT_LIMIT
    for text in texts:
        if text and remaining > 1:
            fits = len(text) <= remaining
            truncated = text if fits else text[: remaining - 1].rstrip("\\") + "…"
            remaining -= len(truncated)
            yield truncated


def _rows(buttons: Sequence[Button]) -> Iterable[Sequence[Button]]:
    return (
        buttons[start : start + _BUTTONS_PER_ROW]
        for start in range(0, len(buttons), _BUTTONS_PER_ROW)
    )
