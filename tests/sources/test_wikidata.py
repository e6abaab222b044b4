"""The whole source, against a Wikidata on loopback."""

from collections.abc import AsyncGenerator
from datetime import timedelta
from typing import Any

import pytest

from bot.catalog.model import Title
from bot.sources.errors import SourceForbiddenError
from bot.sources.ports import Fetched, Item, Listing, Source
from bot.sources.wikidata import WikidataSource
from tests.sources.wikidata_samples import (
    GOBLIN,
    GONG_YOO,
    KIM_EUN_SOOK,
    KIM_GO_EUN,
    ROMANCE,
    SERIES,
    SOUTH_KOREA,
    everything,
    goblin,
)
from tests.sources.wikidata_server import (
    FakeWikidata,
    banned,
    connect,
    item,
    make_item,
    statement,
    value,
)

TITLE = Item("title", GOBLIN)


@pytest.fixture
async def server() -> AsyncGenerator[FakeWikidata]:
    async with FakeWikidata(*everything()).serve() as server:
        yield server


@pytest.fixture
async def source(server: FakeWikidata) -> AsyncGenerator[WikidataSource]:
    async with connect(server) as source:
        yield source


async def list_all(source: Source) -> Listing:
    [listing] = [listing async for listing in source.list_items({}, set(), full=False)]
    return listing


def outcomes(fetched: Fetched) -> list[Item]:
    return [*fetched.found, *fetched.missing, *fetched.unwanted, *fetched.refused]


async def test_list_is_one_request_and_has_what_was_modified_when(
    server: FakeWikidata, source: WikidataSource
) -> None:
    listing = await list_all(source)
    assert listing.stamps == {TITLE: "2026-11-01T00:00:00Z"}
    assert listing.state == {"count": 1, "complete": True}
    assert listing.count == 1
    assert (len(server.queries), len(server.api_requests)) == (1, 0)


async def test_list_does_not_ask_for_a_start_which_announced_series_lack(
    server: FakeWikidata, source: WikidataSource
) -> None:
    server.add(goblin(P580=[]))
    assert TITLE in (await list_all(source)).stamps


async def test_each_country_is_a_query_of_its_own(server: FakeWikidata) -> None:
    japanese = make_item(
        "Q900", {"ja": "半沢直樹"}, {}, {"P31": [item(SERIES)], "P495": [item("Q17")]}
    )
    server.add(japanese)
    async with connect(server, "KR", "JP") as source:
        listing = await list_all(source)
    assert set(listing.stamps) == {TITLE, Item("title", "Q900")}
    assert (listing.count, len(server.queries)) == (2, 2)


async def test_title_and_people_come_in_one_request_and_labels_in_another(
    server: FakeWikidata, source: WikidataSource
) -> None:
    people = [Item("person", each) for each in (GONG_YOO, KIM_GO_EUN, KIM_EUN_SOOK)]
    fetched = await source.fetch([TITLE, *people])
    assert fetched.found == {each: f"wikidata-{each.id}" for each in [TITLE, *people]}
    assert fetched.referenced == [
        Item("person", each) for each in (KIM_GO_EUN, GONG_YOO, KIM_EUN_SOOK)
    ]
    assert [request["props"] for request in server.api_requests] == [
        "labels|aliases|claims|info|sitelinks",
        "labels",
    ]
    assert "mul" in server.api_requests[0]["languages"].split("|")


async def test_labels_are_asked_for_once(server: FakeWikidata, source: WikidataSource) -> None:
    await source.fetch([TITLE])
    server.api_requests.clear()
    fetched = await source.fetch([TITLE])
    assert len(server.api_requests) == 1
    [title] = fetched.records
    assert isinstance(title, Title)
    assert [network.name for network in title.networks] == ["tvN", "Netflix"]


async def test_a_batch_of_fifty_is_one_request(
    server: FakeWikidata, source: WikidataSource
) -> None:
    ids = [f"Q{number}" for number in range(1000, 1000 + source.batch_size)]
    server.add(*(make_item(each, {"en": f"Actor {each}"}) for each in ids))
    fetched = await source.fetch([Item("person", each) for each in ids])
    assert (len(fetched.records), len(server.api_requests)) == (50, 1)


async def test_labels_are_asked_for_fifty_at_a_time(
    server: FakeWikidata, source: WikidataSource
) -> None:
    ids = [f"Q{number}" for number in range(1000, 1012)]
    for number, each in enumerate(ids):
        groups = [item(f"Q{2000 + number * 10 + place}") for place in range(10)]
        server.add(make_item(each, {"en": f"Actor {each}"}, {}, {"P463": groups}))
    await source.fetch([Item("person", each) for each in ids])
    assert [len(request["ids"].split("|")) for request in server.api_requests] == [12, 50, 50, 20]


async def test_missing_merged_nameless_and_impossible_items(
    server: FakeWikidata, source: WikidataSource
) -> None:
    server.redirects["Q77"] = GONG_YOO
    server.add(make_item("Q99999999", {"ru": "Кто-то"}), make_item("Q98", {"en": "Q99999998"}))
    items = [Item("person", each) for each in ("Q77", "Q78", "Q99999999", "Q98", "genid")]
    fetched = await source.fetch(items)
    assert fetched.found == {items[0]: f"wikidata-{GONG_YOO}"}
    assert fetched.merged == {"wikidata-Q77": f"wikidata-{GONG_YOO}"}
    assert fetched.missing == [items[1]]
    assert set(fetched.refused) == set(items[2:])
    assert "name" in fetched.refused[items[2]]
    assert [record.id for record in fetched.records] == [f"wikidata-{GONG_YOO}"]


async def test_merged_item_is_found_if_the_response_has_only_its_new_id(
    server: FakeWikidata, source: WikidataSource
) -> None:
    server.redirects["Q77"] = GONG_YOO
    server.redirects_by_new_id = True
    items = [Item("person", "Q77"), Item("person", KIM_GO_EUN)]
    fetched = await source.fetch(items)
    assert fetched.found == {items[0]: f"wikidata-{GONG_YOO}", items[1]: f"wikidata-{KIM_GO_EUN}"}
    assert fetched.merged == {"wikidata-Q77": f"wikidata-{GONG_YOO}"}


async def test_item_merged_into_one_that_is_asked_for_too_gives_one_record(
    server: FakeWikidata, source: WikidataSource
) -> None:
    server.redirects["Q77"] = GONG_YOO
    fetched = await source.fetch([Item("person", "Q77"), Item("person", GONG_YOO)])
    assert set(fetched.found.values()) == {f"wikidata-{GONG_YOO}"}
    assert (len(fetched.found), len(fetched.records)) == (2, 1)


async def test_every_item_has_one_outcome(server: FakeWikidata, source: WikidataSource) -> None:
    server.add(make_item("Q90"))
    items = [TITLE, Item("title", "Q90"), Item("person", "Q91"), Item("person", "x")]
    assert sorted(outcomes(await source.fetch(items))) == sorted(items)


async def test_item_that_left_the_classes_is_still_read(
    server: FakeWikidata, source: WikidataSource
) -> None:
    server.add(goblin(P31=[item("Q11424")]))
    assert TITLE in (await source.fetch([TITLE])).found


async def test_popularity_grows_with_the_links_to_pages(
    server: FakeWikidata, source: WikidataSource
) -> None:
    claims = {"P31": [item(SERIES)], "P495": [item(SOUTH_KOREA)]}
    server.add(make_item("Q95", {"en": "A hit"}, {}, claims, links=200))
    items = [TITLE, Item("title", "Q95")]
    fetched = await source.fetch(items)
    assert [record.popularity for record in fetched.records] == [0.5, 0.9]


async def test_links_of_people_are_not_asked_for(
    server: FakeWikidata, source: WikidataSource
) -> None:
    await source.fetch([Item("person", GONG_YOO)])
    assert "sitelinks" not in server.api_requests[0]["props"]


VARIETY = make_item("Q97", {"en": "variety show"})
PROGRAM = "Q15416"


@pytest.mark.parametrize(
    ("claims", "is_wanted"),
    [
        ({"P31": [item(PROGRAM)], "P136": [item("Q97")]}, False),
        ({"P31": [item(SERIES)], "P136": [item("Q97"), item(ROMANCE)]}, False),
        ({"P31": [item(PROGRAM), item("Q97")]}, False),
        ({"P31": [item(PROGRAM)], "P161": [item(GONG_YOO)], "P371": [item(GONG_YOO)]}, False),
        ({"P31": [item(PROGRAM)], "P136": [item(ROMANCE)]}, True),
        ({"P31": [item(PROGRAM)], "P58": [item(KIM_EUN_SOOK)]}, True),
        (
            {
                "P31": [item(PROGRAM)],
                "P161": [statement(item(GONG_YOO), P4633=[value("Kim Shin")])],
            },
            True,
        ),
        ({"P31": [item(SERIES)]}, True),
    ],
)
async def test_variety_shows_are_left_out(
    server: FakeWikidata, source: WikidataSource, claims: Any, is_wanted: bool
) -> None:
    server.add(VARIETY, make_item("Q96", {"en": "On air"}, {}, claims))
    fetched = await source.fetch([Item("title", "Q96")])
    assert [item.id for item in fetched.found] == ["Q96"] * is_wanted
    assert [item.id for item in fetched.unwanted] == ["Q96"] * (not is_wanted)


async def test_ban_is_an_error_that_says_so(server: FakeWikidata, source: WikidataSource) -> None:
    server.sparql_faults.append(banned())
    with pytest.raises(SourceForbiddenError, match="403"):
        await list_all(source)
    server.api_faults.append(banned())
    with pytest.raises(SourceForbiddenError, match="403"):
        await source.fetch([TITLE])


async def test_what_the_sync_is_promised(source: WikidataSource) -> None:
    promised: Source = source
    assert (promised.name, promised.batch_size) == ("wikidata", 50)
    assert (promised.interval, promised.max_age) == (timedelta(hours=24), timedelta(days=60))
    assert promised.expiry is None


async def test_nonsense_in_one_entity_costs_that_one_only(
    server: FakeWikidata, source: WikidataSource
) -> None:
    broken = {"id": "Q96", "type": "item", "labels": 5, "aliases": None, "claims": [7]}
    server.add(broken | {"lastrevid": 1, "modified": ""}, goblin(P1113=[value([])]))
    fetched = await source.fetch([Item("title", "Q96"), TITLE])
    assert list(fetched.refused) == [Item("title", "Q96")]
    assert list(fetched.found) == [TITLE]
