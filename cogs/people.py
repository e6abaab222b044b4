"""/whois: a person or a character, by any of their names."""

from discord import Interaction
from discord.app_commands import Transform, command, describe, locale_str, rename
from discord.ext.commands import Cog

from bot.catalog.model import Person
from bot.client import Bonbang
from bot.library import Character
from bot.ui.answering import answer
from bot.ui.links import link_to
from bot.ui.options import person_option


class People(Cog):
    """The cards of people and characters."""

    @command(
        name=locale_str("whois"),
        description=locale_str("Who somebody is: an actor, a maker, or a character"),
    )
    @rename(name=locale_str("name"))
    @describe(name=locale_str("A name, in any script; part of it will do"))
    async def whois(
        self,
        interaction: Interaction[Bonbang],
        name: Transform[Person | Character, person_option()],
    ) -> None:
        """A person with their works, or a character with their show."""
        bot = interaction.client
        await answer(interaction, bot.cards.open(link_to(name), bot.reader(interaction)))
