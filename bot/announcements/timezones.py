"""IANA time zones, found by city, zone or abbreviation."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

# Half a year on, a zone with daylight saving time goes by its other abbreviation.
_HALF_A_YEAR = timedelta(days=182)


def resolve_timezone(text: str, now: datetime) -> ZoneInfo | None:
    """The one zone that `text` means: by its IANA name, or a city or an abbreviation that comes
    nearer to one than to all others. None where that is not clear."""
    known = _names().get(text.strip().casefold())
    if known is not None:
        return ZoneInfo(known)
    ranked = _rank_all(_plain(text), now) if _plain(text) else []
    nearest = [name for rank, name in ranked if rank == ranked[0][0]]
    return ZoneInfo(nearest[0]) if len(nearest) == 1 else None


def search_timezones(text: str, now: datetime, limit: int = 25) -> Sequence[str]:
    """The names of zones that `text` may mean: a city, a zone, an abbreviation such as KST.

    Without text, those of the communities there are most of.
    """
    asked = _plain(text)
    if not asked:
        return _COMMON_TIMEZONES[:limit]
    return [name for _nearness, name in _rank_all(asked, now)[:limit]]


def utc_offset(zone: ZoneInfo, now: datetime) -> str:
    """A zone's offset at an instant, as `UTC+09:00`."""
    offset = f"{now.astimezone(zone):%z}"
    return f"UTC{offset[:3]}:{offset[3:5]}"


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


def _rank_all(asked: str, now: datetime) -> list[tuple[int, str]]:
    return sorted((rank, name) for name in _names().values() if (rank := _rank(asked, name, now)))


def _rank(asked: str, name: str, now: datetime) -> int:
    """How near a zone comes to what was asked for: 1 is nearest, 0 is not at all."""
    zone, city = _plain(name), _plain(name.rpartition("/")[2])
    if asked in (zone, city):
        return 1
    if asked.upper() in _abbreviations(name, now.year):
        return 2 if name in _COMMON_TIMEZONES else 3
    if city.startswith(asked):
        return 4
    return 5 if asked in zone else 0


@cache
def _names() -> dict[str, str]:
    # `localtime` is whatever the host's own zone happens to be.
    names = sorted(available_timezones() - {"localtime"})
    return {name.casefold(): name for name in names}


@cache
def _abbreviations(name: str, year: int) -> frozenset[str]:
    winter = datetime(year, 1, 1, tzinfo=ZoneInfo(name))
    found = (moment.tzname() for moment in (winter, winter + _HALF_A_YEAR))
    return frozenset(one for one in found if one and one.isalpha())


def _plain(text: str) -> str:
    return " ".join(text.casefold().replace("_", " ").split())
