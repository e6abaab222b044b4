"""Cards for choices, failed searches, messages and the bot itself."""

from collections.abc import Sequence

from babel.numbers import format_decimal
from discord.ui import Button, LayoutView

from bot.catalog.snapshot import CatalogSize
from bot.project import Project
from bot.sources.ports import SourceStatus
from bot.ui.buttons import CardButton, CardMenu, MenuOption
from bot.ui.date_format import format_day
from bot.ui.layout import bold, card, join_dotted, join_lines, subtext
from bot.ui.markdown import escape_inline, truncate
from bot.ui.render_context import RenderContext

# Its terms ask for these words.
TMDB_NOTICE = "-# This product uses the TMDB API but is not endorsed or certified by TMDB."

# Names, pages and licenses.
_SOURCES = {
    "tvmaze": ("TVmaze", "https://www.tvmaze.com", "CC BY-SA 4.0"),
    "wikidata": ("Wikidata", "https://www.wikidata.org", "CC0"),
    "tmdb": ("TMDB", "https://www.themoviedb.org", ""),
}


def choice_card(query: str, options: Sequence[MenuOption], context: RenderContext) -> LayoutView:
    """Return a menu for a name with several matches."""
    _ = context.translations.gettext
    text = _("Several matches for **{asked}**. Which one did you mean?").format(
        asked=escape_inline(query)
    )
    return card(text, menu=CardMenu.of(options, _("Choose one")))


def not_found_card(query: str, options: Sequence[MenuOption], context: RenderContext) -> LayoutView:
    """Return the card for a name without matches, with buttons for similar names."""
    _ = context.translations.gettext
    text = _("I couldn't find anything for **{asked}**.").format(asked=escape_inline(query))
    if not options:
        advice = _("Try a different spelling or script. {command} shows examples.")
        return card(join_lines(text, advice.format(command=context.command("help"))))
    buttons = [CardButton(option.label, option.link) for option in options]
    return card(join_lines(text, _("Did you mean one of these?")), buttons=buttons)


def message_card(message: str, context: RenderContext, error_id: str | None = None) -> LayoutView:
    """Return a card with a message, and the id of a logged error if there is one."""
    if error_id is None:
        return card(message)
    error_code = context.translations.gettext("Error code: {id}").format(id=error_id)
    return card(message, subtext(error_code))


def about_card(
    size: CatalogSize,
    sources: Sequence[SourceStatus],
    project: Project,
    context: RenderContext,
) -> LayoutView:
    """Return the card about the bot: version, catalog, sources, licenses and privacy."""
    _ = context.translations.gettext
    return card(
        join_lines(
            "## Bonbang (본방)",
            subtext(_("Version {version}").format(version=project.version)),
        ),
        _("Ask me about K-dramas: who's in them, what they're about, and when they come out."),
        _catalog_section(size, context),
        join_lines(
            bold(_("Sources and licenses")),
            _(
                "Every card cites its sources. Bonbang's own entries are written in its own "
                "words and, like its code, MIT-licensed."
            ),
            *(_source_line(status, context) for status in sources),
            _failure_line(sources, context),
            TMDB_NOTICE if any(_is_tmdb(status) for status in sources) else None,
        ),
        join_lines(
            bold(_("What I store")),
            _(
                "I don't keep what you search for. If you suggest a correction, I show it to "
                "curators with your name, and delete it 90 days after it is decided. Whoever runs "
                "this bot can delete it earlier. I keep what curators change, with their names, "
                "and the IDs of members who may not suggest."
            ),
            _(
                "For servers, I keep settings, countdowns, and what was announced in the last 90 "
                "days. That is deleted 30 days after I'm removed from the server."
            ),
        ),
        buttons=[Button(label=truncate(_("About the project"), 80), url=project.url)],
    )


def _is_tmdb(status: SourceStatus) -> bool:
    return status.source == "tmdb" and status.records > 0


def _source_line(status: SourceStatus, context: RenderContext) -> str:
    """Return a source with its license, when it was last read, and whether that failed."""
    _ = context.translations.gettext
    name, url, license_name = _SOURCES.get(status.source, (status.source, "", ""))
    linked = f"[{name}](<{url}>)" if url else escape_inline(name)
    if status.finished_at is None:
        read = _("not read completely yet")
    else:
        read = _("last read {when}").format(when=f"<t:{status.finished_at.timestamp():.0f}:R>")
    failed = ""
    if status.failed_at is not None:
        message = _("can't be read since {when}; I keep trying")
        failed = message.format(when=f"<t:{status.failed_at.timestamp():.0f}:R>")
    return subtext(join_dotted(linked, license_name, read, failed))


def _failure_line(sources: Sequence[SourceStatus], context: RenderContext) -> str | None:
    """Return where hosts find out why a source can't be read, or None if all can be."""
    if all(status.failed_at is None for status in sources):
        return None
    message = context.translations.gettext(
        "Whoever runs this bot finds out why, and what to do, with {command}."
    )
    return subtext(message.format(command="`bonbang catalog sources`"))


def _catalog_section(size: CatalogSize, context: RenderContext) -> str:
    _, translations = context.translations.gettext, context.translations
    titles = translations.ngettext("{count} title", "{count} titles", size.titles)
    people = translations.ngettext("{count} person", "{count} people", size.people)
    counts = [
        message.format(count=format_decimal(count, locale=translations.babel))
        for message, count in ((titles, size.titles), (people, size.people))
    ]
    if size.changed is None:
        return join_lines(bold(_("Catalog")), _("No entries yet."))
    updated = _("Last updated {day}").format(day=format_day(translations, size.changed.date()))
    return join_lines(bold(_("Catalog")), translations.join_list(counts), subtext(updated))
