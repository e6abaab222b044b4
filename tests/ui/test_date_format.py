"""Windows, days and times of day as each language writes them."""

from datetime import time
from pathlib import Path

import pytest

from bot.catalog.window import ReleaseWindow
from bot.i18n import get_translations
from bot.ui.date_format import days_left_label, format_time_of_day, format_window
from tests.ui.builders import ALL_LOCALES


def shown(text: str, locale: str = "en-US") -> str:
    """A window with plain spaces: CLDR sets thin ones around a dash."""
    window = format_window(get_translations(locale), ReleaseWindow.parse(text))
    return window.replace("\u2009", " ")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11/2027-01", "November 2026 – January 2027"),
        ("2026-07/2026-09", "July – September 2026"),
        ("2026-11-22/2026-11-25", "November 22 – 25, 2026"),
        ("2026-11-22/2026-12-25", "November 22 – December 25, 2026"),
        ("2026-12-22/2027-01-25", "December 22, 2026 – January 25, 2027"),
        ("2026/2027", "2026 – 2027"),
        ("2026-Q3/2026-Q4", "3rd quarter 2026 – 4th quarter 2026"),
        ("2026-H1/2027-H2", "1st half of 2026 – 2nd half of 2027"),
        ("2026-11/2027", "November 2026 – 2027"),
        ("2026-12-22/2027-01", "December 22, 2026 – January 2027"),
        ("2026-11/2026-11", "November 2026"),
        ("2026-11-22/2026-11-22", "November 22, 2026"),
    ],
)
def test_range_is_exactly_as_precise_as_its_ends(text: str, expected: str) -> None:
    assert shown(text) == expected


@pytest.mark.parametrize(
    ("locale", "months", "days"),
    [
        ("de", "November 2026 – Januar 2027", "22.–25. November 2026"),
        ("fr", "novembre 2026 – janvier 2027", "22–25 novembre 2026"),
        ("es-ES", "noviembre de 2026 – enero de 2027", "22–25 de noviembre de 2026"),
        ("ko", "2026년 11월 ~ 2027년 1월", "2026년 11월 22일~25일"),
        ("ja", "2026年11月～2027年1月", "2026年11月22日～25日"),
        ("zh-TW", "2026年11月至2027年1月", "2026年11月22日至25日"),
    ],
)
def test_ranges_are_written_as_in_cldr(locale: str, months: str, days: str) -> None:
    assert shown("2026-11/2027-01", locale) == months
    assert shown("2026-11-22/2026-11-25", locale) == days


@pytest.mark.parametrize("locale", ALL_LOCALES)
def test_every_kind_of_range_can_be_written_in_every_language(locale: str) -> None:
    for text in ("2026-01/2026-02", "2026-01-02/2027-01-01", "2026-H1/2026-H2", "2026-Q1/2027"):
        assert "2026" in shown(text, locale)


@pytest.mark.parametrize(
    ("locale", "at", "expected"),
    [
        ("en-US", time(21), "9:00 PM"),
        ("en-US", time(0, 5), "12:05 AM"),
        ("en-GB", time(21), "21:00"),
        ("de", time(9), "09:00"),
        ("id", time(21), "21.00"),
        ("ko", time(21), "오후 9:00"),
        ("ko", time(9, 30), "오전 9:30"),
        ("zh-TW", time(9), "上午9:00"),
        ("es-419", time(21), "9:00 p.m."),
    ],
)
def test_time_of_day_is_written_as_the_language_does(locale: str, at: time, expected: str) -> None:
    assert format_time_of_day(get_translations(locale), at).replace("\u202f", " ") == expected


def test_days_left_are_counted_as_fans_of_the_language_do(tmp_path: Path) -> None:
    french = 'msgid "D-{days}"\nmsgstr "J-{days}"\n\nmsgid "D-Day"\nmsgstr "Jour J"\n'
    (tmp_path / "xx.po").write_text(french)
    labels = [
        [days_left_label(get_translations(locale, tmp_path), days) for days in (7, 0)]
        for locale in ("en-US", "xx")
    ]
    assert labels == [["D-7", "D-Day"], ["J-7", "Jour J"]]


@pytest.mark.parametrize(
    ("locale", "shown"),
    [
        ("en-US", "4th quarter 2026"),
        ("ko", "2026년 4분기"),
        ("ja", "2026年第4四半期"),
        ("zh-TW", "2026年10月至12月"),
    ],
)
def test_quarter_is_written_as_in_the_language(locale: str, shown: str) -> None:
    assert format_window(get_translations(locale), ReleaseWindow.parse("2026-Q4")) == shown
