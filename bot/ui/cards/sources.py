"""Who says so."""

from bot.catalog.model import Person, Source, Title
from bot.ui.layout import dotted
from bot.ui.markdown import plain
from bot.ui.reader import Reader
from bot.ui.windows import describe

_LONGEST_LINK = 300


def cited(source: Source, reader: Reader) -> str:
    """A source in full: its title, by whom, when."""
    by = plain(source.publisher or source.author or "", 60)
    title = plain(source.title, 120)
    return _dated(_linked(f"{title}, {by}" if by else title, source), source, reader)


def sources_line(record: Title | Person, reader: Reader) -> str:
    """All sources of a record, each by who says so; nothing where it names none."""
    if not record.sources:
        return ""
    names = dict.fromkeys(_named(source, reader) for source in record.sources[:6])
    return reader.texts.gettext("Sources: {sources}").format(sources=dotted(*names))


def _named(source: Source, reader: Reader) -> str:
    name = plain(source.publisher or source.author or source.title, 60)
    return _dated(_linked(name, source), source, reader)


def _linked(name: str, source: Source) -> str:
    # An address can be longer than the place there is for a source.
    short = source.url is not None and len(str(source.url)) <= _LONGEST_LINK
    return f"[{name}](<{source.url}>)" if short else name


def _dated(name: str, source: Source, reader: Reader) -> str:
    if source.published is None:
        return name
    return f"{name} ({describe(reader.texts, source.published)})"
