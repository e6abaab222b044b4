"""A show of TVmaze → a title and its people. Pure functions."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

from bot.catalog.episodes import Episode, EpisodeKind
from bot.catalog.model import Person, Title
from bot.sources.countries import Country
from bot.sources.ports import record_id
from bot.sources.text import as_list, as_mapping, clean_html, clean_int, clean_line, clean_url
from bot.sources.tvmaze_channels import Channel, Schedule, read_channels
from bot.sources.tvmaze_credits import credit_source, map_credits, read_image
from bot.sources.tvmaze_episodes import Season, map_episodes, map_releases, map_seasons
from bot.sources.tvmaze_names import find_language, map_names

_MAX_EPISODES = 3000
_MAX_ID = 10**12
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

# As records have them. To Be Determined says nothing: whether the show goes on is not known.
_STATUSES = {"Running": "returning", "Ended": "ended", "In Development": "planned"}
_GENRES = {"history": "historical", "legal": "law", "science-fiction": "sci-fi"}

# A weight is a popularity among all shows, and recent ones get high ones soon.
_POPULARITY_SCALE = 0.6


class WrongShapeError(ValueError):
    """A field that a show needs is missing, or of the wrong type."""


def read_id(row: Mapping[str, Any]) -> int | None:
    """Return the id of a show, or None."""
    return clean_int(row.get("id"), 1, _MAX_ID)


def is_wanted(show: Mapping[str, Any], countries: Sequence[Country]) -> bool:
    """Return whether a show is a scripted series of one of the countries."""
    if show.get("type") != "Scripted" or "Anime" in as_list(show.get("genres")):
        return False
    codes = {channel.country for channel in read_channels(show)}
    return any(
        country.code in codes or country.language_name == show.get("language")
        for country in countries
    )


def map_show(
    show: Mapping[str, Any], episode_rows: object, countries: Sequence[Country]
) -> tuple[Title, tuple[Person, ...]]:
    """Return a show, with its embedded cast, crew, seasons and akas, and the people in it.

    Raises WrongShapeError with the name of the field.
    """
    number, name = read_id(show), clean_line(show.get("name"))
    if number is None or name is None:
        raise WrongShapeError(f"`{'id' if number is None else 'name'}` is missing or unusable")
    channels = read_channels(show)
    seasons = map_seasons(_embedded(show, "seasons"))
    own = {season.number: season.channel for season in seasons.values() if season.channel}
    schedule = Schedule(channels[0] if channels else None, own)
    episodes = map_episodes(_list("episodes", episode_rows), schedule)
    credits = map_credits(_embedded(show, "cast"), _embedded(show, "crew"))
    title = Title.model_validate(
        {
            "id": record_id("tvmaze", number),
            "kind": "series",
            **_map_description(show, name, channels, countries),
            **_map_pictures_and_ids(show, number, name),
            "episode_count": _count_episodes(show, seasons, episodes),
            "releases": map_releases(show, seasons, episodes, schedule),
            "episodes": episodes[-_MAX_EPISODES:],
            "cast": credits.cast,
            "crew": credits.crew,
        }
    )
    return title, credits.people


def _embedded(show: Mapping[str, Any], key: str) -> Sequence[object]:
    """Return a list that was asked for with the show. What is empty may be left out."""
    if "_embedded" not in show:
        raise WrongShapeError("`_embedded` is missing")
    return _list(f"_embedded.{key}", as_mapping(show["_embedded"]).get(key, []))


def _list(field: str, value: object) -> Sequence[object]:
    if not isinstance(value, list):
        raise WrongShapeError(f"`{field}` is not a list")
    return cast(list[object], value)


def _map_description(
    show: Mapping[str, Any], name: str, channels: Sequence[Channel], countries: Sequence[Country]
) -> dict[str, Any]:
    language = find_language(show.get("language"))
    summary = clean_html(show.get("summary"))
    status = show.get("status")
    return {
        "names": map_names(name, _embedded(show, "akas"), language),
        "origin_country": _origin(show, channels, countries),
        "original_language": language,
        "genres": tuple(dict.fromkeys(_map_genres(show))),
        "status": _STATUSES.get(status) if isinstance(status, str) else None,
        "networks": [
            {"name": channel.name, "kind": "streaming" if channel.is_streaming else None}
            for channel in channels
        ],
        "premise": {"en": summary} if summary else {},
        "air_days": _map_air_days(show),
    }


def _origin(
    show: Mapping[str, Any], channels: Sequence[Channel], countries: Sequence[Country]
) -> list[str]:
    """Return the country of a show: that of its channel, or else that of its language.

    A channel abroad is not where a show in the language of a wanted country comes from.
    """
    codes = [channel.country for channel in channels if channel.country]
    wanted = [country.code for country in countries]
    spoken = [c.code for c in countries if c.language_name == show.get("language")]
    at_home = [code for code in codes if code in wanted]
    return (at_home or (spoken if len(spoken) == 1 else []) or codes)[:1]


def _map_genres(show: Mapping[str, Any]) -> Iterator[str]:
    for value in as_list(show.get("genres"))[:50]:
        if genre := clean_line(value):
            yield _GENRES.get(genre.lower(), genre.lower())


def _map_air_days(show: Mapping[str, Any]) -> list[str]:
    days = as_list(as_mapping(show.get("schedule")).get("days"))
    return [day[:3].lower() for day in _WEEKDAYS if day in days]


def _map_pictures_and_ids(show: Mapping[str, Any], number: int, name: str) -> dict[str, Any]:
    poster = read_image(show)
    site = clean_url(show.get("officialSite"))
    return {
        "poster": poster,
        "poster_source": "tvmaze" if poster else None,
        "links": [{"label": "Official site", "url": site}] if site else [],
        "external_ids": {"tvmaze": str(number), **dict(_external_ids(show))},
        "sources": [credit_source("shows", number, name, show.get("url"))],
        "popularity": _popularity(show),
    }


def _external_ids(show: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    externals = as_mapping(show.get("externals"))
    imdb, thetvdb = externals.get("imdb"), clean_int(externals.get("thetvdb"), 1, _MAX_ID)
    if isinstance(imdb, str) and re.fullmatch(r"tt\d{5,12}", imdb, re.ASCII):
        yield "imdb", imdb
    if thetvdb:
        yield "thetvdb", str(thetvdb)


def _popularity(show: Mapping[str, Any]) -> float:
    weight = clean_int(show.get("weight"), 0, 100) or 0
    return round(_POPULARITY_SCALE * weight / 100, 3)


def _count_episodes(
    show: Mapping[str, Any], seasons: Mapping[int, Season], episodes: Sequence[Episode]
) -> int | None:
    """Return the number of episodes if it is final, or else of those ordered for all seasons."""
    regular = sum(episode.kind is EpisodeKind.REGULAR for episode in episodes)
    if show.get("status") == "Ended" and regular:
        return regular
    orders = [season.episode_order for season in seasons.values() if season.episode_order]
    return sum(orders) if orders and len(orders) == len(seasons) else None
