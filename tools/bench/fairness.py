"""How long members wait while another member floods the bot, over real sockets."""

import asyncio
import os
import random
import time
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from simcord.backend.models import Channel

from bot.search.name_index import LONGEST_QUERY
from tests.wire.answers import Unanswered
from tests.wire.fake_discord import WireDiscord
from tests.wire.interactions import Member
from tests.wire.polling import until
from tests.wire.process import BotProcess
from tools.bench.generated_catalog import people
from tools.bench.replies import BOT_CORE
from tools.bench.report import median_and_p99, ms, table

_MEMBERS = 10
# Between two letters of a member who types, in seconds.
_PAUSE = (0.15, 0.35)
_FLOOD_RATES = (0, 200, 400)
_DURATION = 20.0


@dataclass(slots=True)
class Waits:
    """The seconds that each answer took, and how many interactions were not answered."""

    seconds: list[float] = field(default_factory=list[float])
    unanswered: int = 0

    async def add(self, asked: Awaitable[object]) -> None:
        """Wait for an answer, and count it."""
        start = time.monotonic()
        try:
            await asked
        except Unanswered:
            self.unanswered += 1
        else:
            self.seconds.append(time.monotonic() - start)

    def row(self, name: str) -> list[str]:
        """The row of the table."""
        p50, p99 = median_and_p99(self.seconds or [0.0])
        figures = (p50, p99, max(self.seconds, default=0.0))
        return [name, f"{len(self.seconds):,}", *map(ms, figures), f"{self.unanswered:,}"]


async def section(database: Path, folder: Path) -> str:
    """Measure with a database of the generated catalog, and return the section of the report."""
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores - {BOT_CORE} or cores)
    rows: list[list[str]] = []
    for rate in _FLOOD_RATES:
        others, flood = await _measure(database, folder / f"flood{rate}", rate)
        rows.append(others.row(f"{_MEMBERS} members, beside {rate}"))
        if rate:
            rows.append(flood.row(f"the one who sends {rate}"))
    os.sched_setaffinity(0, cores)
    head = ("Who", "Answered", "p50 ms", "p99 ms", "Slowest ms", "Unanswered")
    return f"""## Beside a flood

{_MEMBERS} members type names letter by letter, as people do, and send each as a command. Another
one of the same server sends so many completions a second, each of which takes the search as long
as any, for {_DURATION:.0f} s, the bot on one core. What is over that member's limit is dropped.

{table(head, rows)}"""


async def _measure(database: Path, folder: Path, flood_rate: int) -> tuple[Waits, Waits]:
    """The waits of the members, and of the one who floods."""
    folder.mkdir()
    others, flood = Waits(), Waits()
    async with (
        WireDiscord(global_limit=None, channel_limit=None) as discord,
        BotProcess(discord, folder, database=database, CATALOG_PATH=str(folder)) as process,
    ):
        os.sched_setaffinity(process.pid, {BOT_CORE})
        guild = discord.create_guild("Drama Club")
        crowd = _Crowd(discord, discord.create_text_channel(guild, "general"))
        members = [discord.add_member(guild, f"member {n}") for n in range(_MEMBERS)]
        await process.connected(60)
        await until(lambda: "logged in" in process.log(), 60)
        until_time = time.monotonic() + _DURATION
        async with asyncio.TaskGroup() as group:
            for number, member in enumerate(members):
                group.create_task(crowd.type_names(member, number, until_time, others))
            if flood_rate:
                flooder = discord.add_member(guild, "flooder")
                await crowd.flood(flooder, flood_rate, until_time, flood)
    return others, flood


class _Crowd:
    """The members of a channel."""

    def __init__(self, discord: WireDiscord, channel: Channel) -> None:
        self._discord = discord
        self._channel = channel

    async def type_names(self, member: Member, seed: int, end: float, waits: Waits) -> None:
        """Type names and send them, one after the other, without waiting for choices."""
        rng = random.Random(seed)  # noqa: S311
        names = [one.latin for one in rng.sample(people(2000), 100)]
        async with asyncio.TaskGroup() as group:
            for name in names:
                for length in range(2, len(name) + 1):
                    if time.monotonic() > end:
                        return
                    await asyncio.sleep(rng.uniform(*_PAUSE))
                    group.create_task(waits.add(self._complete(member, name[:length])))
                slash = self._discord.slash(member, self._channel, "whois", name=name)
                group.create_task(waits.add(slash))

    async def flood(self, member: Member, rate: int, end: float, waits: Waits) -> None:
        """Send completions at a steady rate, without waiting for any."""
        start, turn = time.monotonic(), 0
        texts = _slow_texts(int(rate * _DURATION) + 1)
        async with asyncio.TaskGroup() as group:
            while (now := time.monotonic()) < end:
                await asyncio.sleep(max(0.0, start + turn / rate - now))
                group.create_task(waits.add(self._complete(member, texts[turn % len(texts)])))
                turn += 1

    async def _complete(self, member: Member, text: str) -> None:
        await self._discord.autocomplete(member, self._channel, "whois", "name", text)


def _slow_texts(count: int) -> Sequence[str]:
    """Texts that the search takes longest for, each different: many common syllables."""
    rng = random.Random(5)  # noqa: S311
    syllables = "".join(one.hangul for one in people(500))
    return ["".join(rng.choices(syllables, k=LONGEST_QUERY)) for _ in range(count)]
