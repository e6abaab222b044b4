"""The /about command: version, catalog, sources and privacy."""

from typing import Any

from discord import Interaction
from discord.app_commands import command, locale_str
from discord.ext.commands import Cog

from bot.client.bot import Bonbang
from bot.project import Project, read_project
from bot.services.catalog import CatalogService
from bot.services.sync import SyncService
from bot.ui.cards.prompts import about_card
from bot.ui.interaction_context import context_of
from bot.ui.responses import respond


class AboutCog(Cog):
    """The /about command."""

    def __init__(self, catalog: CatalogService, sync: SyncService, project: Project) -> None:
        self._catalog = catalog
        self._sync = sync
        self._project = project

    @command(
        name=locale_str("about"),
        description=locale_str("About this bot: sources and privacy"),
    )
    async def about(self, interaction: Interaction[Any]) -> None:
        """Reply with the card about the bot."""
        context = context_of(interaction)
        sources = await self._sync.statuses()
        size = self._catalog.snapshot.size
        await respond(interaction, about_card(size, sources, self._project, context))


async def setup(bot: Bonbang) -> None:
    """Add the cog."""
    await bot.add_cog(AboutCog(bot.services.catalog, bot.services.sync, read_project()))
