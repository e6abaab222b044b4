"""Formats release windows with their exact precision, days and times, in the user's language."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, time
from typing import cast

from babel import Locale
from babel.dates import format_date, format_interval, format_skeleton, format_time

from bot.catalog.model import Release, ReleaseStatus, Title
from bot.catalog.window import Precision, ReleaseWindow, WindowState
from bot.i18n import Translations
from bot.ui.render_context import RenderContext

_SKELETONS = {Precision.MONTH: "yMMMM", Precision.QUARTER: "yQQQQ", Precision.YEAR: "y"}
_RANGE_PRECISIONS = (Precision.MONTH, Precision.YEAR)
_SHORT_MONTH = re.compile("M{3,}")
_AIRED_STATUSES = ("released", "returning", "ended")
_FINAL_STATUSES = (ReleaseStatus.RELEASED, ReleaseStatus.CANCELLED, ReleaseStatus.POSTPONED)


def format_day(translations: Translations, day: date) -> str:
    """Format a date."""
    return format_date(day, "long", translations.babel)


def days_left_label(translations: Translations, days: int) -> str:
    """Return how fans count the days before a release: `D-7`, and `D-Day` on the day."""
    _ = translations.gettext
    return _("D-{days}").format(days=days) if days else _("D-Day")


def format_time_of_day(translations: Translations, at: time) -> str:
    """Format a time of day to the minute: `9:00 PM` or `21:00`, as the language has it."""
    pattern = translations.babel.time_formats["short"].pattern
    # Korean writes 오후 for `PM`; Babel has that as the long name.
    return format_time(at, pattern.replace("a", "aaaa"), locale=translations.babel)


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
        half = _("1st half of {year}") if first else _("2nd half of {year}")
        return half.format(year=window.earliest.year)
    if window.precision is Precision.QUARTER and translations.language == "zh":
        # A quarter (季) reads as a season of the show.
        return format_interval(window.earliest, window.latest, "yMMMM", locale=translations.babel)
    skeleton = _SKELETONS[window.precision]
    if translations.language == "ko":
        # Koreans write 4분기; CLDR has that as the short form.
        skeleton = skeleton.replace("QQQQ", "QQQ")
    return format_skeleton(skeleton, window.earliest, locale=translations.babel)


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
    is_air_date = release.status is None and window.is_exact
    return not is_air_date and window.state(context.now) is WindowState.PASSED


def _interval(translations: Translations, window: ReleaseWindow) -> str:
    """Format an interval, each end as precisely as its source has it."""
    start, end = map(ReleaseWindow.parse, window.text.split("/"))
    if start.text == end.text:
        return format_window(translations, start)
    if start.precision is end.precision is Precision.DAY:
        return _day_range(translations.babel, start.earliest, end.earliest)
    if start.precision is end.precision and start.precision in _RANGE_PRECISIONS:
        skeleton = _SKELETONS[start.precision]
        return format_interval(start.earliest, end.earliest, skeleton, locale=translations.babel)
    separated = cast(str, translations.babel.interval_formats[None])
    return separated.format(*(format_window(translations, one) for one in (start, end)))


def _day_range(locale: Locale, start: date, end: date) -> str:
    """Format two different days in one: `November 22 – 25, 2026`."""
    formats = cast(Mapping[str, Mapping[str, Sequence[str]]], locale.interval_formats)
    difference = next(
        x for x, y, z in zip("yMd", _parts(start), _parts(end), strict=True) if y != z
    )
    # Many languages have this with short names of months only; CLDR says to widen these.
    patterns = (formats.get("yMMMMd") or formats["yMMMd"])[difference]
    days = zip(patterns, (start, end), strict=True)
    return "".join(format_date(day, _SHORT_MONTH.sub("MMMM", x), locale) for x, day in days)


def _parts(day: date) -> tuple[int, int, int]:
    return day.year, day.month, day.day
