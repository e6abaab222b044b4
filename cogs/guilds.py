"""Records when the bot joins or leaves a server, and welcomes a server that it joined."""

import logging

from aiohttp import ClientError
from discord import AllowedMentions, Guild, HTTPException
from discord.ext.commands import Cog
from discord.ui import LayoutView

from bot.announcements.model import PauseReason
from bot.client.bot import Bonbang
from bot.i18n import get_translations
from bot.services import BotServices
from bot.ui.cards.help import welcome_back_card, welcome_card
from bot.ui.render_context import RenderContext

_log = logging.getLogger(__name__)


class GuildsCog(Cog):
    """Listens for servers that the bot joins or leaves."""

    def __init__(self, services: BotServices) -> None:
        self._services = services

    @Cog.listener()
    async def on_guild_remove(self, guild: Guild) -> None:
        """Pause the countdowns of the server."""
        await self._services.membership.left(guild.id)

    @Cog.listener()
    async def on_guild_join(self, guild: Guild) -> None:
        """Keep the data of a server that the bot joined again, and post a welcome.

        discord.py does not call this when a server is available again, or after a reconnect.
        """
        await self._services.membership.joined(guild.id)
        channel = guild.system_channel
        # Without View Channel, there are no other permissions.
        if channel is None or not channel.permissions_for(guild.me).send_messages:
            return
        name, view = await self._welcome(guild)
        try:
            # Discord drops a second message with the same nonce, so that several processes that
            # learn of the same join post one welcome.
            await channel.send(
                view=view, nonce=f"{name}-{guild.id}", allowed_mentions=AllowedMentions.none()
            )
        except (HTTPException, ClientError, OSError) as error:
            _log.info("could not welcome server %d: %s", guild.id, error)

    async def _welcome(self, guild: Guild) -> tuple[str, LayoutView]:
        """Return the welcome in the server's language, and its kind."""
        services = self._services
        preferred = str(guild.preferred_locale)
        settings = await services.countdowns.get_settings(guild.id, preferred)
        context = RenderContext(
            get_translations(settings.language), services.clock(), services.command_ids
        )
        countdowns = await services.countdowns.list_for_guild(guild.id)
        paused = sum(one.paused is PauseReason.GUILD_LEFT for one in countdowns)
        if paused:
            return "back", welcome_back_card(paused, context)
        return "join", welcome_card(services.catalog.examples(context.now), context)


async def setup(bot: Bonbang) -> None:
    """Add the cog."""
    await bot.add_cog(GuildsCog(bot.services))
