"""What a tick of the announcer costs, by how many countdowns are stored.

Ten are due each time. Absolute times differ from machine to machine; the ratios are what counts.
"""

import statistics
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import update

from bot.announcements.announcer import Announcer
from bot.announcements.model import Delivery, PauseReason, ReleaseState
from bot.announcements.ports import DueCountdown
from bot.app import catalog_importer, open_database
from bot.catalog.window import ReleaseWindow
from bot.clock import Clock
from bot.store.countdown_rows import encode_release_state
from bot.store.database import Database
from bot.store.deliveries import SqlDeliveryStore
from bot.store.tables import countdowns
from bot.store.timestamps import to_timestamp
from tests.support import records
from tools.bench.report import ms, table

_SIZES = (1_000, 100_000, 1_000_000)
_DUE = 10
_ROUNDS = 15
_CHUNK = 50_000
_NOW = datetime(2026, 5, 14, 12, tzinfo=UTC)
_KNOWN_RELEASE = encode_release_state(ReleaseState(ReleaseWindow.parse("2026-05-14")))


class _NullSender:
    """Sends to nowhere, at once."""

    async def send(self, due: DueCountdown, delivery: Delivery) -> int:
        return 1

    async def find_sent(self, due: DueCountdown, delivery: Delivery) -> int | None:
        return None

    async def notify_guild(self, due: DueCountdown, reason: PauseReason) -> None:
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
            announcer = Announcer(
                SqlDeliveryStore(database), _NullSender(), clock, _no_limit, lambda: None
            )
            start = time.perf_counter()
            await announcer.tick()
            await announcer.drain()
            times.append(time.perf_counter() - start)
    return times


async def _fill(database: Database, size: int, folder: Path, clock: Clock) -> None:
    title = records.title("show", releases=[{"window": "2026-05-14"}])
    await catalog_importer(database, clock).import_path(records.write(folder / f"r{size}", title))
    for start in range(0, size, _CHUNK):
        rows = [_row(number) for number in range(start, min(size, start + _CHUNK))]
        async with database.write() as connection:
            await connection.execute(countdowns.insert(), rows)


def _row(number: int) -> dict[str, object]:
    return {
        "guild_id": number // 50,
        "channel_id": number,
        "title_id": "show",
        "release_key": "premiere",
        "milestone_days": "7 0",
        "post_time": "09:00",
        "timezone": "UTC",
        "language": "en-US",
        "publish": False,
        "cursor": to_timestamp(_NOW),
        "known_release": _KNOWN_RELEASE,
        "next_at": to_timestamp(_NOW + timedelta(seconds=1 + number)),
        "version": 1,
    }


async def _make_due(database: Database, number: int) -> None:
    first = 1 + number * _DUE
    chosen = countdowns.c.id.between(first, first + _DUE - 1)
    before = to_timestamp(_NOW - timedelta(days=1))
    async with database.write() as connection:
        values = {"next_at": to_timestamp(_NOW), "cursor": before}
        await connection.execute(update(countdowns).where(chosen).values(values))


async def _no_limit() -> None:
    """Never wait: only the work is measured."""


async def section(folder: Path) -> str:
    """Measure, and return the section of the report."""
    medians = [statistics.median(await _measure(size, folder)) for size in _SIZES]
    rows = [
        [f"{size:,}", ms(median), f"{median / medians[0]:.2f}"]
        for size, median in zip(_SIZES, medians, strict=True)
    ]
    return f"""### A tick

The time to handle {_DUE} due countdowns, by how many are stored; median of {_ROUNDS} ticks.

{table(("Countdowns stored", "ms", "times the first"), rows)}"""
