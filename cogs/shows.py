"""/show, /cast, /synopsis, /release: what is known of a title."""

from discord import Interaction
from discord.app_commands import Transform, command, describe, locale_str, rename
from discord.ext.commands import Cog

from bot.catalog.model import Title
from bot.client import Bonbang
from bot.ui.answering import answer
from bot.ui.links import Card, link_to
from bot.ui.options import title_option

_TITLE = locale_str("title")
_WHICH = locale_str("The show, in any script; part of its name will do")


class Shows(Cog):
    """The cards of a title."""

    @command(
        name=locale_str("show"),
        description=locale_str("What a show is, where and when it runs"),
    )
    @rename(title=_TITLE)
    @describe(title=_WHICH)
    async def show(
        self,
        interaction: Interaction[Bonbang],
        title: Transform[Title, title_option(Card.SHOW)],
    ) -> None:
        """Names, kind, network, premise, release, status."""
        await self._answer(interaction, title, Card.SHOW)

    @command(
        name=locale_str("cast"),
        description=locale_str("Who plays whom in a show, and who made it"),
    )
    @rename(title=_TITLE)
    @describe(title=_WHICH)
    async def cast(
        self,
        interaction: Interaction[Bonbang],
        title: Transform[Title, title_option(Card.CAST)],
    ) -> None:
        """Actors with their characters in billing order, then crew by job."""
        await self._answer(interaction, title, Card.CAST)

    @command(
        name=locale_str("synopsis"),
        description=locale_str("What a show is about, without spoilers"),
    )
    @rename(title=_TITLE)
    @describe(title=_WHICH)
    async def synopsis(
        self,
        interaction: Interaction[Bonbang],
        title: Transform[Title, title_option(Card.SYNOPSIS)],
    ) -> None:
        """The premise; the full story behind a button."""
        await self._answer(interaction, title, Card.SYNOPSIS)

    @command(
        name=locale_str("release"),
        description=locale_str("When a show is released, as precisely as that is known"),
    )
    @rename(title=_TITLE)
    @describe(title=_WHICH)
    async def release(
        self,
        interaction: Interaction[Bonbang],
        title: Transform[Title, title_option(Card.RELEASE)],
    ) -> None:
        """The window, its source, and the windows before."""
        await self._answer(interaction, title, Card.RELEASE)

    async def _answer(self, interaction: Interaction[Bonbang], title: Title, card: Card) -> None:
        bot = interaction.client
        await answer(interaction, bot.cards.open(link_to(title, card), bot.reader(interaction)))
