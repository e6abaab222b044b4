"""Which records are joined, which stay apart, and what answers for their ids."""

from collections.abc import AsyncGenerator, Sequence
from itertools import pairwise, permutations
from pathlib import Path
from typing import Any

import pytest

from bot.app import open_database
from bot.services.catalog import CatalogService
from bot.store.catalog import CatalogStore
from bot.store.joined_records import Ref
from tests.store.layered_catalog import CURATOR, LayeredCatalog
from tests.support import records


@pytest.fixture
async def catalog(tmp_path: Path) -> AsyncGenerator[LayeredCatalog]:
    async with await open_database(f"sqlite:///{tmp_path}/a.db", lambda: made.now) as database:
        made = LayeredCatalog(database, tmp_path / "records")
        yield made


def title(source: str, number: str, name: str = "", **ids: str) -> dict[str, Any]:
    return records.title(
        f"{source}-{number}", name or f"{source} {number}", external_ids={source: number, **ids}
    )


def person(source: str, number: str, name: str = "Gong Yoo", **fields: Any) -> dict[str, Any]:
    return records.person(f"{source}-{number}", name, external_ids={source: number}, **fields)


async def answers(catalog: LayeredCatalog, entity: str, *ids: str) -> list[str | None]:
    """The ids of the records that answer for these ids."""
    snapshot = (await CatalogService.open(CatalogStore(catalog.database))).snapshot
    find: Any = snapshot.title if entity == "title" else snapshot.person
    return [found and found.id for found in map(find, ids)]


async def doubts(catalog: LayeredCatalog) -> Sequence[Any]:
    return [
        ({one.first_id, one.second_id}, set(one.evidence)) for one in await catalog.edits.doubts()
    ]


async def test_other_id_that_contradicts_makes_a_pair_doubtful(catalog: LayeredCatalog) -> None:
    await catalog.sync("tvmaze", title("tvmaze", "1", imdb="tt1", tmdb="5"))
    await catalog.sync("wikidata", title("wikidata", "Q1", imdb="tt1", tmdb="6"))
    assert await answers(catalog, "title", "wikidata-Q1") == ["wikidata-Q1"]
    evidence = {"imdb:tt1", "tmdb_differs:5/6"}
    assert await doubts(catalog) == [({"tvmaze-1", "wikidata-Q1"}, evidence)]


async def test_mydramalist_ids_are_compared_by_number(catalog: LayeredCatalog) -> None:
    await catalog.sync("tvmaze", title("tvmaze", "1", mydramalist="18452"))
    await catalog.sync("wikidata", title("wikidata", "Q1", mydramalist="18452-goblin"))
    await catalog.sync("tmdb", title("tmdb", "1", mydramalist="18452-guardian"))
    await catalog.sync("tmdb", title("tmdb", "2", mydramalist="1845-goblin"))
    assert await answers(catalog, "title", "tmdb-2") == ["tmdb-2"]
    layers = await catalog.layers("tvmaze-1")
    assert layers == ["tmdb-1", "tvmaze-1", "wikidata-Q1"]


@pytest.mark.parametrize("together", [True, False])
async def test_two_of_one_source_with_the_same_id_stay_two(
    catalog: LayeredCatalog, together: bool
) -> None:
    """Also if the record of another source, which came first or last, has that id, too."""
    first, second = title("tvmaze", "1", imdb="tt1"), title("tvmaze", "2", imdb="tt1")
    other = title("wikidata", "Q1", imdb="tt1")
    if together:
        await catalog.sync("wikidata", other)
        await catalog.sync("tvmaze", first, second)
    else:
        await catalog.sync("tvmaze", first)
        await catalog.sync("tvmaze", second)
        await catalog.sync("wikidata", other)
    roots = [layer for one in ("tvmaze-1", "tvmaze-2") for layer in await catalog.layers(one)]
    assert "tvmaze-1" not in await catalog.layers("tvmaze-2")
    assert roots.count("wikidata-Q1") <= 1
    assert await doubts(catalog)


async def test_two_records_by_hand_with_the_same_id_stay_two(catalog: LayeredCatalog) -> None:
    ids = {"external_ids": {"imdb": "tt1"}}
    await catalog.import_(records.title("goblin", **ids), records.title("goblin-2", **ids))
    assert await answers(catalog, "title", "goblin", "goblin-2") == ["goblin", "goblin-2"]
    evidence = {"imdb:tt1", "same_source:catalog"}
    assert await doubts(catalog) == [({"goblin", "goblin-2"}, evidence)]


async def test_external_id_that_moves_to_another_record_keeps_both(catalog: LayeredCatalog) -> None:
    await catalog.sync("tvmaze", title("tvmaze", "1", imdb="tt1"))
    await catalog.sync("wikidata", title("wikidata", "Q1", imdb="tt1"))
    # The id belonged to another show all along.
    await catalog.sync("tvmaze", title("tvmaze", "1"), title("tvmaze", "2", imdb="tt1"))
    assert await answers(catalog, "title", "tvmaze-1", "tvmaze-2") == ["tvmaze-1", "tvmaze-2"]
    assert [pair for pair, _evidence in await doubts(catalog)] == [{"tvmaze-1", "tvmaze-2"}]


async def test_kept_apart_stays_apart_by_way_of_others(catalog: LayeredCatalog) -> None:
    await catalog.sync("tvmaze", title("tvmaze", "1", thetvdb="9"))
    await catalog.sync("tmdb", title("tmdb", "1", imdb="tt1"))
    await catalog.edits.keep_apart("title", ("tvmaze-1", "tmdb-1"), CURATOR)
    await catalog.sync("wikidata", title("wikidata", "Q1", imdb="tt1", thetvdb="9"))
    for _again in range(2):
        found = await answers(catalog, "title", "tvmaze-1", "tmdb-1")
        assert len(set(found)) == 2
        await catalog.sync("wikidata", title("wikidata", "Q1", "New", imdb="tt1", thetvdb="9"))


@pytest.mark.parametrize("order", list(permutations(range(3))))
async def test_chain_of_joins_is_undone_in_any_order(
    catalog: LayeredCatalog, order: Sequence[int]
) -> None:
    ids = ["tmdb-1", "wikidata-Q1", "tvmaze-1", "goblin"]
    await catalog.import_(records.title("goblin"))
    for one in ids[:3]:
        source, number = one.split("-")
        await catalog.sync(source, title(source, number))
    before = await catalog.stored()
    joined = [await catalog.edits.join("title", pair, CURATOR) for pair in pairwise(ids)]
    assert await answers(catalog, "title", *ids) == ["goblin"] * 4
    for number in order:
        entry = joined[number]
        assert entry is not None
        await catalog.edits.undo(entry.id, CURATOR)
    assert await answers(catalog, "title", *ids) == ids
    assert await catalog.stored() == before


async def test_undone_join_of_people_gives_each_their_credits_back(catalog: LayeredCatalog) -> None:
    for source in ("tvmaze", "wikidata"):
        cast = [{"person": f"{source}-1"}]
        await catalog.sync(source, person(source, "1"), {**title(source, "7"), "cast": cast})
    before = await catalog.stored()
    entry = await catalog.edits.join("person", ("tvmaze-1", "wikidata-1"), CURATOR)
    assert entry is not None
    assert ("wikidata-7", "tvmaze-1") in (await catalog.stored())["credits"]
    await catalog.edits.undo(entry.id, CURATOR)
    assert await catalog.stored() == before
    assert ("wikidata-7", "wikidata-1") in before["credits"]


async def test_undone_separation_joins_again(catalog: LayeredCatalog) -> None:
    for source in ("tmdb", "tvmaze", "wikidata"):
        await catalog.sync(source, person(source, "1"))
    inner = await catalog.edits.join("person", ("tmdb-1", "wikidata-1"), CURATOR)
    outer = await catalog.edits.join("person", ("tmdb-1", "tvmaze-1"), CURATOR)
    assert inner is not None
    assert outer is not None
    kept, alias = outer.record_id, inner.after
    before = await catalog.stored()
    entry = await catalog.edits.keep_apart("person", (kept, alias), CURATOR)
    assert await answers(catalog, "person", alias) == [alias]
    await catalog.edits.undo(entry.id, CURATOR)
    assert await answers(catalog, "person", alias) == [kept]
    assert await catalog.stored() == before
    # But not what was undone meanwhile.
    entry = await catalog.edits.keep_apart("person", (kept, alias), CURATOR)
    await catalog.edits.undo(inner.id, CURATOR)
    await catalog.edits.undo(entry.id, CURATOR)
    assert await answers(catalog, "person", alias) == [alias]


@pytest.mark.parametrize("value", [None, {"character": "Reaper"}])
async def test_edited_credit_follows_a_person_who_is_joined(
    catalog: LayeredCatalog, value: Any
) -> None:
    cast = [{"person": "wikidata-1", "character": "Kim Shin"}]
    await catalog.sync("tvmaze", person("tvmaze", "1"))
    await catalog.sync(
        "wikidata", person("wikidata", "1"), {**title("wikidata", "7"), "cast": cast}
    )
    await catalog.edit(Ref("title", "wikidata-7"), {"cast.wikidata-1": value})
    await catalog.edits.join("person", ("tvmaze-1", "wikidata-1"), CURATOR)
    snapshot = (await CatalogService.open(CatalogStore(catalog.database))).snapshot
    found = snapshot.title("wikidata-7")
    assert found is not None
    shown = [(credit.person, credit.character) for credit in found.cast]
    assert shown == ([("tvmaze-1", "Reaper")] if value else [])
    assert await catalog.stored() == await catalog.rebuilt()


async def test_record_that_a_source_lists_again_after_others_took_its_place(
    catalog: LayeredCatalog,
) -> None:
    """TVmaze merges a show into another one, and takes that back."""
    one, other = title("tvmaze", "1"), title("tvmaze", "2")
    await catalog.sync("tvmaze", one, other)
    await catalog.sync("tvmaze", one, **{"tvmaze-2": "tvmaze-1"})
    assert await answers(catalog, "title", "tvmaze-2") == ["tvmaze-1"]
    await catalog.sync("tvmaze", other)
    assert await answers(catalog, "title", "tvmaze-2", "tvmaze-2-2") == ["tvmaze-1", "tvmaze-2-2"]
