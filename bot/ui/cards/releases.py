"""The release card, and labels of releases."""

from zoneinfo import ZoneInfo

from discord.ui import LayoutView

from bot.catalog.model import EPISODE_EVENT, Release, ReleaseStatus, Title
from bot.i18n import Translations, capitalize, gettext_noop
from bot.ui.cards.headings import record_heading
from bot.ui.cards.navigation import title_buttons
from bot.ui.cards.sources import cite, credit_line, sources_button
from bot.ui.curation_buttons import SuggestButton
from bot.ui.date_format import (
    current_release_status,
    days_left_label,
    format_day,
    format_window,
    passed_without_news,
)
from bot.ui.layout import (
    card,
    heading,
    join_dotted,
    join_lines,
    labelled,
    picture_url,
    subtext,
)
from bot.ui.links import Card
from bot.ui.markdown import escape_inline
from bot.ui.render_context import RenderContext
from bot.ui.vocabulary import Vocabulary, translate_term

_SEOUL = ZoneInfo("Asia/Seoul")
_SEASON_EVENTS = {
    "season": gettext_noop("Season {number} premiere"),
    "premiere": gettext_noop("Season {number} premiere"),
    "finale": gettext_noop("Season {number} finale"),
}
# A rumored day is nothing to count down to.
_AHEAD_STATUSES = (None, ReleaseStatus.ANNOUNCED, ReleaseStatus.CONFIRMED)
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
        record_heading(title, context, _("Release")),
        *(sections or [_("No release announced yet.")]),
        footer=credit_line(title, context),
        buttons=[
            *title_buttons(title, context, on=Card.RELEASE),
            *sources_button(title, context),
            SuggestButton.of(title, context),
        ],
        thumbnail=picture_url(title),
    )


def release_line(release: Release, context: RenderContext) -> str:
    """Return a summary of a release in one line."""
    return join_dotted(
        labelled(
            event_label(release, context), format_window(context.translations, release.window)
        ),
        days_left_text(release, context),
        status_line(release, context),
        place_label(release, context),
    )


def release_label(release: Release, context: RenderContext) -> str:
    """Return the event and the place of a release: `Premiere · Netflix · worldwide`."""
    return join_dotted(event_label(release, context), place_label(release, context))


def event_label(release: Release, context: RenderContext) -> str:
    """Return the event of a release: the premiere, the finale, a season."""
    _ = context.translations.gettext
    name = event_name(release.event, context.translations)
    if release.season is None:
        return name
    message = _SEASON_EVENTS.get(release.event)
    season = _(message) if message else _("{event} of season {number}")
    return season.format(event=name, number=release.season)


def event_name(event: str, translations: Translations) -> str:
    """Return the name of an event: the premiere, the finale, an episode."""
    number = event.removeprefix(EPISODE_EVENT)
    if number != event and number.isascii() and number.isdigit():
        return translations.gettext("Episode {number}").format(number=number)
    return translate_term(translations, Vocabulary.EVENT, event)


def _release_section(
    title: Title, release: Release, earlier: tuple[Release, ...], context: RenderContext
) -> str:
    return join_lines(
        subtext(release_label(release, context)),
        heading(
            join_dotted(
                capitalize(format_window(context.translations, release.window)),
                days_left_text(release, context),
            )
        ),
        status_line(release, context),
        escape_inline(release.note, 300) if release.note else None,
        subtext(_source_text(title, release, context)),
        *(_earlier_line(title, version, context) for version in earlier[:MAX_EARLIER_WINDOWS]),
    )


def days_left_text(release: Release, context: RenderContext) -> str:
    """Return `D-8`, or nothing if the day is unknown, past, canceled or postponed.

    Days are counted in Seoul time, as in Korean announcements.
    """
    window = release.window
    is_ahead = current_release_status(release, context) in _AHEAD_STATUSES
    if window is None or not is_ahead or passed_without_news(release, context):
        return ""
    if not window.is_exact:
        return ""
    days = (window.first_day(_SEOUL) - context.now.astimezone(_SEOUL).date()).days
    return days_left_label(context.translations, days) if days >= 0 else ""


def status_line(release: Release, context: RenderContext) -> str:
    """Return the status of a release, or a note that it is unknown."""
    _ = context.translations.gettext
    if passed_without_news(release, context):
        return _("This date has passed with no release news.")
    if release.window is None and release.status is not ReleaseStatus.CANCELLED:
        return _("No date announced yet.")
    status = current_release_status(release, context)
    return translate_term(context.translations, Vocabulary.RELEASE_STATUS, status) if status else ""


def place_label(release: Release, context: RenderContext) -> str:
    """Return the network and the region of a release."""
    region = release.region
    if region is not None:
        region = (
            context.country(region)
            if region.isupper()
            else translate_term(context.translations, Vocabulary.REGION, region)
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
    status = (
        translate_term(context.translations, Vocabulary.RELEASE_STATUS, release.status)
        if release.status
        else None
    )
    note = escape_inline(release.note, 200) if release.note else None
    source = _source_text(title, release, context)
    return subtext(join_dotted(previously, status, note, source))
