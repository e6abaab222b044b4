"""Answers that are not what TMDB documents."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalog.model import Person, Title
from bot.sources.countries import find_countries
from bot.sources.ports import Fetched, Item
from bot.sources.tmdb import TmdbSource
from bot.sources.tmdb_mapping import map_person, map_show
from tests.sources.tmdb_answers import person, show

NOW = datetime(2026, 11, 25, tzinfo=UTC)

VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=20),
    st.sampled_from(["\ud800", "\x00", " ", "2021-13-01", "x" * 20_000, 10**400, -1, "９"]),
    st.lists(st.one_of(st.none(), st.integers(), st.text(max_size=3)), max_size=3),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the paths of every value in an answer."""
    children = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    return [path, *(place for key, child in children for place in places(child, (*path, key)))]


@st.composite
def damaged(draw: st.DrawFn, answer: dict[str, Any]) -> Any:
    """Return an answer in which some values are others, or missing."""
    answer = json.loads(json.dumps(answer))
    for _ in range(draw(st.integers(1, 4))):
        *path, last = draw(st.sampled_from([place for place in places(answer) if place]))
        parent = answer
        for key in path:
            parent = parent[key]
        if draw(st.booleans()):
            parent[last] = draw(VALUES)
        else:
            del parent[last]
    return answer


class Answers:
    """Stands in for the client: sends the same answer to everything."""

    def __init__(self, answer: Any) -> None:
        self._answer = answer

    async def get(self, path: str = "", params: Any = ()) -> Any:
        return self._answer


async def fetch(item: Item, answer: Any) -> Fetched:
    client: Any = Answers(answer)
    source = TmdbSource(client, find_countries(["KR"]), lambda: NOW)
    return await source.fetch([item])


def check_outcome(item: Item, fetched: Fetched) -> None:
    """An item is in exactly one of the outcomes, and its record can be stored."""
    outcomes = [*fetched.found, *fetched.missing, *fetched.unwanted, *fetched.refused]
    assert outcomes == [item]
    for record in fetched.records:
        assert type(record).model_validate_json(record.model_dump_json()) == record


@given(answer=damaged(show()))
async def test_a_damaged_show_is_mapped_or_refused(answer: Any) -> None:
    item = Item("title", "117376")

    check_outcome(item, await fetch(item, answer))


@given(answer=damaged(person()))
async def test_a_damaged_person_is_mapped_or_refused(answer: Any) -> None:
    item = Item("person", "73249")

    check_outcome(item, await fetch(item, answer))


@given(answer=VALUES)
async def test_an_answer_that_is_no_record_is_refused(answer: Any) -> None:
    item = Item("person", "73249")

    assert list((await fetch(item, answer)).refused) == [item]


@pytest.mark.parametrize("value", [None, 7, True, "text", [], {}, [None], {"results": 1}])
def test_a_field_of_a_wrong_type_costs_only_itself(value: Any) -> None:
    for field in show().keys() - {"id"}:
        assert isinstance(map_show(show(**{field: value}), NOW.date()), Title)
    for field in person().keys() - {"id"}:
        assert isinstance(map_person(person(**{field: value})), Person)
