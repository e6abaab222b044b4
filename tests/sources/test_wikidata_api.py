from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest

from bot.project import Project
from bot.sources import wikidata_api
from bot.sources.errors import SourceBusyError, SourceFormatError, SourceUnavailableError
from bot.sources.http import SourceClient, open_session
from bot.sources.wikidata_api import WikidataApi
from tests.sources.wikidata_samples import GONG_YOO, TVN, everything
from tests.sources.wikidata_server import (
    FakeWikidata,
    answer,
    api_error,
    cut_off,
    make_item,
    maxlag,
    status,
)


@asynccontextmanager
async def open_api(server: FakeWikidata, pauses: list[float]) -> AsyncGenerator[WikidataApi]:
    async def sleep(seconds: float) -> None:
        pauses.append(seconds)

    async with open_session(Project("1.0", "https://example.org")) as session:
        client = SourceClient("Wikidata", server.api_url, session, spacing=0, sleep=sleep)
        yield WikidataApi(client, sleep)


@pytest.fixture
async def server() -> AsyncGenerator[FakeWikidata]:
    async with FakeWikidata(*everything()).serve() as server:
        yield server


@pytest.fixture
def pauses() -> list[float]:
    return []


@pytest.fixture
async def api(server: FakeWikidata, pauses: list[float]) -> AsyncGenerator[WikidataApi]:
    async with open_api(server, pauses) as api:
        yield api


@pytest.mark.parametrize(("lag", "wait"), [(6.2, 6.2), (0.5, 5), (1000, 60)])
async def test_lag_is_waited_for_and_the_request_repeated(
    server: FakeWikidata, api: WikidataApi, pauses: list[float], lag: float, wait: float
) -> None:
    server.api_faults.append(maxlag(lag))
    assert set(await api.read_entities([GONG_YOO], "labels")) == {GONG_YOO}
    assert pauses == [wait]
    assert [request["maxlag"] for request in server.api_requests] == ["5", "5"]


async def test_lag_that_goes_on_is_left_to_the_sync(
    server: FakeWikidata, api: WikidataApi, pauses: list[float]
) -> None:
    server.api_faults += [maxlag()] * 10
    with pytest.raises(SourceBusyError) as caught:
        await api.read_entities([GONG_YOO], "labels")
    assert caught.value.retry_after == 6.2
    assert (len(server.api_requests), len(pauses)) == (4, 3)


async def test_rate_limit_of_the_api_is_waited_for(
    server: FakeWikidata, api: WikidataApi, pauses: list[float]
) -> None:
    server.api_faults.append(api_error("ratelimited"))
    assert set(await api.read_entities([GONG_YOO], "labels")) == {GONG_YOO}
    assert pauses == [5]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("readonly", SourceUnavailableError),
        ("internal_api_error_DBQueryError", SourceUnavailableError),
        ("no-such-entity", SourceFormatError),
        (["maxlag"], SourceFormatError),
        (None, SourceFormatError),
    ],
)
async def test_other_errors_are_raised_at_once(
    server: FakeWikidata, api: WikidataApi, code: object, expected: type[Exception]
) -> None:
    server.api_faults.append(api_error(code))
    with pytest.raises(expected):
        await api.read_entities([GONG_YOO], "labels")
    assert len(server.api_requests) == 1


@pytest.mark.parametrize("fault", [cut_off(), status(503), status(429, Retry_After="7")])
async def test_faults_of_http_are_retried(
    server: FakeWikidata, api: WikidataApi, pauses: list[float], fault: object
) -> None:
    server.api_faults.append(fault)  # type: ignore[arg-type]
    assert set(await api.read_entities([GONG_YOO], "labels")) == {GONG_YOO}
    assert len(pauses) == 1


@pytest.mark.parametrize("content", [[], "maxlag", {}, {"entities": []}, {"entities": None}])
async def test_response_without_entities_is_an_error(
    server: FakeWikidata, api: WikidataApi, content: object
) -> None:
    server.api_faults.append(answer(content))
    with pytest.raises(SourceFormatError, match="no entities"):
        await api.read_entities([GONG_YOO], "labels")


async def test_two_lost_ids_are_not_guessed(server: FakeWikidata, api: WikidataApi) -> None:
    entities = {each: {"id": each} for each in (GONG_YOO, "Q10", "Q20")}
    server.api_faults.append(answer({"entities": entities}))
    assert set(await api.read_entities([GONG_YOO, "Q1", "Q2"], "labels")) == {GONG_YOO}


async def test_redirects_tell_which_ids_were_merged(server: FakeWikidata, api: WikidataApi) -> None:
    entities = {
        "Q10": {"id": "Q10", "redirects": {"from": "Q1", "to": "Q10"}},
        "Q20": {"id": "Q20", "redirects": {"from": "Q2", "to": "Q20"}},
    }
    server.api_faults.append(answer({"entities": entities}))
    found = await api.read_entities(["Q1", "Q2"], "labels")
    assert {asked: entity["id"] for asked, entity in found.items()} == {"Q1": "Q10", "Q2": "Q20"}


async def test_labels_of_missing_items_are_empty_and_not_asked_for_again(
    server: FakeWikidata, api: WikidataApi
) -> None:
    for _ in range(2):
        assert await api.read_labels([TVN, "Q404", TVN]) == {TVN: {"en": "tvN"}, "Q404": {}}
    assert [request["ids"] for request in server.api_requests] == [f"{TVN}|Q404"]


async def test_labels_that_were_not_used_for_longest_are_forgotten(
    server: FakeWikidata, api: WikidataApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wikidata_api, "_CACHED_LABELS", 2)
    server.add(make_item("Q1", {"en": "One"}), make_item("Q2", {"en": "Two"}))
    for ids in (["Q1"], ["Q2"], ["Q1"], [TVN], ["Q1"], ["Q2"]):
        await api.read_labels(ids)
    assert [request["ids"] for request in server.api_requests] == ["Q1", "Q2", TVN, "Q2"]
