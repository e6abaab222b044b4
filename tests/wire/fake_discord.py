"""A simulated Discord on loopback sockets, for bots in processes of their own."""

import asyncio
import socket
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Self

from aiohttp import web
from discord import Permissions
from simcord.backend import Backend, serializers
from simcord.backend.models import Channel, Guild, Overwrite
from simcord.enums import ChannelType, OverwriteType

from tests.wire import gateway as gateways
from tests.wire import rest
from tests.wire.answers import Answer, Answers
from tests.wire.clock import WireClock, real_time
from tests.wire.faults import Faults
from tests.wire.gateway import Gateway
from tests.wire.interactions import InteractionBuilder, Member
from tests.wire.limits import Limits
from tests.wire.polling import until
from tests.wire.rest import Request, RestApi
from tests.wire.routes import Routes

TOKEN = "wire.token"  # noqa: S105

_HOST = "127.0.0.1"


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.create_server((_HOST, 0)) as server:
        return server.getsockname()[1]


class WireDiscord:
    """Discord, served for as long as the context lasts.

    `clock` gives the time of ids and timestamps. `global_limit` is in requests a second,
    `channel_limit` in messages sent to (and separately, edited in) a channel within five seconds;
    None means no limit. `nonce_seconds` is how long a message's nonce is remembered,
    `resume_seconds` how long a disconnected session can be resumed. `seed` is the seed of random
    faults. `port` is chosen by the system, unless bots have to know it before the server starts.

    At the end it raises faults of the simulation itself, such as a missing route.
    """

    def __init__(
        self,
        *,
        clock: Callable[[], datetime] = real_time,
        token: str = TOKEN,
        shards: int = 1,
        seed: int = 0,
        port: int = 0,
        global_limit: int | None = 50,
        channel_limit: int | None = 5,
        nonce_seconds: float = 300.0,
        heartbeat_seconds: float = 41.25,
        resume_seconds: float = 120.0,
    ) -> None:
        self.token = token
        self.backend = _backend(clock)
        self.faults = Faults(seed)
        self.limits = Limits(global_limit=global_limit, channel_limit=channel_limit)
        self.interactions = InteractionBuilder(self.backend)
        self._answers = Answers(self.backend)
        self._routes = Routes(
            self.backend,
            shards=shards,
            nonce_seconds=nonce_seconds,
            on_response=self._answers.on_response,
        )
        self.gateway = Gateway(
            self.backend,
            token=token,
            may_start=lambda: not self._routes.session_starts.exhausted,
            heartbeat_seconds=heartbeat_seconds,
            resume_seconds=resume_seconds,
        )
        self._rest = RestApi(self._routes, self.limits, self.faults, self.now, token)
        self._shards = shards
        self._runner: web.ServerRunner | None = None
        self._port = port
        self._address = f"{_HOST}:{port}"

    async def __aenter__(self) -> Self:
        server = web.Server(self._handle, access_log=None)
        self._runner = web.ServerRunner(server, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, _HOST, self._port, reuse_address=True).start()
        host, port = self._runner.addresses[0]
        self._address = f"{host}:{port}"
        self.gateway.url = self._routes.gateway_url = f"ws://{self._address}{gateways.PATH}"
        return self

    async def __aexit__(self, _: object, raised: BaseException | None, __: object) -> None:
        assert self._runner is not None
        self.gateway.cut()
        await self._runner.cleanup()
        if self._routes.problems and raised is None:
            raise ExceptionGroup("the simulated Discord fell short", self._routes.problems)

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        try:
            return await self._serve(request)
        except (ConnectionError, web.RequestPayloadError):
            # The client has disconnected.
            raise
        except Exception as failure:
            self._routes.problems.append(failure)
            raise

    async def _serve(self, request: web.BaseRequest) -> web.StreamResponse:
        if request.path != gateways.PATH:
            return await self._rest.handle(request)
        fault = self.faults.next_fault(request.method, request.path)
        await asyncio.sleep(fault.delay)
        if not fault.replied and request.transport is not None:
            request.transport.abort()
            return web.Response()
        if fault.reply is not None:
            return rest.response(fault.reply)
        return await self.gateway.handle(request)

    # State

    @property
    def api_url(self) -> str:
        """The bot's DISCORD_API_URL."""
        return f"http://{self._address}{rest.PREFIX}"

    @property
    def requests(self) -> list[Request]:
        """Every REST call so far."""
        return self._rest.requests

    def messages(self, channel: Channel) -> list[dict[str, Any]]:
        """The messages of a channel, oldest first, with their nonces."""
        return [
            {
                **serializers.message_payload(self.backend, message),
                "nonce": self._routes.nonces.get(message.id),
            }
            for message in self.backend.messages.get(channel.id, {}).values()
            if not message.is_ephemeral
        ]

    # Setup

    def create_guild(self, name: str, *, shard: int | None = None) -> Guild:
        """A guild with the bot in it; connected bots receive GUILD_CREATE."""
        return self.backend.create_guild(name, shard_id=shard, shard_count=self._shards)

    def create_text_channel(self, guild: Guild, name: str) -> Channel:
        """A channel that everyone can write in."""
        return self.backend.create_channel(guild.id, name)

    def create_announcement_channel(self, guild: Guild, name: str) -> Channel:
        """A channel whose messages can be published."""
        return self.backend.create_channel(guild.id, name, type=ChannelType.NEWS)

    def create_thread(self, parent: Channel, name: str) -> Channel:
        """A public thread, created by the guild's owner."""
        assert parent.guild_id is not None
        owner_id = self.backend.get_guild(parent.guild_id).owner_id
        return self.backend.create_thread(parent.id, name, owner_id)

    def delete_channel(self, channel: Channel) -> None:
        """Delete a channel with its messages."""
        self.backend.delete_channel(channel.id)

    def forbid(self, channel: Channel, permissions: Permissions) -> None:
        """Deny the bot permissions in one channel."""
        bot_id = self.backend.bot_user.id
        denied = Overwrite(bot_id, OverwriteType.MEMBER, deny=permissions.value)
        self.backend.set_overwrite(channel.id, denied)

    def add_member(
        self,
        guild: Guild,
        name: str,
        *,
        permissions: Permissions | None = None,
        locale: str = "en-US",
    ) -> Member:
        """A member of a guild, with additional permissions if given."""
        user = self.backend.make_user(name)
        roles = []
        if permissions is not None:
            role = self.backend.create_role(
                guild.id, f"role of {name}", permissions=permissions.value
            )
            roles.append(role.id)
        self.backend.add_member(guild.id, user.id, roles=roles, announce=True)
        return Member(guild.id, user.id, name, locale)

    # Interactions

    async def slash(
        self, member: Member, channel: Channel, command: str, /, **options: Any
    ) -> Answer:
        """Send a command, such as "about" or "group sub". Returns its answer."""
        return await self._answers.answer_to(
            self.interactions.slash(member, channel, command, options)
        )

    async def autocomplete(
        self,
        member: Member,
        channel: Channel,
        command: str,
        option: str,
        typed: str,
        /,
        **filled: Any,
    ) -> list[dict[str, Any]]:
        """Type into an option. Returns the choices offered."""
        interaction = self.interactions.autocomplete(
            member, channel, command, option, typed, filled
        )
        choices: list[dict[str, Any]] = (await self._answers.answer_to(interaction)).body["choices"]
        return choices

    async def click(
        self,
        member: Member,
        message: dict[str, Any],
        *,
        label: str | None = None,
        custom_id: str | None = None,
    ) -> Answer:
        """Press a button of a message (an answer's `body`, or one of `messages`)."""
        interaction = self.interactions.click(member, message, label=label, custom_id=custom_id)
        return await self._answers.answer_to(interaction)

    async def select(
        self,
        member: Member,
        message: dict[str, Any],
        values: Sequence[Any],
        *,
        custom_id: str | None = None,
    ) -> Answer:
        """Select values in a menu of a message."""
        interaction = self.interactions.select(member, message, values, custom_id=custom_id)
        return await self._answers.answer_to(interaction)

    # The connection

    async def connected(self, within: float = 20.0, *, sessions: int | None = None) -> None:
        """Wait until so many sessions (by default one per shard) have received all their guilds.

        Raises TimeoutError if they have not in time.
        """
        wanted = self._shards if sessions is None else sessions
        await until(lambda: self.gateway.live >= wanted, within)

    def cut_gateway(self) -> None:
        """Close all gateway connections abruptly, as a network failure does."""
        self.gateway.cut()

    def ask_reconnect(self) -> None:
        """Ask bots to reconnect, as Discord does when it moves them to another server."""
        self.gateway.ask_reconnect()

    def invalidate_session(self, *, resumable: bool = False) -> None:
        """Invalidate all sessions."""
        self.gateway.invalidate(resumable=resumable)

    def exhaust_session_starts(self, seconds: float) -> None:
        """Allow bots no new session for so many seconds."""
        self._routes.session_starts.exhaust(seconds)

    def user_payload(self) -> dict[str, Any]:
        """The bot's user, as `GET /users/@me` returns it."""
        return dict(serializers.user_payload(self.backend.bot_user))

    def now(self) -> datetime:
        """Discord's time."""
        return self.backend.clock.now()

    def advance(self, seconds: float) -> None:
        """Move Discord's clock forward. That of the bot's machine does not change."""
        self.backend.advance_clock(seconds)


def _backend(clock: Callable[[], datetime]) -> Backend:
    backend = Backend(clock=WireClock(clock))
    # These logs would grow without limit under load; `requests` is kept instead.
    backend.http_requests = _EmptyList()
    backend.transcript = _EmptyList()
    return backend


class _EmptyList(list[Any]):
    """A list that keeps nothing."""

    def append(self, _: Any) -> None:
        """Drop the item."""
