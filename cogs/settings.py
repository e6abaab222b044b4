"""The /settings command: a server's defaults for new countdowns."""

from datetime import time
from typing import Any
from zoneinfo import ZoneInfo

from discord import Interaction, Permissions
from discord.app_commands import (
    Transform,
    allowed_contexts,
    allowed_installs,
    check,
    command,
    default_permissions,
    describe,
    locale_str,
    rename,
)
from discord.ext.commands import Cog

from bot.client.bot import Bonbang
from bot.services.countdowns import CountdownService
from bot.ui.cards.countdowns import settings_card
from bot.ui.countdown_options import TimeOption, ZoneOption
from bot.ui.interaction_context import context_of, guild_language
from bot.ui.language_option import LanguageOption
from bot.ui.permissions import require_manage_guild
from bot.ui.responses import respond


class SettingsCog(Cog):
    """The /settings command, for members with the Manage Server permission."""

    def __init__(self, countdowns: CountdownService) -> None:
        self._countdowns = countdowns

    @command(
        name=locale_str("settings"),
        description=locale_str(
            "View or change this server's language, time zone, and posting time"
        ),
    )
    @default_permissions(Permissions(manage_guild=True))
    @allowed_contexts(guilds=True, dms=False, private_channels=False)
    @allowed_installs(guilds=True, users=False)
    @check(require_manage_guild)
    @rename(
        language=locale_str("language"), timezone=locale_str("timezone"), time=locale_str("time")
    )
    @describe(
        language=locale_str("Language to post in"),
        timezone=locale_str("Time zone: a city, a zone name, or KST"),
        time=locale_str("Time of day to post, such as 9:00 PM or 21:00"),
    )
    async def settings(
        self,
        interaction: Interaction[Any],
        language: Transform[str, LanguageOption] | None = None,
        timezone: Transform[ZoneInfo, ZoneOption] | None = None,
        time: Transform[time, TimeOption] | None = None,
    ) -> None:
        """Update the given settings, and reply with the current ones."""
        guild_id = interaction.guild_id or 0
        await self._countdowns.update_settings(
            guild_id, language=language, timezone=timezone, post_time=time
        )
        settings = await self._countdowns.get_settings(guild_id, guild_language(interaction))
        view = settings_card(settings, context_of(interaction))
        await respond(interaction, view, private=True)


async def setup(bot: Bonbang) -> None:
    """Add the cog."""
    await bot.add_cog(SettingsCog(bot.services.countdowns))
