import logging
import traceback
from typing import Any

import pytest

from bot.sources.errors import SourceError, SourceForbiddenError
from bot.sources.ports import Item
from bot.sources.tmdb import tmdb_options
from tests.sources.tmdb_answers import episode, person, show
from tests.sources.tmdb_reader import TmdbReader, add_shows, tmdb
from tests.sources.tmdb_server import API_KEY, READ_ACCESS

__all__ = ["tmdb"]  # a fixture

# The token


@pytest.mark.parametrize("token", [READ_ACCESS, API_KEY, f" {API_KEY}\n"])
async def test_a_token_or_key_is_accepted(tmdb: TmdbReader, token: str) -> None:
    add_shows(tmdb.server, show(1))
    tmdb.source = tmdb.open_source(token)

    assert (await tmdb.fetch("title", 1)).found


async def test_a_read_token_is_not_part_of_the_url(tmdb: TmdbReader) -> None:
    add_shows(tmdb.server, show(1))
    await tmdb.fetch("title", 1)

    assert not [query for _, query in tmdb.server.requests if "api_key" in query]


@pytest.mark.parametrize("token", ["eyJ-secret", "secret"])
@pytest.mark.parametrize("fault", ["wrong token", "busy", "redirects", "connection"])
async def test_the_token_is_in_no_log_and_no_error(
    tmdb: TmdbReader, token: str, fault: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    tmdb.server.busy = 9 if fault == "busy" else 0
    tmdb.server.redirects_to_itself = fault == "redirects"
    if fault == "connection":
        tmdb.server.url = "http://127.0.0.1:1"
    tmdb.source = tmdb.open_source(token)

    with pytest.raises(SourceError) as caught:
        await tmdb.fetch("title", 1)

    told = "".join(traceback.format_exception(caught.value))
    assert "secret" not in told + caplog.text + repr(tmdb_options(token))


async def test_a_wrong_token_is_forbidden(tmdb: TmdbReader) -> None:
    tmdb.source = tmdb.open_source("wrong")

    with pytest.raises(SourceForbiddenError):
        await tmdb.list_all()


async def test_a_busy_service_is_asked_again(tmdb: TmdbReader) -> None:
    add_shows(tmdb.server, show(1))
    tmdb.server.busy = 2

    assert (await tmdb.fetch("title", 1)).found


# Fetching


async def test_a_show_is_fetched_with_its_people(tmdb: TmdbReader) -> None:
    add_shows(tmdb.server, show(117376))
    fetched = await tmdb.fetch("title", 117376)

    (title,) = fetched.records
    assert fetched.found == {Item("title", "117376"): "tmdb-117376"}
    assert title.id == "tmdb-117376"
    assert [item.id for item in title.episodes] == ["tmdb-2001", "tmdb-2002"]
    assert set(fetched.referenced) == {Item("person", i) for i in ("19391", "86889", "11", "13")}
    assert tmdb.client.requests == 2


def seasons(*numbers: int) -> dict[str, Any]:
    rows = [{"season_number": number, "air_date": None} for number in numbers]
    blocks = {
        f"season/{number}": {"episodes": [episode(1, None, id=5000 + number)]} for number in numbers
    }
    return {"seasons": rows, **blocks}


@pytest.mark.parametrize(
    ("numbers", "requests"),
    [((), 1), ((1,), 2), (range(16), 2), (range(20), 2), (range(45), 4), (range(300), 4)],
)
async def test_seasons_are_fetched_with_few_requests(
    tmdb: TmdbReader, numbers: range, requests: int
) -> None:
    record = show(1)
    del record["season/1"]
    add_shows(tmdb.server, record | seasons(*numbers))
    fetched = await tmdb.fetch("title", 1)

    assert len(fetched.records[0].episodes) == min(len(numbers), 60)
    assert tmdb.client.requests == requests


async def test_a_person_is_fetched(tmdb: TmdbReader) -> None:
    tmdb.server.people[73249] = person(73249)
    fetched = await tmdb.fetch("person", 73249)

    assert fetched.found == {Item("person", "73249"): "tmdb-73249"}
    assert fetched.records[0].born.text == "1972-12-15"
    assert tmdb.client.requests == 1


async def test_a_title_and_a_person_may_have_the_same_number(tmdb: TmdbReader) -> None:
    add_shows(tmdb.server, show(5))
    tmdb.server.people[5] = person(5)

    assert (await tmdb.fetch("title", 5)).records[0].entity == "title"
    assert (await tmdb.fetch("person", 5)).records[0].entity == "person"


@pytest.mark.parametrize("entity", ["title", "person"])
async def test_an_item_that_is_gone_is_missing(tmdb: TmdbReader, entity: Any) -> None:
    assert (await tmdb.fetch(entity, 404)).missing == [Item(entity, "404")]


@pytest.mark.parametrize(
    "change",
    [
        {"origin_country": ["US"]},
        {"original_language": "en"},
        {"genres": [{"id": 18}, {"id": 10767}]},
    ],
)
async def test_a_show_that_is_not_asked_for_is_unwanted(
    tmdb: TmdbReader, change: dict[str, Any]
) -> None:
    add_shows(tmdb.server, show(1, **change))
    fetched = await tmdb.fetch("title", 1)

    assert fetched.unwanted == [Item("title", "1")]
    assert tmdb.client.requests == 1


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ([], "the answer has another id"),
        ("nonsense", "the answer has another id"),
        (show(2), "the answer has another id"),
        (show(1, origin_country=None), "it has no country or no language"),
        (
            show(1, name="", original_name=None, translations={}, alternative_titles={}),
            "it has no name",
        ),
    ],
)
async def test_an_answer_that_cannot_be_used_is_refused(
    tmdb: TmdbReader, answer: Any, reason: str
) -> None:
    tmdb.server.replaced["tv/1"] = answer

    assert (await tmdb.fetch("title", 1)).refused == {Item("title", "1"): reason}


@pytest.mark.parametrize("item_id", ["", "0", "1/../../account", "1?api_key=x", "１", "-1", "abc"])
async def test_what_is_no_id_is_not_asked_for(tmdb: TmdbReader, item_id: str) -> None:
    fetched = await tmdb.fetch("title", item_id)

    assert fetched.refused == {Item("title", item_id): "its id is none of TMDB's"}
    assert tmdb.server.requests == []
