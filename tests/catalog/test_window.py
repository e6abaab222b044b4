"""Release windows: every notation is parsed, and instants lie before, in or after them."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalog.window import Precision, ReleaseWindow, WindowState

NOTATIONS = [
    ("2025", Precision.YEAR, date(2025, 1, 1), date(2025, 12, 31)),
    ("2025-H1", Precision.HALF, date(2025, 1, 1), date(2025, 6, 30)),
    ("2025-H2", Precision.HALF, date(2025, 7, 1), date(2025, 12, 31)),
    ("2025-Q1", Precision.QUARTER, date(2025, 1, 1), date(2025, 3, 31)),
    ("2025-Q4", Precision.QUARTER, date(2025, 10, 1), date(2025, 12, 31)),
    ("2024-02", Precision.MONTH, date(2024, 2, 1), date(2024, 2, 29)),
    ("2025-11-22", Precision.DAY, date(2025, 11, 22), date(2025, 11, 22)),
    ("2025-11-22T16:00+09:00", Precision.INSTANT, date(2025, 11, 22), date(2025, 11, 22)),
    ("2025-11/2026-01", Precision.INTERVAL, date(2025, 11, 1), date(2026, 1, 31)),
    ("2025-Q4/2026", Precision.INTERVAL, date(2025, 10, 1), date(2026, 12, 31)),
]


@pytest.mark.parametrize(("text", "precision", "earliest", "latest"), NOTATIONS)
def test_every_notation_is_parsed(
    text: str, precision: Precision, earliest: date, latest: date
) -> None:
    window = ReleaseWindow.parse(text)
    assert (window.precision, window.earliest, window.latest) == (precision, earliest, latest)
    assert str(window) == text


@pytest.mark.parametrize(
    "text",
    ["", "soon", "25", "2025-13", "2025-00", "2025-Q5", "2025-H3", "2025-02-30", "2025-1-1",
     "0000", "2025-11-22T16:00", "2026/2025", "2025/", "/2025", "2025/2026/2027", "2025-11-22T",
     "２０２５", "2025 ", "2025-W10"],
)  # fmt: skip
def test_other_text_is_refused_with_the_notations(text: str) -> None:
    with pytest.raises(ValueError, match="2025-H2"):
        ReleaseWindow.parse(text)


@given(st.text(max_size=30))
def test_any_text_is_parsed_or_refused(text: str) -> None:
    try:
        window = ReleaseWindow.parse(text)
    except ValueError:
        return
    assert window.earliest <= window.latest


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_day_is_a_window_of_one_day(day: date) -> None:
    window = ReleaseWindow.parse(day.isoformat())
    assert window.earliest == window.latest == day


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("window", "now", "state"),
    [
        # A day has begun once it has at UTC+14, and is over once it is at UTC-12.
        ("2026-05-14", "2026-05-13T09:59+00:00", WindowState.AHEAD),
        ("2026-05-14", "2026-05-13T10:00+00:00", WindowState.OPEN),
        ("2026-05-14", "2026-05-15T11:59+00:00", WindowState.OPEN),
        ("2026-05-14", "2026-05-15T12:00+00:00", WindowState.PASSED),
        ("2025", "2024-12-30T00:00+00:00", WindowState.AHEAD),
        ("2025", "2025-06-01T00:00+09:00", WindowState.OPEN),
        ("2025", "2026-01-02T00:00+00:00", WindowState.PASSED),
        ("2026-05-14T16:00+09:00", "2026-05-14T06:59:59+00:00", WindowState.AHEAD),
        ("2026-05-14T16:00+09:00", "2026-05-14T07:00:00+00:00", WindowState.PASSED),
    ],
)
def test_state_of_a_window_at_an_instant(window: str, now: str, state: WindowState) -> None:
    assert ReleaseWindow.parse(window).state(at(now)) is state


@given(
    st.sampled_from([form[0] for form in NOTATIONS]),
    st.datetimes(datetime(2023, 1, 1), datetime(2028, 1, 1)),
    st.integers(-12, 14),
)
def test_state_does_not_depend_on_the_time_zone_of_the_instant(
    text: str, naive: datetime, hours: int
) -> None:
    window, now = ReleaseWindow.parse(text), naive.replace(tzinfo=UTC)
    elsewhere = now.astimezone(timezone(timedelta(hours=hours)))
    assert window.state(now) is window.state(elsewhere)
