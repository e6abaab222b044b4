"""The services used by commands and components."""

from dataclasses import dataclass

from bot.clock import Clock
from bot.pictures.renderer import PictureRenderer
from bot.services.catalog import CatalogService
from bot.services.countdowns import CountdownService
from bot.services.guild_membership import GuildMembership


@dataclass(frozen=True, slots=True)
class BotServices:
    """The services available to cogs, components and the command tree.

    Cogs and `bot.ui` access the database only through these services.
    """

    catalog: CatalogService
    countdowns: CountdownService
    membership: GuildMembership
    clock: Clock
    pictures: PictureRenderer
