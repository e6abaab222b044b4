"""Time zones are found by city, name or abbreviation."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.announcements.timezones import resolve_timezone, search_timezones, utc_offset
from tests.announcements.builders import at

SUMMER, WINTER = at("2026-07-01"), at("2026-01-15")


def found(text: str, limit: int = 25) -> Sequence[str]:
    return search_timezones(text, SUMMER, limit)


def resolved(text: str) -> str | None:
    zone = resolve_timezone(text, SUMMER)
    return zone.key if zone else None


@pytest.mark.parametrize(
    ("text", "first"),
    [
        # A city.
        ("Seoul", "Asia/Seoul"),
        ("seoul", "Asia/Seoul"),
        (" SEOUL ", "Asia/Seoul"),
        ("new york", "America/New_York"),
        ("New_York", "America/New_York"),
        ("los  angeles", "America/Los_Angeles"),
        ("buenos aires", "America/Argentina/Buenos_Aires"),
        ("sao p", "America/Sao_Paulo"),
        ("Kolk", "Asia/Kolkata"),
        ("ho chi", "Asia/Ho_Chi_Minh"),
        # With accents, and in the languages of the bot.
        ("São Paulo", "America/Sao_Paulo"),
        ("Sao Paulo", "America/Sao_Paulo"),
        ("Seúl", "Asia/Seoul"),
        ("Ciudad de México", "America/Mexico_City"),
        ("México", "America/Mexico_City"),
        ("Wien", "Europe/Vienna"),
        ("서울", "Asia/Seoul"),
        ("ソウル", "Asia/Seoul"),
        ("東京", "Asia/Tokyo"),
        ("โซล", "Asia/Seoul"),
        # A zone.
        ("Asia/Seoul", "Asia/Seoul"),
        ("asia/seoul", "Asia/Seoul"),
        ("EUROPE/BERLIN", "Europe/Berlin"),
        # An abbreviation, in summer or winter; the most likely zone is first.
        ("KST", "Asia/Seoul"),
        ("kst", "Asia/Seoul"),
        ("Kst", "Asia/Seoul"),
        ("JST", "Asia/Tokyo"),
        ("pdt", "America/Los_Angeles"),
        ("PST", "America/Los_Angeles"),
        ("edt", "America/New_York"),
        ("cest", "Europe/Berlin"),
        ("bst", "Europe/London"),
        ("WIB", "Asia/Jakarta"),
        ("aest", "Australia/Sydney"),
        ("AEDT", "Australia/Sydney"),
        ("NZDT", "Antarctica/McMurdo"),
    ],
)
def test_timezone_is_first_result_for_its_common_names(text: str, first: str) -> None:
    assert found(text)[0] == first
    assert search_timezones(text, WINTER)[0] == first


def test_region_lists_its_timezones() -> None:
    assert {"Europe/Oslo", "Europe/Paris"} <= set(found("europe", 100))
    assert found("argentina/") == sorted(found("argentina/"))


@pytest.mark.parametrize("text", ["atlantis", "KSTX", "+09:00", "🕘", "a" * 5000])
def test_unknown_text_finds_nothing(text: str) -> None:
    assert found(text) == []
    assert resolved(text) is None


@pytest.mark.parametrize("text", ["", "  ", "_"])
def test_empty_text_offers_common_timezones(text: str) -> None:
    offered = found(text)
    assert {"UTC", "Asia/Seoul", "America/New_York"} <= set(offered)
    assert set(offered) <= available_timezones()
    assert len(found(text, 3)) == 3


@given(st.text(max_size=12), st.integers(1, 25))
def test_any_text_finds_only_real_timezones_up_to_the_limit(text: str, limit: int) -> None:
    zones = found(text, limit)
    assert len(zones) == len(set(zones)) <= limit
    assert set(zones) <= available_timezones()


def test_every_timezone_is_resolved_from_its_own_name_in_any_case() -> None:
    # Some systems also have a file for the machine's own zone, and a placeholder.
    for name in available_timezones() - {"localtime", "Factory"}:
        for text in (name, name.lower(), name.upper(), f" {name} "):
            assert resolved(text) == name


def test_timezone_is_found_with_spaces_for_underscores() -> None:
    for name in sorted(available_timezones() - {"localtime", "Factory"})[::7]:
        assert name in found(name.replace("_", " "), 700)


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("Asia/Seoul", "Asia/Seoul"),
        (" asia/seoul ", "Asia/Seoul"),
        ("seoul", "Asia/Seoul"),
        ("new york", "America/New_York"),
        ("kst", "Asia/Seoul"),
        ("JST", "Asia/Tokyo"),
        ("utc", "UTC"),
        # Ambiguous text is not guessed.
        ("Asia/", None),
        ("PST", None),
        ("CEST", None),
        ("s", None),
        ("", None),
        (" _ ", None),
        ("../etc/passwd", None),
        ("/etc/localtime", None),
    ],
)
def test_only_unambiguous_text_is_resolved(text: str, zone: str | None) -> None:
    assert resolved(text) == zone


@given(st.text(max_size=12))
def test_resolved_timezone_is_always_the_first_result(text: str) -> None:
    zone = resolved(text)
    assert zone is None or found(text, 1) == [zone] or zone.casefold() == text.strip().casefold()


def test_localtime_cannot_be_chosen() -> None:
    assert resolved("localtime") is None
    assert "localtime" not in found("local")


@pytest.mark.parametrize(
    ("zone", "offset"),
    [
        ("UTC", "UTC"),
        ("Asia/Seoul", "UTC+9"),
        ("Asia/Kathmandu", "UTC+5:45"),
        ("America/St_Johns", "UTC-2:30"),
        ("Europe/Berlin", "UTC+2"),
        ("Etc/GMT+12", "UTC-12"),
        ("Pacific/Kiritimati", "UTC+14"),
    ],
)
def test_utc_offset_is_formatted(zone: str, offset: str) -> None:
    assert utc_offset(ZoneInfo(zone), SUMMER) == offset


def test_utc_offset_depends_on_the_instant() -> None:
    assert utc_offset(ZoneInfo("Europe/Berlin"), WINTER) == "UTC+1"
    assert utc_offset(ZoneInfo("Africa/Monrovia"), at("1970-01-01")) == "UTC-0:44"
