"""The /show, /cast, /synopsis and /release commands."""

from typing import Any

from discord import Interaction
from discord.app_commands import Transform, command, describe, locale_str, rename
from discord.ext.commands import Cog

from bot.catalog.model import Title
from bot.client.bot import Bonbang
from bot.ui.card_router import CardRouter
from bot.ui.interaction_context import context_of
from bot.ui.links import Card
from bot.ui.name_options import title_option
from bot.ui.responses import respond

_TITLE_NAME = locale_str("title")
_TITLE_DESCRIPTION = locale_str("Title or part of it, in any script")


class ShowsCog(Cog):
    """The commands that look up a title."""

    def __init__(self, cards: CardRouter) -> None:
        self._cards = cards

    @command(
        name=locale_str("show"),
        description=locale_str("Look up a show or film: what it is, and where and when it airs"),
    )
    @rename(title=_TITLE_NAME)
    @describe(title=_TITLE_DESCRIPTION)
    async def show(
        self,
        interaction: Interaction[Any],
        title: Transform[Title, title_option(Card.SHOW)],
    ) -> None:
        """Reply with the overview of a title."""
        await self._respond(interaction, title, Card.SHOW)

    @command(
        name=locale_str("cast"),
        description=locale_str("See the cast and crew of a show or film"),
    )
    @rename(title=_TITLE_NAME)
    @describe(title=_TITLE_DESCRIPTION)
    async def cast(
        self,
        interaction: Interaction[Any],
        title: Transform[Title, title_option(Card.CAST)],
    ) -> None:
        """Reply with the cast and crew of a title."""
        await self._respond(interaction, title, Card.CAST)

    @command(
        name=locale_str("synopsis"),
        description=locale_str("See what a show or film is about, without spoilers"),
    )
    @rename(title=_TITLE_NAME)
    @describe(title=_TITLE_DESCRIPTION)
    async def synopsis(
        self,
        interaction: Interaction[Any],
        title: Transform[Title, title_option(Card.SYNOPSIS)],
    ) -> None:
        """Reply with the premise of a title, and a button for the full story."""
        await self._respond(interaction, title, Card.SYNOPSIS)

    @command(
        name=locale_str("release"),
        description=locale_str("See when a show or film comes out, exactly as announced"),
    )
    @rename(title=_TITLE_NAME)
    @describe(title=_TITLE_DESCRIPTION)
    async def release(
        self,
        interaction: Interaction[Any],
        title: Transform[Title, title_option(Card.RELEASE)],
    ) -> None:
        """Reply with the release windows of a title and their sources."""
        await self._respond(interaction, title, Card.RELEASE)

    async def _respond(self, interaction: Interaction[Any], title: Title, card: Card) -> None:
        await respond(interaction, self._cards.card(title, context_of(interaction), card))


async def setup(bot: Bonbang) -> None:
    """Add the cog."""
    await bot.add_cog(ShowsCog(bot.cards))
