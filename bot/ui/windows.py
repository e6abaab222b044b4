"""Release windows in words: exactly as precise as they are known, in the reader's language."""

from datetime import date

from babel.dates import format_date, format_skeleton

from bot.catalog.model import Release, ReleaseStatus
from bot.catalog.window import Precision, ReleaseWindow, WindowState
from bot.text import Texts
from bot.ui.reader import Reader

_SKELETONS = {Precision.MONTH: "yMMMM", Precision.QUARTER: "yQQQQ", Precision.YEAR: "y"}
_SETTLED = (ReleaseStatus.RELEASED, ReleaseStatus.CANCELLED, ReleaseStatus.POSTPONED)


def day(texts: Texts, when: date) -> str:
    """A calendar day, as the language writes it."""
    return format_date(when, "long", texts.babel)


def describe(texts: Texts, window: ReleaseWindow | None) -> str:
    """A window in words. An instant is a Discord timestamp, so that each sees their own clock."""
    _ = texts.gettext
    if window is None:
        return _("To be announced")
    if window.instant is not None:
        unix = int(window.instant.timestamp())
        return f"<t:{unix}:F> (<t:{unix}:R>)"
    if window.precision is Precision.DAY:
        return day(texts, window.earliest)
    if window.precision is Precision.INTERVAL:
        return _interval(texts, window)
    if window.precision is Precision.HALF:
        first = window.earliest.month == 1
        half = _("first half of {year}") if first else _("second half of {year}")
        return half.format(year=window.earliest.year)
    return format_skeleton(_SKELETONS[window.precision], window.earliest, locale=texts.babel)


def status(release: Release, reader: Reader) -> ReleaseStatus | None:
    """A release's status as of the reader's present: nothing is released ahead of its window."""
    released = release.status is ReleaseStatus.RELEASED
    if released and release.window and release.window.state(reader.now) is WindowState.AHEAD:
        return ReleaseStatus.ANNOUNCED
    return release.status


def passed_without_news(release: Release, reader: Reader) -> bool:
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
    return not listed_day and window.state(reader.now) is WindowState.PASSED


def _interval(texts: Texts, window: ReleaseWindow) -> str:
    start, end = map(ReleaseWindow.parse, window.text.split("/"))
    return texts.gettext("between {start} and {end}").format(
        start=describe(texts, start), end=describe(texts, end)
    )
