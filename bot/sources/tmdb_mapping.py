"""Maps shows and people of TMDB to records. What is malformed is left out, field by field."""

import math
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from pydantic import HttpUrl

from bot.catalog.model import Name, Network, Person, Source, Title
from bot.sources.ports import Entity, record_id
from bot.sources.text import TEXT_LIMIT, as_list, as_mapping, clean_int, clean_line
from bot.sources.tmdb_credits import MAX_PEOPLE, map_cast, map_crew
from bot.sources.tmdb_episodes import map_day, map_episodes, map_releases
from bot.sources.tmdb_names import language_tag, person_names, show_names, translations_of

_MAX_ID = 10**9

_PREMISE_LANGUAGES = {
    "de", "en", "es", "es-419", "fr", "id", "ja", "ko", "pt-BR", "th", "vi", "zh-TW",
}  # fmt: skip
_STATUSES = {
    "Returning Series": "returning",
    "Ended": "ended",
    "Canceled": "cancelled",
    "In Production": "in production",
    "Pilot": "in production",
    "Planned": "planned",
}
# Genres that combine two, such as "Sci-Fi & Fantasy", do not say which one it is.
_GENRES = {
    18: "drama",
    35: "comedy",
    80: "crime",
    9648: "mystery",
    10751: "family",
    10759: "action",
}
_OCCUPATIONS = {
    "Acting": "actor",
    "Directing": "director",
    "Writing": "writer",
    "Production": "producer",
}
_STREAMING = {
    "apple tv", "apple tv+", "coupang play", "disney+", "iqiyi", "kocowa", "netflix",
    "paramount+", "prime video", "tving", "u+mobile tv", "viki", "viu", "watcha", "wavve",
    "wetv", "youku",
}  # fmt: skip
_EXTERNAL_IDS = {
    "imdb": ("imdb_id", re.compile(r"(?:tt|nm)[0-9]{5,12}")),
    "thetvdb": ("tvdb_id", re.compile(r"[1-9][0-9]{0,9}")),
    "wikidata": ("wikidata_id", re.compile(r"Q[1-9][0-9]{0,11}")),
}
_PICTURE = re.compile(r"/[A-Za-z0-9_-]{1,100}\.(?:jpg|jpeg|png|webp)")


def map_show(show: Mapping[str, Any], today: date) -> Title:
    """Return the record of a show, read on `today`. Raises ValueError with a reason if unusable.

    `show` is the answer with the appended credits, titles, translations, ids and seasons.
    """
    show_id = _require_id(show)
    names = _require_names(show_names(show))
    poster = _picture("w780", show.get("poster_path"))
    credits = as_mapping(show.get("aggregate_credits"))
    crew = map_crew(credits)
    status = clean_line(show.get("status"))
    return Title(
        id=record_id("tmdb", show_id),
        kind="series",
        names=tuple(names),
        origin_country=tuple(_countries(show)),
        original_language=language_tag(show.get("original_language")),
        genres=tuple(_genres(show)),
        status=_STATUSES.get(status or ""),
        episode_count=_episode_count(show) if status == "Ended" else None,
        networks=tuple(_networks(show)),
        premise=_premise(show),
        poster=poster,
        poster_source="tmdb" if poster else None,
        releases=tuple(map_releases(show, today)),
        episodes=tuple(map_episodes(show)),
        cast=tuple(map_cast(credits, MAX_PEOPLE - len({credit.person for credit in crew}))),
        crew=tuple(crew),
        external_ids=_external_ids(show_id, show),
        sources=(_source("title", show_id, names[0]),),
        popularity=_popularity(show),
    )


def map_person(person: Mapping[str, Any]) -> Person:
    """Return the record of a person. Raises ValueError with a reason if unusable."""
    person_id = _require_id(person)
    names = _require_names(person_names(person))
    portrait = _picture("h632", person.get("profile_path"))
    occupation = _OCCUPATIONS.get(clean_line(person.get("known_for_department")) or "")
    return Person(
        id=record_id("tmdb", person_id),
        names=tuple(names),
        born=map_day(person.get("birthday")),
        portrait=portrait,
        portrait_source="tmdb" if portrait else None,
        occupations=(occupation,) if occupation else (),
        external_ids=_external_ids(person_id, person),
        sources=(_source("person", person_id, names[0]),),
        popularity=_popularity(person),
    )


def _require_id(record: Mapping[str, Any]) -> int:
    number = clean_int(record.get("id"), 1, _MAX_ID)
    if number is None:
        raise ValueError("it has no id")
    return number


def _require_names(names: list[Name]) -> list[Name]:
    if not names:
        raise ValueError("it has no name")
    return names


def _source(entity: Entity, number: int, name: Name) -> Source:
    path = "tv" if entity == "title" else "person"
    url = HttpUrl(f"https://www.themoviedb.org/{path}/{number}")
    return Source(id="tmdb", title=name.text, publisher="TMDB", url=url)


def _picture(size: str, path: object) -> HttpUrl | None:
    if not isinstance(path, str) or not _PICTURE.fullmatch(path):
        return None
    return HttpUrl(f"https://image.tmdb.org/t/p/{size}{path}")


def _popularity(record: Mapping[str, Any]) -> float:
    """Return the popularity from 0 to 1. TMDB's is around 1 for most, and rarely above 1000."""
    value = record.get("popularity")
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 10**9:
        return 0.0
    return round(min(math.log1p(value) / math.log1p(1000), 1.0), 2)


def _external_ids(number: int, record: Mapping[str, Any]) -> dict[str, str]:
    block = as_mapping(record.get("external_ids"))
    ids = {"tmdb": str(number)}
    for name, (field, pattern) in _EXTERNAL_IDS.items():
        value = block.get(field)
        text = str(value) if isinstance(value, int) and clean_int(value, 1, _MAX_ID) else value
        if isinstance(text, str) and pattern.fullmatch(text):
            ids[name] = text
    return ids


def _countries(show: Mapping[str, Any]) -> list[str]:
    codes = [clean_line(code) for code in as_list(show.get("origin_country"))[:20]]
    return [code for code in dict.fromkeys(codes) if code and re.fullmatch(r"[A-Z]{2}", code)]


def _genres(show: Mapping[str, Any]) -> list[str]:
    rows = map(as_mapping, as_list(show.get("genres"))[:50])
    genres = (_GENRES.get(clean_int(row.get("id"), 1, _MAX_ID) or 0) for row in rows)
    return list(dict.fromkeys(genre for genre in genres if genre))


def _episode_count(show: Mapping[str, Any]) -> int | None:
    return clean_int(show.get("number_of_episodes"), 1, 1_000_000)


def _networks(show: Mapping[str, Any]) -> list[Network]:
    rows = map(as_mapping, as_list(show.get("networks"))[:20])
    names = dict.fromkeys(name for row in rows if (name := clean_line(row.get("name"))))
    return [
        Network(name=name, kind="streaming" if name.casefold() in _STREAMING else None)
        for name in names
    ]


def _premise(show: Mapping[str, Any]) -> dict[str, str]:
    languages = {*_PREMISE_LANGUAGES, language_tag(show.get("original_language"))}
    texts = [(tag, data.get("overview")) for tag, data in translations_of(show)]
    premise: dict[str, str] = {}
    # The answer itself is in English.
    for tag, value in (*texts, ("en", show.get("overview"))):
        text = clean_line(value, TEXT_LIMIT)
        if text and tag in languages:
            premise.setdefault(tag, text)
    return premise
