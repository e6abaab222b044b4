"""Requests are spaced, wait as long as the source asks, and share one connection."""

import asyncio
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from bot.sources.errors import (
    NotFoundError,
    SourceBusyError,
)
from bot.sources.http import SourceClient, open_session, parse_retry_after
from tests.sources.fake_service import (
    cut_off,
    drop,
    html_page,
    redirect,
    status,
)
from tests.sources.source_client import ATTEMPTS, PROJECT, serving


async def test_retry_after_is_waited_for() -> None:
    async with serving(status(429, Retry_After="7")) as (_, client, pauses):
        assert await client.get("shows") == {"ok": True}
    assert pauses == [7]


async def test_retry_after_as_a_date_is_compared_with_the_clock_of_the_source() -> None:
    there = datetime(2001, 1, 1, tzinfo=UTC)
    later = format_datetime(there + timedelta(seconds=9), usegmt=True)
    busy = status(503, Retry_After=later, Date=format_datetime(there, usegmt=True))
    async with serving(busy) as (_, client, pauses):
        assert await client.get("shows") == {"ok": True}
    assert pauses == [9]


@pytest.mark.parametrize("earlier", range(ATTEMPTS))
async def test_a_source_that_is_busy_for_long_is_left_alone(earlier: int) -> None:
    faults = [*[status(429)] * earlier, status(429, Retry_After="121")]
    async with serving(*faults) as (service, client, pauses):
        with pytest.raises(SourceBusyError) as raised:
            await client.get("shows")
    assert raised.value.retry_after == 121
    assert len(pauses) == earlier
    assert len(service.requests) == earlier + 1


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, 0),
        ({"Retry-After": ""}, 0),
        ({"Retry-After": "30"}, 30),
        ({"Retry-After": "-5"}, 0),
        ({"Retry-After": "9" * 5000}, 86_400),
        ({"Retry-After": "٣"}, 0),
        ({"Retry-After": "soon"}, 0),
        ({"Retry-After": "Mon, 01 Jan 2001 00:00:00 GMT"}, 0),
        ({"Retry-After": "Mon, 01 Jan 9999 00:00:00 GMT"}, 86_400),
        ({"Retry-After": "Mon, 99 Jan 99999999999 00:00:00 GMT"}, 0),
    ],
)
def test_retry_after_is_read(headers: dict[str, str], seconds: float) -> None:
    assert parse_retry_after(headers) == seconds


async def test_one_connection_serves_all_requests_whatever_they_get() -> None:
    faults = [status(429, "busy"), status(500, "<p>Oops</p>" * 1000), redirect("/shows")]
    async with serving(*faults) as (service, client, _):
        await client.get("shows")
        service.faults = [status(404, "x" * 10_000), drop, cut_off, html_page]
        with pytest.raises(NotFoundError):
            await client.get("shows")
        await client.get("shows")
    assert service.open_connections == 1


async def test_the_connection_is_kept_after_errors() -> None:
    body = "x" * 500_000
    async with serving(status(429, body), status(500, body), status(404, body)) as (
        service,
        client,
        _,
    ):
        with pytest.raises(NotFoundError):
            await client.get("shows")
        await client.get("shows")
    assert len(service.connections) == 1


async def test_a_session_has_one_connection() -> None:
    async with serving() as (service, _, _), open_session(PROJECT) as session:
        await asyncio.gather(*(session.get(service.url) for _ in range(3)))
    assert service.open_connections == 1


async def test_a_request_waits_until_the_one_before_has_succeeded() -> None:
    async def sleep(_seconds: float) -> None:
        await asyncio.sleep(0.05)

    async with serving(status(500), status(500)) as (service, _, _), open_session(PROJECT) as own:
        client = SourceClient("TVmaze", service.url, own, spacing=0, sleep=sleep)
        await asyncio.gather(client.get("a"), client.get("b"))
    assert service.requests == ["/a", "/a", "/a", "/b"]


async def test_requests_are_sent_one_after_another_and_spaced() -> None:
    async with serving(spacing=100) as (service, client, pauses):
        await client.get("shows")
        await client.get("shows")
        service.faults = [redirect("/shows")]
        await client.get("shows")
    assert len(pauses) == client.requests - 1 == 3
    assert all(90 < pause <= 100 for pause in pauses)


async def test_repeated_requests_are_spaced_too() -> None:
    async with serving(status(500), spacing=100) as (_, client, pauses):
        await client.get("shows")
    assert [pause > 90 for pause in pauses] == [False, True]
