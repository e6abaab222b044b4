"""What moderators choose for a countdown: autocompleted, and read again when it is sent."""

from datetime import time
from typing import Any, Protocol, cast
from zoneinfo import ZoneInfo

from discord import (
    AppCommandOptionType,
    ChannelType,
    Forbidden,
    Interaction,
    InvalidData,
    Locale,
    NotFound,
    Role,
    Thread,
)
from discord.abc import GuildChannel
from discord.app_commands import AppCommandChannel, AppCommandThread, Choice, Transformer, check

from bot.catalog.model import Title
from bot.countdown.choices import read_milestones, read_time
from bot.countdown.model import Countdown
from bot.countdown.zones import find_zones, offset_of, zone_meant
from bot.desk import Desk
from bot.errors import AnswerError
from bot.library import Library
from bot.text import is_spoken, own_name
from bot.ui.cards.releases import release_name
from bot.ui.layout import dotted
from bot.ui.markdown import clip
from bot.ui.options import title_meant
from bot.ui.permissions import manages_server
from bot.ui.reader import Reader

_CHOICES = 25


class Counts(Protocol):
    """What the client has to offer so that these options can be resolved."""

    library: Library
    desk: Desk

    def reader(self, interaction: Interaction[Any]) -> Reader:
        """Who asks."""
        ...


PostableChannel = AppCommandChannel | AppCommandThread
"""A channel as Discord sends it along: it need not be in the cache, and says nothing of whose it
is."""


class ChannelOption(Transformer):
    """A channel that can be posted into: text, announcements, a thread, a forum's post."""

    @property
    def type(self) -> AppCommandOptionType:
        """What Discord lets be chosen: a channel."""
        return AppCommandOptionType.channel

    @property
    def channel_types(self) -> list[ChannelType]:
        """Of which types."""
        return [
            ChannelType.text,
            ChannelType.news,
            ChannelType.public_thread,
            ChannelType.private_thread,
            ChannelType.news_thread,
        ]

    async def transform(
        self, interaction: Interaction[Any], value: PostableChannel, /
    ) -> PostableChannel:
        """The channel as it came, if it is of the server. Raises AnswerError."""
        guild = interaction.guild
        known = guild and guild.get_channel_or_thread(value.id)
        if not (known or await _fetched_from_server(interaction, value)):
            raise _not_here(interaction)
        return value


class RoleOption(Transformer):
    """A role of the server."""

    @property
    def type(self) -> AppCommandOptionType:
        """What Discord lets be chosen: a role."""
        return AppCommandOptionType.role

    async def transform(self, interaction: Interaction[Any], value: Role, /) -> Role:
        """The role as it came, if it is of the server. Raises AnswerError."""
        guild = interaction.guild
        if guild is None or guild.get_role(value.id) is None:
            raise _not_here(interaction)
        return value


class ZoneOption(Transformer):
    """An IANA time zone, by city, zone or abbreviation."""

    async def autocomplete(  # pyright: ignore[reportIncompatibleMethodOverride]
        self, interaction: Interaction[Any], value: str, /
    ) -> list[Choice[str]]:
        """The zones that fit, each with its offset and what time it is there."""
        now = _client(interaction).reader(interaction).now
        zones = [ZoneInfo(name) for name in find_zones(value, now, _CHOICES)]
        return [
            Choice(
                name=f"{zone.key} · {offset_of(zone, now)} · {now.astimezone(zone):%H:%M}",
                value=zone.key,
            )
            for zone in zones
        ]

    async def transform(self, interaction: Interaction[Any], value: str, /) -> ZoneInfo:
        """The zone meant. Raises AnswerError."""
        reader = _client(interaction).reader(interaction)
        found = zone_meant(value.partition(" · ")[0], reader.now)
        if found is None:
            _ = reader.texts.gettext
            raise AnswerError(
                _("There is no such time zone. Choose one from the list as you type.")
            )
        return found


class TimeOption(Transformer):
    """A time of day."""

    async def transform(self, interaction: Interaction[Any], value: str, /) -> time:
        """The time meant. Raises AnswerError."""
        found = read_time(value)
        if found is None:
            _ = _client(interaction).reader(interaction).texts.gettext
            raise AnswerError(_("Write the time of day as hours and minutes, such as 21:00."))
        return found


class MilestonesOption(Transformer):
    """On which days before a release the channel is told."""

    async def transform(self, interaction: Interaction[Any], value: str, /) -> tuple[int, ...]:
        """The days, most first. Raises AnswerError."""
        found = read_milestones(value)
        if found is None:
            _ = _client(interaction).reader(interaction).texts.gettext
            raise AnswerError(
                _("Write the milestones as days before the release, such as 100, 30, 7, 1, 0.")
            )
        return found


class LanguageOption(Transformer):
    """A language that Bonbang speaks."""

    async def autocomplete(  # pyright: ignore[reportIncompatibleMethodOverride]
        self, interaction: Interaction[Any], value: str, /
    ) -> list[Choice[str]]:
        """The languages that fit what is typed."""
        spoken = (locale.value for locale in Locale if is_spoken(locale.value))
        choices = [Choice(name=f"{own_name(tag)} ({tag})", value=tag) for tag in spoken]
        return [one for one in choices if value.casefold() in one.name.casefold()][:_CHOICES]

    async def transform(self, interaction: Interaction[Any], value: str, /) -> str:
        """The Discord locale meant. Raises AnswerError."""
        if value not in {locale.value for locale in Locale} or not is_spoken(value):
            _ = _client(interaction).reader(interaction).texts.gettext
            raise AnswerError(_("Choose a language from the list as you type."))
        return value


class EventOption(Transformer):
    """Which release of the title typed beside it is meant: its premiere, its finale …"""

    async def autocomplete(  # pyright: ignore[reportIncompatibleMethodOverride]
        self, interaction: Interaction[Any], value: str, /
    ) -> list[Choice[str]]:
        """The releases of that title."""
        client = _client(interaction)
        title = title_meant(client.library, str(interaction.namespace.title or ""))
        releases = [one for one, _before in title.release_stories()] if title else []
        reader = client.reader(interaction)
        choices = [
            Choice(name=clip(release_name(one, reader), 100), value=clip(one.slot_name, 100))
            for one in releases
        ]
        return [one for one in choices if value.casefold() in one.name.casefold()][:_CHOICES]

    async def transform(self, interaction: Interaction[Any], value: str, /) -> str:
        """The text as typed; whether the title has such a release is seen with the title."""
        return value


class CountdownOption(Transformer):
    """One of this server's countdowns."""

    @check(manages_server)
    async def autocomplete(  # pyright: ignore[reportIncompatibleMethodOverride]
        self, interaction: Interaction[Any], value: str, /
    ) -> list[Choice[str]]:
        """The server's countdowns that fit, by show, event and channel."""
        client = _client(interaction)
        own = await client.desk.store.of_server(interaction.guild_id or 0)
        titles = await client.library.titles({one.title_id for one in own})
        reader = client.reader(interaction)
        named = [(_named(interaction, one, titles[one.title_id], reader), one) for one in own]
        asked = value.casefold()
        return [
            Choice(name=clip(name, 100), value=str(one.id))
            for name, one in named
            if asked in name.casefold()
        ][:_CHOICES]

    async def transform(self, interaction: Interaction[Any], value: str, /) -> Countdown:
        """The countdown meant: by its value, or by text that only one fits. Raises AnswerError."""
        client = _client(interaction)
        guild_id = interaction.guild_id or 0
        if not (value.isascii() and value.isdigit()):
            fits = await self.autocomplete(interaction, value)
            value = fits[0].value if len(fits) == 1 else "0"
        found = await client.desk.store.get(guild_id, int(value[:18]))
        if found is None:
            _ = client.reader(interaction).texts.gettext
            raise AnswerError(
                _("There is no such countdown here. Choose one from the list as you type.")
            )
        return found


async def _fetched_from_server(interaction: Interaction[Any], channel: PostableChannel) -> bool:
    """Ask Discord whose a channel is that the cache does not hold, as an archived thread."""
    try:
        found = await interaction.client.fetch_channel(channel.id)
    except (Forbidden, NotFound, InvalidData):
        return False
    return isinstance(found, Thread | GuildChannel) and found.guild.id == interaction.guild_id


def _not_here(interaction: Interaction[Any]) -> AnswerError:
    _ = _client(interaction).reader(interaction).texts.gettext
    return AnswerError(_("I can see no such channel or role in this server. Choose another."))


def _named(
    interaction: Interaction[Any], countdown: Countdown, title: Title, reader: Reader
) -> str:
    release = countdown.release_of(title)
    event = release_name(release, reader) if release else countdown.slot
    return dotted(reader.label(title), event, _channel(interaction, countdown))


def _channel(interaction: Interaction[Any], countdown: Countdown) -> str:
    guild = interaction.guild
    channel = guild.get_channel_or_thread(countdown.channel_id) if guild else None
    return f"#{channel.name}" if channel else f"#{countdown.channel_id}"


def _client(interaction: Interaction[Any]) -> Counts:
    return cast(Counts, interaction.client)
