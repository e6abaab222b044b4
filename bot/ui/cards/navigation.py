"""Navigation buttons and pagination of cards."""

from collections.abc import Sequence
from typing import TypeVar

from bot.catalog.model import Title
from bot.ui.buttons import CardButton
from bot.ui.links import Card, CardLink
from bot.ui.render_context import RenderContext

Row = TypeVar("Row")


def title_buttons(title: Title, context: RenderContext, *, on: Card) -> list[CardButton]:
    """Return a button for each card of a title except the current one, `on`."""
    _ = context.translations.gettext
    labels = {
        Card.SHOW: _("Overview"),
        Card.CAST: _("Cast"),
        Card.SYNOPSIS: _("Synopsis"),
        Card.RELEASE: _("Release"),
    }
    return [
        CardButton(label, CardLink(card, title.id))
        for card, label in labels.items()
        if card is not on
    ]


def page_buttons(current: CardLink, pages: int, context: RenderContext) -> list[CardButton]:
    """Return the buttons to the previous and the next page, if any."""
    return [
        CardButton(label, CardLink(current.card, current.subject, page))
        for page, label in neighbors(current.page, pages, context)
    ]


def neighbors(page: int, pages: int, context: RenderContext) -> Sequence[tuple[int, str]]:
    """Return the previous and the next page, if any, each with the label of its button."""
    _ = context.translations.gettext
    labels = {page - 1: _("◀ Back"), page + 1: _("More ▶")}
    return [(number, label) for number, label in labels.items() if 1 <= number <= pages]


def paginate(rows: Sequence[Row], link: CardLink, size: int) -> tuple[Sequence[Row], CardLink, int]:
    """Return the rows of the linked page, the link to this page, and the number of pages.

    A page number out of range is replaced by the closest valid one.
    """
    shown, page, pages = page_of(rows, link.page, size)
    return shown, CardLink(link.card, link.subject, page), pages


def page_of(rows: Sequence[Row], page: int, size: int) -> tuple[Sequence[Row], int, int]:
    """Return the rows of a page, its number, and the number of pages.

    A page number out of range is replaced by the closest valid one.
    """
    pages = max(1, -(-len(rows) // size))
    page = min(max(page, 1), pages)
    start = (page - 1) * size
    return rows[start : start + size], page, pages
