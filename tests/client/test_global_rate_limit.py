"""Requests wait until Discord no longer counts as many others as it allows."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager

import aiohttp
import pytest
from aiohttp import web

from bot.client.global_rate_limit import GlobalRateLimit

FOREVER = 3600.0

Visit = Callable[[str], Awaitable[int]]


@asynccontextmanager
async def server(
    limit: GlobalRateLimit,
    arrived: list[str],
    gate: asyncio.Event,
    on_admitted: Callable[[], None] = lambda: None,
) -> AsyncGenerator[Visit]:
    """A server that notes each path and responds once the gate is open; a function to call it."""

    async def handle(request: web.BaseRequest) -> web.Response:
        arrived.append(request.path)
        await gate.wait()
        return web.Response()

    runner = web.ServerRunner(web.Server(handle))
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0]
    config = aiohttp.TraceConfig()
    limit.apply_to(config, on_admitted)
    async with aiohttp.ClientSession(trace_configs=[config]) as session:

        async def visit(path: str) -> int:
            async with session.get(f"http://{host}:{port}{path}") as response:
                return response.status

        yield visit
    await runner.cleanup()


async def wait_for_arrivals() -> None:
    """Give requests that may be sent the time to arrive."""
    await asyncio.sleep(0.2)


async def test_no_more_requests_are_in_flight_than_allowed() -> None:
    arrived: list[str] = []
    gate = asyncio.Event()
    async with (
        server(GlobalRateLimit(2, 0.0), arrived, gate) as visit,
        asyncio.TaskGroup() as tasks,
    ):
        for number in range(5):
            tasks.create_task(visit(f"/{number}"))
        await wait_for_arrivals()
        assert arrived == ["/0", "/1"]
        gate.set()
    assert len(arrived) == 5


async def test_answered_request_keeps_its_slot_for_a_time() -> None:
    arrived: list[str] = []
    gate = asyncio.Event()
    gate.set()
    async with server(GlobalRateLimit(2, FOREVER), arrived, gate) as visit:
        tasks = [asyncio.ensure_future(visit(f"/{number}")) for number in range(3)]
        await wait_for_arrivals()
        assert [task.done() for task in tasks] == [True, True, False]
        tasks[2].cancel()
    assert len(arrived) == 2


async def test_failed_request_releases_its_slot() -> None:
    arrived: list[str] = []
    gate = asyncio.Event()
    async with server(GlobalRateLimit(1, 0.0), arrived, gate) as visit:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.2):
                await visit("/1")
        gate.set()
        assert await visit("/2") == 200


async def test_request_cancelled_while_waiting_takes_no_slot() -> None:
    arrived: list[str] = []
    gate = asyncio.Event()
    async with server(GlobalRateLimit(1, 0.0), arrived, gate) as visit:
        first = asyncio.ensure_future(visit("/1"))
        await wait_for_arrivals()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1):
                await visit("/2")
        gate.set()
        await first
        assert await visit("/3") == 200
    assert arrived == ["/1", "/3"]


@pytest.mark.parametrize("path", ["/api/v10/interactions/1/t/callback", "/api/v10/webhooks/1/t"])
async def test_interaction_responses_do_not_wait(path: str) -> None:
    arrived: list[str] = []
    gate = asyncio.Event()
    gate.set()
    async with server(GlobalRateLimit(1, FOREVER), arrived, gate) as visit:
        await visit("/api/v10/channels/1/messages")
        async with asyncio.timeout(5):
            assert await visit(path) == 200


async def test_request_that_is_not_sent_after_all_releases_its_slot() -> None:
    arrived: list[str] = []
    gate = asyncio.Event()
    gate.set()
    refuse = True

    def on_admitted() -> None:
        if refuse:
            raise RuntimeError("outdated")

    async with server(GlobalRateLimit(1, FOREVER), arrived, gate, on_admitted) as visit:
        for _ in range(3):
            with pytest.raises(RuntimeError):
                await visit("/channels")
        refuse = False
        assert await asyncio.wait_for(visit("/channels"), 5) == 200
    assert arrived == ["/channels"]
