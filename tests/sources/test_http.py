"""Requests to a source over real sockets, with every way in which a source can fail."""

import gzip

import pytest
from aiohttp import web

from bot.sources.errors import (
    CutOffError,
    NotFoundError,
    SourceError,
    SourceForbiddenError,
    SourceFormatError,
    SourceTimeoutError,
    SourceTokenError,
    SourceUnavailableError,
)
from tests.sources.fake_service import (
    FakeService,
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
from tests.sources.source_client import ATTEMPTS, serving


async def test_get_returns_the_json_below_the_base_url() -> None:
    async with serving() as (service, client, pauses):
        assert await client.get("shows/1", [("embed[]", "cast"), ("embed[]", "crew")]) == {
            "ok": True
        }
        assert await client.get() == {"ok": True}
    assert service.requests == ["/shows/1?embed[]=cast&embed[]=crew", "/"]
    assert client.requests == 2
    assert pauses == []


async def test_requests_say_who_sends_them() -> None:
    async with serving() as (service, client, _):
        await client.get("shows")
    headers = service.headers
    assert headers["User-Agent"] == "Bonbang/1.2.3 (+https://example.org/bonbang; catalog sync)"
    assert headers["Authorization"] == "Bearer secret"


async def test_a_form_is_posted() -> None:
    async def echo(request: web.Request) -> web.Response:
        return web.json_response({**await request.post(), "method": request.method})

    async with serving(echo) as (_, client, _):
        answer = await client.post_form("sparql", {"query": "SELECT"})
    assert answer == {"query": "SELECT", "method": "POST"}


@pytest.mark.parametrize(
    "fault",
    [
        status(429),
        status(408),
        status(500, "<p>Oops</p>"),
        status(503),
        cut_off,
        drop,
        hang,
        incomplete_json,
        html_page,
        raw_body(b""),
        raw_body(b"\xff\xfe\x00"),
        raw_body(b"[" * 100_000),
        raw_body(b"not gzip", Content_Encoding="gzip"),
    ],
    ids=lambda fault: getattr(fault, "__name__", ""),
)
async def test_a_passing_fault_costs_one_more_request(fault: Fault) -> None:
    async with serving(fault) as (service, client, pauses):
        assert await client.get("shows") == {"ok": True}
    assert len(service.requests) == client.requests == 2
    assert len(pauses) == 1
    assert 0.8 <= pauses[0] <= 1


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (status(429), SourceUnavailableError),
        (status(500), SourceUnavailableError),
        (drop, SourceUnavailableError),
        (status(504), SourceTimeoutError),
        (hang, SourceTimeoutError),
        (cut_off, CutOffError),
        (incomplete_json, CutOffError),
        (html_page, SourceFormatError),
    ],
)
async def test_a_lasting_fault_ends_after_some_attempts(
    fault: Fault, error: type[SourceError]
) -> None:
    async with serving(lasting=fault) as (service, client, pauses):
        with pytest.raises(error) as raised:
            await client.get("shows")
    assert raised.type is error
    assert "TVmaze" in str(raised.value)
    assert len(service.requests) == ATTEMPTS
    assert len(pauses) == ATTEMPTS - 1
    assert all(0.8 * 2**n <= pause <= 2**n for n, pause in enumerate(pauses))


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (status(400, '{"message": "Invalid embed type"}'), SourceFormatError),
        (status(204), SourceFormatError),
        (status(401), SourceTokenError),
        (status(403, "<p>Banned</p>"), SourceForbiddenError),
        (status(404, "null"), NotFoundError),
        (status(410), NotFoundError),
        (redirect("/shows"), SourceFormatError),
        (redirect("ftp://127.0.0.1/shows"), SourceFormatError),
        (redirect("file:///etc/passwd"), SourceFormatError),
        (redirect("http://[::1/"), SourceFormatError),
        (status(301), SourceFormatError),
    ],
)
async def test_what_another_attempt_cannot_mend_is_raised_at_once(
    fault: Fault, error: type[SourceError]
) -> None:
    async with serving(lasting=fault) as (_, client, pauses):
        with pytest.raises(error) as raised:
            await client.get("shows")
    assert raised.type is error
    assert pauses == []


async def test_a_refused_connection_is_unavailable() -> None:
    async with serving() as (service, client, pauses):
        await client.get("shows")
        await service.stop()
        with pytest.raises(SourceUnavailableError, match="TVmaze can't be reached"):
            await client.get("shows")
    assert len(pauses) == ATTEMPTS - 1


async def test_a_redirect_is_followed_and_counted() -> None:
    async with serving(redirect("/shows/2?embed[]=cast")) as (service, client, _):
        assert await client.get("shows/1") == {"ok": True}
    assert service.requests == ["/shows/1", "/shows/2?embed[]=cast"]
    assert client.requests == 2


async def test_a_redirect_to_another_host_does_not_get_the_token() -> None:
    other = FakeService(json_body({"ok": 1}))
    async with other.serve(), serving(redirect(f"{other.url}/x")) as (_, client, _):
        assert await client.get("shows") == {"ok": 1}
    assert "Authorization" not in other.headers


async def test_a_redirect_loop_ends() -> None:
    async with serving(lasting=redirect("/again")) as (service, client, _):
        with pytest.raises(SourceFormatError, match="redirect"):
            await client.get("shows")
    assert len(service.requests) <= 5


async def test_a_large_response_is_refused_at_once() -> None:
    async with serving(raw_body(b"[" + b" " * 2000 + b"]"), max_size=1000) as (_, client, pauses):
        with pytest.raises(SourceFormatError, match="more than 1,000 bytes"):
            await client.get("shows")
        assert pauses == []
        assert await client.get("shows") == {"ok": True}


async def test_a_compressed_response_is_measured_as_it_is_read() -> None:
    bomb = raw_body(gzip.compress(b" " * 1_000_000), Content_Encoding="gzip")
    async with serving(bomb, max_size=100_000) as (_, client, _):
        with pytest.raises(SourceFormatError, match="more than 100,000 bytes"):
            await client.get("shows")


async def test_a_source_that_never_answers_is_said_to_be_late() -> None:
    async with serving(lasting=hang) as (_, client, _):
        with pytest.raises(SourceUnavailableError, match="did not answer in time"):
            await client.get("shows")
