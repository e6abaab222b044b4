"""The release card: windows, statuses and earlier windows."""

import re
from typing import Any

import pytest

from bot.ui.cards.releases import release_card
from tests.ui.builders import ALL_LOCALES, a_title, context, largest_title, read


def release_text(**fields: Any) -> str:
    """The text of the card of a title with one release."""
    return read(release_card(a_title(releases=[fields]), context()))


PASSED = "passed with no release news"


@pytest.mark.parametrize(
    ("window", "shown"),
    [
        ("2027", "2027"),
        ("2027-H1", "1st half of 2027"),
        ("2027-H2", "2nd half of 2027"),
        ("2027-Q4", "4th quarter 2027"),
        ("2027-11", "November 2027"),
        ("2027-11-22", "November 22, 2027"),
        ("2027-11/2028-01", "November 2027\u2009–\u2009January 2028"),
        ("2027-11-22T16:00+09:00", "2027-11-22 07:00 UTC"),
    ],
)
async def test_window_is_shown_as_precisely_as_known(window: str, shown: str) -> None:
    lines = release_text(window=window, status="announced").splitlines()
    assert any(line.startswith(shown) for line in lines), lines


async def test_date_in_a_heading_begins_with_a_capital() -> None:
    card = release_card(a_title(releases=[{"window": "2027-11"}]), context("es-ES"))
    assert "Noviembre de 2027" in read(card)


async def test_instant_is_a_discord_timestamp() -> None:
    view = release_card(a_title(releases=[{"window": "2027-11-22T16:00+09:00"}]), context())
    assert "<t:1826866800:F> (<t:1826866800:R>)" in str(view.to_components())


async def test_release_without_a_window_is_to_be_announced() -> None:
    assert "To be announced" in release_text(status="announced")
    assert "No release announced yet" in read(release_card(a_title(), context()))


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"window": "2025", "status": "announced"}, True),
        ({"window": "2025"}, True),
        ({"window": "2026-04-01", "status": "confirmed"}, True),
        ({"window": "2026", "status": "announced"}, False),
        ({"window": "2025", "status": "released"}, False),
        ({"window": "2025", "status": "cancelled"}, False),
        ({"window": "2025", "status": "postponed"}, False),
        # A day on a plain listing is a day of broadcast.
        ({"window": "2016-12-02"}, False),
    ],
)
async def test_window_that_passed_without_news_says_so(fields: dict[str, Any], said: bool) -> None:
    assert (PASSED in release_text(**fields)) is said


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ({"window": "2026-05-02"}, "D-1"),
        ({"window": "2026-05-01", "status": "confirmed"}, "D-Day"),
        ({"window": "2026-05-04T00:30+09:00", "status": "announced"}, "D-3"),
        # It is May 1, 09:00 in Seoul.
        ({"window": "2026-05-01T08:00+09:00", "status": "announced"}, None),
        ({"window": "2026-04-30"}, None),
        ({"window": "2026-05"}, None),
        ({"window": "2026-05-14", "status": "rumoured"}, None),
        ({"window": "2026-05-14", "status": "postponed"}, None),
        ({"window": "2026-05-14", "status": "cancelled"}, None),
        ({"window": "2026-05-01", "status": "released"}, None),
    ],
)
async def test_days_left_are_beside_an_exact_date_ahead(
    fields: dict[str, Any], shown: str | None
) -> None:
    found = re.findall(r"D-(?:\d+|Day)", release_text(**fields))
    assert found == ([shown] if shown else [])


async def test_earlier_windows_of_a_release_are_listed() -> None:
    source = {"id": "s", "title": "A report", "publisher": "The Paper", "published": "2024-03"}
    shown = read(
        release_card(
            a_title(
                sources=[source],
                releases=[
                    {"window": "2024", "status": "announced", "source": "s"},
                    {"window": "2025", "status": "postponed", "checked": "2025-02-01"},
                    {"window": "2026-06-01", "status": "confirmed", "note": "At last."},
                    {"event": "finale", "window": "2026-07"},
                ],
            ),
            context(),
        )
    )
    positions = [
        shown.index(part)
        for part in ("June 1, 2026", "At last.", "Previously: 2025", "Previously: 2024", "Finale")
    ]
    assert positions == sorted(positions)
    assert "A report, The Paper (March 2024)" in shown
    assert "Postponed · checked February 1, 2025" in shown


@pytest.mark.parametrize("locale", ALL_LOCALES)
async def test_release_card_fits_into_a_message(locale: str) -> None:
    title, _people = largest_title()
    assert read(release_card(title, context(locale)))
