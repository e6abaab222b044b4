"""Countdowns and servers' choices, as moderators and hosts see them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import case, delete, func, select, update
from sqlalchemy.exc import IntegrityError

from bot.countdown.deciding import UNSURE
from bot.countdown.model import Countdown, PauseReason
from bot.countdown.occasions import Schedule
from bot.errors import BonbangError
from bot.store.database import Database
from bot.store.instants import from_seconds, seconds
from bot.store.tables import countdowns, deliveries, servers

LIMIT = 100
"""How many countdowns a server may have."""

_KEPT_AFTER_LEAVING = timedelta(days=30)


class AlreadyThereError(BonbangError):
    """The same show, event and channel are counted down already."""

    def __init__(self, existing: Countdown) -> None:
        super().__init__(f"countdown {existing.id} is the same")
        self.existing = existing


class TooManyError(BonbangError):
    """The server has as many countdowns as it may have."""


@dataclass(frozen=True, slots=True)
class ServerChoices:
    """What a server chose; None where it did not."""

    language: str | None = None
    zone: str | None = None
    at: time | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """A delivery that did not go through at once; `outcome` is None while it is retried."""

    claimed: datetime
    countdown_id: int
    attempts: int
    outcome: str | None
    error: str


class CountdownStore:
    """Countdowns, always within the server they belong to."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, countdown: Countdown) -> Countdown:
        """Keep a new countdown; its `id` is given here.

        Raises AlreadyThereError, TooManyError.
        """
        own = countdowns.c.guild_id == countdown.guild_id
        try:
            async with self._database.write() as connection:
                count = select(func.count()).select_from(countdowns).where(own)
                if (await connection.execute(count)).scalar_one() >= LIMIT:
                    raise TooManyError
                added = await connection.execute(countdowns.insert().values(_values(countdown)))
        except IntegrityError as error:
            raise await self._same(countdown) or error from None
        [new_id] = added.inserted_primary_key or [0]
        return replace(countdown, id=int(new_id))

    async def of_server(self, guild_id: int) -> list[Countdown]:
        """A server's countdowns, oldest first."""
        query = select(countdowns).where(countdowns.c.guild_id == guild_id)
        rows = await self._database.fetch(query.order_by(countdowns.c.id))
        return [countdown_of(row) for row in rows]

    async def get(self, guild_id: int, countdown_id: int) -> Countdown | None:
        """One countdown of a server."""
        query = select(countdowns).where(
            countdowns.c.id == countdown_id, countdowns.c.guild_id == guild_id
        )
        rows = await self._database.fetch(query)
        return countdown_of(rows[0]) if rows else None

    async def change(self, countdown: Countdown) -> None:
        """Keep a countdown as it is given, over whatever the announcer did meanwhile.

        Raises AlreadyThereError where it would be the same as another.
        """
        values = {**_values(countdown), "version": countdowns.c.version + 1}
        # What the channel knows is the announcer's to say.
        del values["seen"]
        own = (countdowns.c.id == countdown.id) & (countdowns.c.guild_id == countdown.guild_id)
        try:
            async with self._database.write() as connection:
                await connection.execute(update(countdowns).where(own).values(values))
        except IntegrityError as error:
            raise await self._same(countdown) or error from None

    async def remove(self, guild_id: int, countdown_id: int) -> None:
        """Erase a countdown of a server, and what was announced of it."""
        own = (countdowns.c.id == countdown_id) & (countdowns.c.guild_id == guild_id)
        async with self._database.write() as connection:
            await connection.execute(delete(countdowns).where(own))

    async def choices(self, guild_id: int) -> ServerChoices:
        """What a server chose."""
        rows = await self._database.fetch(select(servers).where(servers.c.guild_id == guild_id))
        if not rows:
            return ServerChoices()
        at = time.fromisoformat(rows[0].time) if rows[0].time else None
        return ServerChoices(rows[0].language, rows[0].zone, at)

    async def choose(self, guild_id: int, choices: ServerChoices) -> None:
        """Keep what a server chose, in place of what it chose before."""
        at = choices.at.isoformat("minutes") if choices.at else None
        await self._put_server(guild_id, language=choices.language, zone=choices.zone, time=at)

    async def left(self, guild_id: int, now: datetime) -> None:
        """The bot was removed from a server: its countdowns rest."""
        await self._put_server(guild_id, left=seconds(now))
        resting = {"paused": str(PauseReason.LEFT), "due": None}
        async with self._database.write() as connection:
            await connection.execute(
                update(countdowns)
                .where(countdowns.c.guild_id == guild_id, countdowns.c.paused.is_(None))
                .values(version=countdowns.c.version + 1, **resting)
            )

    async def returned(self, guild_id: int) -> None:
        """The bot was added to a server (again)."""
        async with self._database.write() as connection:
            await connection.execute(
                update(servers).where(servers.c.guild_id == guild_id).values(left=None)
            )

    async def forget_left(self, now: datetime) -> int:
        """Erase everything of servers that the bot left long ago. Returns how many servers."""
        long_ago = seconds(now - _KEPT_AFTER_LEAVING)
        gone = select(servers.c.guild_id).where(servers.c.left < long_ago)
        async with self._database.write() as connection:
            await connection.execute(delete(countdowns).where(countdowns.c.guild_id.in_(gone)))
            erased = await connection.execute(delete(servers).where(servers.c.left < long_ago))
        return erased.rowcount

    async def take_up_again(self, now: datetime) -> None:
        """Have every countdown, of all servers, go on from now.

        What came due before is not announced, nor is how the releases stand told as a change.
        """
        cursor = case((countdowns.c.cursor > seconds(now), countdowns.c.cursor), else_=seconds(now))
        due = case((countdowns.c.paused.is_(None), seconds(now)))
        version = countdowns.c.version + 1
        async with self._database.write() as connection:
            await connection.execute(
                update(countdowns).values(cursor=cursor, due=due, seen=UNSURE, version=version)
            )

    async def next_due(self, limit: int) -> Sequence[Countdown]:
        """What is next, of all servers, soonest first."""
        query = select(countdowns).where(countdowns.c.due.is_not(None))
        rows = await self._database.fetch(query.order_by(countdowns.c.due).limit(limit))
        return [countdown_of(row) for row in rows]

    async def paused(self, limit: int) -> Sequence[Countdown]:
        """What rests because it could not be posted, of all servers, latest first."""
        by_itself = [str(r) for r in PauseReason if r is not PauseReason.BY_HAND]
        query = select(countdowns).where(countdowns.c.paused.in_(by_itself))
        rows = await self._database.fetch(query.order_by(countdowns.c.id.desc()).limit(limit))
        return [countdown_of(row) for row in rows]

    async def failures(self, limit: int) -> Sequence[Failure]:
        """What failed or is being retried, of all servers, latest first."""
        wrong = deliveries.c.error.is_not(None) | (deliveries.c.outcome == "failed")
        query = select(deliveries).where(wrong).order_by(deliveries.c.claimed.desc()).limit(limit)
        return [
            Failure(
                from_seconds(row.claimed),
                row.countdown_id,
                row.attempts,
                row.outcome,
                row.error or "",
            )
            for row in await self._database.fetch(query)
        ]

    async def _same(self, countdown: Countdown) -> AlreadyThereError | None:
        """That the server has a countdown with the same show, event and channel, if it has."""
        query = select(countdowns).where(
            countdowns.c.guild_id == countdown.guild_id,
            countdowns.c.title_id == countdown.title_id,
            countdowns.c.slot == countdown.slot,
            countdowns.c.channel_id == countdown.channel_id,
        )
        rows = await self._database.fetch(query)
        return AlreadyThereError(countdown_of(rows[0])) if rows else None

    async def _put_server(self, guild_id: int, **values: Any) -> None:
        async with self._database.write() as connection:
            mine = servers.c.guild_id == guild_id
            changed = await connection.execute(update(servers).where(mine).values(values))
            if changed.rowcount == 0:
                await connection.execute(servers.insert().values(guild_id=guild_id, **values))


def countdown_of(row: Any) -> Countdown:
    """A countdown from its row."""
    milestones = tuple(map(int, row.milestones.split()))
    schedule = Schedule(milestones, time.fromisoformat(row.time), ZoneInfo(row.zone))
    return Countdown(
        id=row.id,
        guild_id=row.guild_id,
        channel_id=row.channel_id,
        title_id=row.title_id,
        slot=row.slot,
        schedule=schedule,
        language=row.language,
        role_id=row.role_id,
        publish=row.publish,
        paused=PauseReason(row.paused) if row.paused else None,
        cursor=from_seconds(row.cursor),
        seen=row.seen,
        due=None if row.due is None else from_seconds(row.due),
        version=row.version,
    )


def _values(countdown: Countdown) -> dict[str, Any]:
    schedule = countdown.schedule
    return {
        "guild_id": countdown.guild_id,
        "channel_id": countdown.channel_id,
        "title_id": countdown.title_id,
        "slot": countdown.slot,
        "milestones": " ".join(map(str, schedule.milestones)),
        "time": schedule.time.isoformat("minutes"),
        "zone": schedule.zone.key,
        "language": countdown.language,
        "role_id": countdown.role_id,
        "publish": countdown.publish,
        "paused": str(countdown.paused) if countdown.paused else None,
        "cursor": seconds(countdown.cursor),
        "seen": countdown.seen,
        "due": seconds(countdown.due),
        "version": countdown.version,
    }
