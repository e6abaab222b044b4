"""Kills without end: `python -m tests.crash.soak --kills 500`, or `make soak`."""

import asyncio
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer

from tests.crash.killing import Toll, massacre
from tests.crash.stage import Fate, Stage

_KILLS_A_ROUND = 25
_CHANNELS_A_KILL = 6


@dataclass(slots=True)
class Sum:
    """What all rounds come to."""

    toll: Toll = field(default_factory=Toll)
    fates: list[Fate] = field(default_factory=list)
    unlike: list[str] = field(default_factory=list)

    def add(self, stage: Stage) -> None:
        """Count a round that is over."""
        self.fates.append(stage.fate())
        try:
            stage.check()
        except AssertionError as error:
            self.unlike.append(str(error))

    @property
    def duplicates(self) -> int:
        """Messages that should not be."""
        return sum(fate.duplicates for fate in self.fates)

    @property
    def missing(self) -> int:
        """Messages that should be."""
        return sum(fate.missing for fate in self.fates)

    def __str__(self) -> str:
        return (
            f"{self.toll.kills} kills "
            f"({self.toll.before_it_arrived} announcements broken off before they arrived, "
            f"{self.toll.before_it_was_settled} before they were settled), "
            f"{sum(fate.messages for fate in self.fates)} messages, "
            f"{self.duplicates} duplicates, {self.missing} missing"
        )


async def soak(kills: int, seed: int) -> Sum:
    """Kill a bot so many times, in rounds of their own channels and databases."""
    total = Sum()
    while (left := kills - total.toll.kills) > 0:
        now = min(left, _KILLS_A_ROUND)
        with tempfile.TemporaryDirectory(prefix="bonbang-soak-") as folder:
            stage = await massacre(
                Path(folder),
                kills=now,
                channels=now * _CHANNELS_A_KILL,
                seed=seed + total.toll.kills,
                toll=total.toll,
            )
            total.add(stage)
        typer.echo(str(total))
    return total


def main(
    kills: Annotated[int, typer.Option(min=1, help="How often the bot is killed.")] = 500,
    seed: Annotated[int, typer.Option(help="What the moments are drawn from.")] = 0,
) -> None:
    """Kill the bot while it announces, again and again, and count what is posted."""
    total = asyncio.run(soak(kills, seed))
    for problem in total.unlike:
        typer.echo(problem, err=True)
    sys.exit(bool(total.duplicates or total.missing or total.unlike))


if __name__ == "__main__":
    typer.run(main)
