"""The /countdown commands, for moderators."""

from datetime import time
from typing import Any
from zoneinfo import ZoneInfo

from discord import Interaction, Permissions, Role, app_commands
from discord.app_commands import Group, Transform, describe, locale_str, rename
from discord.ext.commands import Cog

from bot.announcements.model import Countdown
from bot.catalog.model import Title
from bot.client.bot import Bonbang
from bot.i18n import gettext_noop
from bot.services import BotServices
from bot.services.countdowns import CountdownOptions
from bot.ui import countdown_actions
from bot.ui.channels import GuildChannelOrThread, find_channel
from bot.ui.countdown_actions import guild_of
from bot.ui.countdown_options import (
    COUNTDOWN_DESCRIPTION,
    COUNTDOWN_NAME,
    OPTION_DESCRIPTIONS,
    OPTION_NAMES,
    ChannelOption,
    CountdownOption,
    EventOption,
    MilestonesOption,
    RoleOption,
    TimeOption,
    ZoneOption,
    describe_countdown,
)
from bot.ui.interaction_context import guild_language
from bot.ui.language_option import LanguageOption
from bot.ui.links import Card
from bot.ui.name_options import title_option
from bot.ui.permissions import can_attach_files, require_can_ping, require_manage_guild


class CountdownsCog(Cog):
    """The /countdown commands, for members with the Manage Server permission."""

    countdown = Group(
        name=locale_str("countdown"),
        description=locale_str("Count down to a release in a channel"),
        default_permissions=Permissions(manage_guild=True),
        allowed_contexts=app_commands.AppCommandContext(
            guild=True, dm_channel=False, private_channel=False
        ),
        allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
    )

    def __init__(self, services: BotServices) -> None:
        self._countdowns = services.countdowns

    async def interaction_check(self, interaction: Interaction[Any], /) -> bool:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Check the Manage Server permission, which Discord's command settings can override."""
        return require_manage_guild(interaction)

    @countdown.command(
        name=locale_str("add"), description=locale_str("Start a countdown in a channel")
    )
    @rename(title=locale_str("title"), event=locale_str("event"), **OPTION_NAMES)
    @describe(
        title=locale_str("Title or part of it, in any script"),
        event=locale_str("Which release (default: premiere)"),
        **OPTION_DESCRIPTIONS,
    )
    async def add(
        self,
        interaction: Interaction[Any],
        title: Transform[Title, title_option(Card.SHOW)],
        channel: Transform[GuildChannelOrThread, ChannelOption],
        role: Transform[Role, RoleOption] | None = None,
        time: Transform[time, TimeOption] | None = None,
        event: Transform[str, EventOption] | None = None,
        milestones: Transform[tuple[int, ...], MilestonesOption] | None = None,
        timezone: Transform[ZoneInfo, ZoneOption] | None = None,
        language: Transform[str, LanguageOption] | None = None,
        publish: bool | None = None,
        picture: bool | None = None,
    ) -> None:
        """Create a countdown. The reply shows its next announcements and missing permissions."""
        guild, default_language = guild_of(interaction), guild_language(interaction)
        if role is not None:
            require_can_ping(interaction, role, channel)
        role_id = role.id if role else None
        created = await self._countdowns.create(
            title,
            guild.id,
            channel.id,
            event=event,
            guild_language=default_language,
            options=CountdownOptions(
                role_id=role_id,
                post_time=time,
                timezone=timezone,
                milestone_days=milestones,
                language=language,
                publish=publish,
                picture=can_attach_files(guild, channel) if picture is None else picture,
            ),
        )
        settings = await self._countdowns.get_settings(guild.id, default_language)
        await countdown_actions.show(
            interaction,
            created,
            gettext_noop("Countdown created"),
            title=title,
            channel=channel,
            timezone_chosen=settings.timezone_chosen or timezone is not None,
        )

    @countdown.command(
        name=locale_str("list"), description=locale_str("List this server's countdowns")
    )
    @rename(page=locale_str("page"))
    @describe(page=locale_str("Page number"))
    async def list_(
        self, interaction: Interaction[Any], page: app_commands.Range[int, 1, 99] = 1
    ) -> None:
        """List the countdowns, each with its next announcement or pause reason."""
        await countdown_actions.show_list(interaction, page)

    @countdown.command(name=locale_str("edit"), description=locale_str("Edit a countdown"))
    @rename(countdown=COUNTDOWN_NAME, no_role=locale_str("no_role"), **OPTION_NAMES)
    @describe(
        countdown=COUNTDOWN_DESCRIPTION,
        no_role=locale_str("Stop pinging the role"),
        **OPTION_DESCRIPTIONS,
    )
    async def edit(
        self,
        interaction: Interaction[Any],
        countdown: Transform[Countdown, CountdownOption],
        time: Transform[time, TimeOption] | None = None,
        milestones: Transform[tuple[int, ...], MilestonesOption] | None = None,
        channel: Transform[GuildChannelOrThread, ChannelOption] | None = None,
        role: Transform[Role, RoleOption] | None = None,
        no_role: bool = False,
        timezone: Transform[ZoneInfo, ZoneOption] | None = None,
        language: Transform[str, LanguageOption] | None = None,
        publish: bool | None = None,
        picture: bool | None = None,
    ) -> None:
        """Update the given options of a countdown."""
        if not no_role:
            await self._require_can_ping(interaction, countdown, channel, role)
        options = CountdownOptions(
            role_id=role.id if role else None,
            clear_role=no_role,
            post_time=time,
            timezone=timezone,
            milestone_days=milestones,
            language=language,
            publish=publish,
            picture=picture,
        )
        title = await countdown_actions.get_title(interaction, countdown)
        channel_id = channel.id if channel else None
        changed = await self._countdowns.edit(countdown, title, options, channel_id=channel_id)
        headline = gettext_noop("Countdown updated")
        await countdown_actions.show(interaction, changed, headline, title=title, channel=channel)

    @countdown.command(name=locale_str("pause"), description=locale_str("Pause a countdown"))
    @describe_countdown
    async def pause(
        self,
        interaction: Interaction[Any],
        countdown: Transform[Countdown, CountdownOption],
    ) -> None:
        """Pause a countdown until it is resumed."""
        await countdown_actions.pause(interaction, countdown)

    @countdown.command(name=locale_str("resume"), description=locale_str("Resume a countdown"))
    @describe_countdown
    async def resume(
        self,
        interaction: Interaction[Any],
        countdown: Transform[Countdown, CountdownOption],
    ) -> None:
        """Resume a countdown. Milestones missed while it was paused are not posted."""
        await countdown_actions.resume(interaction, countdown)

    @countdown.command(
        name=locale_str("remove"), description=locale_str("Permanently remove a countdown")
    )
    @describe_countdown
    async def remove(
        self,
        interaction: Interaction[Any],
        countdown: Transform[Countdown, CountdownOption],
    ) -> None:
        """Delete a countdown. Its messages are kept."""
        await countdown_actions.remove(interaction, countdown)

    @countdown.command(
        name=locale_str("preview"),
        description=locale_str("Preview the next announcement"),
    )
    @describe_countdown
    async def preview(
        self,
        interaction: Interaction[Any],
        countdown: Transform[Countdown, CountdownOption],
    ) -> None:
        """Show the next announcement privately, without pinging a role."""
        await countdown_actions.preview(interaction, countdown)

    async def _require_can_ping(
        self,
        interaction: Interaction[Any],
        countdown: Countdown,
        channel: GuildChannelOrThread | None,
        role: Role | None,
    ) -> None:
        """Check that the member can ping the role that a changed countdown will ping.

        `channel` and `role` are None if they do not change. Raises UserError.
        """
        guild = guild_of(interaction)
        pinged = role or guild.get_role(countdown.role_id or 0)
        if pinged is not None and (role or channel):
            place = channel or await find_channel(guild, countdown.channel_id)
            require_can_ping(interaction, pinged, place)


async def setup(bot: Bonbang) -> None:
    """Add the cog."""
    await bot.add_cog(CountdownsCog(bot.services))
