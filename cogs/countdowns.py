"""The /countdown commands, for moderators."""

from datetime import time
from typing import Any
from zoneinfo import ZoneInfo

from discord import Guild, Interaction, Permissions, Role, app_commands
from discord.app_commands import Group, Transform, describe, locale_str, rename
from discord.ext.commands import Cog

from bot.announcements.model import Countdown
from bot.catalog.model import Title
from bot.client.bot import Bonbang
from bot.errors import UserError
from bot.i18n import get_translations, gettext_noop
from bot.services import BotServices
from bot.services.countdowns import CountdownOptions
from bot.ui.announcement_pictures import announcement_picture
from bot.ui.announcements import build_announcement
from bot.ui.cards.countdowns import countdown_card, list_card
from bot.ui.cards.prompts import message_card
from bot.ui.channels import GuildChannelOrThread, find_channel
from bot.ui.countdown_options import (
    COUNTDOWN_DESCRIPTION,
    COUNTDOWN_NAME,
    OPTION_DESCRIPTIONS,
    OPTION_NAMES,
    ChannelOption,
    CountdownOption,
    EventOption,
    LanguageOption,
    MilestonesOption,
    RoleOption,
    TimeOption,
    ZoneOption,
    describe_countdown,
)
from bot.ui.interaction_context import context_of, guild_language
from bot.ui.links import Card
from bot.ui.name_options import title_option
from bot.ui.permissions import (
    can_attach_files,
    missing_permissions,
    require_can_ping,
    require_manage_guild,
)
from bot.ui.render_context import RenderContext
from bot.ui.responses import respond, respond_with_embed


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
        self._catalog = services.catalog
        self._countdowns = services.countdowns
        self._pictures = services.pictures

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
        event: Transform[str, EventOption] | None = None,
        role: Transform[Role, RoleOption] | None = None,
        time: Transform[time, TimeOption] | None = None,
        timezone: Transform[ZoneInfo, ZoneOption] | None = None,
        milestones: Transform[tuple[int, ...], MilestonesOption] | None = None,
        language: Transform[str, LanguageOption] | None = None,
        publish: bool | None = None,
        picture: bool | None = None,
    ) -> None:
        """Create a countdown. The reply shows its next announcements and missing permissions."""
        guild, default_language = _guild(interaction), guild_language(interaction)
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
        await self._show(
            interaction,
            gettext_noop("Countdown created"),
            created,
            title,
            channel,
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
        countdowns = await self._countdowns.list_for_guild(_guild(interaction).id)
        titles = await self._catalog.get_titles({one.title_id for one in countdowns})
        view = list_card(countdowns, titles, page, context_of(interaction))
        await respond(interaction, view, private=True)

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
        channel: Transform[GuildChannelOrThread, ChannelOption] | None = None,
        role: Transform[Role, RoleOption] | None = None,
        no_role: bool = False,
        time: Transform[time, TimeOption] | None = None,
        timezone: Transform[ZoneInfo, ZoneOption] | None = None,
        milestones: Transform[tuple[int, ...], MilestonesOption] | None = None,
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
        title = await self._get_title(countdown)
        channel_id = channel.id if channel else None
        changed = await self._countdowns.edit(countdown, title, options, channel_id=channel_id)
        headline = gettext_noop("Countdown updated")
        await self._show(interaction, headline, changed, title, channel)

    @countdown.command(name=locale_str("pause"), description=locale_str("Pause a countdown"))
    @describe_countdown
    async def pause(
        self,
        interaction: Interaction[Any],
        countdown: Transform[Countdown, CountdownOption],
    ) -> None:
        """Pause a countdown until it is resumed."""
        paused = await self._countdowns.pause(countdown)
        await self._show(
            interaction,
            gettext_noop("Countdown paused"),
            paused,
            await self._get_title(countdown),
        )

    @countdown.command(name=locale_str("resume"), description=locale_str("Resume a countdown"))
    @describe_countdown
    async def resume(
        self,
        interaction: Interaction[Any],
        countdown: Transform[Countdown, CountdownOption],
    ) -> None:
        """Resume a countdown. Milestones missed while it was paused are not posted."""
        title = await self._get_title(countdown)
        resumed = await self._countdowns.resume(countdown, title)
        await self._show(interaction, gettext_noop("Countdown resumed"), resumed, title)

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
        await self._countdowns.remove(countdown)
        context = context_of(interaction)
        title = await self._get_title(countdown)
        message = context.translations.gettext("Countdown to **{title}** removed.")
        card = message_card(message.format(title=context.name(title)), context)
        await respond(interaction, card, private=True)

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
        title = await self._get_title(countdown)
        upcoming = self._countdowns.upcoming(countdown, title)
        if not upcoming:
            _ = context_of(interaction).translations.gettext
            raise UserError(_("Nothing left to announce for now."))
        milestone = upcoming[0]
        context = RenderContext(get_translations(countdown.language), milestone.at)
        message = build_announcement(title, countdown, milestone, None, context, "preview")
        picture = await announcement_picture(self._pictures, title, countdown, milestone, context)
        await respond_with_embed(interaction, message.content, message.embed, message.view, picture)

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
        guild = _guild(interaction)
        pinged = role or guild.get_role(countdown.role_id or 0)
        if pinged is not None and (role or channel):
            place = channel or await find_channel(guild, countdown.channel_id)
            require_can_ping(interaction, pinged, place)

    async def _get_title(self, countdown: Countdown) -> Title:
        title = (await self._catalog.get_titles([countdown.title_id])).get(countdown.title_id)
        if title is None:
            raise LookupError(f"countdown {countdown.id} is to no title")
        return title

    async def _show(
        self,
        interaction: Interaction[Any],
        headline: str,
        countdown: Countdown,
        title: Title,
        channel: GuildChannelOrThread | None = None,
        *,
        timezone_chosen: bool = True,
    ) -> None:
        """Reply with the card of a countdown. `channel` is fetched if it is None."""
        guild, context = _guild(interaction), context_of(interaction)
        channel = channel or await find_channel(guild, countdown.channel_id)
        role = guild.get_role(countdown.role_id or 0)
        view = countdown_card(
            context.translations.gettext(headline),
            title,
            countdown,
            self._countdowns.upcoming(countdown, title),
            missing_permissions(
                guild, channel, role, context.translations, picture=countdown.picture
            ),
            context,
            timezone_chosen=timezone_chosen,
        )
        await respond(interaction, view, private=True)


def _guild(interaction: Interaction[Any]) -> Guild:
    if interaction.guild is None:
        raise app_commands.NoPrivateMessage
    return interaction.guild


async def setup(bot: Bonbang) -> None:
    """Add the cog."""
    await bot.add_cog(CountdownsCog(bot.services))
