"""The simulated gateway follows Discord's protocol."""

import json
import zlib
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack
from typing import Any

import aiohttp
import pytest

from tests.wire import faults
from tests.wire.fake_discord import WireDiscord


class Client:
    """A client of the gateway."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket
        self._zlib = zlib.decompressobj()

    async def send(self, op: int, data: Any = None) -> None:
        """Send an op."""
        await self.socket.send_json({"op": op, "d": data})

    async def receive(self) -> dict[str, Any]:
        """Receive the next frame."""
        frame = await self.socket.receive(timeout=5)
        if frame.type is aiohttp.WSMsgType.BINARY:
            return json.loads(self._zlib.decompress(frame.data))
        assert frame.type is aiohttp.WSMsgType.TEXT, frame
        return json.loads(frame.data)

    async def identify(self, **changed: Any) -> dict[str, Any]:
        """Identify. Returns the data of READY."""
        await self.send(2, {"token": "wire.token", "intents": 1, **changed})
        ready = await self.receive()
        assert ready["t"] == "READY"
        return ready["d"]

    async def resume(self, session: str, sequence: int) -> None:
        """Resume a session after an event."""
        await self.send(6, {"token": "wire.token", "session_id": session, "seq": sequence})


class Server:
    """A simulated Discord, to whose gateway clients connect."""

    def __init__(self, discord: WireDiscord, stack: AsyncExitStack) -> None:
        self.discord = discord
        self._stack = stack

    async def connect(self, query: str = "?v=10&encoding=json") -> Client:
        """Connect a client and receive HELLO."""
        session = await self._stack.enter_async_context(aiohttp.ClientSession())
        client = Client(await session.ws_connect(self.discord.gateway.url + query))
        assert (await client.receive())["op"] == 10
        return client


@pytest.fixture
async def server() -> AsyncGenerator[Server]:
    async with WireDiscord(shards=2) as discord, AsyncExitStack() as stack:
        yield Server(discord, stack)


@pytest.mark.parametrize("query", ["", "?compress=zstd-stream", "?v=10&compress=zlib-stream"])
async def test_guilds_follow_ready(server: Server, query: str) -> None:
    first = server.discord.create_guild("First", shard=0)
    client = await server.connect(query)
    await client.send(1)
    assert (await client.receive())["op"] == 11
    ready = await client.identify(shard=[0, 2])
    assert ready["guilds"] == [{"id": str(first.id), "unavailable": True}]
    assert (await client.receive())["d"]["name"] == "First"
    server.discord.create_guild("Another's", shard=1)
    server.discord.create_guild("Second", shard=0)
    assert (await client.receive())["d"]["name"] == "Second"


async def test_missed_events_are_sent_on_resume(server: Server) -> None:
    client = await server.connect()
    ready = await client.identify()
    server.discord.cut_gateway()
    assert (await client.socket.receive()).type is aiohttp.WSMsgType.CLOSED
    server.discord.create_guild("Missed")
    again = await server.connect()
    await again.resume(ready["session_id"], 1)
    assert [(await again.receive())["t"] for _ in range(2)] == ["GUILD_CREATE", "RESUMED"]


@pytest.mark.parametrize(("session", "sequence"), [("no-such-session", 1), ("session-1", 99)])
async def test_unknown_session_or_sequence_cannot_be_resumed(
    server: Server, session: str, sequence: int
) -> None:
    await (await server.connect()).identify()
    client = await server.connect()
    await client.resume(session, sequence)
    assert await client.receive() == {"op": 9, "d": False, "s": None, "t": None}
    assert (await client.identify())["session_id"] == "session-2"


async def test_invalid_session_cannot_be_resumed(server: Server) -> None:
    client = await server.connect()
    ready = await client.identify()
    server.discord.invalidate_session()
    assert (await client.receive())["op"] == 9
    await client.resume(ready["session_id"], 1)
    assert (await client.receive())["op"] == 9


async def test_every_session_receives_every_event(server: Server) -> None:
    clients = [await server.connect(), await server.connect()]
    for client in clients:
        await client.identify()
    await server.discord.connected(sessions=2)
    server.discord.create_guild("Drama Club")
    assert [(await client.receive())["t"] for client in clients] == ["GUILD_CREATE"] * 2


async def test_wrong_token_is_refused(server: Server) -> None:
    client = await server.connect()
    await client.send(2, {"token": "wrong", "intents": 1})
    closed = await client.socket.receive()
    assert (closed.type, closed.data) == (aiohttp.WSMsgType.CLOSE, 4004)


async def test_requested_members_are_sent(server: Server) -> None:
    guild = server.discord.create_guild("Drama Club", shard=0)
    server.discord.add_member(guild, "mina")
    client = await server.connect()
    await client.identify()
    assert len((await client.receive())["d"]["members"]) == 1
    await client.send(8, {"guild_id": str(guild.id), "query": "mi", "limit": 0, "nonce": "n"})
    chunk = (await client.receive())["d"]
    assert [member["user"]["username"] for member in chunk["members"]] == ["mina"]


async def test_gateway_can_fail_by_a_fault(server: Server) -> None:
    server.discord.faults.add("GET", "/gateway", faults.status(503), times=1)
    with pytest.raises(aiohttp.WSServerHandshakeError):
        await server.connect()
    await server.connect()
