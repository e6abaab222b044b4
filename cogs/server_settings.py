"""/settings: what holds for a server's countdowns unless they say otherwise."""

from datetime import time
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

from bot.client import Bonbang
from bot.desk import Desk, Terms
from bot.ui.answering import answer
from bot.ui.cards.countdowns import settings_card
from bot.ui.countdown_options import LanguageOption, TimeOption, ZoneOption
from bot.ui.permissions import manages_server


class ServerSettings(Cog):
    """A server's choices, for members who may manage it."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @command(
        name=locale_str("settings"),
        description=locale_str("Language, time zone and hour of posting of this server"),
    )
    @default_permissions(Permissions(manage_guild=True))
    @allowed_contexts(guilds=True, dms=False, private_channels=False)
    @allowed_installs(guilds=True, users=False)
    @check(manages_server)
    @rename(
        language=locale_str("language"), timezone=locale_str("timezone"), time=locale_str("time")
    )
    @describe(
        language=locale_str("The language to post in"),
        timezone=locale_str("Whose time of day: a city, a zone, or KST"),
        time=locale_str("The time of day to post at, such as 21:00"),
    )
    async def settings(
        self,
        interaction: Interaction[Bonbang],
        language: Transform[str, LanguageOption] | None = None,
        timezone: Transform[ZoneInfo, ZoneOption] | None = None,
        time: Transform[time, TimeOption] | None = None,
    ) -> None:
        """What holds for countdowns made from now on; changed where something is given."""
        client, guild_id = interaction.client, interaction.guild_id or 0
        await self._desk.choose(guild_id, Terms(at=time, zone=timezone, language=language))
        chosen = await self._desk.settings(guild_id, client.server_language(interaction))
        await answer(interaction, settings_card(chosen, client.reader(interaction)), private=True)
