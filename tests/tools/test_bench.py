"""The benchmarks compare fairly."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from bot.catalog.interchange import read_records
from tools.bench import baselines, search
from tools.bench.baselines import Search
from tools.bench.generated_catalog import PEOPLE, TITLES, Query, people, queries, write_catalog

NAMES = [("person:1", "Ok Taec-yeon"), ("person:2", "옥주현"), ("person:3", "Park Bo-young")]


@pytest.mark.parametrize("baseline", [baselines.like, baselines.fts5, baselines.wratio])
@pytest.mark.parametrize(
    ("typed", "first"), [("Park Bo-young", "person:3"), ("옥주현", "person:2")]
)
def test_every_baseline_finds_an_exact_name(
    baseline: Callable[[Sequence[tuple[str, str]]], Search], typed: str, first: str
) -> None:
    assert baseline(NAMES)(typed)[0] == first


@pytest.mark.parametrize("baseline", [baselines.like, baselines.fts5, baselines.wratio])
@pytest.mark.parametrize("typed", ["", '"', "%", "' OR 1", "* NEAR("])
def test_every_baseline_accepts_any_query(
    baseline: Callable[[Sequence[tuple[str, str]]], Search], typed: str
) -> None:
    baseline(NAMES)(typed)


def test_right_results_are_counted_by_kind() -> None:
    found: search.Outcomes = {}
    queries_to_run = [Query("a", "exact", frozenset({"1"})), Query("b", "typo", frozenset({"3"}))]
    search.measure(lambda _: ["1", "2", "3"], queries_to_run, found)
    assert [(kind, one.asked, one.first, one.five) for kind, one in found.items()] == [
        ("exact", 1, 1, 1),
        ("all", 2, 1, 2),
        ("typo", 1, 0, 1),
    ]


def test_generated_people_have_distinct_names() -> None:
    everybody = people(175_000)
    assert len({one.hangul for one in everybody}) == len(everybody) == 175_000
    assert len(queries(everybody[:50], 10)) == 10 * 8


def test_generated_catalog_is_valid(tmp_path: Path) -> None:
    batch = read_records(write_catalog(tmp_path / "catalog.jsonl"), {})
    assert not batch.problems
    assert len(batch.parsed) == TITLES + PEOPLE
