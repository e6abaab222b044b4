"""A source that reads the TMDB of the tests."""

from collections.abc import AsyncGenerator, Mapping
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest

from bot.sources.countries import find_countries
from bot.sources.http import SourceClient
from bot.sources.ports import Item, Listing
from bot.sources.tmdb import TmdbSource, tmdb_options
from tests.sources.tmdb_server import READ_ACCESS, FakeTmdb

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)


async def do_not_wait(_: float) -> None:
    pass


class TmdbReader:
    """A server, a source that reads it, and the time."""

    def __init__(self, server: FakeTmdb, session: aiohttp.ClientSession) -> None:
        self.server = server
        self.now = NOW
        self._session = session
        self.source = self.open_source()

    def open_source(self, token: str = READ_ACCESS, countries: tuple[str, ...] = ("KR",)) -> Any:
        options = tmdb_options(token)
        self.client = SourceClient(
            "TMDB",
            self.server.url,
            self._session,
            spacing=0,
            sleep=do_not_wait,
            headers=options.headers,
        )
        return TmdbSource(
            self.client, find_countries(countries), lambda: self.now, params=options.params
        )

    async def list_all(
        self, state: Mapping[str, Any] = {}, known: Any = (), *, full: bool = False
    ) -> list[Listing]:
        return [part async for part in self.source.list_items(state, known, full=full)]

    async def fetch(self, entity: Any, number: object) -> Any:
        return await self.source.fetch([Item(entity, str(number))])


@pytest.fixture
async def tmdb() -> AsyncGenerator[TmdbReader]:
    async with FakeTmdb().serve() as server, aiohttp.ClientSession() as session:
        yield TmdbReader(server, session)


def stamps(parts: list[Listing]) -> dict[Item, str]:
    return {item: stamp for part in parts for item, stamp in part.stamps.items()}


def titles(*numbers: int) -> set[Item]:
    return {Item("title", str(number)) for number in numbers}


def add_shows(server: FakeTmdb, *shows: dict[str, Any]) -> None:
    server.shows |= {record["id"]: record for record in shows}
