"""Time zones, found by what people call them."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.countdown.zones import find_zones, offset_of, zone_meant
from tests.countdown.making import at

SUMMER, WINTER = at("2026-07-01"), at("2026-01-15")


def found(text: str, limit: int = 25) -> Sequence[str]:
    return find_zones(text, SUMMER, limit)


def meant(text: str) -> str | None:
    zone = zone_meant(text, SUMMER)
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
        # A zone.
        ("Asia/Seoul", "Asia/Seoul"),
        ("asia/seoul", "Asia/Seoul"),
        ("EUROPE/BERLIN", "Europe/Berlin"),
        # An abbreviation, of summer or of winter, led by where most people mean it.
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
def test_a_zone_is_found_first_by_what_it_is_called(text: str, first: str) -> None:
    assert found(text)[0] == first
    assert find_zones(text, WINTER)[0] == first


def test_a_part_of_the_world_lists_its_zones() -> None:
    assert {"Europe/Oslo", "Europe/Paris"} <= set(found("europe", 100))
    assert found("argentina/") == sorted(found("argentina/"))


@pytest.mark.parametrize("text", ["atlantis", "KSTX", "+09:00", "🕘", "a" * 5000])
def test_what_is_no_zone_finds_none(text: str) -> None:
    assert found(text) == []
    assert meant(text) is None


@pytest.mark.parametrize("text", ["", "  ", "_"])
def test_without_text_the_usual_ones_are_offered(text: str) -> None:
    usual = found(text)
    assert {"UTC", "Asia/Seoul", "America/New_York"} <= set(usual)
    assert set(usual) <= available_timezones()
    assert len(found(text, 3)) == 3


@given(st.text(max_size=12), st.integers(1, 25))
def test_no_text_finds_more_than_asked_for_or_what_is_none(text: str, limit: int) -> None:
    zones = found(text, limit)
    assert len(zones) == len(set(zones)) <= limit
    assert set(zones) <= available_timezones()


def test_every_zone_is_found_by_its_own_name_in_any_case() -> None:
    # Beside zones, some systems have a file for the machine's own and one that says it is none.
    for name in available_timezones() - {"localtime", "Factory"}:
        for text in (name, name.lower(), name.upper(), f" {name} "):
            assert meant(text) == name


def test_a_city_with_a_space_is_found_by_its_zone() -> None:
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
        # What several may mean, as near one as the other, is not guessed.
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
def test_a_zone_is_meant_where_one_comes_nearest(text: str, zone: str | None) -> None:
    assert meant(text) == zone


@given(st.text(max_size=12))
def test_no_text_means_more_than_a_zone_that_is_found_first(text: str) -> None:
    zone = meant(text)
    assert zone is None or found(text, 1) == [zone] or zone.casefold() == text.strip().casefold()


def test_the_machines_own_zone_is_no_zone_to_choose() -> None:
    assert meant("localtime") is None
    assert "localtime" not in found("local")


@pytest.mark.parametrize(
    ("zone", "offset"),
    [
        ("UTC", "UTC+00:00"),
        ("Asia/Seoul", "UTC+09:00"),
        ("Asia/Kathmandu", "UTC+05:45"),
        ("America/St_Johns", "UTC-02:30"),
        ("Europe/Berlin", "UTC+02:00"),
        ("Etc/GMT+12", "UTC-12:00"),
        ("Pacific/Kiritimati", "UTC+14:00"),
    ],
)
def test_the_offset_of_a_zone(zone: str, offset: str) -> None:
    assert offset_of(ZoneInfo(zone), SUMMER) == offset


def test_the_offset_is_that_of_the_instant() -> None:
    assert offset_of(ZoneInfo("Europe/Berlin"), WINTER) == "UTC+01:00"
    assert offset_of(ZoneInfo("Africa/Monrovia"), at("1970-01-01")) == "UTC-00:44"
