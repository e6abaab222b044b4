"""A client of a service on loopback, which does not really wait."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import aiohttp

from bot.project import Project
from bot.sources.http import SourceClient, open_session
from tests.sources.fake_service import (
    FakeService,
    Fault,
    json_body,
)

PROJECT = Project("1.2.3", "https://example.org/bonbang")
ATTEMPTS = 5


class Pauses(list[float]):
    """A sleep that returns at once and keeps how long it was to take."""

    async def __call__(self, seconds: float) -> None:
        self.append(seconds)


@asynccontextmanager
async def serving(
    *faults: Fault, lasting: Fault | None = None, spacing: float = 0, max_size: int = 1_000_000
) -> AsyncGenerator[tuple[FakeService, SourceClient, Pauses]]:
    """Serve `{"ok": true}` after some faults, to a client that does not really wait."""
    service, pauses = FakeService(json_body({"ok": True})), Pauses()
    service.faults, service.lasting_fault = list(faults), lasting
    timeouts = aiohttp.ClientTimeout(total=30, sock_read=0.2)
    async with service.serve(), open_session(PROJECT, timeouts) as session:
        yield (
            service,
            SourceClient(
                "TVmaze",
                service.url,
                session,
                spacing=spacing,
                sleep=pauses,
                headers={"Authorization": "Bearer secret"},
                max_size=max_size,
            ),
            pauses,
        )
