"""Converts Wikidata's entities to records.

Portraits are left out: each picture (P18) has a license of its own, which would have to be asked
for file by file.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal

from bot.catalog.model import (
    CastCredit,
    CrewCredit,
    Name,
    Network,
    Person,
    Release,
    Source,
    Title,
)
from bot.sources.countries import COUNTRIES
from bot.sources.ports import Entity, record_id
from bot.sources.text import as_mapping, clean_line
from bot.sources.wikidata_claims import (
    Statement,
    find_statements,
    first_window,
    is_item_id,
    read_all,
    read_best,
    read_item_id,
    read_number,
    read_text,
    read_window,
)
from bot.sources.wikidata_names import (
    english_label,
    label_names,
    name_from_text,
    person_names,
    title_names,
)
from bot.sources.wikidata_terms import find_genres, find_occupations, is_unscripted

SOURCE = "wikidata"

Labels = Mapping[str, Mapping[str, str]]
"""The labels of other items, by the id of the item and the BCP 47 tag."""

_SERIES_CLASSES = {"Q5398426", "Q526877", "Q1259759", "Q15416", "Q3464665"}
_TELEVISION_PROGRAM = "Q15416"
_TELEVISION_FILM = "Q506240"

_CREW_JOBS = {"P57": "director", "P58": "writer", "P162": "producer"}
_CHARACTER = "P453"
_LABELLED: Mapping[Entity, tuple[str, ...]] = {
    "title": ("P31", "P449", "P136"),
    "person": ("P463", "P106"),
}

_DIGITS = re.compile(r"[1-9]\d{0,11}", re.ASCII)
_IDS: Mapping[Entity, Mapping[str, tuple[str, re.Pattern[str]]]] = {
    "title": {
        "imdb": ("P345", re.compile(r"tt\d{5,12}", re.ASCII)),
        "tmdb": ("P4983", _DIGITS),
        "tvmaze": ("P8600", _DIGITS),
        "thetvdb": ("P4835", _DIGITS),
        # With the title behind it, which changes and is left out: 18452-goblin.
        "mydramalist": ("P3868", re.compile(r"[1-9]\d{0,11}(?:-[a-z\d-]{1,100})?", re.ASCII)),
    },
    "person": {
        "imdb": ("P345", re.compile(r"nm\d{5,12}", re.ASCII)),
        "tmdb": ("P4985", _DIGITS),
    },
}

_MAX_CAST, _MAX_CREW, _MAX_OTHERS = 200, 60, 10
_MAX_ORDER = 1_000_000
_MANY_LINKS, _MAX_POPULARITY = 60, 0.9


class UnusableEntityError(ValueError):
    """An entity cannot become a record. The text says why."""


def find_label_ids(entity: Mapping[str, Any], kind: Entity) -> list[str]:
    """Return the ids of the items whose labels a record of an entity needs."""
    ids = [
        item_id
        for property_id in _LABELLED[kind]
        for item_id in read_all(entity, property_id, read_item_id)[:_MAX_OTHERS]
    ]
    if kind == "title":
        statements = find_statements(entity, "P161")[:_MAX_CAST]
        ids += [item_id for statement in statements for item_id in _character_ids(statement)]
    return list(dict.fromkeys(ids))


def is_scripted(entity: Mapping[str, Any], labels: Labels) -> bool:
    """Return whether a title tells a story, unlike a variety show.

    Both are found among television programs: there, a genre, a writer or a character must tell.
    """
    genres = _english_labels(entity, "P136", labels)
    classes = set(read_all(entity, "P31", read_item_id))
    if is_unscripted([*genres, *_english_labels(entity, "P31", labels)]):
        return False
    cast = find_statements(entity, "P161")[:_MAX_CAST]
    return (
        classes != {_TELEVISION_PROGRAM}
        or bool(find_genres(genres) or find_statements(entity, "P58"))
        or any(name in statement.qualifiers for statement in cast for name in (_CHARACTER, "P4633"))
    )


def to_title(entity: Mapping[str, Any], labels: Labels) -> Title:
    """Return the record of a title. Raises UnusableEntityError."""
    item_id = _read_id(entity)
    original_language = _original_language(entity)
    names = _require(title_names(entity, original_language))
    return Title(
        id=record_id(SOURCE, item_id),
        names=names,
        kind=_title_kind(entity),
        origin_country=_countries(entity, "P495"),
        original_language=original_language,
        genres=find_genres(_english_labels(entity, "P136", labels)),
        networks=tuple(Network(name=name) for name in _english_labels(entity, "P449", labels)),
        episode_count=next(iter(read_best(entity, "P1113", read_number)), None),
        releases=tuple(_releases(entity)),
        cast=tuple(dict.fromkeys(_cast(entity, labels, original_language)))[:_MAX_CAST],
        crew=tuple(dict.fromkeys(_crew(entity)))[:_MAX_CREW],
        external_ids=_external_ids(entity, item_id, "title"),
        sources=(_source(item_id, names),),
        popularity=round(min(_count_links(entity) / _MANY_LINKS, _MAX_POPULARITY), 3),
    )


def _count_links(entity: Mapping[str, Any]) -> int:
    """Return how many pages of Wikipedia and its sister projects an item has."""
    return len(as_mapping(entity.get("sitelinks")))


def to_person(entity: Mapping[str, Any], labels: Labels) -> Person:
    """Return the record of a person. Raises UnusableEntityError."""
    item_id = _read_id(entity)
    countries = _countries(entity, "P27")
    language = COUNTRIES[countries[0]].language if countries else None
    names = _require(person_names(entity, language))
    return Person(
        id=record_id(SOURCE, item_id),
        names=names,
        born=first_window(read_best(entity, "P569", read_window)),
        groups=tuple(_english_labels(entity, "P463", labels)),
        occupations=find_occupations(_english_labels(entity, "P106", labels)),
        origin_country=countries,
        external_ids=_external_ids(entity, item_id, "person"),
        sources=(_source(item_id, names),),
    )


def _read_id(entity: Mapping[str, Any]) -> str:
    item_id = entity.get("id")
    if not is_item_id(item_id):
        raise UnusableEntityError("it has no id")
    return str(item_id)


def _require(names: tuple[Name, ...]) -> tuple[Name, ...]:
    if not names:
        raise UnusableEntityError("it has no name in a language that is kept")
    return names


def _source(item_id: str, names: tuple[Name, ...]) -> Source:
    english = next((name for name in names if name.lang == "en"), names[0])
    return Source.model_validate(
        {
            "id": SOURCE,
            "title": english.text,
            "publisher": "Wikidata",
            "url": f"https://www.wikidata.org/wiki/{item_id}",
            "license": "CC0-1.0",
        }
    )


def _title_kind(entity: Mapping[str, Any]) -> Literal["series", "film"]:
    classes = set(read_all(entity, "P31", read_item_id))
    return "film" if _TELEVISION_FILM in classes and not classes & _SERIES_CLASSES else "series"


def _original_language(entity: Mapping[str, Any]) -> str | None:
    languages = {country.language_item: country.language for country in COUNTRIES.values()}
    known = (languages.get(item) for item in read_best(entity, "P364", read_item_id))
    return next((language for language in known if language), None)


def _countries(entity: Mapping[str, Any], property_id: str) -> tuple[str, ...]:
    codes = {country.item: country.code for country in COUNTRIES.values()}
    items = read_best(entity, property_id, read_item_id)
    return tuple(dict.fromkeys(codes[item] for item in items if item in codes))


def _english_labels(entity: Mapping[str, Any], property_id: str, labels: Labels) -> list[str]:
    items = read_all(entity, property_id, read_item_id)[:_MAX_OTHERS]
    found = (english_label(labels.get(item, {})) for item in items)
    return list(dict.fromkeys(label for label in found if label))


def _external_ids(entity: Mapping[str, Any], item_id: str, kind: Entity) -> dict[str, str]:
    """Return the first id of each kind, and the item's own."""
    ids = {SOURCE: item_id}
    for name, (property_id, pattern) in _IDS[kind].items():
        values = read_all(entity, property_id, read_text)
        if value := next(filter(pattern.fullmatch, values), None):
            ids[name] = value.partition("-")[0]
    return ids


def _releases(entity: Mapping[str, Any]) -> Iterator[Release]:
    """Yield the premiere: the start (P580), or the publication (P577) if no start is stated."""
    property_id = "P580" if find_statements(entity, "P580") else "P577"
    if window := first_window(read_best(entity, property_id, read_window)):
        yield Release(event="premiere", window=window, source=SOURCE)


def _cast(
    entity: Mapping[str, Any], labels: Labels, original_language: str | None
) -> Iterator[CastCredit]:
    for statement in find_statements(entity, "P161"):
        person = read_item_id(statement.value)
        if person:
            yield from _cast_credits(person, statement, labels, original_language)


def _cast_credits(
    person: str, statement: Statement, labels: Labels, original_language: str | None
) -> Iterator[CastCredit]:
    """Yield a credit for each character of a person; one without any."""
    order = _order(statement)
    characters = [names for names in _characters(statement, labels) if names] or [{}]
    for names in characters[:_MAX_OTHERS]:
        english = english_label(names)
        yield CastCredit(
            person=record_id(SOURCE, person),
            character=english,
            character_names=tuple(
                name for name in label_names(names, original_language) if name.text != english
            ),
            order=order,
        )


def _characters(statement: Statement, labels: Labels) -> Iterator[Mapping[str, str]]:
    """Yield the labels of each character; the name as credited (P4633) if they have none."""
    labelled = [labels[item] for item in _character_ids(statement) if labels.get(item)]
    yield from labelled
    if not labelled:
        for value in statement.qualifier_values("P4633"):
            if text := clean_line(value):
                yield {name_from_text(text).lang: text}


def _character_ids(statement: Statement) -> list[str]:
    items = map(read_item_id, statement.qualifier_values(_CHARACTER))
    return [item for item in items if item][:_MAX_OTHERS]


def _order(statement: Statement) -> int | None:
    for value in statement.qualifier_values("P1545"):
        if isinstance(value, str) and re.fullmatch(r"\d{1,7}", value, re.ASCII):
            return int(value) if int(value) <= _MAX_ORDER else None
    return None


def _crew(entity: Mapping[str, Any]) -> Iterator[CrewCredit]:
    for property_id, job in _CREW_JOBS.items():
        for person in read_all(entity, property_id, read_item_id):
            yield CrewCredit(person=record_id(SOURCE, person), job=job)
