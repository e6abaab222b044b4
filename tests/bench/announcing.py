"""Announcements: how fast they go out, and how late."""

import asyncio
import time
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from tests.bench.report import median_and_p99, ms, table
from tests.crash.stage import Stage, playing

_FEW, _MANY = 20, 1_000
_TURNS = 10
_ALLOWED = 50
# Countdowns take a while to set up, and the bot to come up, before the instant is there.
_AHEAD_FEW, _AHEAD_MANY = timedelta(seconds=6), timedelta(seconds=20)


async def section(folder: Path) -> str:
    """Measure and describe it."""
    few = [delay for turn in range(_TURNS) for delay in await _delays(folder / f"few{turn}", _FEW)]
    many = await _delays(folder / "many", _MANY)
    rate = (len(many) - 1) / (max(many) - min(many))
    return f"""## Announcements

From the instant that is due until the message is at Discord's door, over loopback sockets:

{table(("Channels due at one instant", "p50 ms", "p99 ms"), [_row(_FEW, few), _row(_MANY, many)])}

A thousand channels were told at {rate:.1f} a second, **{rate / _ALLOWED:.1%} of the {_ALLOWED}** \
that Discord allows, without a 429."""


def _row(channels: int, delays: Sequence[float]) -> list[str]:
    return [f"{channels:,}", *map(ms, median_and_p99(delays))]


async def _delays(folder: Path, channels: int) -> list[float]:
    """How long after the instant each of so many channels was told, in seconds."""
    folder.mkdir()
    ahead = _AHEAD_FEW if channels == _FEW else _AHEAD_MANY
    async with playing(folder, channels, ahead=ahead) as stage, stage.bot() as bot:
        await bot.connected()
        await asyncio.sleep(max(0.0, stage.due.timestamp() - time.time()))
        await stage.over()
        stage.check()
        if stage.discord.limits.refused:
            raise RuntimeError("Discord had to say 429")
        return _posted(stage)


def _posted(stage: Stage) -> list[float]:
    clocks_apart = time.time() - time.monotonic()
    due = stage.due.timestamp() - clocks_apart
    sent = [one.time for one in stage.discord.requests if one.path.endswith("/messages")]
    return [instant - due for instant in sent]
