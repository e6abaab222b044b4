"""Titles and people as they are read from a TVmaze show that tests describe."""

from typing import Any

from bot.catalog.model import Person, Title
from bot.sources.countries import COUNTRIES, find_countries
from bot.sources.tvmaze_mapping import map_show
from tests.sources.tvmaze_server import make_show

ASIA = tuple(COUNTRIES.values())
KOREAN = find_countries(["KR"])


def map_title(*episodes: Any, countries: Any = KOREAN, **changes: Any) -> Title:
    """Return show 7 with `changes` and rows of episodes."""
    title, _ = map_show(make_show(7, **changes), list(episodes), countries)
    return title


def map_people(**changes: Any) -> dict[str, Person]:
    """Return the people of show 7 with `changes`, by their ids."""
    _, people = map_show(make_show(7, **changes), [], KOREAN)
    return {person.id: person for person in people}
