"""How long the bot takes to start, and how much memory it then uses."""

import os
import statistics
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.wire.fake_discord import WireDiscord
from tests.wire.process import BotProcess
from tools.bench.report import table

_TIMES = 5


async def section(bots: Mapping[str, dict[str, Any]], folder: Path) -> str:
    """Start each of `bots` (its arguments by name) in turns; return the section of the report."""
    seconds: dict[str, list[float]] = {name: [] for name in bots}
    memory: dict[str, list[float]] = {name: [] for name in bots}
    for turn in range(_TIMES):
        for number, (name, bot) in enumerate(bots.items()):
            place = folder / f"start{turn}-{number}"
            place.mkdir()
            took, held = await _start(place, bot)
            seconds[name].append(took)
            memory[name].append(held)
    rows = [
        [name, f"{statistics.median(seconds[name]):.2f}", f"{statistics.median(memory[name]):.0f}"]
        for name in bots
    ]
    return f"""## Start and memory

From the start of the process until it is connected, and what it then holds (resident); medians of
{_TIMES} starts on a database that is there already.

{table(("Catalog", "Seconds", "MB"), rows)}"""


def resident(pid: int) -> float:
    """The resident memory of a process, in megabytes (Linux)."""
    pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


async def _start(folder: Path, bot: dict[str, Any]) -> tuple[float, float]:
    async with WireDiscord() as discord:
        start = time.monotonic()
        async with BotProcess(discord, folder, **bot) as process:
            await process.connected(120)
            return time.monotonic() - start, resident(process.pid)
