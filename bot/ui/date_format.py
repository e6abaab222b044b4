"""Formats release windows with their exact precision, in the user's language."""

from datetime import date

from babel.dates import format_date, format_skeleton

from bot.catalog.model import Release, ReleaseStatus, Title
from bot.catalog.window import Precision, ReleaseWindow, WindowState
from bot.i18n import Translations
from bot.ui.render_context import RenderContext

_SKELETONS = {Precision.MONTH: "yMMMM", Precision.QUARTER: "yQQQQ", Precision.YEAR: "y"}
_AIRED_STATUSES = ("released", "returning", "ended")
_FINAL_STATUSES = (ReleaseStatus.RELEASED, ReleaseStatus.CANCELLED, ReleaseStatus.POSTPONED)


def format_day(translations: Translations, day: date) -> str:
    """Format a date."""
    return format_date(day, "long", translations.babel)


def format_window(translations: Translations, window: ReleaseWindow | None) -> str:
    """Format a window. An instant becomes a Discord timestamp, shown in the user's local time."""
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


def days_left_label(translations: Translations, days: int) -> str:
    """Return the label of a number of days left: `D-8`, or `D-Day` if it is 0."""
    _ = translations.gettext
    return _("D-{days}").format(days=days) if days else _("D-Day")


def current_release_status(release: Release, context: RenderContext) -> ReleaseStatus | None:
    """Return the status of a release now. It is not released before its window."""
    released = release.status is ReleaseStatus.RELEASED
    if released and release.window and release.window.state(context.now) is WindowState.AHEAD:
        return ReleaseStatus.ANNOUNCED
    return release.status


def current_title_status(title: Title, context: RenderContext) -> str | None:
    """Return the status of a title now. It has not aired before its first release."""
    aired = (title.status or "").casefold() in _AIRED_STATUSES
    windows = [release.window for release, _earlier in title.release_history() if release.window]
    ahead = [window for window in windows if window.state(context.now) is WindowState.AHEAD]
    if aired and windows and len(ahead) == len(windows):
        return ReleaseStatus.ANNOUNCED
    return title.status


def passed_without_news(release: Release, context: RenderContext) -> bool:
    """Return whether the window has passed without a known outcome.

    An exact date without a status is assumed to be an air date.
    """
    window = release.window
    if window is None or release.status in _FINAL_STATUSES:
        return False
    is_air_date = release.status is None and window.precision in (
        Precision.DAY,
        Precision.INSTANT,
    )
    return not is_air_date and window.state(context.now) is WindowState.PASSED


def _interval(translations: Translations, window: ReleaseWindow) -> str:
    start, end = map(ReleaseWindow.parse, window.text.split("/"))
    return translations.gettext("between {start} and {end}").format(
        start=format_window(translations, start), end=format_window(translations, end)
    )
