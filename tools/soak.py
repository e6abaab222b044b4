"""Kills the bot hundreds of times: `python -m tools.soak --kills 500`, or `make soak`."""

import asyncio
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer

from tests.crash.fanout import FanOut, Result
from tests.crash.sigkill import KillCounts, run_with_kills

_KILLS_PER_RUN = 25
_CHANNELS_PER_KILL = 6


@dataclass(slots=True)
class Summary:
    """The results of all runs."""

    counts: KillCounts = field(default_factory=KillCounts)
    results: list[Result] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def add(self, fanout: FanOut) -> None:
        """Add the result of a complete run."""
        self.results.append(fanout.result())
        try:
            fanout.check()
        except AssertionError as error:
            self.problems.append(str(error))

    @property
    def duplicates(self) -> int:
        """Messages that were posted more than once."""
        return sum(result.duplicates for result in self.results)

    @property
    def missing(self) -> int:
        """Messages that were never posted."""
        return sum(result.missing for result in self.results)

    def __str__(self) -> str:
        return (
            f"{self.counts.kills} kills "
            f"({self.counts.before_arrival} announcements interrupted before they were posted, "
            f"{self.counts.before_settling} before they were settled), "
            f"{sum(result.messages for result in self.results)} messages, "
            f"{self.duplicates} duplicates, {self.missing} missing"
        )


async def soak(kills: int, seed: int) -> Summary:
    """Kill a bot so many times, in runs with channels and databases of their own."""
    summary = Summary()
    while (left := kills - summary.counts.kills) > 0:
        now = min(left, _KILLS_PER_RUN)
        with tempfile.TemporaryDirectory(prefix="bonbang-soak-") as folder:
            fanout = await run_with_kills(
                Path(folder),
                kills=now,
                channels=now * _CHANNELS_PER_KILL,
                seed=seed + summary.counts.kills,
                counts=summary.counts,
            )
            summary.add(fanout)
        typer.echo(str(summary))
    return summary


def main(
    kills: Annotated[int, typer.Option(min=1, help="How often the bot is killed.")] = 500,
    seed: Annotated[int, typer.Option(help="The seed of the random moments.")] = 0,
) -> None:
    """Kill the bot repeatedly while it announces, and count what was posted."""
    summary = asyncio.run(soak(kills, seed))
    for problem in summary.problems:
        typer.echo(problem, err=True)
    sys.exit(bool(summary.duplicates or summary.missing or summary.problems))


if __name__ == "__main__":
    typer.run(main)
