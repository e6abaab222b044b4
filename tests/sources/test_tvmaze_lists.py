"""Shows and their changes are listed over real sockets, with as many requests as it takes."""

from datetime import timedelta
from typing import Any

import pytest

from bot.sources.errors import (
    CutOffError,
    SourceBusyError,
    SourceError,
    SourceForbiddenError,
    SourceFormatError,
    SourceTimeoutError,
    SourceUnavailableError,
)
from bot.sources.ports import Item, Listing
from tests.conftest import NOW
from tests.sources.fake_service import (
    Fault,
    cut_off,
    drop,
    hang,
    html_page,
    incomplete_json,
    json_body,
    raw_body,
    redirect,
    status,
)
from tests.sources.tvmaze_server import (
    make_show,
)
from tests.sources.tvmaze_site import DAY, HOUR, serving, title, unwanted


def stamps_of(listings: list[Listing]) -> dict[Item, str]:
    return {item: stamp for listing in listings for item, stamp in listing.stamps.items()}


async def test_all_pages_are_read_with_a_request_each() -> None:
    shows = [make_show(1), unwanted(2), make_show(249, updated=5), make_show(760), unwanted(800)]
    async with serving(*shows) as site:
        listings = await site.list_all()
    assert site.server.requests == [f"/shows?page={page}" for page in range(5)]
    assert site.server.open_connections == 1
    assert [dict(listing.stamps) for listing in listings] == [
        {title(1): "1700000001", title(249): "5"},
        {},
        {},
        {title(760): "1700000760"},
        {},
    ]
    assert [listing.done for listing in listings] == [1, 2, 3, 4, 4]
    assert [listing.count for listing in listings] == [None] * 4 + [3]
    assert listings[1].state == {
        "page": 2,
        "newest": 249,
        "listed": 2,
        "started": NOW.isoformat(),
        "countries": "KR",
    }
    assert listings[-1].total == 4
    assert listings[-1].state == {
        "complete": True,
        "newest": 800,
        "listed_at": NOW.isoformat(),
        "updated": NOW.isoformat(),
        "countries": "KR",
    }


@pytest.mark.parametrize("pages", range(5))
async def test_an_interrupted_list_continues_at_its_page(pages: int) -> None:
    async with serving(make_show(1), make_show(300), unwanted(600), make_show(900)) as site:
        whole = await site.list_all()
        state: Any = whole[pages - 1].state if pages else {}
        site.clock.now += HOUR
        rest = await site.list_all(state)
        assert site.server.requests == (
            [f"/shows?page={page}" for page in range(pages, 5)]
            if pages < 5
            else ["/updates/shows?since=day"]
        )
        assert rest[-1].count == 3
        assert stamps_of(whole[:pages]) | stamps_of(rest) == stamps_of(whole)
        # Changes since the start are still to be asked for.
        started = NOW if pages else NOW + HOUR
        assert rest[-1].state["updated"] == started.isoformat()


async def test_bad_rows_cost_only_themselves() -> None:
    rows: list[Any] = [make_show(1), None, 5, [], {}, {**make_show(2), "id": "2"},
                       make_show(3, updated=None), make_show(4, genres=7)]  # fmt: skip
    async with serving() as site:
        site.server.faults = [json_body(rows)]
        listings = await site.list_all()
    assert dict(listings[0].stamps) == {
        title(1): "1700000001",
        title(3): "0",
        title(4): "1700000004",
    }


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (json_body({"shows": []}), SourceFormatError),
        (json_body(None), SourceFormatError),
        (status(400), SourceFormatError),
        (status(403), SourceForbiddenError),
        (status(404), SourceFormatError),
        (status(500), SourceUnavailableError),
        (status(429), SourceUnavailableError),
        (status(429, Retry_After="3600"), SourceBusyError),
        (drop, SourceUnavailableError),
        (hang, SourceTimeoutError),
        (cut_off, CutOffError),
        (incomplete_json, CutOffError),
        (html_page, SourceFormatError),
        (redirect("/shows?page=0"), SourceFormatError),
        (raw_body(b"[" + b" " * 1_000_001 + b"]"), SourceFormatError),
    ],
)
async def test_a_list_that_cannot_be_read_is_an_error(
    fault: Fault, error: type[SourceError]
) -> None:
    async with serving(make_show(1), lasting=fault) as site:
        with pytest.raises(error) as raised:
            await site.list_all()
    assert raised.type is error


async def test_a_fault_in_between_keeps_what_was_listed() -> None:
    async with serving(make_show(1), make_show(300)) as site:
        parts = site.source.list_items({}, (), full=False)
        first = await anext(parts)
        site.server.lasting_fault = status(500)
        with pytest.raises(SourceUnavailableError):
            await anext(parts)
        site.server.lasting_fault = None
        rest = await site.list_all(first.state)
    assert stamps_of(rest) == {title(300): "1700000300"}
    assert rest[-1].count == 2


async def test_a_list_without_an_end_is_refused() -> None:
    async with serving(lasting=json_body([make_show(1)])) as site:
        with pytest.raises(SourceFormatError, match="twice"):
            await site.list_all()
        assert len(site.server.requests) == 2
        site.server.lasting_fault = json_body([])
        with pytest.raises(SourceFormatError, match="does not end"):
            await site.list_all({"page": 3998, "countries": "KR"})
        assert len(site.server.requests) == 2


async def test_changes_are_asked_for_with_one_request() -> None:
    async with serving(make_show(1), unwanted(2), make_show(3)) as site:
        whole = await site.list_all()
        for number in (1, 2, 7, 8):
            site.server.change(number)
        site.clock.now += HOUR
        [listing] = await site.list_all(whole[-1].state, stamps_of(whole))
        assert site.server.requests == ["/updates/shows?since=day"]
        now = str(site.server.now)
        # Show 2 was not wanted; 7 and 8 are new, and may be.
        assert dict(listing.stamps) == {title(1): now, title(7): now, title(8): now}
        assert listing.count is None
        assert listing.state == {
            **whole[-1].state,
            "newest": 8,
            "updated": (NOW + HOUR).isoformat(),
        }
        [again] = await site.list_all(listing.state, stamps_of(whole))
    assert dict(again.stamps) == {title(1): now}


async def test_without_changes_nothing_is_listed() -> None:
    async with serving(make_show(1)) as site:
        state = (await site.list_all())[-1].state
        [listing] = await site.list_all(state, {title(1)})
    assert (dict(listing.stamps), listing.state) == ({}, state)


@pytest.mark.parametrize(
    ("age", "request_sent"),
    [
        (timedelta(), "/updates/shows?since=day"),
        (20 * HOUR, "/updates/shows?since=day"),
        (20.1 * HOUR, "/updates/shows?since=week"),
        (6 * DAY, "/updates/shows?since=week"),
        (6.1 * DAY, "/shows?page=0"),
        (-7 * DAY, "/shows?page=0"),
    ],
)
async def test_changes_go_back_as_far_as_needed(age: timedelta, request_sent: str) -> None:
    async with serving(make_show(1)) as site:
        state = (await site.list_all())[-1].state
        site.clock.now += age
        await site.list_all(state)
    assert site.server.requests[0] == request_sent


async def test_everything_is_listed_anew_each_month() -> None:
    async with serving(make_show(1)) as site:
        state = (await site.list_all())[-1].state
        first_requests = list[str]()
        for _ in range(62):
            site.clock.now += 12 * HOUR
            state = (await site.list_all(state))[-1].state
            first_requests.append(site.server.requests[0])
    assert first_requests.count("/shows?page=0") == 1
    assert first_requests[60] == "/shows?page=0"
    assert "page" not in state


@pytest.mark.parametrize("pages", [0, 1, 2])
async def test_everything_is_listed_anew_when_told_to(pages: int) -> None:
    async with serving(make_show(1), make_show(300)) as site:
        whole = await site.list_all()
        again = await site.list_all(whole[pages].state, full=True)
    assert [listing.state for listing in again] == [listing.state for listing in whole]


@pytest.mark.parametrize("pages", [1, 2])
async def test_everything_is_listed_anew_for_other_countries(pages: int) -> None:
    async with serving(make_show(1)) as site:
        state = (await site.list_all())[pages - 1].state
        await site.list_all({**state, "countries": "JP,KR"})
    assert site.server.requests[0] == "/shows?page=0"


@pytest.mark.parametrize(
    "state",
    [
        {"complete": True},
        {"complete": True, "updated": "?", "listed_at": None},
        {"complete": True, "updated": NOW.isoformat()},
        {"page": "x", "newest": -1, "listed": None, "started": 5},
        {"page": 0, "started": "2026-05-01"},
    ],
)
async def test_a_strange_state_lists_everything(state: dict[str, Any]) -> None:
    async with serving(make_show(1)) as site:
        listings = await site.list_all({"countries": "KR", **state})
        assert site.server.requests[0] == "/shows?page=0"
        [_] = await site.list_all(listings[-1].state)
        assert site.server.requests == ["/updates/shows?since=day"]


async def test_strange_changes_cost_only_themselves() -> None:
    changes = {"1": 5, "x": 5, "-3": 5, "03": 5, "²": 5, "9": None, "10": "5", "11": -1, "12": 7}
    async with serving(make_show(1)) as site:
        state = (await site.list_all())[-1].state
        site.server.faults = [json_body(changes)]
        [listing] = await site.list_all(state, {title(1)})
    assert dict(listing.stamps) == {title(1): "5", title(12): "7"}


@pytest.mark.parametrize("answer", [None, "x", 5, [1], [{}]])
async def test_changes_that_are_no_object_are_an_error(answer: Any) -> None:
    async with serving(make_show(1)) as site:
        state = (await site.list_all())[-1].state
        site.server.faults = [json_body(answer)]
        with pytest.raises(SourceFormatError, match="not an object"):
            await site.list_all(state)
