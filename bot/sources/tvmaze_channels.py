"""Where a show of TVmaze runs: its networks and streaming services, and their time zones."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from bot.sources.text import as_mapping, clean_line


@dataclass(frozen=True, slots=True)
class Channel:
    """A network or a streaming service. `region` is a country code or `worldwide`."""

    name: str
    is_streaming: bool
    country: str | None
    region: str | None
    zone: ZoneInfo | None


@dataclass(frozen=True, slots=True)
class Schedule:
    """The channel of each season. `default` is that of seasons that have none of their own."""

    default: Channel | None = None
    by_season: Mapping[int, Channel] = field(default_factory=dict[int, Channel])

    def channel(self, season: int) -> Channel | None:
        """Return the channel of a season."""
        return self.by_season.get(season, self.default)


def read_channels(row: Mapping[str, Any]) -> tuple[Channel, ...]:
    """Return the channels of a show or a season, the network first."""
    return tuple(_read_channels(row))


def country_code(country: object) -> str | None:
    """Return the code of a country of TVmaze, or None."""
    code = as_mapping(country).get("code")
    return code if isinstance(code, str) and re.fullmatch(r"[A-Z]{2}", code) else None


def _read_channels(row: Mapping[str, Any]) -> Iterator[Channel]:
    for key, is_streaming in (("network", False), ("webChannel", True)):
        channel = as_mapping(row.get(key))
        if name := clean_line(channel.get("name")):
            country = channel.get("country")
            code = country_code(country)
            is_worldwide = is_streaming and "country" in channel and country is None
            region = "worldwide" if is_worldwide else code
            zone = _find_zone(as_mapping(country).get("timezone"))
            yield Channel(name, is_streaming, code, region, zone)


def _find_zone(name: object) -> ZoneInfo | None:
    if not isinstance(name, str):
        return None
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None
