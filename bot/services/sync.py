"""Syncs the catalog with sources: lists what changed, fetches it, stores it. Resumable."""

import asyncio
import logging
import secrets
from collections.abc import AsyncGenerator, Callable, Generator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from bot.clock import Clock
from bot.errors import BonbangError
from bot.services.sync_reports import SyncProgress, SyncSummary
from bot.sources.errors import (
    ShrunkListError,
    SourceBusyError,
    SourceError,
    SourceForbiddenError,
    SourceFormatError,
)
from bot.sources.ports import Item, Source, SourceStatus
from bot.store.database import Database
from bot.store.edits import EditStore
from bot.store.record_merging import TitlesChanged
from bot.store.source_records import SourceRecordStore
from bot.store.sync_items import SyncItemStore
from bot.store.sync_states import (
    LEASE,
    SyncLease,
    SyncLeaseLostError,
    SyncStateStore,
)

_log = logging.getLogger(__name__)

# A list that is shorter than this part of the last one looks like a fault of the source.
_LEAST_PART = 0.8

# After so many fetches that failed in a row, the source is left alone until the next sync.
_MAX_FAILURES = 5
_RETRY_ITEM = timedelta(hours=6)

# A source that fails is tried again after as long as it has been failing, within these bounds.
_FIRST_RETRY, _LONGEST_RETRY = timedelta(minutes=15), timedelta(hours=6)

# Sources ask to wait for a day at most, and are read once a day at least.
_LONGEST_PAUSE = timedelta(days=2)


Report = Callable[[SyncProgress], None]


def _no_report(_progress: SyncProgress) -> None:
    """Ignore the progress."""


@dataclass(frozen=True, slots=True)
class SyncStores:
    """What a sync stores."""

    states: SyncStateStore
    items: SyncItemStore
    records: SourceRecordStore
    edits: EditStore

    @classmethod
    def of(
        cls,
        database: Database,
        clock: Clock,
        on_titles_changed: TitlesChanged,
        lease: timedelta = LEASE,
    ) -> Self:
        """Return the stores in a database."""
        states = SyncStateStore(database, lease)
        return cls(
            states,
            SyncItemStore(database),
            SourceRecordStore(database, states, clock, on_titles_changed),
            EditStore(database, clock, on_titles_changed),
        )


class SyncService:
    """Syncs sources. `on_change` is called after records have changed."""

    def __init__(
        self,
        stores: SyncStores,
        clock: Clock,
        on_change: Callable[[], None],
        lease: timedelta = LEASE,
    ) -> None:
        self._stores = stores
        self._clock = clock
        self._on_change = on_change
        self._lease = lease
        self._owner = secrets.token_hex(8)

    async def sync(
        self, source: Source, *, full: bool = False, report: Report = _no_report
    ) -> SyncSummary | None:
        """Sync a source until nothing is left to fetch.

        Returns None if another process syncs it, or has taken over. Raises SourceError if the
        source cannot be read; what was stored before is kept, and the next sync continues there.
        """
        lease = await self._stores.states.acquire(source.name, self._owner, self._clock())
        if lease is None:
            return None
        summary = SyncSummary()
        try:
            async with self._keep_lease(lease):
                await self._run(source, lease, full, report, summary)
        except SourceError as error:
            await self._fail(lease, error)
            raise
        except SyncLeaseLostError as error:
            _log.info("%s", error)
            return None
        except BaseException:
            await self._stores.states.release(lease)
            raise
        await self._stores.states.finish(lease, summary.as_dict(), self._clock())
        return summary

    async def next_sync(self, source: Source) -> datetime:
        """Return when a source is to be synced next."""
        now = self._clock()
        statuses = await self._stores.states.statuses(now)
        status = next((one for one in statuses if one.source == source.name), None)
        if status is None or status.started_at is None:
            return now
        if status.retry_at is not None:
            due = status.retry_at
        elif status.finished_at is None or status.finished_at < status.started_at:
            # It was interrupted.
            return now
        else:
            regular = status.started_at + source.interval
            due = min(regular, await self._stores.items.next_due(source.name) or regular)
        # Later times were stored while the clock was wrong.
        return due if due <= now + _LONGEST_PAUSE else now

    async def statuses(self) -> Sequence[SourceStatus]:
        """Return when each source was last read, and what failed."""
        return await self._stores.states.statuses(self._clock())

    async def drop_expired(self, source_name: str, expiry: timedelta) -> None:
        """Drop what a source said longer ago than it may be kept."""
        dropped = await self._stores.records.drop_expired(source_name, self._clock() - expiry)
        if dropped.all:
            _log.info("dropped %d expired records of %s", len(dropped.all), source_name)
            self._on_change()

    async def _fail(self, lease: SyncLease, error: SourceError) -> None:
        """Store why a source could not be read, and when to try again."""
        now = self._clock()
        delay = min(max(now - (lease.failed_at or now), _FIRST_RETRY), _LONGEST_RETRY)
        if isinstance(error, SourceBusyError):
            delay = timedelta(seconds=error.retry_after)
        advice = error.advice(lease.source)
        await self._stores.states.fail(lease, str(error), advice, now + delay, now)

    async def _run(
        self,
        source: Source,
        lease: SyncLease,
        full: bool,
        report: Report,
        summary: SyncSummary,
    ) -> None:
        doubts = await self._stores.edits.count_doubts()
        if source.expiry is not None:
            await self.drop_expired(source.name, source.expiry)
        if self._must_list(source, lease, full):
            await self._list(source, lease, full, report)
        await self._fetch_all(source, lease, report, summary)
        await self._stores.records.prune()
        summary.doubtful = max(await self._stores.edits.count_doubts() - doubts, 0)

    def _must_list(self, source: Source, lease: SyncLease, full: bool) -> bool:
        """Return whether to ask for changes, rather than only to fetch what is due."""
        is_complete = bool(lease.state.get("complete"))
        if full or not is_complete or lease.listed_at is None:
            return True
        since = self._clock() - lease.listed_at
        # Or the clock was set back.
        return since >= source.interval * 0.9 or since < timedelta()

    async def _list(self, source: Source, lease: SyncLease, full: bool, report: Report) -> None:
        known = await self._stores.items.known(source.name)
        with _unforeseen_as_format_errors(source.name):
            async for listing in source.list_items(lease.state, known, full=full):
                if listing.count is not None and lease.listed and not full:
                    _require_not_shrunk(source.name, listing.count, lease.listed)
                await self._stores.items.save_listing(lease, listing, self._clock())
                report(SyncProgress(source.name, True, listing.done, listing.total))

    async def _fetch_all(
        self, source: Source, lease: SyncLease, report: Report, summary: SyncSummary
    ) -> None:
        items = self._stores.items
        failures = 0
        while batch := await items.due(source.name, self._clock(), source.batch_size):
            total = summary.items + await items.count_due(source.name, self._clock())
            report(SyncProgress(source.name, False, summary.items, total))
            try:
                await self._fetch(source, lease, batch, summary)
                failures = 0
            except (SourceBusyError, SourceForbiddenError):
                raise
            except SourceError as error:
                failures += 1
                if failures >= _MAX_FAILURES:
                    raise
                until = self._clock() + _RETRY_ITEM
                _log.warning("%s: %s: %s", source.name, ", ".join(one.id for one in batch), error)
                await items.postpone(source.name, list(batch), str(error), until)
                summary.refused += len(batch)
            summary.items += len(batch)
        report(SyncProgress(source.name, False, summary.items, summary.items))

    async def _fetch(
        self, source: Source, lease: SyncLease, batch: Mapping[Item, str], summary: SyncSummary
    ) -> None:
        try:
            with _unforeseen_as_format_errors(source.name):
                fetched = await source.fetch(list(batch))
                merged = await self._stores.records.save(lease, batch, fetched, source.max_age)
        except SourceFormatError:
            # One item must not keep the others of its batch from being read.
            if len(batch) == 1:
                raise
            for half in _halves(batch):
                await self._fetch(source, lease, half, summary)
            return
        summary.add(fetched, merged)
        if merged.all:
            self._on_change()

    @asynccontextmanager
    async def _keep_lease(self, lease: SyncLease) -> AsyncGenerator[None]:
        """Extend a lease in the background: a request may take longer than it."""

        async def extend() -> None:
            while True:
                await asyncio.sleep(self._lease.total_seconds() / 3)
                try:
                    await self._stores.states.extend(lease, self._clock())
                except SyncLeaseLostError:
                    # What is stored next finds out, too.
                    return

        task = asyncio.create_task(extend())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


@contextmanager
def _unforeseen_as_format_errors(source: str) -> Generator[None]:
    """Raise SourceFormatError for an error that nothing expected, which goes to the log.

    So one record that Bonbang cannot handle keeps no other from being read.
    """
    try:
        yield
    except BonbangError:
        raise
    except Exception as error:
        _log.exception("%s: what it sent cannot be used", source)
        kind = type(error).__name__
        raise SourceFormatError(f"Bonbang can't use what {source} sent ({kind})") from error


def _require_not_shrunk(source: str, count: int, before: int) -> None:
    if count < _LEAST_PART * before:
        raise ShrunkListError(
            f"{source} lists {count} items instead of {before}, so the list was not used"
        )


def _halves(batch: Mapping[Item, str]) -> Sequence[dict[Item, str]]:
    items = list(batch.items())
    middle = len(items) // 2
    return [dict(items[:middle]), dict(items[middle:])]
