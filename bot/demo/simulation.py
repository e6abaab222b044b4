"""The simulated Discord, with the bot in a server with channels and members."""

import asyncio
import re
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, TypeVar, cast

import simcord
from discord import AppCommandOptionType, Permissions

from bot.client.bot import Bonbang
from bot.clock import Clock
from bot.demo.command_parser import CommandSyntaxError, ParsedOption, parse_command
from bot.demo.plain_text import MentionNames, render_plain_text

DemoUser = Literal["member", "moderator"]
Result = TypeVar("Result")

_RETRY_DELAY = 0.05
_CHANNEL_MESSAGE = 4
_MESSAGES_PATH = re.compile(r"/channels/(\d+)/messages")


@dataclass(frozen=True, slots=True)
class Reply:
    """The reply to a command. `message` is the body sent to Discord, or None if there is none."""

    command: str
    ephemeral: bool
    text: str
    message: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Announcement:
    """An announcement. `channel` is the name of its channel, `message` the body sent to Discord."""

    channel: str
    text: str
    message: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Notice:
    """What the demo itself says to a line of input, and what was announced meanwhile."""

    command: str
    text: str
    announcements: list[Announcement]


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
        self.user: DemoUser = user
        self.guild = env.create_guild("Drama Club")
        manage = Permissions(manage_guild=True)
        moderators = self.guild.create_role("Moderators", permissions=manage)
        self.guild.create_text_channel("general")
        self.channel = self.guild.create_text_channel("countdown")
        # The page offers users by these names, on a phone by their first letters.
        mina = env.create_user("mina", global_name="Member")
        moon = env.create_user("moon", global_name="Moderator")
        self.members: dict[DemoUser, simcord.MemberActor] = {
            "member": self.guild.add_member(mina),
            "moderator": self.guild.add_member(moon, roles=[moderators]),
        }
        self._announcements_taken = 0

    def viewers(self) -> list[simcord.MemberActor]:
        """Return the members for the page to offer, the current user first."""
        return sorted(self.members.values(), key=lambda one: one is not self.members[self.user])

    def mention_names(self) -> MentionNames:
        """Return what Discord shows for each mention of a channel, role or member."""
        users = self.env.backend.users.values()
        return {
            **{channel.mention: f"#{name}" for name, channel in self.guild.channels.items()},
            **{role.mention: f"@{name}" for name, role in self.guild.roles.items()},
            **{f"<@{user.id}>": f"@{user.global_name or user.name}" for user in users},
        }

    async def add_countdown(self, title_ref: str) -> None:
        """Create a countdown to a title in the channel, as the moderator."""
        await self.members["moderator"].slash(
            self.channel,
            "countdown add",
            title=title_ref,
            channel=self.channel,
            timezone="Asia/Seoul",
        )

    def take_announcements(self) -> list[Announcement]:
        """Return what was announced in the server's channels since the last call."""
        posted = [
            (match[1], cast(dict[str, Any], entry.json))
            for entry in self.env.http_requests
            if entry.method == "POST" and (match := _MESSAGES_PATH.fullmatch(entry.path))
        ]
        new = posted[self._announcements_taken :]
        self._announcements_taken = len(posted)
        names = self.mention_names()
        return [
            Announcement(names[f"<#{channel_id}>"], render_plain_text(message, names), message)
            for channel_id, message in new
        ]

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
        command = parse_command(line, self._visible_commands(line))
        request_count = len(self.env.http_requests)
        try:
            options = {name: self._value(option) for name, option in command.options.items()}
            result = await self.exclusively(
                lambda: self.members[self.user].slash(self.channel, command.name, **options)
            )
        except (simcord.SetupError, simcord.OptionError, ValueError) as error:
            raise CommandSyntaxError(f"{error}.") from error
        requests = self.env.http_requests[request_count:]
        bodies = [body for request in requests if (body := _reply_body(request))]
        message = bodies[-1] if bodies else None
        text = render_plain_text(message or {}, self.mention_names())
        return Reply(line, result.ephemeral, text, message)

    def _visible_commands(self, line: str) -> Sequence[Mapping[str, Any]]:
        """Return the commands that the user can see.

        Raises CommandSyntaxError if only moderators can see the command that the line begins with.
        """
        visible: dict[DemoUser, list[dict[str, Any]]] = {
            user: self.env.backend.visible_commands(user_id=one.id, channel_id=self.channel.id)
            for user, one in self.members.items()
        }
        name = line.removeprefix("/").partition(" ")[0].casefold()
        hidden = (command for command in visible["moderator"] if command not in visible[self.user])
        if any(command["name"] == name for command in hidden):
            raise CommandSyntaxError(f"Only moderators can use /{name}. Try `as moderator` first.")
        return visible[self.user]

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
    on_error = bot.tree.on_error
    await env.start()
    # simcord's handler counts a refused command as a failure of the bot. The page would show that
    # instead of the reply.
    bot.tree.on_error = on_error
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
