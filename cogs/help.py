"""The /help command."""

from typing import Any

from discord import Interaction
from discord.app_commands import command, locale_str
from discord.ext.commands import Cog

from bot.client.bot import Bonbang
from bot.services import BotServices
from bot.ui.cards.help import help_card
from bot.ui.interaction_context import context_of
from bot.ui.permissions import can_manage_guild, is_curator
from bot.ui.responses import respond


class HelpCog(Cog):
    """The /help command, for everyone."""

    def __init__(self, services: BotServices) -> None:
        self._services = services

    @command(name=locale_str("help"), description=locale_str("See what this bot can do"))
    async def help(self, interaction: Interaction[Any]) -> None:
        """Show the commands that the member can use, and examples, privately."""
        context = context_of(interaction)
        examples = self._services.catalog.examples(context.now)
        view = help_card(
            examples,
            context,
            for_moderator=can_manage_guild(interaction),
            for_curator=is_curator(interaction),
        )
        await respond(interaction, view, private=True)


async def setup(bot: Bonbang) -> None:
    """Add the cog."""
    await bot.add_cog(HelpCog(bot.services))
