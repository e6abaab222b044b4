"""The card that says when, and only what is known of it."""

from discord.ui import LayoutView

from bot.catalog.model import Release, ReleaseStatus, Title
from bot.ui.cards.navigation import title_buttons
from bot.ui.cards.sources import cited
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
    """Every release as it stands, and the windows it had before."""
    _ = context.translations.gettext
    stories = [
        _release_section(title, release, before, context)
        for release, before in title.release_history()[:MAX_RELEASES]
    ]
    return card(
        join_lines(f"## {context.name(title)}", subtext(_("Release"))),
        *(stories or [_("No release announced yet.")]),
        buttons=title_buttons(title, context, on=Card.RELEASE),
    )


def release_line(release: Release, context: RenderContext) -> str:
    """A release in one line, for a card that is about something else."""
    return join_dotted(
        labelled(
            event_label(release, context), format_window(context.translations, release.window)
        ),
        status_line(release, context),
        place_label(release, context),
    )


def release_label(release: Release, context: RenderContext) -> str:
    """What is released, and where: `Premiere · Netflix · worldwide`."""
    return join_dotted(event_label(release, context), place_label(release, context))


def event_label(release: Release, context: RenderContext) -> str:
    """What is released: the premiere, the finale, a season."""
    name = translate_term(context.translations, release.event)
    if release.season is None:
        return name
    season = context.translations.gettext("season {number}").format(number=release.season)
    return f"{name}, {season}"


def _release_section(
    title: Title, release: Release, before: tuple[Release, ...], context: RenderContext
) -> str:
    return join_lines(
        bold(release_label(release, context)),
        f"### {format_window(context.translations, release.window)}",
        status_line(release, context),
        escape_inline(release.note, 300) if release.note else None,
        subtext(_cited(title, release, context)),
        *(_before_line(title, earlier, context) for earlier in before[:MAX_EARLIER_WINDOWS]),
    )


def status_line(release: Release, context: RenderContext) -> str:
    """How far a release has come, or that nothing is known of that."""
    _ = context.translations.gettext
    if passed_without_news(release, context):
        return _("This date has passed with no release news.")
    if release.window is None and release.status is not ReleaseStatus.CANCELLED:
        return _("No date announced yet.")
    now = current_release_status(release, context)
    return translate_term(context.translations, now) if now else ""


def place_label(release: Release, context: RenderContext) -> str:
    """On what network, in which region."""
    region = release.region
    if region is not None:
        region = (
            context.country(region)
            if region.isupper()
            else translate_term(context.translations, region)
        )
    return join_dotted(escape_inline(release.network) if release.network else None, region)


def _cited(title: Title, release: Release, context: RenderContext) -> str:
    _ = context.translations.gettext
    source, checked = title.source(release.source), release.checked
    return join_dotted(
        _("Source: {source}").format(source=cited(source, context)) if source else None,
        _("checked {day}").format(day=format_day(context.translations, checked))
        if checked
        else None,
    )


def _before_line(title: Title, release: Release, context: RenderContext) -> str:
    before = context.translations.gettext("Previously: {window}").format(
        window=format_window(context.translations, release.window)
    )
    said = translate_term(context.translations, release.status) if release.status else None
    note = escape_inline(release.note, 200) if release.note else None
    return subtext(join_dotted(before, said, note, _cited(title, release, context)))
