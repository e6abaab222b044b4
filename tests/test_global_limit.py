"""No request is sent while Discord may still be counting as many others as it allows."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager

import aiohttp
import pytest
from aiohttp import web

from bot.global_limit import GlobalLimit

FOREVER = 3600.0

Visit = Callable[[str], Awaitable[int]]


@asynccontextmanager
async def server(
    limit: GlobalLimit, arrived: list[str], gate: asyncio.Event
) -> AsyncGenerator[Visit]:
    """A server that notes who came, and answers once the gate is open; a way to visit it."""

    async def handle(request: web.BaseRequest) -> web.Response:
        arrived.append(request.path)
        await gate.wait()
        return web.Response()

    runner = web.ServerRunner(web.Server(handle))
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0]
    async with aiohttp.ClientSession(trace_configs=[limit.trace()]) as session:

        async def visit(path: str) -> int:
            async with session.get(f"http://{host}:{port}{path}") as response:
                return response.status

        yield visit
    await runner.cleanup()


async def let_it_settle() -> None:
    """Give requests that are let through the time to arrive."""
    await asyncio.sleep(0.2)


async def test_no_more_are_under_way_than_allowed() -> None:
    arrived: list[str] = []
    gate = asyncio.Event()
    async with server(GlobalLimit(2, 0.0), arrived, gate) as visit, asyncio.TaskGroup() as tasks:
        for number in range(5):
            tasks.create_task(visit(f"/{number}"))
        await let_it_settle()
        assert arrived == ["/0", "/1"]
        gate.set()
    assert len(arrived) == 5


async def test_an_answered_request_keeps_its_place_for_a_time() -> None:
    arrived: list[str] = []
    gate = asyncio.Event()
    gate.set()
    async with server(GlobalLimit(2, FOREVER), arrived, gate) as visit:
        tasks = [asyncio.ensure_future(visit(f"/{number}")) for number in range(3)]
        await let_it_settle()
        assert [task.done() for task in tasks] == [True, True, False]
        tasks[2].cancel()
    assert len(arrived) == 2


async def test_one_that_fails_gives_its_place_back() -> None:
    arrived: list[str] = []
    gate = asyncio.Event()
    async with server(GlobalLimit(1, 0.0), arrived, gate) as visit:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.2):
                await visit("/1")
        gate.set()
        assert await visit("/2") == 200


async def test_one_that_gave_up_waiting_takes_nobodys_place() -> None:
    arrived: list[str] = []
    gate = asyncio.Event()
    async with server(GlobalLimit(1, 0.0), arrived, gate) as visit:
        first = asyncio.ensure_future(visit("/1"))
        await let_it_settle()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1):
                await visit("/2")
        gate.set()
        await first
        assert await visit("/3") == 200
    assert arrived == ["/1", "/3"]


@pytest.mark.parametrize("path", ["/api/v10/interactions/1/t/callback", "/api/v10/webhooks/1/t"])
async def test_answers_to_members_wait_for_nothing(path: str) -> None:
    arrived: list[str] = []
    gate = asyncio.Event()
    gate.set()
    async with server(GlobalLimit(1, FOREVER), arrived, gate) as visit:
        await visit("/api/v10/channels/1/messages")
        async with asyncio.timeout(5):
            assert await visit(path) == 200
