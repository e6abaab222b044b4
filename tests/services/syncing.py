"""A database and a sync service, with a TVmaze on loopback."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from bot.app import catalog_importer, open_database
from bot.catalog.model import Person, Title
from bot.services.catalog import CatalogService
from bot.services.sync import SyncService, SyncStores
from bot.services.sync_reports import SyncSummary
from bot.sources.ports import Source
from bot.store.catalog import CatalogStore
from bot.store.countdowns import CountdownStore
from bot.store.database import Database
from tests.conftest import NOW
from tests.sources.tvmaze_site import Clock, serving
from tests.support import records

HOUR = timedelta(hours=1)


class Syncing:
    """A database that is synced with a TVmaze on loopback."""

    def __init__(self, database: Database, clock: Clock, source: Source, server: Any) -> None:
        self.database, self.clock, self.source, self.server = database, clock, source, server
        requeue = CountdownStore(database).requeue
        self.changes = 0
        self.stores = SyncStores.of(database, clock, requeue)
        self.states, self.edits = self.stores.states, self.stores.edits
        self.service = self.make_service()

    def make_service(self) -> SyncService:
        """Return the service of another process."""

        def on_change() -> None:
            self.changes += 1

        return SyncService(self.stores, self.clock, on_change)

    async def sync(self, *, full: bool = False, after: timedelta = HOUR) -> SyncSummary:
        """Sync after some time, and return what changed."""
        self.clock.now += after
        self.server.requests.clear()
        summary = await self.service.sync(self.source, full=full)
        assert summary is not None
        return summary

    async def import_records(self, folder: Path, *made: Any) -> None:
        """Import records by hand."""
        requeue = catalog_importer(self.database, self.clock)
        await requeue.import_path(records.write(folder, *made))

    async def catalog(self) -> CatalogService:
        """Return the catalog as members see it."""
        return await CatalogService.open(CatalogStore(self.database))

    async def title(self, title_id: str) -> Title:
        title = (await self.catalog()).snapshot.title(title_id)
        assert title is not None
        return title

    async def person(self, person_id: str) -> Person:
        person = (await self.catalog()).snapshot.person(person_id)
        assert person is not None
        return person

    async def ids(self, table: Any) -> list[str]:
        """Return the ids in a table of records."""
        rows = await self.database.fetch(select(table.c.id).order_by(table.c.id))
        return [row.id for row in rows]


@asynccontextmanager
async def syncing(file: Path, *shows: Any) -> AsyncGenerator[Syncing]:
    """Open a database in `file`, and a TVmaze that has `shows`."""
    async with serving(*shows) as site:
        site.clock.now = NOW
        async with await open_database(f"sqlite:///{file}", site.clock) as database:
            yield Syncing(database, site.clock, site.source, site.server)


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)
