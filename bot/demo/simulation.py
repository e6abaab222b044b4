"""The simulated Discord, with the bot in a server with channels and members."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, TypeVar, cast

import simcord
from discord import AppCommandOptionType, Permissions

from bot.client.bot import Bonbang
from bot.clock import Clock
from bot.demo.command_parser import CommandSyntaxError, ParsedOption, parse_command
from bot.demo.plain_text import render_plain_text

DemoUser = Literal["member", "moderator"]
Result = TypeVar("Result")

_RETRY_DELAY = 0.05
_CHANNEL_MESSAGE = 4


@dataclass(frozen=True, slots=True)
class Reply:
    """The reply to a command. `message` is the body sent to Discord, or None if there is none."""

    command: str
    ephemeral: bool
    text: str
    message: dict[str, Any] | None


class SimulatedClock:
    """The clock of a simulation. The bot needs it before the simulation is created."""

    def __init__(self, start: datetime) -> None:
        self._clock: Clock = lambda: start

    def __call__(self) -> datetime:
        """Return the current time of the simulation."""
        return self._clock()

    def follow(self, clock: Clock) -> None:
        """Use the time of another clock from now on."""
        self._clock = clock


class Simulation:
    """A running demo. `user` runs commands in `#countdown`."""

    def __init__(self, env: simcord.Env, user: DemoUser) -> None:
        self.env = env
        self.guild = env.create_guild("Drama Club")
        manage = Permissions(manage_guild=True)
        moderators = self.guild.create_role("Moderators", permissions=manage)
        self.guild.create_text_channel("general")
        self.channel = self.guild.create_text_channel("countdown")
        member = self.guild.add_member(env.create_user("mina"))
        self.moderator = self.guild.add_member(env.create_user("moon"), roles=[moderators])
        self.user = member if user == "member" else self.moderator
        self.people = (self.user, self.moderator if user == "member" else member)
        self._announcements_taken = 0

    async def add_countdown(self, title_ref: str) -> None:
        """Create a countdown to a title in the channel, as the moderator."""
        await self.moderator.slash(
            self.channel,
            "countdown add",
            title=title_ref,
            channel=self.channel,
            timezone="Asia/Seoul",
        )

    def take_announcements(self) -> list[dict[str, Any]]:
        """Return the message bodies announced in the channel since the last call."""
        posted = [
            entry.json
            for entry in self.env.http_requests
            if entry.method == "POST" and entry.path == f"/channels/{self.channel.id}/messages"
        ]
        new = posted[self._announcements_taken :]
        self._announcements_taken = len(posted)
        return [cast(dict[str, Any], body) for body in new]

    async def exclusively(self, act: Callable[[], Awaitable[Result]]) -> Result:
        """Run an action on the simulation, and retry while a user of the web page runs one."""
        while True:
            try:
                return await act()
            except simcord.SetupError as error:
                if "overlaps active" not in str(error):
                    raise
                await asyncio.sleep(_RETRY_DELAY)

    async def advance(self, step: timedelta) -> datetime:
        """Advance the clock and run everything that becomes due. Returns the new time."""
        await self.exclusively(lambda: self.env.advance_time(step.total_seconds()))
        return self.env.now()

    async def run_command(self, line: str) -> Reply:
        """Run a command as the user. Raises CommandSyntaxError."""
        backend = self.env.backend
        command = parse_command(
            line,
            backend.visible_commands(user_id=self.user.id, channel_id=self.channel.id),
        )
        request_count = len(self.env.http_requests)
        try:
            options = {name: self._value(option) for name, option in command.options.items()}
            result = await self.exclusively(
                lambda: self.user.slash(self.channel, command.name, **options)
            )
        except (simcord.SetupError, simcord.OptionError, ValueError) as error:
            raise CommandSyntaxError(f"{error}.") from error
        requests = self.env.http_requests[request_count:]
        bodies = [body for request in requests if (body := _reply_body(request))]
        message = bodies[-1] if bodies else None
        return Reply(line, result.ephemeral, render_plain_text(message or {}), message)

    def _value(self, option: ParsedOption) -> object:
        match AppCommandOptionType(option.type):
            case AppCommandOptionType.integer:
                return int(option.text)
            case AppCommandOptionType.number:
                return float(option.text)
            case AppCommandOptionType.boolean:
                return option.text.casefold() in ("true", "yes", "on", "1")
            case AppCommandOptionType.channel:
                return _find(self.guild.channels, option.text.removeprefix("#"), "channel")
            case AppCommandOptionType.role:
                return _find(self.guild.roles, option.text.removeprefix("@"), "role")
            case _:
                return option.text


@asynccontextmanager
async def run_simulation(
    bot: Bonbang, clock: SimulatedClock, locale: str, user: DemoUser
) -> AsyncGenerator[Simulation]:
    """Start a simulated Discord and connect the bot to it. `clock` then follows its time."""
    env = simcord.Env(bot, shard_count=1, check_errors=False)
    # simcord has no public option for the start time.
    env.backend.clock._epoch = clock().astimezone(UTC)  # pyright: ignore[reportPrivateUsage]
    env.backend.edit_bot_profile("Bonbang")
    clock.follow(env.now)
    set_client_locale(env, locale)
    await env.start()
    try:
        with env.time_context():
            yield Simulation(env, user)
    finally:
        await env.shutdown()


def set_client_locale(env: simcord.Env, locale: str) -> None:
    """Set the locale of every user's Discord client and of the server."""
    emit = env.backend.emit

    def emit_in_locale(event: str, payload: Mapping[str, Any]) -> None:
        is_interaction = event == "INTERACTION_CREATE"
        locales = {"locale": locale, "guild_locale": locale} if is_interaction else {}
        emit(event, {**payload, **locales})

    env.backend.emit = emit_in_locale


def _reply_body(entry: simcord.HttpLogEntry) -> dict[str, Any] | None:
    """Return the message body of a request if it replies to an interaction."""
    body = cast(dict[str, Any], entry.json or {})
    if entry.path.endswith("/callback"):
        return body.get("data") if body.get("type") == _CHANNEL_MESSAGE else None
    return body if entry.path.endswith("/messages/@original") else None


def _find(items: Mapping[str, Any], name: str, kind: str) -> Any:
    if name not in items:
        raise CommandSyntaxError(f"Unknown {kind} {name!r}. Use one of: {', '.join(items)}.")
    return items[name]
