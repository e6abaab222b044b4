"""A TVmaze on loopback with a source that reads it."""

from collections.abc import AsyncGenerator, Container, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

import aiohttp

from bot.project import Project
from bot.sources.countries import find_countries
from bot.sources.http import SourceClient, open_session
from bot.sources.ports import Fetched, Item, Listing
from bot.sources.tvmaze import TvmazeSource
from tests.conftest import NOW
from tests.sources.fake_service import (
    Fault,
)
from tests.sources.tvmaze_server import (
    HBO,
    FakeTvmaze,
    Json,
    make_show,
)

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Clock:
    """A clock that tests set."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


class Site:
    """A TVmaze and a source that reads it."""

    def __init__(self, server: FakeTvmaze, source: TvmazeSource, clock: Clock) -> None:
        self.server, self.source, self.clock = server, source, clock

    async def list_all(
        self, state: Mapping[str, Any] | None = None, known: Container[Item] = (), **options: bool
    ) -> list[Listing]:
        """Return everything that is listed, and forget the requests before."""
        self.server.requests.clear()
        full = options.get("full", False)
        return [part async for part in self.source.list_items(state or {}, known, full=full)]

    async def fetch(self, *ids: int) -> Fetched:
        """Fetch shows, and forget the requests before."""
        self.server.requests.clear()
        return await self.source.fetch([title(number) for number in ids])


def title(number: int) -> Item:
    return Item("title", str(number))


async def no_sleep(_seconds: float) -> None:
    pass


@asynccontextmanager
async def serving(*shows: Json, lasting: Fault | None = None) -> AsyncGenerator[Site]:
    clock = Clock()
    server = FakeTvmaze({show["id"]: show for show in shows})
    server.lasting_fault = lasting
    timeouts = aiohttp.ClientTimeout(total=30, sock_read=0.2)
    project = Project("1.2.3", "https://example.org")
    async with server.serve(), open_session(project, timeouts) as session:
        client = SourceClient(
            "TVmaze", server.url, session, spacing=0, sleep=no_sleep, max_size=1_000_000
        )
        source = TvmazeSource(client, find_countries(["KR"]), clock)
        yield Site(server, source, clock)


def unwanted(number: int) -> Json:
    return make_show(number, network=HBO, language="English")
