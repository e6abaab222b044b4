"""Start-up and shut-down."""

import asyncio
import gc
import logging
from collections.abc import AsyncGenerator, Coroutine, Iterable
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from importlib.metadata import metadata
from pathlib import Path
from typing import Any

import aiohttp
import discord
from discord.ext.commands import Cog
from discord.http import Route

from bot.catalog.problems import CatalogError
from bot.client import Bonbang
from bot.clock import Clock, system_clock
from bot.countdown.announcer import Announcer
from bot.countdown.pace import Pace
from bot.countdown.rounds import Rounds
from bot.desk import Desk
from bot.errors import HostError
from bot.library import Library
from bot.posting import DiscordPoster
from bot.settings import Settings
from bot.store.catalog import CatalogStore
from bot.store.countdowns import CountdownStore
from bot.store.database import Database
from bot.store.imports import CatalogImporter
from bot.store.ledger import DatabaseLedger
from bot.store.upkeep import Upkeep
from bot.ui.cards.answers import Project
from cogs.about import About
from cogs.countdowns import Countdowns
from cogs.people import People
from cogs.server_settings import ServerSettings
from cogs.shows import Shows

_log = logging.getLogger(__name__)

# Announcements keep below Discord's 50 requests a second, so that nothing else of the bot's waits
# for them at the global limit: 46, of which 3 at once, are 49 in any second.
_A_SECOND, _BURST = 46, 3
_RECHECK = timedelta(minutes=1)


async def run(settings: Settings) -> None:
    """Run the bot on Discord until it is cancelled.

    Raises HostError where it cannot start or is turned away.
    """
    token = settings.discord_token
    if token is None:
        raise HostError(
            "DISCORD_TOKEN is not set. Put the bot's token into .env (README, “On your server”)."
        )
    # discord.py has no other way to say where Discord is.
    Route.BASE = settings.discord_api_url
    async with open_bot(settings.database_url, settings.catalog_path, system_clock) as bot:
        _spare_collector()
        try:
            await bot.login(token.get_secret_value())
            await bot.find_gateway()
            await bot.connect()
        except discord.LoginFailure:
            raise HostError(
                "Discord refused DISCORD_TOKEN. Copy the bot's token anew from the developer "
                "portal (Bot → Reset Token)."
            ) from None
        except (aiohttp.ClientError, discord.GatewayNotFound, OSError) as error:
            raise HostError(
                f"Discord cannot be reached at {settings.discord_api_url} ({error}). "
                "Check the network and DISCORD_API_URL."
            ) from error


@asynccontextmanager
async def open_bot(
    database_url: str, catalog_path: Path, clock: Clock, *, recheck: timedelta = _RECHECK
) -> AsyncGenerator[Bonbang]:
    """The bot, ready to connect: database migrated, records read in, names indexed.

    Once in `recheck` it looks for what other processes have changed.
    """
    async with await open_database(database_url, clock) as database:
        await read_catalog(database, catalog_path, clock)
        library = await Library.open(CatalogStore(database))
        countdowns = CountdownStore(database)
        desk = Desk(countdowns, clock)

        def cogs(bot: Bonbang) -> Iterable[Cog]:
            ledger, pace = DatabaseLedger(database), Pace(_A_SECOND, _BURST)
            poster = DiscordPoster(bot, clock, pace)
            announcer = Announcer(ledger, poster, clock, pace)
            rounds = Rounds(Upkeep(announcer.tick, ledger, countdowns, clock), clock, recheck)
            announcer.on_change(rounds.wake)
            desk.on_change(rounds.wake)
            yield Shows()
            yield People()
            yield About(library, project())
            yield Countdowns(library, desk, announcer, rounds, clock)
            yield ServerSettings(desk)

        watch = Rounds(partial(_keep_up, library), clock, recheck)
        async with (
            Bonbang(database, library, desk, clock, cogs) as bot,
            _beside(watch.run(), "catalog-watch"),
        ):
            yield bot


async def _keep_up(library: Library) -> None:
    if await library.refresh():
        _spare_collector()


def _spare_collector() -> None:
    """Have the garbage collector leave alone what is here to stay: to look through a whole catalog
    holds every answer up for a tenth of a second."""
    gc.collect()
    gc.freeze()


@asynccontextmanager
async def _beside(work: Coroutine[Any, Any, None], name: str) -> AsyncGenerator[None]:
    """Have endless work done meanwhile."""
    task = asyncio.create_task(work, name=name)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def open_database(url: str, clock: Clock) -> Database:
    """The database, with everything in it as this version of Bonbang makes it."""
    database = await Database.open(url)
    if count := await CatalogImporter(database, clock).renew_keys():
        _log.info("made the search keys of all %d names anew", count)
    return database


async def read_catalog(database: Database, folder: Path, clock: Clock) -> None:
    """Take in the records of a folder that are new or changed.

    Records that are wrong do not keep the bot from starting: it goes on with what it knew.
    """
    try:
        imported = await CatalogImporter(database, clock).import_changed(folder)
    except CatalogError as error:
        _log.error("the records in %s were not taken in:\n%s", folder, error)
    else:
        if imported.written:
            _log.info("took in %d records from %s", imported.written, folder)


def project() -> Project:
    """Bonbang as its packaging describes it."""
    described = metadata("bonbang")
    [address] = [
        entry.partition(", ")[2]
        for entry in described.get_all("Project-URL") or []
        if entry.startswith("Homepage")
    ]
    return Project(described["Version"], address)
