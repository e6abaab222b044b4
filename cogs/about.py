"""/about: what this bot is, what it knows, and what it stores."""

from discord import Interaction
from discord.app_commands import command, locale_str
from discord.ext.commands import Cog

from bot.client import Bonbang
from bot.library import Library
from bot.ui.answering import answer
from bot.ui.cards.answers import Project, about_card


class About(Cog):
    """The bot's own card."""

    def __init__(self, library: Library, project: Project) -> None:
        self._library = library
        self._project = project

    @command(
        name=locale_str("about"),
        description=locale_str("What this bot knows, from whom, and what it stores"),
    )
    async def about(self, interaction: Interaction[Bonbang]) -> None:
        """Version, size and age of the catalog, sources, privacy."""
        reader = interaction.client.reader(interaction)
        await answer(interaction, about_card(self._library.catalog.size, self._project, reader))
