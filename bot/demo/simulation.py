"""The simulated Discord: a server with a channel and people in it, and the bot among them."""

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

_MOMENT = 0.05
_MESSAGE = 4


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of a command. `message` is the body sent to Discord, None where nothing was."""

    command: str
    ephemeral: bool
    text: str
    message: dict[str, Any] | None


class SimulatedClock:
    """A simulation's clock. The bot is given it before there is a simulation."""

    def __init__(self, start: datetime) -> None:
        self._clock: Clock = lambda: start

    def __call__(self) -> datetime:
        """The present of the simulation."""
        return self._clock()

    def follow(self, clock: Clock) -> None:
        """Tell that clock's time from now on."""
        self._clock = clock


class Simulation:
    """A running demo. Commands are asked in `#countdown`, by `asker`."""

    def __init__(self, env: simcord.Env, asker: DemoUser) -> None:
        self.env = env
        self.guild = env.create_guild("Drama Club")
        manage = Permissions(manage_guild=True)
        moderators = self.guild.create_role("Moderators", permissions=manage)
        self.guild.create_text_channel("general")
        self.channel = self.guild.create_text_channel("countdown")
        member = self.guild.add_member(env.create_user("mina"))
        self.moderator = self.guild.add_member(env.create_user("moon"), roles=[moderators])
        self.asker = member if asker == "member" else self.moderator
        self.people = (self.asker, self.moderator if asker == "member" else member)
        self._told = 0

    async def add_countdown(self, title_ref: str) -> None:
        """Have the channel counted down to a title, as a moderator of the server would."""
        await self.moderator.slash(
            self.channel,
            "countdown add",
            title=title_ref,
            channel=self.channel,
            timezone="Asia/Seoul",
        )

    def take_announcements(self) -> list[dict[str, Any]]:
        """What was announced in the channel since this was last asked: message bodies."""
        posted = [
            entry.json
            for entry in self.env.http_requests
            if entry.method == "POST" and entry.path == f"/channels/{self.channel.id}/messages"
        ]
        new, self._told = posted[self._told :], len(posted)
        return [cast(dict[str, Any], body) for body in new]

    async def exclusively(self, act: Callable[[], Awaitable[Result]]) -> Result:
        """Act on the simulation once nobody else does: the page's visitors act on it too."""
        while True:
            try:
                return await act()
            except simcord.SetupError as error:
                if "overlaps active" not in str(error):
                    raise
                await asyncio.sleep(_MOMENT)

    async def advance(self, step: timedelta) -> datetime:
        """Move the clock on, and everything that is due with it. Returns what time it is then."""
        await self.exclusively(lambda: self.env.advance_time(step.total_seconds()))
        return self.env.now()

    async def run_command(self, line: str) -> Reply:
        """Type a command as the asker would. Raises NotTyped where it cannot be typed so."""
        backend = self.env.backend
        typed = parse_command(
            line,
            backend.visible_commands(user_id=self.asker.id, channel_id=self.channel.id),
        )
        before = len(self.env.http_requests)
        try:
            options = {name: self._value(option) for name, option in typed.options.items()}
            result = await self.exclusively(
                lambda: self.asker.slash(self.channel, typed.name, **options)
            )
        except (simcord.SetupError, simcord.OptionError, ValueError) as error:
            raise CommandSyntaxError(f"{error}.") from error
        sent = [body for entry in self.env.http_requests[before:] if (body := _sent(entry))]
        message = sent[-1] if sent else None
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
                return _pick(self.guild.channels, option.text.removeprefix("#"), "channel")
            case AppCommandOptionType.role:
                return _pick(self.guild.roles, option.text.removeprefix("@"), "role")
            case _:
                return option.text


@asynccontextmanager
async def run_simulation(
    bot: Bonbang, clock: SimulatedClock, locale: str, asker: DemoUser
) -> AsyncGenerator[Simulation]:
    """A simulated Discord with the bot connected to it, both by the bot's clock."""
    env = simcord.Env(bot, shard_count=1, check_errors=False)
    # The simulation begins at a day of its own choosing, and has no public way to name another.
    env.backend.clock._epoch = clock().astimezone(UTC)  # pyright: ignore[reportPrivateUsage]
    env.backend.edit_bot_profile("Bonbang")
    clock.follow(env.now)
    set_client_locale(env, locale)
    await env.start()
    try:
        with env.time_context():
            yield Simulation(env, asker)
    finally:
        await env.shutdown()


def set_client_locale(env: simcord.Env, locale: str) -> None:
    """Have every member's Discord client set to a language."""
    emit = env.backend.emit

    def emit_in_locale(event: str, payload: Mapping[str, Any]) -> None:
        spoken = {"locale": locale, "guild_locale": locale} if event == "INTERACTION_CREATE" else {}
        emit(event, {**payload, **spoken})

    env.backend.emit = emit_in_locale


def _sent(entry: simcord.HttpLogEntry) -> dict[str, Any] | None:
    """The message body in a request that answers an interaction."""
    body = cast(dict[str, Any], entry.json or {})
    if entry.path.endswith("/callback"):
        return body.get("data") if body.get("type") == _MESSAGE else None
    return body if entry.path.endswith("/messages/@original") else None


def _pick(handles: Mapping[str, Any], name: str, kind: str) -> Any:
    if name not in handles:
        raise CommandSyntaxError(f"Unknown {kind} {name!r}. Use one of: {', '.join(handles)}.")
    return handles[name]
