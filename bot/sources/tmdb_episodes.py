"""Episodes and releases of a show of TMDB, which has days and no times."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from bot.catalog.episodes import Episode, EpisodeKind
from bot.catalog.model import Release, ReleaseStatus
from bot.catalog.window import ReleaseWindow
from bot.sources.ports import record_id
from bot.sources.text import as_list, as_mapping, clean_day, clean_int, clean_line

_MAX_SEASONS = 60
_MAX_EPISODES = 3000
_MAX_ID = 10**9
_PLACEHOLDER_TITLE = re.compile(
    r"(?:episode|ep\.?) ?#?\d+|제? ?\d+ ?[화회부]|第? ?\d+ ?[話话集回]|tb[ad]", re.IGNORECASE
)


def season_block(number: int) -> str:
    """Return the name of a season within `append_to_response`, and within the answer."""
    return f"season/{number}"


def season_numbers(show: Mapping[str, Any]) -> list[int]:
    """Return the numbers of a show's seasons, in order. Season 0 has the specials."""
    rows = map(as_mapping, as_list(show.get("seasons")))
    numbers = {clean_int(row.get("season_number"), 0, 9999) for row in rows}
    return sorted(number for number in numbers if number is not None)[:_MAX_SEASONS]


def map_day(value: object) -> ReleaseWindow | None:
    """Return the window of a date such as `2026-11-25`, or None if there is none."""
    day = clean_day(value)
    return ReleaseWindow.parse(day) if day else None


def map_episodes(show: Mapping[str, Any]) -> list[Episode]:
    """Return the episodes of the seasons that are in the answer. Malformed ones are left out."""
    episodes: dict[str, Episode] = {}
    for number in season_numbers(show):
        for row in _episode_rows(show, number):
            if episode := _map_episode(row, number):
                episodes.setdefault(episode.id, episode)
    return list(episodes.values())[:_MAX_EPISODES]


def map_releases(show: Mapping[str, Any], today: date) -> list[Release]:
    """Return the premieres of the show and of its later seasons, and the finale if it is marked.

    `today` is the day on which the answer was read.
    """
    premiere = map_day(show.get("first_air_date"))
    has_aired = premiere is not None and premiere.earliest <= today
    cancelled = show.get("status") == "Canceled" and not has_aired
    status = ReleaseStatus.CANCELLED if cancelled else None
    releases = [Release(window=premiere, status=status, source="tmdb", checked=today)]
    releases += _season_premieres(show, today)
    releases += _finale(show, today)
    return releases


def _season_premieres(show: Mapping[str, Any], today: date) -> Iterator[Release]:
    dates = {
        clean_int(row.get("season_number"), 0, 9999): row.get("air_date")
        for row in map(as_mapping, as_list(show.get("seasons")))
    }
    for number in season_numbers(show):
        if number >= 2:
            window = map_day(dates.get(number))
            yield Release(season=number, window=window, source="tmdb", checked=today)


def _finale(show: Mapping[str, Any], today: date) -> Iterator[Release]:
    """Yield the finale. The last known episode is none unless TMDB marks it."""
    last = max(season_numbers(show), default=0)
    rows = _episode_rows(show, last) if last else []
    days = [clean_day(row.get("air_date")) for row in rows if row.get("episode_type") == "finale"]
    if day := max(filter(None, days), default=None):
        season = last if last >= 2 else None
        window = ReleaseWindow.parse(day)
        yield Release(event="finale", season=season, window=window, source="tmdb", checked=today)


def _episode_rows(show: Mapping[str, Any], season: int) -> list[Mapping[str, Any]]:
    return list(
        map(as_mapping, as_list(as_mapping(show.get(season_block(season))).get("episodes")))
    )


def _map_episode(row: Mapping[str, Any], season: int) -> Episode | None:
    episode_id = clean_int(row.get("id"), 1, _MAX_ID)
    number = clean_int(row.get("episode_number"), 0, 100_000)
    if episode_id is None or (number is None and season > 0):
        return None
    title = clean_line(row.get("name"))
    return Episode(
        id=record_id("tmdb", episode_id),
        season=season,
        number=number,
        kind=EpisodeKind.REGULAR if season else EpisodeKind.SPECIAL,
        title=None if title and _PLACEHOLDER_TITLE.fullmatch(title) else title,
        window=map_day(row.get("air_date")),
        runtime=clean_int(row.get("runtime"), 1, 10_000),
        source="tmdb",
    )
