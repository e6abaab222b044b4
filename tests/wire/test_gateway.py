"""The simulated gateway keeps to Discord's protocol, whatever a client does."""

import json
import zlib
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack
from typing import Any

import aiohttp
import pytest

from tests.wire import faults
from tests.wire.discord import WireDiscord


class Client:
    """Somebody at the gateway."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket
        self._zlib = zlib.decompressobj()

    async def say(self, op: int, data: Any = None) -> None:
        """Send an op."""
        await self.socket.send_json({"op": op, "d": data})

    async def hear(self) -> dict[str, Any]:
        """The next frame."""
        frame = await self.socket.receive(timeout=5)
        if frame.type is aiohttp.WSMsgType.BINARY:
            return json.loads(self._zlib.decompress(frame.data))
        assert frame.type is aiohttp.WSMsgType.TEXT, frame
        return json.loads(frame.data)

    async def identify(self, **changed: Any) -> dict[str, Any]:
        """Identify; what READY tells."""
        await self.say(2, {"token": "wire.token", "intents": 1, **changed})
        ready = await self.hear()
        assert ready["t"] == "READY"
        return ready["d"]

    async def resume(self, session: str, sequence: int) -> None:
        """Ask for what came after an event."""
        await self.say(6, {"token": "wire.token", "session_id": session, "seq": sequence})


class Served:
    """A simulated Discord, and as many clients at its gateway as are asked for."""

    def __init__(self, discord: WireDiscord, stack: AsyncExitStack) -> None:
        self.discord = discord
        self._stack = stack

    async def client(self, query: str = "?v=10&encoding=json") -> Client:
        """A client that has been greeted."""
        session = await self._stack.enter_async_context(aiohttp.ClientSession())
        client = Client(await session.ws_connect(self.discord.gateway.url + query))
        assert (await client.hear())["op"] == 10
        return client


@pytest.fixture
async def served() -> AsyncGenerator[Served]:
    async with WireDiscord(shards=2) as discord, AsyncExitStack() as stack:
        yield Served(discord, stack)


@pytest.mark.parametrize("query", ["", "?compress=zstd-stream", "?v=10&compress=zlib-stream"])
async def test_guilds_follow_ready(served: Served, query: str) -> None:
    first = served.discord.create_guild("First", shard=0)
    client = await served.client(query)
    await client.say(1)
    assert (await client.hear())["op"] == 11
    ready = await client.identify(shard=[0, 2])
    assert ready["guilds"] == [{"id": str(first.id), "unavailable": True}]
    assert (await client.hear())["d"]["name"] == "First"
    served.discord.create_guild("Another's", shard=1)
    served.discord.create_guild("Second", shard=0)
    assert (await client.hear())["d"]["name"] == "Second"


async def test_what_was_missed_is_sent_on_resuming(served: Served) -> None:
    client = await served.client()
    ready = await client.identify()
    served.discord.cut_gateway()
    assert (await client.socket.receive()).type is aiohttp.WSMsgType.CLOSED
    served.discord.create_guild("Missed")
    again = await served.client()
    await again.resume(ready["session_id"], 1)
    assert [(await again.hear())["t"] for _ in range(2)] == ["GUILD_CREATE", "RESUMED"]


@pytest.mark.parametrize(("session", "sequence"), [("no-such-session", 1), ("session-1", 99)])
async def test_what_cannot_be_resumed(served: Served, session: str, sequence: int) -> None:
    await (await served.client()).identify()
    client = await served.client()
    await client.resume(session, sequence)
    assert await client.hear() == {"op": 9, "d": False, "s": None, "t": None}
    assert (await client.identify())["session_id"] == "session-2"


async def test_an_invalid_session_is_gone(served: Served) -> None:
    client = await served.client()
    ready = await client.identify()
    served.discord.invalidate_session()
    assert (await client.hear())["op"] == 9
    await client.resume(ready["session_id"], 1)
    assert (await client.hear())["op"] == 9


async def test_every_session_hears_of_everything(served: Served) -> None:
    clients = [await served.client(), await served.client()]
    for client in clients:
        await client.identify()
    await served.discord.connected(sessions=2)
    served.discord.create_guild("Drama Club")
    assert [(await client.hear())["t"] for client in clients] == ["GUILD_CREATE"] * 2


async def test_a_wrong_token_is_turned_away(served: Served) -> None:
    client = await served.client()
    await client.say(2, {"token": "wrong", "intents": 1})
    closed = await client.socket.receive()
    assert (closed.type, closed.data) == (aiohttp.WSMsgType.CLOSE, 4004)


async def test_members_are_told_when_asked_for(served: Served) -> None:
    guild = served.discord.create_guild("Drama Club", shard=0)
    served.discord.add_member(guild, "mina")
    client = await served.client()
    await client.identify()
    assert len((await client.hear())["d"]["members"]) == 1
    await client.say(8, {"guild_id": str(guild.id), "query": "mi", "limit": 0, "nonce": "n"})
    chunk = (await client.hear())["d"]
    assert [member["user"]["username"] for member in chunk["members"]] == ["mina"]


async def test_the_gateway_can_be_out_of_order(served: Served) -> None:
    served.discord.faults.add("GET", "/gateway", faults.status(503), times=1)
    with pytest.raises(aiohttp.WSServerHandshakeError):
        await served.client()
    await served.client()
