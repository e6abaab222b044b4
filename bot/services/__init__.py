"""The services used by commands and components."""

from dataclasses import dataclass, field

from bot.clock import Clock
from bot.pictures.renderer import PictureRenderer
from bot.services.catalog import CatalogService
from bot.services.countdowns import CountdownService
from bot.services.curation import CurationService
from bot.services.guild_membership import GuildMembership
from bot.services.sync import SyncService


@dataclass(frozen=True, slots=True)
class BotServices:
    """The services available to cogs, components and the command tree.

    Cogs and `bot.ui` access the database only through these services. Members with one of
    the `curator_roles` (ids) may edit the catalog. `command_ids` has the ids of the commands by
    name, once they are synced.
    """

    catalog: CatalogService
    countdowns: CountdownService
    curation: CurationService
    membership: GuildMembership
    clock: Clock
    pictures: PictureRenderer
    sync: SyncService
    curator_roles: frozenset[int] = frozenset()
    command_ids: dict[str, int] = field(default_factory=dict[str, int])
