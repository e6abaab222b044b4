"""Citations of sources, and the card that lists them."""

from discord.ui import LayoutView

from bot.catalog.model import Person, Source, Title
from bot.ui.buttons import CardButton
from bot.ui.cards.headings import page_number, record_heading
from bot.ui.cards.navigation import page_buttons, paginate
from bot.ui.date_format import format_window
from bot.ui.layout import card, join_lines
from bot.ui.links import Card, CardLink
from bot.ui.markdown import escape_inline
from bot.ui.render_context import RenderContext

_LINK_LIMIT = 300
# Longer citations would not fit into a message.
_PAGE_SIZE = 5


def cite(source: Source, context: RenderContext) -> str:
    """Return a full citation: title, publisher or author, date."""
    publisher = escape_inline(source.publisher or source.author or "", 60)
    title = escape_inline(source.title, 120)
    name = context.translations.join_list(filter(None, (title, publisher)))
    return _with_date(_with_link(name, source), source, context)


def sources_line(record: Title | Person, context: RenderContext) -> str:
    """Return the first source of a record and the number of others, or nothing without sources."""
    if not record.sources:
        return ""
    first, *others = record.sources
    name = _with_link(escape_inline(first.publisher or first.author or first.title, 60), first)
    shown = context.translations.join_list([name, f"+{len(others)}"] if others else [name])
    return context.translations.gettext("Sources: {sources}").format(sources=shown)


def sources_button(record: Title | Person, context: RenderContext) -> list[CardButton]:
    """Return the button that opens the sources of a record, or nothing without sources."""
    kind = Card.SOURCES if isinstance(record, Title) else Card.PERSON_SOURCES
    label = context.translations.gettext("Sources")
    return [CardButton(label, CardLink(kind, record.id))] if record.sources else []


def sources_card(record: Title | Person, link: CardLink, context: RenderContext) -> LayoutView:
    """Return a page of the card that cites every source of a record in full."""
    _ = context.translations.gettext
    sources, page_link, pages = paginate(record.sources, link, _PAGE_SIZE)
    lines = [f"- {cite(source, context)}" for source in sources]
    back = Card.SHOW if isinstance(record, Title) else Card.PERSON
    return card(
        record_heading(record, context, _("Sources"), page_number(page_link.page, pages)),
        join_lines(*lines) or _("No sources yet."),
        buttons=[
            *page_buttons(page_link, pages, context),
            CardButton(_("Overview"), CardLink(back, record.id)),
        ],
    )


def _with_link(name: str, source: Source) -> str:
    # A very long URL would exceed the space for a source.
    is_linked = source.url is not None and len(str(source.url)) <= _LINK_LIMIT
    return f"[{name}](<{source.url}>)" if is_linked else name


def _with_date(name: str, source: Source, context: RenderContext) -> str:
    if source.published is None:
        return name
    return f"{name} ({format_window(context.translations, source.published)})"
