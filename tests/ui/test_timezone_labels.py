"""Time zones are shown by their cities, and found by what is shown."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.demo.simulation import set_client_locale
from bot.i18n import get_translations
from bot.ui.timezone_labels import find_zone, search_zones, timezone_label
from tests.conftest import Server, text
from tests.support.countdowns import mod
from tests.ui.builders import ALL_LOCALES, context

SUMMER = datetime(2026, 7, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("locale", "zone", "expected"),
    [
        ("en-US", "Asia/Seoul", "Seoul (UTC+9)"),
        ("ko", "Asia/Seoul", "서울 (UTC+9)"),
        ("de", "Asia/Kolkata", "Kalkutta (UTC+5:30)"),
        ("en-US", "America/New_York", "New York (UTC-4)"),
        ("en-US", "UTC", "UTC"),
        ("en-US", "Etc/UTC", "UTC"),
    ],
)
def test_time_zone_is_shown_by_city_and_offset(locale: str, zone: str, expected: str) -> None:
    assert timezone_label(get_translations(locale), ZoneInfo(zone), SUMMER) == expected


@pytest.mark.parametrize("locale", ALL_LOCALES)
@pytest.mark.parametrize("typed", ["", "seo", "new york", "pacific", "indiana", "KST", "utc"])
def test_every_shown_zone_is_found_again(locale: str, typed: str) -> None:
    reader = context(locale)
    for label in search_zones(typed, reader):
        zone = find_zone(label, reader)
        assert zone, label
        assert timezone_label(reader.translations, zone, reader.now) == label


def test_zones_with_one_label_are_shown_once() -> None:
    assert list(search_zones("los angeles", context())) == ["Los Angeles (UTC-7)"]
    assert find_zone("Atlantis (UTC+1)", context()) is None


async def test_suggested_zone_has_the_members_words_and_a_machines_value(server: Server) -> None:
    set_client_locale(server.env, "ko")
    [choice] = await server.moderator.autocomplete(
        server.channel, "settings", "timezone", "Asia/Seoul"
    )
    assert choice["value"] == "Asia/Seoul"
    assert choice["name"].startswith("서울 (UTC+9) · 오")
    # Sent as it is by a member who does not pick it from the list.
    assert "서울 (UTC+9)" in text(await mod(server, "settings", timezone=choice["name"]))
