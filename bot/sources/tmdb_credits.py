"""The cast and crew of a show of TMDB, from its `aggregate_credits`."""

from collections.abc import Mapping
from typing import Any

from bot.catalog.model import CastCredit, CrewCredit, Name
from bot.sources.ports import record_id
from bot.sources.text import as_list, as_mapping, clean_int, clean_line
from bot.sources.tmdb_names import language_of, script_of

MAX_PEOPLE = 30
"""The number of people of a show of whom there are credits. Each of them is fetched."""

_MAX_CREW = 8
_MAX_ROWS = 1000
_MAX_CHARACTERS = 3
_MAX_ID = 10**9
_JOBS = {
    "Director": "director",
    "Writer": "writer",
    "Screenplay": "screenplay",
    "Producer": "producer",
}


def map_cast(credits: Mapping[str, Any], limit: int) -> list[CastCredit]:
    """Return the credits of up to `limit` people, in billing order."""
    cast = [
        _cast_credit(person, rows[0]) for person, rows in _rows_by_person(credits, "cast").items()
    ]
    return sorted(cast, key=lambda c: (c.order is None, c.order or 0))[:limit]


def map_crew(credits: Mapping[str, Any]) -> list[CrewCredit]:
    """Return the credits of the crew members with a known job, those of the most episodes first."""
    people = [
        (_episodes_of(rows), person, jobs)
        for person, rows in _rows_by_person(credits, "crew").items()
        if (jobs := _jobs(rows))
    ]
    people.sort(key=lambda entry: -entry[0])
    return [
        CrewCredit(person=person, job=job) for _, person, jobs in people[:_MAX_CREW] for job in jobs
    ]


def _rows_by_person(credits: Mapping[str, Any], group: str) -> dict[str, list[Mapping[str, Any]]]:
    """Return the rows of a group, `cast` or `crew`, by record id: one per person and department."""
    people: dict[str, list[Mapping[str, Any]]] = {}
    for row in map(as_mapping, as_list(credits.get(group))[:_MAX_ROWS]):
        if number := clean_int(row.get("id"), 1, _MAX_ID):
            people.setdefault(record_id("tmdb", number), []).append(row)
    return people


def _cast_credit(person: str, row: Mapping[str, Any]) -> CastCredit:
    roles = map(as_mapping, as_list(row.get("roles"))[:50])
    names = dict.fromkeys(name for role in roles if (name := clean_line(role.get("character"))))
    # `character` is in English.
    credited = [name for name in names if script_of(name) in ("Latn", None)]
    others = [name for name in names if name not in credited]
    return CastCredit(
        person=person,
        character=clean_line(" / ".join(credited[:_MAX_CHARACTERS])),
        character_names=tuple(
            Name(text=name, lang=language_of(name)) for name in others[:_MAX_CHARACTERS]
        ),
        order=clean_int(row.get("order"), 0, 1_000_000),
    )


def _episodes_of(rows: list[Mapping[str, Any]]) -> int:
    return max(clean_int(row.get("total_episode_count"), 0, 1_000_000) or 0 for row in rows)


def _jobs(rows: list[Mapping[str, Any]]) -> list[str]:
    entries = (as_mapping(job) for row in rows for job in as_list(row.get("jobs"))[:50])
    jobs = (_JOBS.get(clean_line(entry.get("job")) or "") for entry in entries)
    return list(dict.fromkeys(job for job in jobs if job))
