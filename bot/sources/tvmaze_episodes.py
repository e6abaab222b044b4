"""Episodes and premieres of TVmaze, with windows as precise as TVmaze knows them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.catalog.episodes import Episode, EpisodeKind
from bot.catalog.model import Release, ReleaseStatus
from bot.sources.ports import record_id
from bot.sources.text import as_mapping, clean_day, clean_int, clean_line
from bot.sources.tvmaze_channels import Channel, Schedule, read_channels

_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)
_NO_TITLE = re.compile(r"TBA|TBD|Episode \d+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Season:
    """A season. `premiere` is a day, `episode_order` the number of episodes that were ordered."""

    number: int
    premiere: str | None
    episode_order: int | None
    channel: Channel | None


def map_seasons(rows: Sequence[object]) -> dict[int, Season]:
    """Return the seasons by their numbers. Rows without a number are left out."""
    seasons: dict[int, Season] = {}
    for row in map(as_mapping, rows):
        if number := clean_int(row.get("number"), 1, 9999):
            premiere = clean_day(row.get("premiereDate"))
            order = clean_int(row.get("episodeOrder"), 1, 100_000)
            channel = next(iter(read_channels(row)), None)
            seasons.setdefault(number, Season(number, premiere, order, channel))
    return seasons


def map_episodes(rows: Sequence[object], schedule: Schedule) -> tuple[Episode, ...]:
    """Return the episodes in order. Rows without an id or a season are left out."""
    episodes: dict[str, Episode] = {}
    for row in map(as_mapping, rows):
        number = clean_int(row.get("id"), 1, 10**12)
        season = clean_int(row.get("season"), 0, 9999)
        if number is not None and season is not None:
            episode = _map_episode(record_id("tvmaze", number), season, row, schedule)
            episodes.setdefault(episode.id, episode)
    return tuple(sorted(episodes.values(), key=lambda episode: episode.sort_key))


def _map_episode(
    episode_id: str, season: int, row: Mapping[str, Any], schedule: Schedule
) -> Episode:
    channel = schedule.channel(season)
    title = clean_line(row.get("name"))
    is_regular = row.get("type", "regular") == "regular"
    return Episode.model_validate(
        {
            "id": episode_id,
            "season": season,
            "number": clean_int(row.get("number"), 0, 100_000),
            "kind": EpisodeKind.REGULAR if is_regular else EpisodeKind.SPECIAL,
            "title": None if title and _NO_TITLE.fullmatch(title) else title,
            "window": read_window(row, channel.zone if channel else None),
            "runtime": clean_int(row.get("runtime"), 1, 10_000),
            "network": channel.name if channel else None,
            "region": channel.region if channel else None,
            "source": "tvmaze",
        }
    )


def read_window(row: Mapping[str, Any], zone: ZoneInfo | None) -> str | None:
    """Return when an episode airs: an instant, in `zone` if it is given, a day or None.

    Without a time, `airstamp` is a placeholder at noon. With one, it is the instant: slots after
    midnight belong to the `airdate` before.
    """
    day = clean_day(row.get("airdate"))
    time = row.get("airtime")
    if day is None or not isinstance(time, str) or not _TIME.fullmatch(time):
        return day
    return _read_instant(row.get("airstamp"), zone) or day


def _read_instant(value: object, zone: ZoneInfo | None) -> str | None:
    if not isinstance(value, str):
        return None
    try:
        instant = datetime.fromisoformat(value)
    except ValueError:
        return None
    if instant.tzinfo is None or not 1900 <= instant.year <= 2199:
        return None
    return instant.astimezone(zone or instant.tzinfo).isoformat(timespec="minutes")


def map_releases(
    show: Mapping[str, Any],
    seasons: Mapping[int, Season],
    episodes: Sequence[Episode],
    schedule: Schedule,
) -> tuple[Release, ...]:
    """Return the premiere of each season of a show: its first episode, or its day.

    Seasons without a date are announced, unless they must have aired.
    """
    regular: dict[int, list[Episode]] = {number: [] for number in seasons}
    for episode in episodes:
        if episode.kind is EpisodeKind.REGULAR and episode.season >= 1:
            regular.setdefault(episode.season, []).append(episode)
    return tuple(_map_premieres(show, seasons, regular or {1: []}, schedule))


def _map_premieres(
    show: Mapping[str, Any],
    seasons: Mapping[int, Season],
    regular: Mapping[int, Sequence[Episode]],
    schedule: Schedule,
) -> Iterator[Release]:
    for number, own in sorted(regular.items()):
        window = _premiere_window(show, number, seasons.get(number), own)
        aired = any(episode.window for episode in own) or _has_aired(show, number)
        if window is None and aired:
            continue
        channel = schedule.channel(number)
        yield Release.model_validate(
            {
                "season": number if number > 1 else None,
                "network": channel.name if channel else None,
                "region": channel.region if channel else None,
                "window": window,
                "status": None if window else ReleaseStatus.ANNOUNCED,
                "source": "tvmaze",
            }
        )


def _premiere_window(
    show: Mapping[str, Any], number: int, season: Season | None, episodes: Sequence[Episode]
) -> str | None:
    # If the first episode is missing, the date of the second one is not the premiere.
    first = next((e for e in episodes if e.number is not None and e.number <= 1), None)
    if first and first.window:
        return first.window.text
    if season and season.premiere:
        return season.premiere
    return clean_day(show.get("premiered")) if number == 1 else None


def _has_aired(show: Mapping[str, Any], season: int) -> bool:
    """Return whether a season without any date has aired, as far as the status of its show says."""
    status = show.get("status")
    return status != "In Development" if season == 1 else status == "Ended"
