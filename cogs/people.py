"""The /whois command: finds people and characters by name."""

from typing import Any

from discord import Interaction
from discord.app_commands import Transform, command, describe, locale_str, rename
from discord.ext.commands import Cog

from bot.catalog.model import Person
from bot.client.bot import Bonbang
from bot.services.catalog import Character
from bot.ui.card_router import CardRouter
from bot.ui.interaction_context import context_of
from bot.ui.name_options import person_option
from bot.ui.responses import respond


class PeopleCog(Cog):
    """The /whois command."""

    def __init__(self, cards: CardRouter) -> None:
        self._cards = cards

    @command(
        name=locale_str("whois"),
        description=locale_str("Look up an actor, crew member, or character"),
    )
    @rename(name=locale_str("name"))
    @describe(name=locale_str("Name or part of it, in any script"))
    async def whois(
        self,
        interaction: Interaction[Any],
        name: Transform[Person | Character, person_option()],
    ) -> None:
        """Reply with the card of a person or a character."""
        await respond(interaction, self._cards.card(name, context_of(interaction)))


async def setup(bot: Bonbang) -> None:
    """Add the cog."""
    await bot.add_cog(PeopleCog(bot.cards))
