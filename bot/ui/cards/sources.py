"""Citations of sources."""

from bot.catalog.model import Person, Source, Title
from bot.ui.date_format import format_window
from bot.ui.layout import join_dotted
from bot.ui.markdown import escape_inline
from bot.ui.render_context import RenderContext

_LINK_LIMIT = 300


def cite(source: Source, context: RenderContext) -> str:
    """Return a full citation: title, publisher or author, date."""
    publisher = escape_inline(source.publisher or source.author or "", 60)
    title = escape_inline(source.title, 120)
    return _with_date(
        _with_link(f"{title}, {publisher}" if publisher else title, source), source, context
    )


def sources_line(record: Title | Person, context: RenderContext) -> str:
    """Return the sources of a record in one line, or an empty string if it has none."""
    if not record.sources:
        return ""
    names = dict.fromkeys(_short_citation(source, context) for source in record.sources[:6])
    return context.translations.gettext("Sources: {sources}").format(sources=join_dotted(*names))


def _short_citation(source: Source, context: RenderContext) -> str:
    name = escape_inline(source.publisher or source.author or source.title, 60)
    return _with_date(_with_link(name, source), source, context)


def _with_link(name: str, source: Source) -> str:
    # A very long URL would exceed the space for a source.
    is_linked = source.url is not None and len(str(source.url)) <= _LINK_LIMIT
    return f"[{name}](<{source.url}>)" if is_linked else name


def _with_date(name: str, source: Source, context: RenderContext) -> str:
    if source.published is None:
        return name
    return f"{name} ({format_window(context.translations, source.published)})"
