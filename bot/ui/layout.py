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
    File,
    Item,
    LayoutView,
    Section,
    Separator,
    TextDisplay,
    Thumbnail,
)
from pydantic import HttpUrl

from bot.catalog.model import Person, Title

_TEXT_LIMIT = 4000
_BUTTONS_PER_ROW = 5
_MEDIA_URL_LIMIT = 2048
BUTTON_URL_LIMIT = 512
ACCENT = discord.Color(0xE8467C)

Button = Item[Any]
"""A persistent button or a link button."""


def card(
    *sections: str | None,
    footer: str | None = None,
    menu: Item[Any] | None = None,
    buttons: Sequence[Button] = (),
    navigation: Sequence[Button] = (),
    thumbnail: str | None = None,
    attachment: str | None = None,
) -> LayoutView:
    """Build a card: sections divided by separators, a footer, a menu, buttons and navigation.

    Components with callbacks of their own are not dispatched; use `CardButton` and `CardMenu`.
    Sections that are None or empty are omitted. Text beyond Discord's limit is truncated.
    `thumbnail` is the URL of a picture beside the first section. `attachment` is the name of a
    file that is sent with the card.
    """
    container: Container[Any] = Container(accent_color=ACCENT)
    *texts, small_print = _within_limit([*sections, subtext(footer or "")])
    for number, text in enumerate(filter(None, texts)):
        display: TextDisplay[Any] = TextDisplay(text)
        if number:
            container.add_item(Separator()).add_item(display)
        elif thumbnail:
            container.add_item(Section(display, accessory=Thumbnail(thumbnail)))
        else:
            container.add_item(display)
    if attachment:
        container.add_item(File(f"attachment://{attachment}"))
    if small_print:
        container.add_item(TextDisplay(small_print))
    for row in ([menu] if menu else [], *_rows(buttons), *_rows(navigation)):
        if row:
            container.add_item(ActionRow(*row))
    view = LayoutView(timeout=None)
    view.add_item(container)
    # Its buttons are persistent. discord.py would keep an unstopped view, and a task, for each
    # private reply for 15 minutes.
    view.stop()
    return view


def picture_url(record: Title | Person) -> str | None:
    """Return the URL of a poster or portrait, or None if there is none or it is too long."""
    picture = record.poster if isinstance(record, Title) else record.portrait
    url = str(picture or "")
    return url if 0 < len(url) <= _MEDIA_URL_LIMIT else None


def web_url(text: str) -> HttpUrl | None:
    """Return the URL of a web page as links have it, in ASCII; None if the text is none."""
    try:
        url = HttpUrl(text)
    except ValueError:
        return None
    return url if "." in (url.host or "") and not text.split()[1:] else None


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
    """Yield the texts, truncated to the limit of a message in all."""
    remaining = _TEXT_LIMIT
    for text in texts:
        text = text or ""
        if len(text) > remaining:
            text = text[: remaining - 1].rstrip("\\") + "…" if remaining > 1 else ""
        remaining -= len(text)
        yield text


def _rows(buttons: Sequence[Button]) -> Iterable[Sequence[Button]]:
    return (
        buttons[start : start + _BUTTONS_PER_ROW]
        for start in range(0, len(buttons), _BUTTONS_PER_ROW)
    )
