"""Discord's gateway over WebSocket: identify, heartbeat, resume, disconnect."""

import asyncio
import json
import time
import zlib
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import suppress
from typing import Any

from aiohttp import WSMsgType, web
from simcord.backend import Backend, serializers

from tests.wire.sessions import Session

PATH = "/gateway"

_HEARTBEAT, _IDENTIFY, _RESUME, _MEMBERS = 1, 2, 6, 8
_RECONNECT, _INVALID, _HELLO, _ACK = 7, 9, 10, 11
_BAD_TOKEN = 4004


class Connection:
    """One WebSocket. Frames are sent in order."""

    def __init__(self, request: web.BaseRequest, socket: web.WebSocketResponse) -> None:
        self.session: Session | None = None
        self._request = request
        self._socket = socket
        self._outgoing: asyncio.Queue[str | bytes] = asyncio.Queue()
        # One compressed stream for the whole connection, if requested in the query.
        zipped = request.query.get("compress") == "zlib-stream"
        self._zlib = zlib.compressobj() if zipped else None

    def send(self, frame: str | bytes) -> None:
        """Send a frame after all earlier ones; bytes are sent as they are."""
        self._outgoing.put_nowait(frame)

    def send_op(self, op: int, data: Any = None) -> None:
        """Send an op other than an event."""
        self.send(json.dumps({"op": op, "d": data, "s": None, "t": None}))

    async def write(self) -> None:
        """Write frames to the socket until cancelled or disconnected."""
        with suppress(ConnectionError):
            while True:
                await self._put(await self._outgoing.get())

    async def _put(self, frame: str | bytes) -> None:
        if isinstance(frame, bytes):
            await self._socket.send_bytes(frame)
            return
        if self._zlib is None:
            await self._socket.send_str(frame)
            return
        packed = self._zlib.compress(frame.encode()) + self._zlib.flush(zlib.Z_SYNC_FLUSH)
        await self._socket.send_bytes(packed)

    async def close(self, code: int) -> None:
        """Close the WebSocket with a code."""
        await self._socket.close(code=code)

    def abort(self) -> None:
        """Close the connection abruptly, as a network failure does."""
        if self._request.transport is not None:
            self._request.transport.abort()


class Gateway:
    """All connections and sessions. `identified` and `resumed` count sessions.

    `hello` holds the data of the next HELLOs, and `ready` changes of the next READYs, where they
    are not as Discord sends them. `may_start` is whether the bot may start a session.
    """

    def __init__(
        self,
        backend: Backend,
        *,
        token: str,
        may_start: Callable[[], bool],
        heartbeat_seconds: float,
        resume_seconds: float,
    ) -> None:
        self.url = ""
        self.identified = 0
        self.resumed = 0
        self.hello: deque[Any] = deque()
        self.ready: deque[Mapping[str, Any]] = deque()
        self._backend = backend
        self._token = token
        self._may_start = may_start
        self._heartbeat = int(heartbeat_seconds * 1000)
        self._resume_seconds = resume_seconds
        self._connections: set[Connection] = set()
        self._sessions: dict[str, Session] = {}
        backend.subscribers.append(self._publish)

    @property
    def live(self) -> int:
        """How many sessions have a connected bot."""
        return sum(session.live for session in self._sessions.values())

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """Serve a connection until it ends."""
        socket = web.WebSocketResponse(compress=False, max_msg_size=0)
        await socket.prepare(request)
        connection = Connection(request, socket)
        self._connections.add(connection)
        hello = {"heartbeat_interval": self._heartbeat}
        connection.send_op(_HELLO, self.hello.popleft() if self.hello else hello)
        writer = asyncio.create_task(connection.write(), name="gateway writer")
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    await self._receive(connection, json.loads(message.data))
        finally:
            writer.cancel()
            self._connections.discard(connection)
            if connection.session is not None:
                connection.session.detach(connection)
        return socket

    def cut(self) -> None:
        """Close all connections abruptly. Their sessions can be resumed."""
        for connection in self._connections:
            connection.abort()

    async def close(self, code: int) -> None:
        """Close all connections with a code."""
        for connection in list(self._connections):
            await connection.close(code)

    def send_frame(self, frame: str | bytes) -> None:
        """Send a frame to every bot as it is; bytes are not even compressed."""
        for connection in self._connections:
            connection.send(frame)

    def send_event(self, event: str, data: Any) -> None:
        """Send an event to every session, whatever its intents."""
        self.send_event_text(event, json.dumps(data))

    def send_event_text(self, event: str, data: str) -> None:
        """Send an event to every session, with data that need not be JSON."""
        for session in self._sessions.values():
            session.dispatch_text(event, data)

    def ask_reconnect(self) -> None:
        """Ask every bot to reconnect and resume."""
        for connection in self._connections:
            connection.send_op(_RECONNECT)

    def invalidate(self, *, resumable: bool) -> None:
        """Invalidate every session; unless resumable, it is removed."""
        for connection in self._connections:
            connection.send_op(_INVALID, resumable)
            if not resumable and connection.session is not None:
                self._forget(connection.session)

    async def _receive(self, connection: Connection, message: dict[str, Any]) -> None:
        handlers: Mapping[int, Callable[[Connection, Any], Awaitable[None]]] = {
            _HEARTBEAT: self._acknowledge,
            _IDENTIFY: self._identify,
            _RESUME: self._resume,
            _MEMBERS: self._send_members,
        }
        # Other ops (presence, voice) need no reply.
        if handler := handlers.get(message["op"]):
            await handler(connection, message["d"])

    async def _acknowledge(self, connection: Connection, _: Any) -> None:
        connection.send_op(_ACK)

    async def _identify(self, connection: Connection, identity: dict[str, Any]) -> None:
        # Discord resets the token of a bot that starts too many sessions.
        if identity["token"] != self._token or not self._may_start():
            await connection.close(_BAD_TOKEN)
            return
        self._forget_lost()
        self.identified += 1
        session = Session(self._backend, identity, f"session-{self.identified}")
        self._sessions[session.id] = session
        self._join(connection, session)
        guilds = [
            payload
            for guild in list(self._backend.guilds.values())
            if session.wants("GUILD_CREATE", {"id": guild.id})
            and (payload := serializers.guild_create_payload(self._backend, guild))
        ]
        changes = self.ready.popleft() if self.ready else {}
        session.dispatch("READY", {**self._ready(session, guilds), **changes})
        for guild in guilds:
            session.offer("GUILD_CREATE", guild)

    def _ready(self, session: Session, guilds: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
        return {
            "v": 10,
            "user": serializers.user_payload(self._backend.bot_user),
            "guilds": [{"id": guild["id"], "unavailable": True} for guild in guilds],
            "session_id": session.id,
            "resume_gateway_url": self.url,
            "shard": [session.shard, session.shards],
            "application": {"id": str(self._backend.application_id), "flags": 0},
        }

    async def _resume(self, connection: Connection, request: dict[str, Any]) -> None:
        self._forget_lost()
        session = self._sessions.get(request["session_id"])
        if session is None or not session.remembers(request["seq"]):
            connection.send_op(_INVALID, False)
            return
        self.resumed += 1
        self._join(connection, session)
        session.replay(request["seq"])
        session.dispatch("RESUMED", {})

    async def _send_members(self, connection: Connection, request: dict[str, Any]) -> None:
        """Reply to a request for a guild's members, in one chunk."""
        guild = self._backend.guilds.get(int(request["guild_id"]))
        if guild is None or connection.session is None:
            return
        given = request.get("user_ids")
        wanted = {int(i) for i in (given if isinstance(given, list) else [given] if given else [])}
        members = [
            serializers.member_payload(self._backend, guild, member)
            for member in guild.members.values()
            if (member.user_id in wanted if wanted else self._matches(member.user_id, request))
        ]
        chunk = {
            "guild_id": str(guild.id),
            "members": members[: request.get("limit") or None],
            "chunk_index": 0,
            "chunk_count": 1,
            "not_found": [str(i) for i in sorted(wanted - guild.members.keys())],
            "nonce": request.get("nonce"),
        }
        connection.session.dispatch("GUILD_MEMBERS_CHUNK", chunk)

    def _matches(self, user_id: int, request: dict[str, Any]) -> bool:
        name = self._backend.users[user_id].name.lower()
        return name.startswith((request.get("query") or "").lower())

    def _publish(self, event: str, payload: Mapping[str, Any]) -> None:
        for session in self._sessions.values():
            if session.wants(event, payload):
                session.offer(event, payload)

    def _join(self, connection: Connection, session: Session) -> None:
        connection.session = session
        session.attach(connection)

    def _forget(self, session: Session) -> None:
        self._sessions.pop(session.id, None)

    def _forget_lost(self) -> None:
        since = time.monotonic() - self._resume_seconds
        for session in list(self._sessions.values()):
            if session.lost_at is not None and session.lost_at < since:
                self._forget(session)
