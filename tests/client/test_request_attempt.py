"""A request's timeout counts while it is sent, not while it waits for a rate limit."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable

import aiohttp
import pytest
from aiohttp import web

from bot.client.request_attempt import (
    RequestAttempt,
    WaitedTooLongError,
    observe_attempts,
    request_attempt,
    start_request,
)

LONG = 60.0
Handler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


class Server:
    """A server that answers as a test says, and a client whose requests can be made to wait."""

    def __init__(self) -> None:
        self.statuses: list[int] = []
        self.headers: dict[str, str] = {}
        self.arrived = 0
        self.wait = asyncio.Event()
        self.wait.set()
        self.answer = asyncio.Event()
        self.answer.set()
        self.url = ""
        config = aiohttp.TraceConfig()

        async def wait_for_limit(*_: object) -> None:
            await self.wait.wait()
            start_request()

        config.on_request_start.append(wait_for_limit)
        observe_attempts(config)
        self.session = aiohttp.ClientSession(trace_configs=[config])

    async def handle(self, _request: web.BaseRequest) -> web.Response:
        self.arrived += 1
        await self.answer.wait()
        status = self.statuses.pop(0) if self.statuses else 200
        return web.Response(status=status, headers=self.headers)

    async def get(self) -> int:
        async with self.session.get(self.url) as response:
            await response.read()
            return response.status


@pytest.fixture
async def server() -> AsyncGenerator[Server]:
    server = Server()
    runner = web.ServerRunner(web.Server(server.handle), shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0]
    server.url = f"http://{host}:{port}/"
    yield server
    await server.session.close()
    await runner.cleanup()


async def test_waiting_for_a_rate_limit_does_not_count_toward_the_timeout(server: Server) -> None:
    server.wait.clear()
    async with request_attempt(0.1, LONG) as attempt:
        request = asyncio.create_task(server.get())
        await asyncio.sleep(0.3)
        assert not attempt.maybe_posted
        server.wait.set()
        assert await request == 200
    assert attempt.maybe_posted


async def test_request_without_an_answer_times_out(server: Server) -> None:
    server.answer.clear()
    attempt: RequestAttempt | None = None
    with pytest.raises(TimeoutError):
        async with request_attempt(0.1, LONG) as attempt:
            await server.get()
    assert attempt is not None
    assert attempt.maybe_posted
    server.answer.set()


async def test_request_that_waited_too_long_is_not_sent(server: Server) -> None:
    async with request_attempt(LONG, 0.05):
        await asyncio.sleep(0.1)
        with pytest.raises(WaitedTooLongError):
            await server.get()
    assert server.arrived == 0


async def test_repeated_request_that_waited_too_long_is_not_sent_again(server: Server) -> None:
    server.statuses = [502]
    async with request_attempt(LONG, 0.1) as attempt:
        assert await server.get() == 502
        await asyncio.sleep(0.2)
        with pytest.raises(WaitedTooLongError):
            await server.get()
    # The first request may have been executed.
    assert (server.arrived, attempt.maybe_posted) == (1, True)


@pytest.mark.parametrize(
    ("statuses", "posted"),
    [
        ([200], True),
        ([500], True),
        ([429], False),
        ([403], False),
        ([429, 429], False),
        ([502, 429], True),
        ([429, 502], True),
    ],
)
async def test_refused_request_was_not_executed(
    server: Server, statuses: list[int], posted: bool
) -> None:
    server.statuses = list(statuses)
    async with request_attempt(LONG, LONG) as attempt:
        for status in statuses:
            assert await server.get() == status
    assert attempt.maybe_posted is posted


async def test_pause_after_a_rate_limit_does_not_count_toward_the_timeout(server: Server) -> None:
    server.statuses = [429]
    async with request_attempt(0.1, LONG):
        assert await server.get() == 429
        await asyncio.sleep(0.3)
        assert await server.get() == 200


async def test_rate_limited_response_that_never_ends_times_out(server: Server) -> None:
    server.statuses = [429]
    server.headers = {"Retry-After": "0.1"}

    async def request() -> None:
        async with request_attempt(0.1, LONG):
            assert await server.get() == 429
            await asyncio.sleep(LONG)

    with pytest.raises(TimeoutError):
        await request()


async def test_unreachable_server_was_not_posted_to(server: Server) -> None:
    server.url = "http://127.0.0.1:1/"
    async with request_attempt(LONG, LONG) as attempt:
        with pytest.raises(aiohttp.ClientConnectorError):
            await server.get()
    assert not attempt.maybe_posted


async def test_requests_outside_of_an_attempt_are_not_limited(server: Server) -> None:
    async with request_attempt(LONG, 0.0):
        pass
    assert await server.get() == 200
