"""Finds IANA time zones by city, zone name or abbreviation."""

import unicodedata
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import cast
from zoneinfo import ZoneInfo, available_timezones

from bot.i18n import babel_locales

# Half a year apart, a zone with daylight saving time has both of its abbreviations.
_HALF_A_YEAR = timedelta(days=182)


def resolve_timezone(text: str, now: datetime) -> ZoneInfo | None:
    """Return the time zone with this IANA name, or the single best match for a city or an
    abbreviation. Returns None if there is no match or several equally good ones."""
    exact = _names().get(text.strip().casefold())
    if exact is not None:
        return ZoneInfo(exact)
    ranked = _rank_all(_normalize(text), now) if _normalize(text) else []
    best = [name for rank, name in ranked if rank == ranked[0][0]]
    return ZoneInfo(best[0]) if len(best) == 1 else None


def search_timezones(text: str, now: datetime, limit: int = 25) -> Sequence[str]:
    """Return the names of matching zones for a city, a zone name or an abbreviation such as KST.

    Returns common time zones if the text is empty.
    """
    query = _normalize(text)
    if not query:
        return _COMMON_TIMEZONES[:limit]
    return [name for _score, name in _rank_all(query, now)[:limit]]


def utc_offset(zone: ZoneInfo, now: datetime) -> str:
    """Return a zone's offset at an instant, such as `UTC+9`, `UTC-2:30` or `UTC`."""
    offset = f"{now.astimezone(zone):%z}"
    sign, hours, minutes = offset[0], int(offset[1:3]), offset[3:5]
    if minutes != "00":
        return f"UTC{sign}{hours}:{minutes}"
    return f"UTC{sign}{hours}" if hours else "UTC"


_COMMON_TIMEZONES = (
    "UTC",
    "Asia/Seoul",
    "Asia/Tokyo",
    "Asia/Taipei",
    "Asia/Manila",
    "Asia/Jakarta",
    "Asia/Bangkok",
    "Asia/Ho_Chi_Minh",
    "Asia/Kolkata",
    "Europe/Berlin",
    "Europe/Paris",
    "Europe/Madrid",
    "Europe/London",
    "America/Sao_Paulo",
    "America/Mexico_City",
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Los_Angeles",
    "Australia/Sydney",
)


def _rank_all(query: str, now: datetime) -> list[tuple[int, str]]:
    return sorted((rank, name) for name in _names().values() if (rank := _rank(query, name, now)))


def _rank(query: str, name: str, now: datetime) -> int:
    """Return the rank of a zone for a query: 1 is the best match, 0 is no match."""
    zone, city = _normalized_names()[name]
    if query in (zone, city):
        return 1
    local_cities = _local_cities().get(name, frozenset())
    if query in local_cities:
        return 2
    if query.upper() in _abbreviations(name, now.year):
        return 3 if name in _COMMON_TIMEZONES else 4
    if city.startswith(query):
        return 5
    if any(one.startswith(query) for one in local_cities):
        return 6
    return 7 if any(query in one for one in (zone, *local_cities)) else 0


@cache
def _names() -> dict[str, str]:
    # `localtime` depends on the host.
    names = sorted(available_timezones() - {"localtime"})
    return {name.casefold(): name for name in names}


@cache
def _normalized_names() -> dict[str, tuple[str, str]]:
    """Return each zone's name and that of its city, normalized."""
    return {
        name: (_normalize(name), _normalize(name.rpartition("/")[2])) for name in _names().values()
    }


@cache
def _abbreviations(name: str, year: int) -> frozenset[str]:
    january = datetime(year, 1, 1, tzinfo=ZoneInfo(name))
    names = (instant.tzname() for instant in (january, january + _HALF_A_YEAR))
    return frozenset(name for name in names if name and name.isalpha())


@cache
def _local_cities() -> dict[str, frozenset[str]]:
    """Return the names of each zone's city in the languages of the bot, from CLDR."""
    found: dict[str, set[str]] = {}
    for locale in babel_locales():
        zones = cast(Mapping[str, Mapping[str, str]], locale.time_zones)
        for zone, data in zones.items():
            if city := data.get("city"):
                found.setdefault(zone, set()).add(_normalize(city))
    return {zone: frozenset(cities) for zone, cities in found.items()}


def _normalize(text: str) -> str:
    """Return a text without case, accents and underscores."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().replace("_", " "))
    letters = "".join(x for x in decomposed if unicodedata.category(x) != "Mn")
    return " ".join(unicodedata.normalize("NFC", letters).split())
