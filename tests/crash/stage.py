"""Where crashes are staged: many channels to be told of one instant, and what became of it."""

import asyncio
import sqlite3
from collections.abc import AsyncGenerator, Iterable, Iterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from simcord.backend.models import Channel, Guild

from bot.app import open_database, read_catalog
from bot.desk import Desk, Terms
from bot.store.catalog import CatalogStore
from bot.store.countdowns import LIMIT, CountdownStore
from tests.records import title, write
from tests.wire.clock import real_time
from tests.wire.discord import WireDiscord
from tests.wire.polling import until
from tests.wire.process import BotProcess

SENDS = "/channels/*/messages"
"""Where announcements are posted to, as a pattern for faults."""

PAST = timedelta(minutes=-1)

# The longest that anything may take once nothing hinders it: a lease, a backoff, a slow machine.
_PATIENCE = 60.0

_UNSETTLED = """
    SELECT channel_id FROM deliveries JOIN countdowns ON countdowns.id = countdown_id
    WHERE outcome IS NULL
"""
_SENT = """
    SELECT channel_id, deliveries.id, message_id
    FROM deliveries JOIN countdowns ON countdowns.id = countdown_id WHERE outcome = 'sent'
"""
_LEFT = """
    SELECT 1 FROM countdowns WHERE due IS NOT NULL
    UNION SELECT 1 FROM deliveries WHERE outcome IS NULL OR lease IS NOT NULL
"""


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a fan-out: channels that were told twice, and those never told."""

    messages: int
    duplicates: int
    missing: int


class Stage:
    """Channels that are counted down to one and the same instant, and nothing else."""

    def __init__(
        self, discord: WireDiscord, folder: Path, channels: list[Channel], due: datetime
    ) -> None:
        self.discord = discord
        self.due = due
        self.channels = channels
        self.database = folder / "bonbang.db"
        self._folder = folder

    def bot(self, name: str = "bot") -> BotProcess:
        """A bot on this stage's database; several need names of their own."""
        folder = self._folder / name
        folder.mkdir()
        records = str(self._folder / "records")
        return BotProcess(self.discord, folder, database=self.database, CATALOG_PATH=records)

    # What is seen in Discord

    def count(self, channel: Channel) -> int:
        """How many messages stand in a channel."""
        return len(self.discord.backend.messages.get(channel.id, {}))

    def announced(self, channel: Channel) -> int:
        """How many messages in a channel are the bot's."""
        messages = self.discord.backend.messages.get(channel.id, {}).values()
        return sum(one.author_id == self.discord.backend.bot_user.id for one in messages)

    @property
    def told(self) -> int:
        """How many channels have a message."""
        return sum(self.count(channel) > 0 for channel in self.channels)

    def fate(self) -> Fate:
        """What became of it so far."""
        counts = [self.count(channel) for channel in self.channels]
        twice = sum(count - 1 for count in counts if count > 1)
        return Fate(sum(counts), twice, counts.count(0))

    # What is seen in the database

    def rows(self, query: str) -> list[Any]:
        """What a query finds, whoever writes meanwhile."""
        with closing(sqlite3.connect(self.database)) as connection:
            return connection.execute(query).fetchall()

    @property
    def unsettled(self) -> list[int]:
        """The ids of the channels that something was claimed for and not settled."""
        return [channel_id for (channel_id,) in self.rows(_UNSETTLED)]

    @property
    def is_over(self) -> bool:
        """Whether there is nothing left to do."""
        return not self.rows(_LEFT)

    def paused(self) -> dict[int, str]:
        """Why channels are told nothing more, by their ids."""
        return dict(self.rows("SELECT channel_id, paused FROM countdowns WHERE paused IS NOT NULL"))

    # What happens

    async def over(self) -> None:
        """Wait until there is nothing left to do. Raises TimeoutError, telling how far it got."""
        try:
            await until(lambda: self.is_over, _PATIENCE)
        except TimeoutError:
            raise TimeoutError(f"{self.fate()}, unsettled: {self.unsettled}") from None

    def let_pass(self, seconds: float) -> None:
        """Have it be later for everything that happened. To be done while no bot is there.

        Neither process can be told another time, so what they remember is made older instead.
        """
        with closing(sqlite3.connect(self.database)) as connection, connection:
            connection.execute(
                "UPDATE deliveries SET claimed = claimed - ?, lease = lease - ?", (seconds, seconds)
            )
        self.discord.advance(seconds)

    def check(self, told: Iterable[Channel] | None = None) -> None:
        """Make sure that channels (all, unless given) have one message each, that others have
        none, and that the database knows each message by its id and nonce."""
        expected = {channel.id for channel in (self.channels if told is None else told)}
        counts = {channel.id: self.count(channel) for channel in self.channels}
        wrong = {i: count for i, count in counts.items() if count != (i in expected)}
        assert not wrong, f"messages in channels that should have one or none: {wrong}"
        assert sorted(self.rows(_SENT)) == sorted(self._standing())

    def _standing(self) -> Iterator[tuple[int, str, int]]:
        for channel in self.channels:
            for message in self.discord.messages(channel) if self.count(channel) else []:
                yield channel.id, message["nonce"], int(message["id"])


async def set_stage(
    discord: WireDiscord, folder: Path, channels: int = 40, *, ahead: timedelta = PAST
) -> Stage:
    """Have so many channels count down to an instant `ahead` of now; if that is past, it is due
    as soon as a bot runs."""
    out = (datetime.now(UTC) + ahead).replace(microsecond=0)
    release = {"window": out.isoformat(), "status": "confirmed"}
    records = write(folder / "records", title("crash", "Crash Course", releases=[release]))
    stage = Stage(discord, folder, _make_channels(discord, channels), out)
    url = f"sqlite:///{stage.database}"
    async with await open_database(url, real_time) as database:
        await read_catalog(database, records, real_time)
        found = (await CatalogStore(database).load()).records.title("crash")
        assert found is not None
        # Asked for just before the instant, so that the instant alone is still to be told of.
        desk = Desk(CountdownStore(database), lambda: out - timedelta(seconds=1))
        terms = Terms(milestones=[0], at=time(), zone=ZoneInfo("UTC"))
        for channel in stage.channels:
            place = channel.guild_id or 0, channel.id
            await desk.add(found, place, None, "en-US", terms)
    return stage


def _make_channels(discord: WireDiscord, count: int) -> list[Channel]:
    """Channels, in as many servers as it takes."""
    guilds: list[Guild] = []
    channels: list[Channel] = []
    for number in range(count):
        if number % LIMIT == 0:
            guilds.append(discord.create_guild(f"Drama Club {len(guilds)}"))
        channels.append(discord.create_text_channel(guilds[-1], f"countdown-{number}"))
    return channels


@asynccontextmanager
async def playing(
    folder: Path, channels: int = 40, *, ahead: timedelta = PAST, seed: int = 0
) -> AsyncGenerator[Stage]:
    """A stage in a Discord of its own, with no bot yet."""
    async with WireDiscord(seed=seed) as discord:
        yield await set_stage(discord, folder, channels, ahead=ahead)


async def breathe() -> None:
    """Let Discord see to what has arrived."""
    await asyncio.sleep(0.05)
