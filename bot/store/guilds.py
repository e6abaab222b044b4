"""Stores server settings, and when the bot left a server."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.announcements.model import PauseReason
from bot.store.database import Database, upsert
from bot.store.tables import countdowns, guild_settings
from bot.store.timestamps import to_timestamp

LEFT_GUILD_RETENTION = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class GuildPreferences:
    """The settings that a server has chosen. None means the default."""

    language: str | None = None
    timezone: str | None = None
    post_time: time | None = None


class GuildStore:
    """Stores server settings, and when the bot left a server."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get_preferences(self, guild_id: int) -> GuildPreferences:
        """Return the settings that a server has chosen."""
        query = select(guild_settings).where(guild_settings.c.guild_id == guild_id)
        rows = await self._database.fetch(query)
        if not rows:
            return GuildPreferences()
        [row] = rows
        post_time = time.fromisoformat(row.post_time) if row.post_time else None
        return GuildPreferences(row.language, row.timezone, post_time)

    async def update_preferences(self, guild_id: int, changes: GuildPreferences) -> None:
        """Store the given preferences. None keeps the current value."""
        post_time = changes.post_time.isoformat("minutes") if changes.post_time else None
        values = {
            "language": changes.language,
            "timezone": changes.timezone,
            "post_time": post_time,
        }
        given = {name: value for name, value in values.items() if value}
        async with self._database.write() as connection:
            await upsert(connection, guild_settings, {"guild_id": guild_id}, given)

    async def mark_left(self, guild_id: int, now: datetime) -> None:
        """Record that the bot left a server, and pause the server's countdowns."""
        async with self._database.write() as connection:
            await _mark(connection, guild_id, now)
            await connection.execute(
                update(countdowns)
                .where(countdowns.c.guild_id == guild_id, countdowns.c.paused.is_(None))
                .values(
                    version=countdowns.c.version + 1,
                    paused=str(PauseReason.GUILD_LEFT),
                    next_at=None,
                )
            )

    async def mark_missing(self, guild_id: int, now: datetime) -> None:
        """Record that the bot seems to have left a server while it was not running.

        The server's countdowns are not paused, so that they go on if this is a mistake.
        """
        async with self._database.write() as connection:
            await _mark(connection, guild_id, now)

    async def mark_joined(self, guild_id: int) -> None:
        """Record that the bot joined a server again, so that its data is not deleted."""
        async with self._database.write() as connection:
            await connection.execute(
                update(guild_settings)
                .where(guild_settings.c.guild_id == guild_id)
                .values(left_at=None)
            )

    async def list_ids(self) -> dict[int, bool]:
        """Return the ids of all servers with data, and whether each is marked as left."""
        settings = await self._database.fetch(select(guild_settings))
        found = {row.guild_id: row.left_at is not None for row in settings}
        for row in await self._database.fetch(select(countdowns.c.guild_id).distinct()):
            found.setdefault(row.guild_id, False)
        return found

    async def list_expired(self, now: datetime) -> list[int]:
        """Return the servers that the bot left more than `LEFT_GUILD_RETENTION` ago."""
        expired = guild_settings.c.left_at < to_timestamp(now - LEFT_GUILD_RETENTION)
        rows = await self._database.fetch(select(guild_settings.c.guild_id).where(expired))
        return [row.guild_id for row in rows]

    async def purge(self, guild_ids: Sequence[int]) -> None:
        """Delete the data of servers, except those that the bot has joined again."""
        left = guild_settings.c.guild_id.in_(guild_ids) & guild_settings.c.left_at.is_not(None)
        ids = select(guild_settings.c.guild_id).where(left)
        async with self._database.write() as connection:
            await connection.execute(delete(countdowns).where(countdowns.c.guild_id.in_(ids)))
            await connection.execute(delete(guild_settings).where(left))


async def _mark(connection: AsyncConnection, guild_id: int, now: datetime) -> None:
    left = {"left_at": to_timestamp(now)}
    await upsert(connection, guild_settings, {"guild_id": guild_id}, left)
