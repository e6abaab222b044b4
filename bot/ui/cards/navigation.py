"""The buttons that lead from card to card."""

from collections.abc import Sequence
from typing import TypeVar

from bot.catalog.model import Title
from bot.ui.buttons import CardButton
from bot.ui.links import Card, CardLink
from bot.ui.render_context import RenderContext

Row = TypeVar("Row")


def title_buttons(title: Title, context: RenderContext, *, on: Card) -> list[CardButton]:
    """A button for each card of a title but the one they stand `on`."""
    _ = context.translations.gettext
    labels = {
        Card.SHOW: context.label(title),
        Card.CAST: _("Cast"),
        Card.SYNOPSIS: _("Synopsis"),
        Card.RELEASE: _("Release"),
    }
    return [
        CardButton(label, CardLink(to, title.id)) for to, label in labels.items() if to is not on
    ]


def page_buttons(here: CardLink, pages: int, context: RenderContext) -> list[CardButton]:
    """Buttons to the pages before and after this one, where there are any."""
    _ = context.translations.gettext
    labels = {here.page - 1: _("◀ Back"), here.page + 1: _("More ▶")}
    return [
        CardButton(label, CardLink(here.card, here.subject, page))
        for page, label in labels.items()
        if 1 <= page <= pages
    ]


def page_of(rows: Sequence[Row], link: CardLink, size: int) -> tuple[Sequence[Row], CardLink, int]:
    """The rows of the page a link asks for, the link to the page there is, and how many pages."""
    pages = max(1, -(-len(rows) // size))
    page = min(max(link.page, 1), pages)
    start = (page - 1) * size
    return rows[start : start + size], CardLink(link.card, link.subject, page), pages
