"""A fan-out: many channels count down to one instant, and what was posted in each."""

import asyncio
import sqlite3
from collections.abc import AsyncGenerator, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from simcord.backend.models import Channel, Guild

from bot.app import import_catalog, open_database
from bot.clock import Clock
from bot.services.countdowns import CountdownOptions, CountdownService
from bot.store.catalog import CatalogStore
from bot.store.countdowns import MAX_COUNTDOWNS, CountdownStore
from bot.store.guilds import GuildStore
from tests.support import records
from tests.wire.clock import real_time
from tests.wire.fake_discord import WireDiscord
from tests.wire.polling import until
from tests.wire.process import RUN, BotProcess

SENDS = "/channels/*/messages"
"""The path that announcements are posted to, as a pattern for faults."""

PAST = timedelta(minutes=-1)

# The longest that a fan-out may take without faults: a lease, a backoff, a slow machine.
_TIMEOUT = 60.0

_UNSETTLED = """
    SELECT channel_id FROM deliveries JOIN countdowns ON countdowns.id = countdown_id
    WHERE outcome IS NULL
"""
_SENT = """
    SELECT channel_id, deliveries.id, message_id
    FROM deliveries JOIN countdowns ON countdowns.id = countdown_id WHERE outcome = 'sent'
"""
_PENDING = """
    SELECT 1 FROM countdowns WHERE next_at IS NOT NULL
    UNION SELECT 1 FROM deliveries WHERE outcome IS NULL OR lease_until IS NOT NULL
"""


@dataclass(frozen=True, slots=True)
class Result:
    """How many messages a fan-out posted, how many of them twice, and how many are missing."""

    messages: int
    duplicates: int
    missing: int


class FanOut:
    """Channels that all count down to the same instant, and nothing else."""

    def __init__(
        self, discord: WireDiscord, folder: Path, channels: list[Channel], due_at: datetime
    ) -> None:
        self.discord = discord
        self.due_at = due_at
        self.channels = channels
        self.database = folder / "bonbang.db"
        self._folder = folder

    def bot(self, name: str = "bot", command: Sequence[str] = RUN) -> BotProcess:
        """A bot with this database; several bots need different names."""
        folder = self._folder / name
        folder.mkdir()
        return BotProcess(
            self.discord,
            folder,
            database=self.database,
            command=command,
            CATALOG_PATH=str(self._folder / "records"),
        )

    def announce_window(self, window: str) -> None:
        """Change the title's release; a bot notices when it starts."""
        release = {"window": window, "status": "confirmed"}
        title = records.title("crash", "Crash Course", releases=[release])
        records.write(self._folder / "records", title)

    # What Discord has

    def message_count(self, channel: Channel) -> int:
        """How many messages a channel has."""
        return len(self.discord.backend.messages.get(channel.id, {}))

    def announcement_count(self, channel: Channel) -> int:
        """How many messages in a channel are the bot's."""
        messages = self.discord.backend.messages.get(channel.id, {}).values()
        return sum(one.author_id == self.discord.backend.bot_user.id for one in messages)

    @property
    def reached(self) -> int:
        """How many channels have a message."""
        return sum(self.message_count(channel) > 0 for channel in self.channels)

    def result(self) -> Result:
        """What was posted so far."""
        counts = [self.message_count(channel) for channel in self.channels]
        duplicates = sum(count - 1 for count in counts if count > 1)
        return Result(sum(counts), duplicates, counts.count(0))

    # What the database has

    def rows(self, query: str) -> list[Any]:
        """The rows that a query finds, even while a bot writes."""
        with closing(sqlite3.connect(self.database)) as connection:
            return connection.execute(query).fetchall()

    @property
    def unsettled_channels(self) -> list[int]:
        """The ids of the channels with a claimed and not yet settled delivery."""
        return [channel_id for (channel_id,) in self.rows(_UNSETTLED)]

    @property
    def is_complete(self) -> bool:
        """Whether nothing is left to do."""
        return not self.rows(_PENDING)

    def pause_reasons(self) -> dict[int, str]:
        """The pause reasons of paused countdowns, by their channels' ids."""
        return dict(self.rows("SELECT channel_id, paused FROM countdowns WHERE paused IS NOT NULL"))

    # Time

    async def wait_until_complete(self) -> None:
        """Wait until nothing is left to do. Raises TimeoutError with the result so far."""
        try:
            await until(lambda: self.is_complete, _TIMEOUT)
        except TimeoutError:
            raise TimeoutError(f"{self.result()}, unsettled: {self.unsettled_channels}") from None

    def check(self, reached: Iterable[Channel] | None = None) -> None:
        """Assert that channels (by default all) have one message each and all others none, and
        that the database knows each message by its id and nonce."""
        expected = {channel.id for channel in (self.channels if reached is None else reached)}
        counts = {channel.id: self.message_count(channel) for channel in self.channels}
        wrong = {i: count for i, count in counts.items() if count != (i in expected)}
        assert not wrong, f"messages in channels that should have one or none: {wrong}"
        assert sorted(self.rows(_SENT)) == sorted(self._messages())

    def _messages(self) -> Iterator[tuple[int, str, int]]:
        for channel in self.channels:
            for message in self.discord.messages(channel) if self.message_count(channel) else []:
                yield channel.id, message["nonce"], int(message["id"])


async def create_fanout(
    discord: WireDiscord,
    folder: Path,
    channels: int = 40,
    *,
    ahead: timedelta = PAST,
    publish: bool = False,
    picture: bool = False,
) -> FanOut:
    """Channels that count down to an instant `ahead` of now; if it has passed, it is due as soon
    as a bot runs."""
    due_at = (discord.now() + ahead).replace(microsecond=0)
    release = {"window": due_at.isoformat(), "status": "confirmed"}
    catalog = records.write(
        folder / "records", records.title("crash", "Crash Course", releases=[release])
    )
    fanout = FanOut(discord, folder, _create_channels(discord, channels, news=publish), due_at)
    url = f"sqlite:///{fanout.database}"
    async with await open_database(url, real_time) as database:
        await import_catalog(database, catalog, real_time)
        title = (await CatalogStore(database).load()).snapshot.title("crash")
        assert title is not None
        # Created just before the instant, so that only "released" is still to be announced.
        service = CountdownService(
            CountdownStore(database),
            GuildStore(database),
            lambda: due_at - timedelta(seconds=1),
            lambda: None,
        )
        options = CountdownOptions(
            milestone_days=[0],
            post_time=time(),
            timezone=ZoneInfo("UTC"),
            publish=publish,
            picture=picture,
        )
        for channel in fanout.channels:
            await service.create(
                title,
                channel.guild_id or 0,
                channel.id,
                event=None,
                guild_language="en-US",
                options=options,
            )
    return fanout


def _create_channels(discord: WireDiscord, count: int, *, news: bool) -> list[Channel]:
    """So many channels, in as many guilds as needed."""
    guilds: list[Guild] = []
    channels: list[Channel] = []
    for number in range(count):
        if number % MAX_COUNTDOWNS == 0:
            guilds.append(discord.create_guild(f"Drama Club {len(guilds)}"))
        create = discord.create_announcement_channel if news else discord.create_text_channel
        channels.append(create(guilds[-1], f"countdown-{number}"))
    return channels


@asynccontextmanager
async def open_fanout(
    folder: Path,
    channels: int = 40,
    *,
    ahead: timedelta = PAST,
    publish: bool = False,
    picture: bool = False,
    seed: int = 0,
    clock: Clock = real_time,
) -> AsyncGenerator[FanOut]:
    """A fan-out with a simulated Discord of its own; no bot runs yet."""
    async with WireDiscord(seed=seed, clock=clock) as discord:
        yield await create_fanout(
            discord, folder, channels, ahead=ahead, publish=publish, picture=picture
        )


async def process_requests() -> None:
    """Let the simulated Discord process the requests that have arrived."""
    await asyncio.sleep(0.05)
