"""How long a reply takes over real sockets, compared with a minimal bot."""

import asyncio
import os
import random
import sys
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import Any

from simcord.backend.models import Channel

from bot.catalog.model import Person, Title
from tests.wire.fake_discord import WireDiscord
from tests.wire.interactions import Member
from tests.wire.process import BotProcess
from tools.bench.report import median_and_p99, ms, table

BARE_BOT = (sys.executable, "-m", "tools.bench.bare_bot")

BOT_CORE = 0
"""The core that the bots run on; the simulated Discord uses the others."""

_ROUNDS = 600
_WARM_UP = 200
# Lets a bot finish its work before the other one is measured.
_PAUSE = 0.005
_RATE, _DURATION = 200, 30
# Enough members for that rate, none of whom sends more than the bot allows each.
_CROWD = 100
_LATE_AFTER = 1.0

BARE = "`/ping` of the bare bot"

Ask = Callable[[], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Client:
    """A member in a channel of a simulated Discord with one bot, and a crowd of others."""

    discord: WireDiscord
    member: Member
    crowd: Sequence[Member]
    channel: Channel

    async def slash(self, command: str, **options: str) -> float:
        """Send a command. Returns the seconds until its reply reached Discord."""
        return await self._timed(
            lambda: self.discord.slash(self.member, self.channel, command, **options)
        )

    async def autocomplete(self, command: str, option: str, typed: str) -> float:
        """Type into an option. Returns the seconds until its choices reached Discord."""
        return await self._timed(
            lambda: self.discord.autocomplete(self.member, self.channel, command, option, typed)
        )

    async def _timed(self, ask: Ask) -> float:
        start = time.monotonic()
        await ask()
        # Without the time the simulation takes to process the reply.
        return self.discord.requests[-1].time - start


async def section(database: Path, records: Sequence[Title | Person], folder: Path) -> str:
    """Measure with a database and its records, and return the section of the report."""
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores - {BOT_CORE} or cores)
    ordinary = [record for record in records if record.popularity > 0]
    async with (
        _open_client(folder / "ours", database=database) as ours,
        _open_client(folder / "bare", command=BARE_BOT) as bare,
    ):
        waited = await _one_by_one(ours, bare, ordinary)
        load = await _sustained(ours, ordinary)
    os.sched_setaffinity(0, cores)
    return f"""## Answers

From the moment a question leaves Discord until its answer is back there, over loopback HTTP and
WebSocket, {_ROUNDS} of each, one at a time and in turns with `/ping` of a bare discord.py bot that
replies with a constant. Who is asked for is drawn by popularity; names are typed in full, and an
option is completed letter by letter. `first`: nobody has asked for it since the bot started (but
for whom chance drew twice); `again`: somebody just has.

{_waits(waited)}

**{_RATE} answers a second** for {_DURATION} s, a third of each, the bot on one core:
{_load(load)}"""


def _waits(waited: dict[str, list[float]]) -> str:
    p50, p99 = median_and_p99(waited[BARE])
    rows = [
        [asked, ms(own[0]), ms(own[1]), f"{own[0] / p50:.2f}", f"{own[1] / p99:.2f}"]
        for asked, own in ((asked, median_and_p99(times)) for asked, times in waited.items())
    ]
    return table(("Asked", "p50 ms", "p99 ms", "p50, times the bare", "p99, times the bare"), rows)


def _load(waited: list[float]) -> str:
    p50, p99 = median_and_p99(waited)
    late = sum(one > _LATE_AFTER for one in waited)
    return (
        f"{len(waited):,} asked and answered, p50 {ms(p50)} ms, p99 {ms(p99)} ms, the slowest "
        f"{ms(max(waited))} ms; {late} later than {_LATE_AFTER:.0f} s."
    )


@asynccontextmanager
async def _open_client(folder: Path, **bot: Any) -> AsyncGenerator[Client]:
    folder.mkdir()
    async with WireDiscord(global_limit=None, channel_limit=None) as discord:
        guild = discord.create_guild("Drama Club")
        channel = discord.create_text_channel(guild, "general")
        member = discord.add_member(guild, "mina")
        crowd = [discord.add_member(guild, f"member {number}") for number in range(_CROWD)]
        settings = {"CATALOG_PATH": str(folder)}
        async with BotProcess(discord, folder, **bot, **settings) as process:
            await process.connected(60)
            os.sched_setaffinity(process.pid, {BOT_CORE})
            yield Client(discord, member, crowd, channel)


async def _one_by_one(
    ours: Client, bare: Client, records: Sequence[Title | Person]
) -> dict[str, list[float]]:
    people, titles = _popular(records, Person), _popular(records, Title)
    letters = _letters(people)
    asks: dict[str, Callable[[int], Awaitable[float]]] = {
        BARE: lambda _: bare.slash("ping"),
        "`/whois`": lambda turn: ours.slash("whois", name=people[turn].names[0].text),
        "`/cast`": lambda turn: ours.slash("cast", title=titles[turn].names[0].text),
        "a letter typed": lambda turn: ours.autocomplete("whois", "name", letters[turn]),
    }
    for turn in range(_ROUNDS, _ROUNDS + _WARM_UP):
        for ask in asks.values():
            await ask(turn)
    waited: dict[str, list[float]] = {}
    for turn in range(_ROUNDS):
        for time_of_asking in ("first", "again"):
            for asked, ask in asks.items():
                await asyncio.sleep(_PAUSE)
                seconds = await ask(turn)
                key = asked if asked == BARE else f"{asked}, {time_of_asking}"
                waited.setdefault(key, []).append(seconds)
    return waited


async def _sustained(client: Client, records: Sequence[Title | Person]) -> list[float]:
    """Send interactions at a steady rate, without waiting for replies."""
    people, titles = _popular(records, Person), _popular(records, Title)
    letters = _letters(people)
    discord, channel = client.discord, client.channel
    kinds: cycle[Callable[[Member, int], Awaitable[Any]]] = cycle(
        (
            lambda member, turn: discord.slash(
                member, channel, "whois", name=people[turn % len(people)].names[0].text
            ),
            lambda member, turn: discord.slash(
                member, channel, "cast", title=titles[turn % len(titles)].names[0].text
            ),
            lambda member, turn: discord.autocomplete(
                member, channel, "whois", "name", letters[turn % len(letters)]
            ),
        )
    )

    async def timed(asked: Awaitable[Any]) -> float:
        start = time.monotonic()
        await asked
        return time.monotonic() - start

    start = time.monotonic()
    tasks: list[asyncio.Task[float]] = []
    for turn in range(_RATE * _DURATION):
        await asyncio.sleep(max(0.0, start + turn / _RATE - time.monotonic()))
        tasks.append(asyncio.create_task(timed(next(kinds)(client.crowd[turn % _CROWD], turn))))
    return list(await asyncio.gather(*tasks))


def _popular(records: Sequence[Title | Person], kind: type[Any]) -> list[Any]:
    """Random records, the popular ones more often."""
    known = [record for record in records if isinstance(record, kind)]
    rng = random.Random(4)  # noqa: S311
    weights = [record.popularity for record in known]
    return rng.choices(known, weights, k=_ROUNDS + _WARM_UP)


def _letters(people: Sequence[Person]) -> list[str]:
    """The text of an option after each letter, from the second on."""
    names = (person.names[0].text for person in people)
    typed = (name[:length] for name in names for length in range(2, len(name) + 1))
    return [text for text, _ in zip(typed, range(_ROUNDS + _WARM_UP), strict=False)]
