"""Casts and crews of TVmaze, and the people in them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.catalog.model import CastCredit, CrewCredit, Name, NameType, Person, Source
from bot.sources.ports import record_id
from bot.sources.text import as_mapping, clean_day, clean_int, clean_line, clean_url
from bot.sources.tvmaze_channels import country_code
from bot.sources.tvmaze_names import main_language

_MAX_CREDITS = 500
_MAX_ID = 10**12
# Names in Han characters alone, by country. Those of Koreans are not in Chinese.
_HAN_LANGUAGES = {"JP": "ja", "KR": "und"}


@dataclass(frozen=True, slots=True)
class Credits:
    """The cast and the crew of a show, and their people."""

    cast: tuple[CastCredit, ...]
    crew: tuple[CrewCredit, ...]
    people: tuple[Person, ...]


def map_credits(cast: Sequence[object], crew: Sequence[object]) -> Credits:
    """Return the credits of people whose name is known, the cast in billing order."""
    cast_rows = [as_mapping(row) for row in cast[:_MAX_CREDITS]]
    crew_rows = [as_mapping(row) for row in crew[:_MAX_CREDITS]]
    people: dict[str, Person] = {}
    for row in (*cast_rows, *crew_rows):
        if person := map_person(row.get("person")):
            people.setdefault(person.id, person)
    return Credits(
        tuple(_map_cast(cast_rows, people)),
        tuple(dict.fromkeys(_map_crew(crew_rows, people))),
        tuple(people.values()),
    )


def map_person(value: object) -> Person | None:
    """Return a person, or None without an id or a name."""
    row = as_mapping(value)
    number, name = clean_int(row.get("id"), 1, _MAX_ID), clean_line(row.get("name"))
    if number is None or name is None:
        return None
    country = country_code(row.get("country"))
    lang = main_language(name, _HAN_LANGUAGES.get(country or "", "zh"))
    portrait = read_image(row)
    return Person.model_validate(
        {
            "id": record_id("tvmaze", number),
            "names": [Name(text=name, lang=lang, type=NameType.MAIN)],
            "born": clean_day(row.get("birthday")),
            "origin_country": [country] if country else [],
            "portrait": portrait,
            "portrait_source": "tvmaze" if portrait else None,
            "external_ids": {"tvmaze": str(number)},
            "sources": [credit_source("people", number, name, row.get("url"))],
        }
    )


def credit_source(kind: str, number: int, title: str, url: object) -> Source:
    """Return the credit that the license asks for, with a link to the page of a show or person."""
    page = clean_url(url) or f"https://www.tvmaze.com/{kind}/{number}"
    return Source.model_validate(
        {
            "id": "tvmaze",
            "title": title,
            "publisher": "TVmaze",
            "url": page,
            "license": "CC-BY-SA-4.0",
        }
    )


def read_image(row: Mapping[str, Any]) -> str | None:
    """Return the URL of the picture of a show or a person in full size, or None."""
    url = clean_url(as_mapping(row.get("image")).get("original"))
    return f"https://{url.partition('://')[2]}" if url else None


def _person_id(row: Mapping[str, Any]) -> str:
    return record_id("tvmaze", clean_int(as_mapping(row.get("person")).get("id"), 1, _MAX_ID) or 0)


def _map_cast(
    rows: Sequence[Mapping[str, Any]], people: Mapping[str, Person]
) -> Iterator[CastCredit]:
    seen: set[tuple[str, str | None]] = set()
    for order, row in enumerate(rows, start=1):
        person = _person_id(row)
        name = clean_line(as_mapping(row.get("character")).get("name"))
        character = None if row.get("self") is True else name
        if person in people and (person, character) not in seen:
            seen.add((person, character))
            yield CastCredit(person=person, character=character, order=order)


def _map_crew(
    rows: Sequence[Mapping[str, Any]], people: Mapping[str, Person]
) -> Iterator[CrewCredit]:
    for row in rows:
        person, job = _person_id(row), clean_line(row.get("type"))
        if person in people and job:
            yield CrewCredit(person=person, job=job.lower())
