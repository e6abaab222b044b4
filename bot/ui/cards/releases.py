"""The release card, and labels of releases."""

from discord.ui import LayoutView

from bot.catalog.model import Release, ReleaseStatus, Title
from bot.ui.cards.navigation import title_buttons
from bot.ui.cards.sources import cite
from bot.ui.date_format import (
    current_release_status,
    format_day,
    format_window,
    passed_without_news,
)
from bot.ui.layout import bold, card, join_dotted, join_lines, labelled, subtext
from bot.ui.links import Card
from bot.ui.markdown import escape_inline
from bot.ui.render_context import RenderContext
from bot.ui.vocabulary import translate_term

MAX_RELEASES = 6
MAX_EARLIER_WINDOWS = 5


def release_card(title: Title, context: RenderContext) -> LayoutView:
    """Return the card with the current releases and their earlier windows."""
    _ = context.translations.gettext
    sections = [
        _release_section(title, release, earlier, context)
        for release, earlier in title.release_history()[:MAX_RELEASES]
    ]
    return card(
        join_lines(f"## {context.name(title)}", subtext(_("Release"))),
        *(sections or [_("No release announced yet.")]),
        buttons=title_buttons(title, context, on=Card.RELEASE),
    )


def release_line(release: Release, context: RenderContext) -> str:
    """Return a summary of a release in one line."""
    return join_dotted(
        labelled(
            event_label(release, context), format_window(context.translations, release.window)
        ),
        status_line(release, context),
        place_label(release, context),
    )


def release_label(release: Release, context: RenderContext) -> str:
    """Return the event and the place of a release: `Premiere · Netflix · worldwide`."""
    return join_dotted(event_label(release, context), place_label(release, context))


def event_label(release: Release, context: RenderContext) -> str:
    """Return the event of a release: the premiere, the finale, a season."""
    name = translate_term(context.translations, release.event)
    if release.season is None:
        return name
    season = context.translations.gettext("season {number}").format(number=release.season)
    return f"{name}, {season}"


def _release_section(
    title: Title, release: Release, earlier: tuple[Release, ...], context: RenderContext
) -> str:
    return join_lines(
        bold(release_label(release, context)),
        f"### {format_window(context.translations, release.window)}",
        status_line(release, context),
        escape_inline(release.note, 300) if release.note else None,
        subtext(_source_text(title, release, context)),
        *(_earlier_line(title, version, context) for version in earlier[:MAX_EARLIER_WINDOWS]),
    )


def status_line(release: Release, context: RenderContext) -> str:
    """Return the status of a release, or a note that it is unknown."""
    _ = context.translations.gettext
    if passed_without_news(release, context):
        return _("This date has passed with no release news.")
    if release.window is None and release.status is not ReleaseStatus.CANCELLED:
        return _("No date announced yet.")
    status = current_release_status(release, context)
    return translate_term(context.translations, status) if status else ""


def place_label(release: Release, context: RenderContext) -> str:
    """Return the network and the region of a release."""
    region = release.region
    if region is not None:
        region = (
            context.country(region)
            if region.isupper()
            else translate_term(context.translations, region)
        )
    return join_dotted(escape_inline(release.network) if release.network else None, region)


def _source_text(title: Title, release: Release, context: RenderContext) -> str:
    _ = context.translations.gettext
    source, checked = title.source(release.source), release.checked
    return join_dotted(
        _("Source: {source}").format(source=cite(source, context)) if source else None,
        _("checked {day}").format(day=format_day(context.translations, checked))
        if checked
        else None,
    )


def _earlier_line(title: Title, release: Release, context: RenderContext) -> str:
    previously = context.translations.gettext("Previously: {window}").format(
        window=format_window(context.translations, release.window)
    )
    status = translate_term(context.translations, release.status) if release.status else None
    note = escape_inline(release.note, 200) if release.note else None
    source = _source_text(title, release, context)
    return subtext(join_dotted(previously, status, note, source))
