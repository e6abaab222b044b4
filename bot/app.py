"""Starts and stops the bot, and wires its parts together."""

import asyncio
import gc
import logging
import pkgutil
from collections.abc import AsyncGenerator, Coroutine
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import discord
from discord.http import Route
from pydantic import SecretStr

import cogs
from bot.announcements.announcer import Announcer
from bot.announcements.rate_limiter import RateLimiter
from bot.announcements.scheduler import Scheduler
from bot.catalog.validation import CatalogError
from bot.client.bot import Bonbang
from bot.client.discord_sender import DiscordSender
from bot.clock import Clock, system_clock
from bot.errors import OperatorError
from bot.services import BotServices
from bot.services.catalog import CatalogService
from bot.services.countdowns import CountdownService
from bot.services.retention import RetentionJob
from bot.settings import Settings
from bot.store.catalog import CatalogStore
from bot.store.catalog_import import CatalogImporter
from bot.store.countdowns import CountdownStore
from bot.store.database import Database
from bot.store.deliveries import SqlDeliveryStore
from bot.store.guilds import GuildStore

_log = logging.getLogger(__name__)

# Discord's global rate limit is 50 requests per second. 46 evenly spaced requests plus a burst of 3
# are at most 49 in any second, which leaves room for other requests of the bot.
REQUESTS_PER_SECOND, BURST = 46, 3
RECHECK_INTERVAL = timedelta(minutes=1)

# Every module in `cogs` is a discord.py extension.
COGS = [f"cogs.{module.name}" for module in pkgutil.iter_modules(cogs.__path__)]


async def run(settings: Settings) -> None:
    """Run the bot on Discord until it is cancelled.

    Raises OperatorError if the bot cannot start or Discord rejects it.
    """
    token = _require_token(settings)
    # discord.py has no option for the API URL.
    Route.BASE = settings.discord_api_url
    async with open_bot(settings.database_url, settings.catalog_path, system_clock) as bot:
        freeze_gc()
        await _connect(bot, token, settings.discord_api_url)


@asynccontextmanager
async def open_bot(
    database_url: str,
    catalog_path: Path,
    clock: Clock,
    *,
    recheck: timedelta = RECHECK_INTERVAL,
) -> AsyncGenerator[Bonbang]:
    """Open the bot, ready to connect.

    `recheck` is the interval at which it checks for changes by other processes.
    """
    # 1. Open and migrate the database, and import new records.
    async with await open_database(database_url, clock) as database:
        await import_catalog(database, catalog_path, clock)
        # 2. Load the catalog into memory, and create the services.
        catalog = await CatalogService.open(CatalogStore(database))
        scheduler = Scheduler("announcements", clock, recheck)
        countdowns = CountdownService(
            CountdownStore(database), GuildStore(database), clock, scheduler.wake
        )
        services = BotServices(catalog, countdowns, clock)

        # 3. Post announcements from login until the connection is closed.
        def announcements(bot: Bonbang) -> AbstractAsyncContextManager[None]:
            return run_announcements(bot, database, clock, scheduler)

        # 4. In the background, refresh the catalog and delete expired data.
        retention = RetentionJob(SqlDeliveryStore(database), GuildStore(database), clock)
        async with (
            Bonbang(services, database, COGS, announcements) as bot,
            background_task(
                Scheduler("catalog refresh", clock, recheck).run(lambda: refresh_catalog(catalog))
            ),
            background_task(Scheduler("retention", clock, recheck).run(retention.tick)),
        ):
            yield bot


@asynccontextmanager
async def run_announcements(
    bot: Bonbang, database: Database, clock: Clock, scheduler: Scheduler
) -> AsyncGenerator[None]:
    """Post due announcements in the background. On exit, wait briefly for requests in flight."""
    rate_limit = RateLimiter(REQUESTS_PER_SECOND, BURST).acquire
    announcer = Announcer(
        SqlDeliveryStore(database),
        DiscordSender(bot, clock, rate_limit),
        clock,
        rate_limit,
        scheduler.wake,
    )
    try:
        async with background_task(scheduler.run(announcer.tick)):
            yield
    finally:
        await announcer.drain()


async def open_database(url: str, clock: Clock) -> Database:
    """Open the database, migrate it, and rebuild outdated search keys."""
    database = await Database.open(url)
    if count := await catalog_importer(database, clock).rebuild_search_keys():
        _log.info("rebuilt the search keys of %d names", count)
    return database


async def import_catalog(database: Database, folder: Path, clock: Clock) -> None:
    """Import new and changed records from a folder.

    If a record is invalid, nothing is imported and the error is logged. The bot still starts.
    """
    try:
        imported = await catalog_importer(database, clock).import_changed(folder)
    except CatalogError as error:
        _log.error("the records in %s were not imported:\n%s", folder, error)
    else:
        if imported.written:
            _log.info("imported %d records from %s", imported.written, folder)


def catalog_importer(database: Database, clock: Clock) -> CatalogImporter:
    """Return an importer that requeues the countdowns to changed titles."""
    return CatalogImporter(database, clock, CountdownStore(database).requeue)


async def refresh_catalog(catalog: CatalogService) -> None:
    """Reload the catalog if an import, possibly by another process, has changed it."""
    await catalog.refresh()


def freeze_gc() -> None:
    """Exclude all current objects from garbage collection.

    Scanning a large catalog would delay every reply by a tenth of a second.
    """
    gc.collect()
    gc.freeze()


@asynccontextmanager
async def background_task(work: Coroutine[Any, Any, None]) -> AsyncGenerator[None]:
    """Run a coroutine in the background. Cancel it on exit."""
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def _require_token(settings: Settings) -> SecretStr:
    if settings.discord_token is None:
        raise OperatorError(
            "DISCORD_TOKEN is not set. Add your bot's token to .env (see “On your server” in "
            "the README)."
        )
    return settings.discord_token


async def _connect(bot: Bonbang, token: SecretStr, api_url: str) -> None:
    try:
        await bot.login(token.get_secret_value())
        await bot.resolve_gateway()
        await bot.connect()
    except discord.LoginFailure:
        raise OperatorError(
            "Discord rejected DISCORD_TOKEN. Get a new token in the Developer Portal (Bot → "
            "Reset Token)."
        ) from None
    except (aiohttp.ClientError, discord.GatewayNotFound, OSError) as error:
        raise OperatorError(
            f"Can't reach Discord at {api_url} ({error}). Check your network and DISCORD_API_URL."
        ) from error
