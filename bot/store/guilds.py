"""Servers: what they chose, and whether the bot is still a member."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import delete, select, update

from bot.announcements.model import PauseReason
from bot.store.database import Database, upsert
from bot.store.tables import countdowns, guild_settings
from bot.store.timestamps import to_timestamp

LEFT_GUILD_RETENTION = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class GuildPreferences:
    """What a server chose; None where it did not."""

    language: str | None = None
    timezone: str | None = None
    post_time: time | None = None


class GuildStore:
    """Reads and writes what is known of servers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get_preferences(self, guild_id: int) -> GuildPreferences:
        """What a server chose."""
        own = guild_settings.c.guild_id == guild_id
        rows = await self._database.fetch(select(guild_settings).where(own))
        if not rows:
            return GuildPreferences()
        [row] = rows
        post_time = time.fromisoformat(row.post_time) if row.post_time else None
        return GuildPreferences(row.language, row.timezone, post_time)

    async def update_preferences(self, guild_id: int, changes: GuildPreferences) -> None:
        """Change what is given; None keeps what the server chose before."""
        at = changes.post_time.isoformat("minutes") if changes.post_time else None
        given = {"language": changes.language, "timezone": changes.timezone, "post_time": at}
        await self._upsert(guild_id, {name: value for name, value in given.items() if value})

    async def mark_left(self, guild_id: int, now: datetime) -> None:
        """Pause a server's countdowns: the bot was removed from it."""
        await self._upsert(guild_id, {"left_at": to_timestamp(now)})
        async with self._database.write() as connection:
            await connection.execute(
                update(countdowns)
                .where(countdowns.c.guild_id == guild_id, countdowns.c.paused.is_(None))
                .values(
                    version=countdowns.c.version + 1,
                    paused=str(PauseReason.GUILD_LEFT),
                    next_at=None,
                )
            )

    async def mark_joined(self, guild_id: int) -> None:
        """The bot was added to a server (again): nothing of it is erased."""
        async with self._database.write() as connection:
            own = guild_settings.c.guild_id == guild_id
            await connection.execute(update(guild_settings).where(own).values(left_at=None))

    async def purge_left(self, now: datetime) -> int:
        """Erase everything of servers that the bot left long ago. Returns how many servers."""
        expired = guild_settings.c.left_at < to_timestamp(now - LEFT_GUILD_RETENTION)
        gone = select(guild_settings.c.guild_id).where(expired)
        async with self._database.write() as connection:
            await connection.execute(delete(countdowns).where(countdowns.c.guild_id.in_(gone)))
            erased = await connection.execute(delete(guild_settings).where(expired))
        return erased.rowcount

    async def _upsert(self, guild_id: int, values: dict[str, Any]) -> None:
        async with self._database.write() as connection:
            await upsert(connection, guild_settings, {"guild_id": guild_id}, values)
