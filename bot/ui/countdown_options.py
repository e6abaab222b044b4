"""Options of the countdown commands, with autocomplete and validation."""

from datetime import time
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from discord import AppCommandOptionType, ChannelType, Interaction, Role
from discord.app_commands import (
    AppCommandChannel,
    AppCommandThread,
    Choice,
    Transformer,
    check,
    describe,
    locale_str,
    rename,
)

from bot.announcements.model import Countdown
from bot.announcements.parsing import parse_milestones, parse_time
from bot.catalog.model import EPISODE_EVENT, Release, Title
from bot.catalog.window import WindowState
from bot.errors import UserError
from bot.ui.cards.releases import release_label
from bot.ui.channels import GuildChannelOrThread, channel_label, find_channel
from bot.ui.date_format import format_time_of_day
from bot.ui.interaction_context import context_of, services_of
from bot.ui.layout import join_dotted
from bot.ui.markdown import plain_text, unescape
from bot.ui.name_options import resolve_title
from bot.ui.notices import countdown_release_label
from bot.ui.permissions import require_can_post, require_manage_guild
from bot.ui.render_context import RenderContext
from bot.ui.timezone_labels import find_zone, search_zones

_CHOICE_LIMIT = 25

OPTION_DESCRIPTIONS = {
    "channel": locale_str("Channel to post in"),
    "role": locale_str("Role to ping"),
    "time": locale_str("Time of day to post, such as 9:00 PM or 21:00"),
    "timezone": locale_str("Time zone: a city, a zone name, or KST"),
    "milestones": locale_str("Days before the release to post on, such as 100, 30, 7, 1, 0"),
    "language": locale_str("Language to post in"),
    "publish": locale_str(
        "Publish to servers that follow the channel (announcement channels only)"
    ),
    "picture": locale_str("Attach a picture to announcements that count the days"),
}
OPTION_NAMES = {
    "channel": locale_str("channel"),
    "role": locale_str("role"),
    "time": locale_str("time"),
    "timezone": locale_str("timezone"),
    "milestones": locale_str("milestones"),
    "language": locale_str("language"),
    "publish": locale_str("publish"),
    "picture": locale_str("picture"),
}
COUNTDOWN_NAME = locale_str("countdown")
COUNTDOWN_DESCRIPTION = locale_str("One of this server's countdowns")

Method = TypeVar("Method")


def describe_countdown(method: Method) -> Method:
    """Set the name and description of the `countdown` option."""
    return rename(countdown=COUNTDOWN_NAME)(describe(countdown=COUNTDOWN_DESCRIPTION)(method))


class ChannelOption(Transformer):
    """A channel to post in: a text or announcement channel, a thread or a forum post."""

    @property
    def type(self) -> AppCommandOptionType:
        """The option type."""
        return AppCommandOptionType.channel

    @property
    def channel_types(self) -> list[ChannelType]:
        """The allowed channel types."""
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
        """Return the channel.

        Raises UserError if it is not in this server or not visible, or if the member cannot post
        there.
        """
        guild = interaction.guild
        channel = await find_channel(guild, value.id) if guild else None
        if channel is None:
            raise _not_in_guild(interaction)
        require_can_post(interaction, channel)
        return channel


class RoleOption(Transformer):
    """A role of the server."""

    @property
    def type(self) -> AppCommandOptionType:
        """The option type."""
        return AppCommandOptionType.role

    async def transform(self, interaction: Interaction[Any], value: Role, /) -> Role:
        """Return the role. Raises UserError if it is not in this server, or if it is @everyone."""
        guild = interaction.guild
        if guild is None or guild.get_role(value.id) is None:
            raise _not_in_guild(interaction)
        if value.is_default():
            _ = context_of(interaction).translations.gettext
            raise UserError(_("A countdown can't ping @everyone. Choose a different role."))
        return value


class ZoneOption(Transformer):
    """An IANA time zone, by city, zone name or abbreviation."""

    async def autocomplete(  # pyright: ignore[reportIncompatibleMethodOverride]
        self, interaction: Interaction[Any], value: str, /
    ) -> list[Choice[str]]:
        """Suggest matching zones, each with its offset and current local time."""
        context = context_of(interaction)
        zones = search_zones(value, context, _CHOICE_LIMIT)
        return [
            Choice(name=join_dotted(label, _local_time(zone, context)), value=zone.key)
            for label, zone in zones.items()
        ]

    async def transform(self, interaction: Interaction[Any], value: str, /) -> ZoneInfo:
        """Return the time zone. Raises UserError if it is unknown or ambiguous."""
        context = context_of(interaction)
        zone = find_zone(value.partition(" · ")[0], context)
        if zone is None:
            _ = context.translations.gettext
            raise UserError(_("I couldn't find that time zone. Pick one from the suggestions."))
        return zone


class TimeOption(Transformer):
    """A time of day."""

    async def transform(self, interaction: Interaction[Any], value: str, /) -> time:
        """Parse the time. Raises UserError."""
        parsed = parse_time(value)
        if parsed is None:
            _ = context_of(interaction).translations.gettext
            raise UserError(_("Enter a time of day, such as 9:00 PM or 21:00."))
        return parsed


class MilestonesOption(Transformer):
    """The days before a release on which to post."""

    async def transform(self, interaction: Interaction[Any], value: str, /) -> tuple[int, ...]:
        """Parse the days, in descending order. Raises UserError."""
        days = parse_milestones(value)
        if days is None:
            _ = context_of(interaction).translations.gettext
            raise UserError(
                _("Enter milestones as days before the release, such as 100, 30, 7, 1, 0.")
            )
        return days


class EventOption(Transformer):
    """A release of the title in the `title` option: the premiere, the finale, an episode …"""

    async def autocomplete(  # pyright: ignore[reportIncompatibleMethodOverride]
        self, interaction: Interaction[Any], value: str, /
    ) -> list[Choice[str]]:
        """Suggest the releases of the title, and the episodes that are ahead."""
        title = resolve_title(
            services_of(interaction).catalog, str(interaction.namespace.title or "")
        )
        context = context_of(interaction)
        countable = title.countable_releases() if title else ()
        releases = [one for one in countable if _is_suggested(one, context)]
        choices = [
            Choice(
                name=plain_text(unescape(release_label(release, context)), 100) or "…",
                value=release.choice_value,
            )
            for release in releases
        ]
        return _filter_choices(choices, value)

    async def transform(self, interaction: Interaction[Any], value: str, /) -> str:
        """Return the text unchanged. It is validated later, together with the title."""
        return value


class CountdownOption(Transformer):
    """One of this server's countdowns."""

    @check(require_manage_guild)
    async def autocomplete(  # pyright: ignore[reportIncompatibleMethodOverride]
        self, interaction: Interaction[Any], value: str, /
    ) -> list[Choice[str]]:
        """Suggest the server's countdowns whose title, event or channel matches."""
        services, context = services_of(interaction), context_of(interaction)
        countdowns = await services.countdowns.list_for_guild(interaction.guild_id or 0)
        titles = await services.catalog.get_titles({one.title_id for one in countdowns})
        labels = [
            _countdown_label(interaction, countdown, titles[countdown.title_id], context)
            for countdown in countdowns
        ]
        query = value.casefold()
        return [
            Choice(name=plain_text(label, 100) or "…", value=str(countdown.id))
            for label, countdown in zip(labels, countdowns, strict=True)
            if query in label.casefold()
        ][:_CHOICE_LIMIT]

    async def transform(self, interaction: Interaction[Any], value: str, /) -> Countdown:
        """Return the countdown with this id, or the only one that matches the text.

        Raises UserError.
        """
        guild_id = interaction.guild_id or 0
        if not (value.isascii() and value.isdigit()):
            matches = await self.autocomplete(interaction, value)
            value = matches[0].value if len(matches) == 1 else "0"
        countdown = await services_of(interaction).countdowns.get(guild_id, int(value[:18]))
        if countdown is None:
            _ = context_of(interaction).translations.gettext
            raise UserError(_("I couldn't find that countdown. Pick one from the suggestions."))
        return countdown


def _is_suggested(release: Release, context: RenderContext) -> bool:
    """Return whether a release is suggested: any but an episode that has aired."""
    if not release.event.startswith(EPISODE_EVENT):
        return True
    window = release.window
    return window is not None and window.state(context.now) is not WindowState.PASSED


def _local_time(zone: ZoneInfo, context: RenderContext) -> str:
    return format_time_of_day(context.translations, context.now.astimezone(zone).time())


def _filter_choices(choices: list[Choice[str]], query: str) -> list[Choice[str]]:
    matches = [choice for choice in choices if query.casefold() in choice.name.casefold()]
    return matches[:_CHOICE_LIMIT]


def _not_in_guild(interaction: Interaction[Any]) -> UserError:
    _ = context_of(interaction).translations.gettext
    return UserError(_("I can't see that channel or role in this server. Choose a different one."))


def _countdown_label(
    interaction: Interaction[Any], countdown: Countdown, title: Title, context: RenderContext
) -> str:
    release = unescape(countdown_release_label(countdown, title, context))
    channel = channel_label(interaction.guild, countdown.channel_id, context.translations)
    return join_dotted(context.label(title), release, channel)
