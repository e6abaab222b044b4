"""Stores what members suggest to curators, and who may not."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.catalog.curation import (
    BlockedMemberError,
    Curator,
    Suggestion,
    SuggestionLimitError,
    SuggestionOutcome,
)
from bot.clock import Clock
from bot.store.database import Database, upsert
from bot.store.joined_records import Ref
from bot.store.layer_tables import blocked_members, suggestions
from bot.store.timestamps import from_timestamp, to_timestamp

MAX_A_DAY = 10
"""How many suggestions a member may make in 24 hours."""

SUGGESTION_RETENTION = timedelta(days=90)
"""How long decided suggestions are kept."""

SUGGESTIONS_CHANNEL = "suggestions_channel"
"""The key for the id of the channel where suggestions are posted."""


class SuggestionStore:
    """Stores suggestions until curators decide them, and their outcome afterwards."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def add(
        self, ref: Ref, text: str, source_url: str | None, member: Curator, language: str
    ) -> Suggestion:
        """Store a suggestion. Raises SuggestionLimitError, BlockedMemberError."""
        now = self._clock()
        async with self._database.write() as connection:
            await _require_allowed(connection, member.user_id, now)
            values = {
                "entity": ref.entity,
                "record_id": ref.id,
                "text": text,
                "source_url": source_url,
                "user_id": member.user_id,
                "user_name": member.name[:100],
                "language": language,
                "made_at": to_timestamp(now),
            }
            inserted = await connection.execute(suggestions.insert().values(values))
        [new_id] = inserted.inserted_primary_key or [0]
        return Suggestion(int(new_id), ref.entity, ref.id, text, source_url, member, language, now)

    async def open(self, limit: int = 25) -> Sequence[Suggestion]:
        """Return the suggestions that are not decided, oldest first."""
        is_open = suggestions.c.outcome.is_(None)
        query = select(suggestions).where(is_open).order_by(suggestions.c.id).limit(limit)
        return [_suggestion(row) for row in await self._database.fetch(query)]

    async def count_open(self) -> int:
        """Return the number of suggestions that are not decided."""
        is_open = suggestions.c.outcome.is_(None)
        query = select(func.count()).select_from(suggestions).where(is_open)
        [row] = await self._database.fetch(query)
        return int(row[0])

    async def get(self, suggestion_id: int) -> Suggestion | None:
        """Return a suggestion, or None."""
        query = select(suggestions).where(suggestions.c.id == suggestion_id)
        rows = await self._database.fetch(query)
        return _suggestion(rows[0]) if rows else None

    async def set_post(
        self, suggestion_id: int, channel_id: int, message_id: int
    ) -> Suggestion | None:
        """Set in which message a suggestion was posted. Returns it, or None if it is erased."""
        async with self._database.write() as connection:
            await connection.execute(
                update(suggestions)
                .where(suggestions.c.id == suggestion_id)
                .values(channel_id=channel_id, message_id=message_id)
            )
        return await self.get(suggestion_id)

    async def decide(
        self, suggestion_id: int, outcome: SuggestionOutcome, curator: Curator
    ) -> Suggestion | None:
        """Decide a suggestion. Returns None if somebody decided it before."""
        now = to_timestamp(self._clock())
        async with self._database.write() as connection:
            decided = await connection.execute(
                update(suggestions)
                .where(suggestions.c.id == suggestion_id, suggestions.c.outcome.is_(None))
                .values(
                    outcome=str(outcome),
                    decided_at=now,
                    decided_by=curator.user_id,
                )
            )
        return await self.get(suggestion_id) if decided.rowcount else None

    async def untold(self, limit: int = 25) -> Sequence[Suggestion]:
        """Return the decided suggestions whose outcome is not settled as told, oldest first."""
        is_untold = suggestions.c.outcome.is_not(None) & suggestions.c.notified_at.is_(None)
        query = select(suggestions).where(is_untold).order_by(suggestions.c.id).limit(limit)
        return [_suggestion(row) for row in await self._database.fetch(query)]

    async def set_told(self, suggestion_id: int) -> None:
        """Settle the outcome of a suggestion as told, or as one that can never be told."""
        async with self._database.write() as connection:
            await connection.execute(
                update(suggestions)
                .where(suggestions.c.id == suggestion_id)
                .values(notified_at=to_timestamp(self._clock()))
            )

    async def block(self, user_id: int, curator: Curator) -> Sequence[Suggestion]:
        """Accept no suggestions of a member, and decline the open ones silently.

        Returns those that were declined.
        """
        now = to_timestamp(self._clock())
        async with self._database.write() as connection:
            values = {"blocked_by": curator.user_id, "blocked_at": now}
            await upsert(connection, blocked_members, {"user_id": user_id}, values)
            # They are not told.
            declined = {
                "outcome": str(SuggestionOutcome.DECLINED),
                "decided_at": now,
                "notified_at": now,
            }
            rows = await connection.execute(
                update(suggestions)
                .where(suggestions.c.user_id == user_id, suggestions.c.outcome.is_(None))
                .values(decided_by=curator.user_id, **declined)
                .returning(suggestions)
            )
            return [_suggestion(row) for row in rows.all()]

    async def unblock(self, user_id: int) -> bool:
        """Accept suggestions of a member again. Returns whether they were blocked."""
        async with self._database.write() as connection:
            removed = await connection.execute(
                delete(blocked_members).where(blocked_members.c.user_id == user_id)
            )
        return removed.rowcount > 0

    async def channel_id(self) -> int | None:
        """Return the id of the channel where suggestions are posted, or None."""
        stored = await self._database.get_meta(SUGGESTIONS_CHANNEL)
        return int(stored) if stored else None

    async def set_channel_id(self, channel_id: int | None) -> None:
        """Set the channel where suggestions are posted. None: nowhere."""
        await self._database.set_meta(SUGGESTIONS_CHANNEL, str(channel_id or ""))

    async def purge_old(self, now: datetime) -> None:
        """Erase suggestions that were decided before the retention period."""
        before = to_timestamp(now - SUGGESTION_RETENTION)
        async with self._database.write() as connection:
            await connection.execute(delete(suggestions).where(suggestions.c.decided_at < before))

    async def erase_member(self, user_id: int) -> int:
        """Erase the suggestions of a member. Returns how many they were."""
        async with self._database.write() as connection:
            erased = await connection.execute(
                delete(suggestions).where(suggestions.c.user_id == user_id)
            )
        return erased.rowcount


async def _require_allowed(connection: AsyncConnection, user_id: int, now: datetime) -> None:
    is_blocked = select(blocked_members).where(blocked_members.c.user_id == user_id)
    if (await connection.execute(is_blocked)).first():
        raise BlockedMemberError
    since = to_timestamp(now - timedelta(days=1))
    recent = select(func.count()).where(
        suggestions.c.user_id == user_id, suggestions.c.made_at > since
    )
    if (await connection.execute(recent)).scalar_one() >= MAX_A_DAY:
        raise SuggestionLimitError(MAX_A_DAY)


def _suggestion(row: Any) -> Suggestion:
    return Suggestion(
        row.id,
        row.entity,
        row.record_id,
        row.text,
        row.source_url,
        Curator(row.user_id, row.user_name),
        row.language,
        from_timestamp(row.made_at),
        SuggestionOutcome(row.outcome) if row.outcome else None,
        (row.channel_id, row.message_id) if row.message_id else None,
    )
