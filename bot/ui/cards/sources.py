"""Who says so."""

from bot.catalog.model import Person, Source, Title
from bot.ui.date_format import format_window
from bot.ui.layout import join_dotted
from bot.ui.markdown import escape_inline
from bot.ui.render_context import RenderContext

_LONGEST_LINK = 300


def cited(source: Source, context: RenderContext) -> str:
    """A source in full: its title, by whom, when."""
    by = escape_inline(source.publisher or source.author or "", 60)
    title = escape_inline(source.title, 120)
    return _dated(_linked(f"{title}, {by}" if by else title, source), source, context)


def sources_line(record: Title | Person, context: RenderContext) -> str:
    """All sources of a record, each by who says so; nothing where it names none."""
    if not record.sources:
        return ""
    names = dict.fromkeys(_named(source, context) for source in record.sources[:6])
    return context.translations.gettext("Sources: {sources}").format(sources=join_dotted(*names))


def _named(source: Source, context: RenderContext) -> str:
    name = escape_inline(source.publisher or source.author or source.title, 60)
    return _dated(_linked(name, source), source, context)


def _linked(name: str, source: Source) -> str:
    # An address can be longer than the place there is for a source.
    short = source.url is not None and len(str(source.url)) <= _LONGEST_LINK
    return f"[{name}](<{source.url}>)" if short else name


def _dated(name: str, source: Source, context: RenderContext) -> str:
    if source.published is None:
        return name
    return f"{name} ({format_window(context.translations, source.published)})"
