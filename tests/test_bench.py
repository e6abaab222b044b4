"""What the benchmarks compare is compared fairly."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from bot.catalog.files import read_records
from tests.bench import rivals, searching
from tests.bench.generated import PEOPLE, TITLES, Query, people, queries, write_catalog
from tests.bench.rivals import Search

NAMES = [("person:1", "Ok Taec-yeon"), ("person:2", "옥주현"), ("person:3", "Park Bo-young")]


@pytest.mark.parametrize("rival", [rivals.like, rivals.fts5, rivals.wratio])
@pytest.mark.parametrize(
    ("typed", "first"), [("Park Bo-young", "person:3"), ("옥주현", "person:2")]
)
def test_every_rival_finds_a_name_as_it_is_written(
    rival: Callable[[Sequence[tuple[str, str]]], Search], typed: str, first: str
) -> None:
    assert rival(NAMES)(typed)[0] == first


@pytest.mark.parametrize("rival", [rivals.like, rivals.fts5, rivals.wratio])
@pytest.mark.parametrize("typed", ["", '"', "%", "' OR 1", "* NEAR("])
def test_no_rival_stumbles_over_what_is_typed(
    rival: Callable[[Sequence[tuple[str, str]]], Search], typed: str
) -> None:
    rival(NAMES)(typed)


def test_right_answers_are_counted_by_kind() -> None:
    found: searching.Outcomes = {}
    todo = [Query("a", "exact", frozenset({"1"})), Query("b", "typo", frozenset({"3"}))]
    searching.measure(lambda _: ["1", "2", "3"], todo, found)
    assert [(kind, one.asked, one.first, one.five) for kind, one in found.items()] == [
        ("exact", 1, 1, 1),
        ("all", 2, 1, 2),
        ("typo", 1, 0, 1),
    ]


def test_made_up_people_are_as_many_as_asked_for_and_of_different_names() -> None:
    everybody = people(175_000)
    assert len({one.hangul for one in everybody}) == len(everybody) == 175_000
    assert len(queries(everybody[:50], 10)) == 10 * 8


def test_the_made_up_catalog_is_one(tmp_path: Path) -> None:
    batch = read_records(write_catalog(tmp_path / "catalog.jsonl"), {})
    assert not batch.problems
    assert len(batch.parsed) == TITLES + PEOPLE
