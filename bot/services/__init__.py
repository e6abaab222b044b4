"""What commands and buttons may ask for."""

from dataclasses import dataclass

from bot.clock import Clock
from bot.services.catalog import CatalogService
from bot.services.countdowns import CountdownService


@dataclass(frozen=True, slots=True)
class BotServices:
    """Everything a cog, a component or the command tree may use.

    Nothing else reaches the database: not a cog, and not `bot.ui`.
    """

    catalog: CatalogService
    countdowns: CountdownService
    clock: Clock
