import re
from collections.abc import AsyncGenerator

import pytest

from bot.project import Project
from bot.sources.countries import find_countries
from bot.sources.errors import CutOffError, SourceBusyError, SourceFormatError
from bot.sources.http import SourceClient, open_session
from bot.sources.wikidata_list import list_series
from tests.sources.wikidata_samples import GOBLIN, KOREAN, SERIES, SOUTH_KOREA, goblin
from tests.sources.wikidata_server import (
    FakeWikidata,
    Fault,
    answer,
    cut_off,
    item,
    make_item,
    status,
)

[KOREA] = find_countries(["KR"])
[TAIWAN] = find_countries(["TW"])
ATTEMPTS = 5


@pytest.fixture
async def server() -> AsyncGenerator[FakeWikidata]:
    async with FakeWikidata(goblin()).serve() as server:
        yield server


@pytest.fixture
def pauses() -> list[float]:
    return []


@pytest.fixture
async def client(server: FakeWikidata, pauses: list[float]) -> AsyncGenerator[SourceClient]:
    async def sleep(seconds: float) -> None:
        pauses.append(seconds)

    async with open_session(Project("1.0", "https://example.org")) as session:
        yield SourceClient("Wikidata", server.sparql_url, session, spacing=0, sleep=sleep)


def conditions(query: str) -> list[str]:
    return re.findall(r"wdt:(P495|P364)", query)


def uri(value: str) -> dict[str, str]:
    return {"type": "uri", "value": value}


async def test_series_of_the_country_or_in_its_language(
    server: FakeWikidata, client: SourceClient
) -> None:
    def series(item_id: str, **claims: str) -> None:
        given = {key: [item(target)] for key, target in claims.items()}
        server.add(make_item(item_id, {}, {}, given))

    series("Q1", P31=SERIES, P495=SOUTH_KOREA)
    series("Q2", P31="Q1259759", P364=KOREAN)
    series("Q3", P31=SERIES, P495="Q17")
    series("Q4", P31="Q11424", P495=SOUTH_KOREA)
    listed = await list_series(client, KOREA)
    assert set(listed) == {GOBLIN, "Q1", "Q2"}
    assert listed["Q1"] == "2026-11-01T00:00:00Z"


async def test_language_of_several_countries_does_not_tell_the_country(
    server: FakeWikidata, client: SourceClient
) -> None:
    await list_series(client, TAIWAN)
    assert conditions(server.queries[0]) == ["P495"]


@pytest.mark.parametrize("fault", [cut_off(), status(504)])
async def test_list_that_takes_too_long_is_asked_for_in_parts_at_once(
    server: FakeWikidata, client: SourceClient, pauses: list[float], fault: Fault
) -> None:
    server.sparql_faults.append(fault)
    assert set(await list_series(client, KOREA)) == {GOBLIN}
    whole, *parts = map(conditions, server.queries)
    assert (whole, parts) == (["P495", "P364"], [["P495"], ["P364"]])
    assert pauses == []


async def test_list_that_fails_otherwise_is_asked_for_again_before_it_is_split(
    server: FakeWikidata, client: SourceClient
) -> None:
    server.sparql_faults += [status(503), status(429), status(504, Retry_After="9")]
    await list_series(client, KOREA)
    assert [conditions(query) for query in server.queries] == [["P495", "P364"]] * 4


async def test_part_that_takes_too_long_as_well_is_an_error(
    server: FakeWikidata, client: SourceClient
) -> None:
    server.sparql_faults += [cut_off()] * (1 + ATTEMPTS)
    with pytest.raises(CutOffError):
        await list_series(client, KOREA)
    assert len(server.queries) == 1 + ATTEMPTS


async def test_list_with_one_condition_is_not_asked_for_in_parts(
    server: FakeWikidata, client: SourceClient
) -> None:
    server.sparql_faults += [cut_off()] * ATTEMPTS
    with pytest.raises(CutOffError):
        await list_series(client, TAIWAN)
    assert len(server.queries) == ATTEMPTS


async def test_retry_after_is_honoured(
    server: FakeWikidata, client: SourceClient, pauses: list[float]
) -> None:
    server.sparql_faults.append(status(429, Retry_After="30"))
    assert set(await list_series(client, KOREA)) == {GOBLIN}
    assert 30 in pauses


async def test_long_wait_is_not_split_into_more_queries(
    server: FakeWikidata, client: SourceClient
) -> None:
    server.sparql_faults.append(status(429, Retry_After="3600"))
    with pytest.raises(SourceBusyError):
        await list_series(client, KOREA)
    assert len(server.queries) == 1


async def test_rows_of_another_form_are_left_out(
    server: FakeWikidata, client: SourceClient
) -> None:
    modified, entity = uri("2026-11-01T00:00:00Z"), "http://www.wikidata.org/entity"
    server.extra_rows = [
        {"item": uri("http://www.wikidata.org/.well-known/genid/abc"), "modified": modified},
        {"item": uri(f"{entity}/P31"), "modified": modified},
        {"item": uri(f"{entity}/Q5/more"), "modified": modified},
        {"item": uri(f"{entity}/Q1"), "modified": uri("yesterday")},
        {"item": uri(f"{entity}/Q2")},
        {"item": "Q3", "modified": modified},
        {"item": uri(f"{entity}/Q4"), "modified": modified, "more": 1},
        None,
        [],
    ]
    assert set(await list_series(client, KOREA)) == {GOBLIN, "Q4"}


@pytest.mark.parametrize("content", [[], {"results": {}}, {"results": {"bindings": {}}}, "busy"])
async def test_response_without_rows_is_an_error(
    server: FakeWikidata, client: SourceClient, content: object
) -> None:
    server.sparql_faults.append(answer(content))
    with pytest.raises(SourceFormatError, match="no rows"):
        await list_series(client, KOREA)
