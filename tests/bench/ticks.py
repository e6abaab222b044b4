"""What a tick costs with few and with many countdowns stored.

Ten are due each time. Absolute times differ from machine to machine; the ratios are what counts.
"""

import statistics
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import update

from bot.app import open_database
from bot.clock import Clock
from bot.countdown.announcer import Announcer
from bot.countdown.model import Delivery, PauseReason
from bot.countdown.ports import Due
from bot.store.database import Database
from bot.store.imports import CatalogImporter
from bot.store.instants import seconds
from bot.store.ledger import DatabaseLedger
from bot.store.tables import countdowns
from tests import records
from tests.bench.report import ms, table

_SIZES = (1_000, 100_000, 1_000_000)
_DUE = 10
_ROUNDS = 15
_CHUNK = 50_000
_NOW = datetime(2026, 5, 14, 12, tzinfo=UTC)


class _Nowhere:
    """A channel's server that takes everything at once."""

    async def post(self, due: Due, delivery: Delivery) -> int:
        return 1

    async def find(self, due: Due, delivery: Delivery) -> int | None:
        return None

    async def tell_server(self, due: Due, reason: PauseReason) -> None:
        return None


async def _measure(size: int, folder: Path) -> list[float]:
    """Seconds that each of some ticks took, with so many countdowns stored."""

    def clock() -> datetime:
        return _NOW

    async with await open_database(f"sqlite:///{folder / f'{size}.db'}", clock) as database:
        await _fill(database, size, folder, clock)
        times: list[float] = []
        for number in range(_ROUNDS):
            await _make_due(database, number)
            announcer = Announcer(DatabaseLedger(database), _Nowhere(), clock, _at_once)
            start = time.perf_counter()
            await announcer.tick()
            await announcer.settle_down()
            times.append(time.perf_counter() - start)
    return times


async def _fill(database: Database, size: int, folder: Path, clock: Clock) -> None:
    title = records.title("show", releases=[{"window": "2026-05-14"}])
    await CatalogImporter(database, clock).import_path(records.write(folder / f"r{size}", title))
    for start in range(0, size, _CHUNK):
        rows = [_row(number) for number in range(start, min(size, start + _CHUNK))]
        async with database.write() as connection:
            await connection.execute(countdowns.insert(), rows)


def _row(number: int) -> dict[str, object]:
    return {
        "guild_id": number // 50,
        "channel_id": number,
        "title_id": "show",
        "slot": "premiere",
        "milestones": "7 0",
        "time": "09:00",
        "zone": "UTC",
        "language": "en-US",
        "publish": False,
        "cursor": seconds(_NOW),
        "seen": "2026-05-14|",
        "due": seconds(_NOW + timedelta(seconds=1 + number)),
        "version": 1,
    }


async def _make_due(database: Database, number: int) -> None:
    first = 1 + number * _DUE
    chosen = countdowns.c.id.between(first, first + _DUE - 1)
    before = seconds(_NOW - timedelta(days=1))
    async with database.write() as connection:
        due = {"due": seconds(_NOW), "cursor": before}
        await connection.execute(update(countdowns).where(chosen).values(due))


async def _at_once() -> None:
    """Hold nothing back: what is measured is the work."""


async def section(folder: Path) -> str:
    """Measure and describe it."""
    medians = [statistics.median(await _measure(size, folder)) for size in _SIZES]
    rows = [
        [f"{size:,}", ms(median), f"{median / medians[0]:.2f}"]
        for size, median in zip(_SIZES, medians, strict=True)
    ]
    return f"""### A tick

What it takes to see to {_DUE} countdowns that are due, by how many are stored; median of {_ROUNDS}.

{table(("Countdowns stored", "ms", "times the first"), rows)}"""
