"""Headings of cards."""

from bot.catalog.model import Person, Title
from bot.ui.layout import join_dotted, join_lines, subtext
from bot.ui.render_context import RenderContext


def record_heading(record: Title | Person, context: RenderContext, *details: str | None) -> str:
    """Return the name of a record, its native names, and the non-empty details in small print."""
    return join_lines(
        f"## {context.name(record)}", context.other_names(record), subtext(join_dotted(*details))
    )


def page_number(page: int, pages: int) -> str | None:
    """Return `2/3`, or None if there is only one page."""
    return f"{page}/{pages}" if pages > 1 else None
