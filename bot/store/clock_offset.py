"""Stores how far the machine's clock is ahead of Discord's."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.store.database import Database

_NAME = "clock_offset"


@dataclass(frozen=True, slots=True)
class ClockOffset:
    """How far the machine's clock was ahead of Discord's, and when that was measured."""

    offset: timedelta
    measured_at: datetime


class ClockOffsetStore:
    """Stores the latest measurement."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def record(self, offset: timedelta, now: datetime) -> None:
        """Store a measurement, replacing the previous one."""
        value = {"seconds": offset.total_seconds(), "measured_at": now.isoformat()}
        await self._database.set_meta(_NAME, json.dumps(value))

    async def get(self) -> ClockOffset | None:
        """Return the latest measurement, or None if there is none."""
        stored = await self._database.get_meta(_NAME)
        if stored is None:
            return None
        value = json.loads(stored)
        seconds = timedelta(seconds=value["seconds"])
        return ClockOffset(seconds, datetime.fromisoformat(value["measured_at"]))
