"""Release windows in words: exactly as precise as they are known, in the reader's language."""

from datetime import date

from babel.dates import format_date, format_skeleton

from bot.catalog.model import Release, ReleaseStatus, Title
from bot.catalog.window import Precision, ReleaseWindow, WindowState
from bot.i18n import Translations
from bot.ui.render_context import RenderContext

_SKELETONS = {Precision.MONTH: "yMMMM", Precision.QUARTER: "yQQQQ", Precision.YEAR: "y"}
_AIRED = ("released", "returning", "ended")
_SETTLED = (ReleaseStatus.RELEASED, ReleaseStatus.CANCELLED, ReleaseStatus.POSTPONED)


def format_day(translations: Translations, when: date) -> str:
    """A calendar day, as the language writes it."""
    return format_date(when, "long", translations.babel)


def format_window(translations: Translations, window: ReleaseWindow | None) -> str:
    """A window in words. An instant is a Discord timestamp, so that each sees their own clock."""
    _ = translations.gettext
    if window is None:
        return _("To be announced")
    if window.instant is not None:
        unix = int(window.instant.timestamp())
        return f"<t:{unix}:F> (<t:{unix}:R>)"
    if window.precision is Precision.DAY:
        return format_day(translations, window.earliest)
    if window.precision is Precision.INTERVAL:
        return _interval(translations, window)
    if window.precision is Precision.HALF:
        first = window.earliest.month == 1
        half = _("first half of {year}") if first else _("second half of {year}")
        return half.format(year=window.earliest.year)
    return format_skeleton(_SKELETONS[window.precision], window.earliest, locale=translations.babel)


def current_release_status(release: Release, context: RenderContext) -> ReleaseStatus | None:
    """A release's status as of now: nothing is released before its window."""
    released = release.status is ReleaseStatus.RELEASED
    if released and release.window and release.window.state(context.now) is WindowState.AHEAD:
        return ReleaseStatus.ANNOUNCED
    return release.status


def current_title_status(title: Title, context: RenderContext) -> str | None:
    """A title's status as of now: it has not been released before its first release."""
    aired = (title.status or "").casefold() in _AIRED
    windows = [release.window for release, _before in title.release_history() if release.window]
    ahead = [window for window in windows if window.state(context.now) is WindowState.AHEAD]
    if aired and windows and len(ahead) == len(windows):
        return ReleaseStatus.ANNOUNCED
    return title.status


def passed_without_news(release: Release, context: RenderContext) -> bool:
    """Whether the window is over and nothing known says what came of it.

    A day that is merely listed, with no status, is taken for a day of broadcast.
    """
    window = release.window
    if window is None or release.status in _SETTLED:
        return False
    listed_day = release.status is None and window.precision in (
        Precision.DAY,
        Precision.INSTANT,
    )
    return not listed_day and window.state(context.now) is WindowState.PASSED


def _interval(translations: Translations, window: ReleaseWindow) -> str:
    start, end = map(ReleaseWindow.parse, window.text.split("/"))
    return translations.gettext("between {start} and {end}").format(
        start=format_window(translations, start), end=format_window(translations, end)
    )
