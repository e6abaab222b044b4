"""Starts and stops the bot, and wires its parts together."""

import gc
import logging
import pkgutil
from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from discord.http import Route
from pydantic import SecretStr

import cogs
from bot.announcements.announcer import Announcer
from bot.announcements.rate_limiter import RateLimiter
from bot.announcements.scheduler import Scheduler, background_task
from bot.catalog.validation import CatalogError
from bot.client.bot import Bonbang
from bot.client.clock_check import ClockCheck
from bot.client.connection import connect
from bot.client.discord_clock import DiscordClock
from bot.client.discord_sender import DiscordSender
from bot.client.request_trace import trace_requests
from bot.clock import Clock, system_clock
from bot.errors import OperatorError
from bot.pictures.renderer import PictureRenderer
from bot.services import BotServices
from bot.services.catalog import CatalogService
from bot.services.countdowns import CountdownService
from bot.services.curation import CurationService
from bot.services.guild_membership import GuildMembership
from bot.services.retention import RetentionJob
from bot.services.sync import SyncService, SyncStores
from bot.services.sync_job import run_sync
from bot.settings import Settings, token_warnings
from bot.sources.registry import SourceOptions
from bot.store.catalog import CatalogStore
from bot.store.catalog_import import CatalogImporter
from bot.store.clock_offset import ClockOffsetStore
from bot.store.countdowns import CountdownStore
from bot.store.database import Database
from bot.store.deliveries import SqlDeliveryStore
from bot.store.edits import EditStore
from bot.store.guilds import GuildStore
from bot.store.suggestions import SuggestionStore
from bot.ui.suggestion_outcomes import tell_outcomes

_log = logging.getLogger(__name__)

# Discord's global rate limit is 50 requests per second. 46 evenly spaced requests plus a burst of 3
# are at most 49 in any second, which leaves room for other requests of the bot.
REQUESTS_PER_SECOND, BURST = 46, 3
RECHECK_INTERVAL = timedelta(minutes=1)

# Another process, such as `bonbang catalog sync`, may have changed a record.
CATALOG_RECHECK = timedelta(seconds=1)

# Besides when the bot is ready, and when it joins or leaves a server.
SERVER_CHECK_INTERVAL = timedelta(hours=1)

# Outcomes are told when they are decided; this is for those that could not be.
OUTCOMES_INTERVAL = timedelta(hours=1)

# Every module in `cogs` is a discord.py extension.
COGS = [f"cogs.{module.name}" for module in pkgutil.iter_modules(cogs.__path__)]


async def run(settings: Settings) -> None:
    """Run the bot on Discord until it is cancelled.

    Raises OperatorError if the bot cannot start or Discord rejects it.
    """
    token = _require_token(settings)
    for warning in token_warnings(settings):
        _log.warning("%s", warning)
    # discord.py has no option for the API URL.
    Route.BASE = settings.discord_api_url
    async with open_bot(
        settings.database_url,
        settings.catalog_path,
        system_clock,
        catalog_recheck=CATALOG_RECHECK,
        sources=source_options(settings),
        curator_roles=frozenset(settings.curator_roles),
    ) as bot:
        freeze_gc()
        await connect(bot, token.get_secret_value(), settings.discord_api_url)


@asynccontextmanager
async def open_bot(
    database_url: str,
    catalog_path: Path,
    clock: Clock,
    *,
    recheck: timedelta = RECHECK_INTERVAL,
    catalog_recheck: timedelta | None = None,
    sources: SourceOptions | None = None,
    curator_roles: frozenset[int] = frozenset(),
) -> AsyncGenerator[Bonbang]:
    """Open the bot, ready to connect.

    `recheck` is the interval at which it checks for changes by other processes, `catalog_recheck`
    that for the catalog. Without `sources`, the catalog is not synced.
    """
    # 1. Open and migrate the database, and import new records.
    async with await open_database(database_url, clock) as database, PictureRenderer() as pictures:
        await import_catalog(database, catalog_path, clock)
        # 2. Load the catalog into memory, and create the services.
        discord_clock = DiscordClock(clock)
        catalog = await CatalogService.open(CatalogStore(database))
        scheduler = Scheduler("announcements", discord_clock, recheck)
        countdowns = CountdownService(
            CountdownStore(database), GuildStore(database), discord_clock, scheduler.wake
        )
        curation = CurationService(
            EditStore(database, discord_clock, CountdownStore(database).requeue),
            SuggestionStore(database, discord_clock),
            catalog,
            scheduler.wake,
        )
        membership = GuildMembership(GuildStore(database), discord_clock)
        refresh = Scheduler("catalog refresh", clock, catalog_recheck or recheck)

        def on_change() -> None:
            refresh.wake()
            scheduler.wake()

        sync = SyncService(
            SyncStores.of(database, discord_clock, CountdownStore(database).requeue),
            discord_clock,
            on_change,
        )
        services = BotServices(
            catalog,
            countdowns,
            curation,
            membership,
            discord_clock,
            pictures,
            sync,
            curator_roles,
        )

        # 3. Post announcements from login until the connection is closed: only then is Discord's
        #    time known.
        def announcements(bot: Bonbang) -> AbstractAsyncContextManager[None]:
            return run_announcements(bot, database, discord_clock, scheduler)

        # 4. In the background, refresh and sync the catalog, and keep track of the bot's servers.
        async with (
            Bonbang(services, database, COGS, announcements, trace_requests(discord_clock)) as bot,
            background_task(refresh.run(lambda: refresh_catalog(catalog))),
            run_sync(sources, sync, discord_clock),
            run_guild_jobs(bot, database, discord_clock, recheck),
        ):
            yield bot


@asynccontextmanager
async def run_announcements(
    bot: Bonbang, database: Database, clock: DiscordClock, scheduler: Scheduler
) -> AsyncGenerator[None]:
    """Post due announcements in the background. On exit, wait briefly for requests in flight."""
    rate_limit = RateLimiter(REQUESTS_PER_SECOND, BURST).acquire
    clock_check = ClockCheck(clock, ClockOffsetStore(database), bot.http.get_bot_gateway)

    async def admit() -> None:
        await rate_limit()
        await clock_check.run()

    async def tick() -> datetime | None:
        # Also if nothing is due, so that the operator learns of a wrong clock.
        await clock_check.run()
        return await announcer.tick()

    async def guild_language(guild_id: int, default: str) -> str:
        return (await bot.services.countdowns.get_settings(guild_id, default)).language

    sender = DiscordSender(bot, clock, rate_limit, bot.services.pictures, guild_language)
    announcer = Announcer(SqlDeliveryStore(database), sender, clock, admit, scheduler.wake)
    try:
        async with background_task(scheduler.run(tick)):
            yield
    finally:
        await announcer.drain()


def source_options(settings: Settings) -> SourceOptions:
    """Return which sources to read, and where."""
    token = settings.tmdb_token
    return SourceOptions(
        settings.sync_sources,
        settings.sync_countries,
        settings.tvmaze_url,
        settings.wikidata_url,
        settings.wikidata_sparql_url,
        settings.tmdb_url,
        token.get_secret_value() if token else None,
    )


@asynccontextmanager
async def run_guild_jobs(
    bot: Bonbang, database: Database, clock: Clock, recheck: timedelta
) -> AsyncGenerator[None]:
    """Keep track of the bot's servers, delete expired data, and tell members the outcomes that they
    have not been told, in the background."""
    retention = RetentionJob(
        SqlDeliveryStore(database),
        SuggestionStore(database, clock),
        GuildStore(database),
        clock,
        bot.is_member,
    )
    membership = Scheduler("servers", clock, max(recheck, SERVER_CHECK_INTERVAL))
    outcomes = Scheduler("outcomes of suggestions", clock, max(recheck, OUTCOMES_INTERVAL))

    async def on_ready() -> None:
        membership.wake()
        outcomes.wake()

    async def delete_expired() -> datetime | None:
        # Before that, neither Discord's time nor its servers are known.
        return await retention.tick() if bot.is_ready() else None

    async def tell_untold() -> None:
        if bot.is_ready():
            await tell_outcomes(bot)

    bot.add_listener(on_ready)
    async with (
        background_task(membership.run(partial(bot.services.membership.reconcile, bot.is_member))),
        background_task(Scheduler("retention", clock, recheck).run(delete_expired)),
        background_task(outcomes.run(tell_untold)),
    ):
        yield


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
        _log.error("the records in %s were not imported:", folder)
        for problem in error.problems:
            _log.error("%s", problem)
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


def _require_token(settings: Settings) -> SecretStr:
    if settings.discord_token is None:
        raise OperatorError(
            "DISCORD_TOKEN is not set. Add your bot's token to .env (see “On your server” in "
            "the README)."
        )
    return settings.discord_token
