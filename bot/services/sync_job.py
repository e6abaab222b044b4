"""Keeps the catalog current in the background."""

import logging
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta

from bot.announcements.scheduler import Scheduler, background_task
from bot.clock import Clock
from bot.project import read_project
from bot.services.sync import SyncService
from bot.sources.errors import SourceError
from bot.sources.ports import Source
from bot.sources.registry import TMDB_EXPIRY, SourceOptions, open_sources

_log = logging.getLogger(__name__)

# While another process syncs a source, and after it stopped.
_RECHECK = timedelta(minutes=1)


@asynccontextmanager
async def run_sync(
    options: SourceOptions | None, service: SyncService, clock: Clock
) -> AsyncGenerator[None]:
    """Keep the catalog current in the background, if there are sources to read."""
    if options is None:
        yield
        return
    async with AsyncExitStack() as stack:
        sources = await stack.enter_async_context(open_sources(options, read_project(), clock))
        ticks = {source.name: sync_tick(service, source, clock) for source in sources}
        ticks["tmdb expiry"] = expiry_tick(service, "tmdb", TMDB_EXPIRY, clock)
        for name, tick in ticks.items():
            job = Scheduler(f"sync of {name}", clock).run(tick)
            await stack.enter_async_context(background_task(job))
        yield


def sync_tick(
    service: SyncService, source: Source, clock: Clock
) -> Callable[[], Awaitable[datetime | None]]:
    """Return a tick that syncs a source when it is due, and returns when it is due next."""

    async def tick() -> datetime | None:
        due = await service.next_sync(source)
        if due > clock():
            return due
        try:
            summary = await service.sync(source)
        except SourceError as error:
            _log.warning("%s was not read: %s. %s", source.name, error, error.advice(source.name))
            return await service.next_sync(source)
        if summary is None:
            return clock() + _RECHECK
        if summary.items:
            _log.info(
                "%s: %d new, %d changed, %d doubtful, %d refused",
                *(source.name, summary.new, summary.changed, summary.doubtful, summary.refused),
            )
        return max(await service.next_sync(source), clock() + _RECHECK)

    return tick


def expiry_tick(
    service: SyncService, source_name: str, expiry: timedelta, clock: Clock
) -> Callable[[], Awaitable[datetime | None]]:
    """Return a tick that drops what a source said longer ago than it may be kept, once a day.

    This goes on if the source is no longer read.
    """

    async def tick() -> datetime | None:
        await service.drop_expired(source_name, expiry)
        return clock() + timedelta(days=1)

    return tick
