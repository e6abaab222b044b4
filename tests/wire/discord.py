"""A simulated Discord on loopback sockets, for bots that are processes of their own."""

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
from tests.wire.asking import Asking, Member
from tests.wire.clock import WireClock, real_time
from tests.wire.faults import Faults
from tests.wire.gateway import Gateway
from tests.wire.limits import Limits
from tests.wire.polling import until
from tests.wire.rest import Request, RestApi
from tests.wire.routes import Routes

TOKEN = "wire.token"  # noqa: S105


class WireDiscord:
    """Discord, served from when it is entered until it is left.

    `clock` is what ids and timestamps come from. `global_limit` is in requests a second,
    `channel_limit` in messages sent to (and, apart, edited in) a channel within five seconds; None
    lifts it. `nonce_seconds` is how long a message's nonce is remembered, `resume_seconds` how
    long a session whose bot is gone. `seed` is what faults that strike by chance are drawn from.

    Leaving raises what went wrong with the simulation itself, such as a route it does not have.
    """

    def __init__(
        self,
        *,
        clock: Callable[[], datetime] = real_time,
        token: str = TOKEN,
        shards: int = 1,
        seed: int = 0,
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
        self.gateway = Gateway(
            self.backend,
            token=token,
            heartbeat_seconds=heartbeat_seconds,
            resume_seconds=resume_seconds,
        )
        self._asking = Asking(self.backend)
        self._answers = Answers(self.backend)
        self._routes = Routes(
            self.backend, shards=shards, nonce_seconds=nonce_seconds, done=self._answers.noticed
        )
        self._rest = RestApi(self._routes, self.limits, self.faults, token)
        self._shards = shards
        self._runner: web.ServerRunner | None = None
        self._address = ""

    async def __aenter__(self) -> Self:
        server = web.Server(self._handle, access_log=None)
        self._runner = web.ServerRunner(server, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
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
            # Whoever asked is gone.
            raise
        except Exception as failure:
            self._routes.problems.append(failure)
            raise

    async def _serve(self, request: web.BaseRequest) -> web.StreamResponse:
        if request.path != gateways.PATH:
            return await self._rest.handle(request)
        fault = self.faults.strike(request.method, request.path)
        if fault.reply is not None:
            return web.Response(status=fault.reply.status)
        return await self.gateway.handle(request)

    # What there is

    @property
    def api_url(self) -> str:
        """What the bot's DISCORD_API_URL has to be."""
        return f"http://{self._address}{rest.PREFIX}"

    @property
    def requests(self) -> list[Request]:
        """Every REST call so far."""
        return self._rest.requests

    def messages(self, channel: Channel) -> list[dict[str, Any]]:
        """What stands in a channel, the oldest first, with the nonces that were sent."""
        return [
            {
                **serializers.message_payload(self.backend, message),
                "nonce": self._routes.nonces.get(message.id),
            }
            for message in self.backend.messages.get(channel.id, {}).values()
            if not message.is_ephemeral
        ]

    # What is set up

    def create_guild(self, name: str, *, shard: int | None = None) -> Guild:
        """A server with the bot in it; bots that are connected hear of it at once."""
        return self.backend.create_guild(name, shard_id=shard, shard_count=self._shards)

    def create_text_channel(self, guild: Guild, name: str) -> Channel:
        """A channel anyone may write in."""
        return self.backend.create_channel(guild.id, name)

    def create_announcement_channel(self, guild: Guild, name: str) -> Channel:
        """A channel whose messages can be published."""
        return self.backend.create_channel(guild.id, name, type=ChannelType.NEWS)

    def create_thread(self, parent: Channel, name: str) -> Channel:
        """A public thread, opened by the server's owner."""
        assert parent.guild_id is not None
        owner_id = self.backend.get_guild(parent.guild_id).owner_id
        return self.backend.create_thread(parent.id, name, owner_id)

    def delete_channel(self, channel: Channel) -> None:
        """Remove a channel with everything in it."""
        self.backend.delete_channel(channel.id)

    def forbid(self, channel: Channel, permissions: Permissions) -> None:
        """Take permissions from the bot in one channel."""
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
        """Somebody in a server; with permissions beyond everyone's, if any are given."""
        user = self.backend.make_user(name)
        roles = []
        if permissions is not None:
            role = self.backend.create_role(
                guild.id, f"role of {name}", permissions=permissions.value
            )
            roles.append(role.id)
        self.backend.add_member(guild.id, user.id, roles=roles, announce=True)
        return Member(guild.id, user.id, name, locale)

    # What members do

    async def slash(
        self, member: Member, channel: Channel, command: str, /, **options: Any
    ) -> Answer:
        """Send a command, such as "about" or "group sub"; its answer."""
        return await self._answers.of(self._asking.slash(member, channel, command, options))

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
        """Type into an option; the choices offered."""
        asked = self._asking.autocomplete(member, channel, command, option, typed, filled)
        choices: list[dict[str, Any]] = (await self._answers.of(asked)).body["choices"]
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
        asked = self._asking.click(member, message, label=label, custom_id=custom_id)
        return await self._answers.of(asked)

    async def select(
        self,
        member: Member,
        message: dict[str, Any],
        values: Sequence[Any],
        *,
        custom_id: str | None = None,
    ) -> Answer:
        """Choose from a menu of a message."""
        asked = self._asking.select(member, message, values, custom_id=custom_id)
        return await self._answers.of(asked)

    # What happens to the connection

    async def connected(self, within: float = 20.0, *, sessions: int | None = None) -> None:
        """Wait until so many sessions (one for each shard, unless told) have been sent all their
        guilds. Raises TimeoutError if they are not there in time."""
        wanted = self._shards if sessions is None else sessions
        await until(lambda: self.gateway.live >= wanted, within)

    def cut_gateway(self) -> None:
        """Break off all gateway connections, as a network does."""
        self.gateway.cut()

    def ask_reconnect(self) -> None:
        """Ask bots to connect anew, as Discord does when it moves them."""
        self.gateway.ask_reconnect()

    def invalidate_session(self, *, resumable: bool = False) -> None:
        """Declare all sessions invalid."""
        self.gateway.invalidate(resumable=resumable)

    def advance(self, seconds: float) -> None:
        """Move Discord's clock on. The bot's own clock stays where it is."""
        self.backend.advance_clock(seconds)


def _backend(clock: Callable[[], datetime]) -> Backend:
    backend = Backend(clock=WireClock(clock))
    # Its records of everything would grow without end under load; `requests` is kept instead.
    backend.http_requests = _Forgetful()
    backend.transcript = _Forgetful()
    return backend


class _Forgetful(list[Any]):
    """A list that keeps nothing."""

    def append(self, _: Any) -> None:
        """Let it go."""
