"""Citations of sources, and the card that lists them."""

from collections.abc import Sequence

from discord.ui import LayoutView

from bot.catalog.model import Person, Source, Title
from bot.ui.buttons import CardButton
from bot.ui.cards.headings import page_number, record_heading
from bot.ui.cards.navigation import page_buttons, paginate
from bot.ui.curation_buttons import SuggestButton
from bot.ui.date_format import format_window
from bot.ui.layout import card, join_lines
from bot.ui.links import Card, CardLink
from bot.ui.markdown import escape_inline
from bot.ui.render_context import RenderContext

_LINK_LIMIT = 300
# Longer citations would not fit into a message.
_PAGE_SIZE = 5
_LINE_LIMIT = 4


def cite(source: Source, context: RenderContext) -> str:
    """Return a full citation: title, publisher or author, date."""
    publisher = escape_inline(source.publisher or source.author or "", 60)
    title = escape_inline(source.title, 120)
    name = context.translations.join_list(filter(None, (title, publisher)))
    return _with_license(_with_date(_with_link(name, source), source, context), source)


def sources_line(record: Title | Person, context: RenderContext) -> str:
    """Return the sources of a record in one line: those that ask for credit, and the first other.

    The number of others follows. Returns nothing without sources.
    """
    credited = [source for source in record.sources if _asks_for_credit(source)]
    others = [source for source in record.sources if not _asks_for_credit(source)]
    return _line([*credited, *others[:1]], len(others[1:]), context)


def credit_line(record: Title | Person, context: RenderContext) -> str:
    """Return those sources of a record whose licenses ask for credit wherever they are shown."""
    return _line([source for source in record.sources if _asks_for_credit(source)], 0, context)


def _line(sources: Sequence[Source], more: int, context: RenderContext) -> str:
    if not sources:
        return ""
    shown = [_short_citation(source) for source in sources[:_LINE_LIMIT]]
    more += len(sources[_LINE_LIMIT:])
    names = context.translations.join_list([*shown, f"+{more}"] if more else shown)
    return context.translations.gettext("Sources: {sources}").format(sources=names)


def _short_citation(source: Source) -> str:
    name = escape_inline(source.publisher or source.author or source.title, 60)
    return _with_license(_with_link(name, source), source)


def _asks_for_credit(source: Source) -> bool:
    return (source.license or "").startswith("CC-BY")


def _with_license(name: str, source: Source) -> str:
    """Add the license as it is usually written: CC BY-SA 4.0."""
    if not _asks_for_credit(source):
        return name
    kind, _, version = (source.license or "").removeprefix("CC-").rpartition("-")
    return f"{name} (CC {escape_inline(f'{kind} {version}', 30)})"


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
            SuggestButton.of(record, context),
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
