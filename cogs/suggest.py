"""The /suggest command: anybody suggests a correction to the catalog."""

from typing import Any

from discord import Interaction
from discord.app_commands import Transform, command, describe, locale_str, rename
from discord.ext.commands import Cog

from bot.catalog.model import Person, Title
from bot.client.bot import Bonbang
from bot.ui.curation_options import RecordOption
from bot.ui.suggestion_actions import open_suggestion


class SuggestCog(Cog):
    """The /suggest command, for everyone."""

    @command(
        name=locale_str("suggest"), description=locale_str("Suggest a correction to the catalog")
    )
    @rename(name=locale_str("name"))
    @describe(name=locale_str("Title or person, or part of the name, in any script"))
    async def suggest(
        self, interaction: Interaction[Any], name: Transform[Title | Person, RecordOption]
    ) -> None:
        """Open the modal for a suggestion about a title or a person."""
        await open_suggestion(interaction, name)


async def setup(bot: Bonbang) -> None:
    """Add the cog."""
    await bot.add_cog(SuggestCog())
