"""Checks that the bot's memory does not grow: `python -m tools.memory_soak`.

A bot process answers interactions over real sockets while its catalog is imported again and again.
It exits with 1 if memory grew or if anything was not answered.
"""

import asyncio
import logging
import random
import statistics
import sys
import tempfile
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import typer
from discord import Permissions
from simcord.components import walk_components

from bot.app import catalog_importer, open_database
from bot.clock import system_clock
from bot.store.database import Database
from tests.support import records
from tests.wire.answers import Answer, Unanswered
from tests.wire.fake_discord import WireDiscord
from tests.wire.interactions import Member
from tests.wire.polling import until
from tests.wire.process import BotProcess
from tools.bench.generated_catalog import PEOPLE, people, write_catalog
from tools.bench.report import table
from tools.bench.startup import resident

_BOT = (sys.executable, "-m", "tools.refreshing_bot")
_MAX_GROWTH = 0.05
# Allocators give memory back late, so the medians of several rounds are compared, not two moments.
_COMPARED_SHARE = 5
_REFRESH_TIMEOUT = 60.0
_MEMBERS = 10
_BUTTON = 2


@dataclass(slots=True)
class Result:
    """Megabytes resident after each round since the warm-up, and what was done in all rounds."""

    resident: list[float] = field(default_factory=list[float])
    answered: int = 0
    unanswered: int = 0
    refreshes: int = 0

    @property
    def growth(self) -> float:
        """How much the last fifth of the rounds uses beyond the first, as a share of the first."""
        compared = max(1, len(self.resident) // _COMPARED_SHARE)
        first = statistics.median(self.resident[:compared])
        return statistics.median(self.resident[-compared:]) / first - 1

    @property
    def is_flat(self) -> bool:
        """Whether memory did not grow and everything was answered."""
        return self.growth <= _MAX_GROWTH and not self.unanswered

    def report(self) -> str:
        """The rounds in about ten rows, and the verdict."""
        step = max(1, len(self.resident) // 10)
        rows = [
            [str(number), f"{used:.0f}", f"{(used / self.resident[0] - 1) * 100:+.1f}"]
            for number, used in enumerate(self.resident, 1)
            if number == 1 or number % step == 0
        ]
        return (
            f"{table(('Round', 'Resident MB', 'Since the first, %'), rows)}\n\n"
            f"{self.answered:,} interactions answered, {self.unanswered} not; "
            f"{self.refreshes} refreshes; growth {self.growth * 100:+.1f} %"
        )


class Members:
    """Members who use every kind of interaction, each waiting for its answer."""

    def __init__(self, discord: WireDiscord, names: Sequence[str], seed: int) -> None:
        self._discord = discord
        self._names = names
        self._rng = random.Random(seed)  # noqa: S311
        guild = discord.create_guild("Drama Club")
        self._channel = discord.create_text_channel(guild, "general")
        moderates = Permissions(manage_guild=True)
        self._members = [
            discord.add_member(guild, f"member {number}", permissions=moderates)
            for number in range(_MEMBERS)
        ]

    async def ask(self, interactions: int, result: Result) -> None:
        """Send about so many interactions, all members at once, and count the answers."""
        each = interactions // _MEMBERS
        await asyncio.gather(*(self._ask(member, each, result) for member in self._members))

    async def wait_for(self, title: str) -> None:
        """Wait until a title is suggested, as it is once the catalog has been refreshed."""
        async with asyncio.timeout(_REFRESH_TIMEOUT):
            # Another process refreshes it, which cannot set an event here.
            while title not in await self._complete(  # noqa: ASYNC110
                self._members[0], "show", "title", title
            ):
                await asyncio.sleep(0.1)

    async def _ask(self, member: Member, interactions: int, result: Result) -> None:
        shown: Answer | None = None
        for turn in range(interactions):
            try:
                match turn % 4:
                    case 0:
                        shown = await self._command(member)
                    case 1 if shown is not None:
                        await self._press(member, shown)
                    case _:
                        name = self._rng.choice(self._names)
                        typed = name[: self._rng.randint(1, len(name))]
                        await self._complete(member, "whois", "name", typed)
            except Unanswered:
                result.unanswered += 1
            else:
                result.answered += 1

    async def _command(self, member: Member) -> Answer:
        name = self._rng.choice(self._names)
        command, options = self._rng.choice(
            [
                ("whois", {"name": name}),
                ("whois", {"name": f"{name} {name}"}),
                ("show", {"title": f"title:t{self._rng.randrange(1000)}"}),
                ("cast", {"title": f"title:t{self._rng.randrange(1000)}"}),
                ("countdown list", {}),
                ("settings", {"time": f"{self._rng.randrange(24)}:00"}),
            ]
        )
        return await self._discord.slash(member, self._channel, command, **options)

    async def _press(self, member: Member, shown: Answer) -> None:
        """Press a button of a card, or type the name of a show if it has none."""
        ids = [
            part["custom_id"]
            for part in walk_components(shown.body["components"])
            if part["type"] == _BUTTON and "custom_id" in part
        ]
        if ids:
            await self._discord.click(member, shown.body, custom_id=self._rng.choice(ids))
        else:
            await self._complete(member, "show", "title", self._rng.choice(self._names))

    async def _complete(self, member: Member, command: str, option: str, typed: str) -> list[str]:
        """Type into an option. Returns the names suggested."""
        choices = await self._discord.autocomplete(member, self._channel, command, option, typed)
        return [choice["name"] for choice in choices]


@asynccontextmanager
async def _bot(folder: Path, database: Path) -> AsyncGenerator[tuple[WireDiscord, BotProcess]]:
    async with (
        WireDiscord(global_limit=None, channel_limit=None) as discord,
        BotProcess(
            discord, folder, command=_BOT, database=database, CATALOG_PATH=str(folder)
        ) as process,
    ):
        yield discord, process


async def _import(database: Database, file: Path, record: dict[str, Any]) -> None:
    """Import one changed record, as another process would."""
    records.write_lines(file, record)
    await catalog_importer(database, system_clock).import_path(file)


async def soak(
    folder: Path, catalog: Path, *, rounds: int, interactions: int, warm_up: int, seed: int = 0
) -> Result:
    """Run rounds, each of so many interactions and a refresh; the first `warm_up` do not count."""
    file, result = folder / "bonbang.db", Result()
    async with await open_database(f"sqlite:///{file}", system_clock) as database:
        await catalog_importer(database, system_clock).import_path(catalog)
        async with _bot(folder, file) as (discord, process):
            members = Members(discord, [one.latin for one in people(PEOPLE)], seed)
            await process.connected(60)
            await until(lambda: "logged in" in process.log(), 60)
            for number in range(warm_up + rounds):
                changed = records.title("changing", f"Zzyzx {number}")
                await _import(database, folder / "changed.jsonl", changed)
                await members.ask(interactions, result)
                await members.wait_for(f"Zzyzx {number}")
                result.refreshes += 1
                if number >= warm_up:
                    result.resident.append(resident(process.pid))
                    typer.echo(f"{number + 1 - warm_up}: {result.resident[-1]:.0f} MB", err=True)
    return result


def main(
    refreshes: Annotated[int, typer.Option(min=2, help="How often the catalog changes.")] = 50,
    interactions: Annotated[int, typer.Option(min=1, help="How many, in all.")] = 50_000,
    warm_up: Annotated[int, typer.Option(min=0, help="Refreshes before it is measured.")] = 10,
) -> None:
    """Use the bot while its catalog changes, and compare the memory before and after."""
    # The imports of this process; the bot logs to a file of its own.
    logging.disable(logging.WARNING)
    with tempfile.TemporaryDirectory(prefix="bonbang-memory-") as folder:
        catalog = write_catalog(Path(folder) / "catalog.jsonl")
        each = interactions // refreshes
        result = asyncio.run(
            soak(Path(folder), catalog, rounds=refreshes, interactions=each, warm_up=warm_up)
        )
    typer.echo(result.report())
    sys.exit(not result.is_flat)


if __name__ == "__main__":
    typer.run(main)
