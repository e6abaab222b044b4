"""What moderators choose for a countdown: autocompleted, and read again when it is sent."""

from datetime import time
from typing import Any
from zoneinfo import ZoneInfo

from discord import (
    AppCommandOptionType,
    ChannelType,
    Interaction,
    Locale,
    Role,
)
from discord.app_commands import AppCommandChannel, AppCommandThread, Choice, Transformer, check

from bot.announcements.model import Countdown
from bot.announcements.parsing import parse_milestones, parse_time
from bot.announcements.timezones import resolve_timezone, search_timezones, utc_offset
from bot.catalog.model import Title
from bot.errors import UserError
from bot.i18n import is_supported, native_name
from bot.ui.cards.releases import release_label
from bot.ui.channels import GuildChannelOrThread, find_channel
from bot.ui.interaction_context import context_of, services_of
from bot.ui.layout import join_dotted
from bot.ui.markdown import truncate
from bot.ui.name_options import resolve_title
from bot.ui.permissions import require_manage_guild
from bot.ui.render_context import RenderContext

_CHOICES = 25


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
        self, interaction: Interaction[Any], value: AppCommandChannel | AppCommandThread, /
    ) -> GuildChannelOrThread:
        """The channel itself, if it is of the server. Raises UserError."""
        guild = interaction.guild
        found = await find_channel(guild, value.id) if guild else None
        if found is None:
            raise _not_here(interaction)
        return found


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
        now = context_of(interaction).now
        zones = [ZoneInfo(name) for name in search_timezones(value, now, _CHOICES)]
        return [
            Choice(
                name=f"{zone.key} · {utc_offset(zone, now)} · {now.astimezone(zone):%H:%M}",
                value=zone.key,
            )
            for zone in zones
        ]

    async def transform(self, interaction: Interaction[Any], value: str, /) -> ZoneInfo:
        """The zone meant. Raises AnswerError."""
        context = context_of(interaction)
        found = resolve_timezone(value.partition(" · ")[0], context.now)
        if found is None:
            _ = context.translations.gettext
            raise UserError(_("I couldn't find that time zone. Pick one from the suggestions."))
        return found


class TimeOption(Transformer):
    """A time of day."""

    async def transform(self, interaction: Interaction[Any], value: str, /) -> time:
        """The time meant. Raises AnswerError."""
        found = parse_time(value)
        if found is None:
            _ = context_of(interaction).translations.gettext
            raise UserError(_("Enter the time as hours and minutes, such as 21:00."))
        return found


class MilestonesOption(Transformer):
    """On which days before a release the channel is told."""

    async def transform(self, interaction: Interaction[Any], value: str, /) -> tuple[int, ...]:
        """The days, most first. Raises AnswerError."""
        found = parse_milestones(value)
        if found is None:
            _ = context_of(interaction).translations.gettext
            raise UserError(
                _("Enter milestones as days before the release, such as 100, 30, 7, 1, 0.")
            )
        return found


class LanguageOption(Transformer):
    """A language that Bonbang speaks."""

    async def autocomplete(  # pyright: ignore[reportIncompatibleMethodOverride]
        self, interaction: Interaction[Any], value: str, /
    ) -> list[Choice[str]]:
        """The languages that fit what is typed."""
        spoken = (locale.value for locale in Locale if is_supported(locale.value))
        choices = [Choice(name=f"{native_name(tag)} ({tag})", value=tag) for tag in spoken]
        return [one for one in choices if value.casefold() in one.name.casefold()][:_CHOICES]

    async def transform(self, interaction: Interaction[Any], value: str, /) -> str:
        """The Discord locale meant. Raises AnswerError."""
        if value not in {locale.value for locale in Locale} or not is_supported(value):
            _ = context_of(interaction).translations.gettext
            raise UserError(_("I couldn't find that language. Pick one from the suggestions."))
        return value


class EventOption(Transformer):
    """Which release of the title typed beside it is meant: its premiere, its finale …"""

    async def autocomplete(  # pyright: ignore[reportIncompatibleMethodOverride]
        self, interaction: Interaction[Any], value: str, /
    ) -> list[Choice[str]]:
        """The releases of that title."""
        title = resolve_title(
            services_of(interaction).catalog, str(interaction.namespace.title or "")
        )
        releases = [one for one, _before in title.release_history()] if title else []
        context = context_of(interaction)
        choices = [
            Choice(
                name=truncate(release_label(one, context), 100), value=truncate(one.key_text, 100)
            )
            for one in releases
        ]
        return [one for one in choices if value.casefold() in one.name.casefold()][:_CHOICES]

    async def transform(self, interaction: Interaction[Any], value: str, /) -> str:
        """The text as typed; whether the title has such a release is seen with the title."""
        return value


class CountdownOption(Transformer):
    """One of this server's countdowns."""

    @check(require_manage_guild)
    async def autocomplete(  # pyright: ignore[reportIncompatibleMethodOverride]
        self, interaction: Interaction[Any], value: str, /
    ) -> list[Choice[str]]:
        """The server's countdowns that fit, by show, event and channel."""
        services, context = services_of(interaction), context_of(interaction)
        own = await services.countdowns.list_for_guild(interaction.guild_id or 0)
        titles = await services.catalog.get_titles({one.title_id for one in own})
        named = [
            (_countdown_label(interaction, one, titles[one.title_id], context), one) for one in own
        ]
        asked = value.casefold()
        return [
            Choice(name=truncate(name, 100), value=str(one.id))
            for name, one in named
            if asked in name.casefold()
        ][:_CHOICES]

    async def transform(self, interaction: Interaction[Any], value: str, /) -> Countdown:
        """The countdown meant: by its value, or by text that only one fits. Raises AnswerError."""
        guild_id = interaction.guild_id or 0
        if not (value.isascii() and value.isdigit()):
            fits = await self.autocomplete(interaction, value)
            value = fits[0].value if len(fits) == 1 else "0"
        found = await services_of(interaction).countdowns.get(guild_id, int(value[:18]))
        if found is None:
            _ = context_of(interaction).translations.gettext
            raise UserError(_("I couldn't find that countdown. Pick one from the suggestions."))
        return found


def _not_here(interaction: Interaction[Any]) -> UserError:
    _ = context_of(interaction).translations.gettext
    return UserError(_("I can't see that channel or role in this server. Choose a different one."))


def _countdown_label(
    interaction: Interaction[Any], countdown: Countdown, title: Title, context: RenderContext
) -> str:
    release = countdown.find_release(title)
    event = release_label(release, context) if release else countdown.release_key
    return join_dotted(context.label(title), event, _channel(interaction, countdown))


def _channel(interaction: Interaction[Any], countdown: Countdown) -> str:
    guild = interaction.guild
    channel = guild.get_channel_or_thread(countdown.channel_id) if guild else None
    return f"#{channel.name}" if channel else f"#{countdown.channel_id}"
