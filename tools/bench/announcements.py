"""Announcements: how many a second, and how long after they are due."""

import asyncio
import time
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from tests.crash.fanout import FanOut, open_fanout
from tools.bench.report import median_and_p99, ms, table

_FEW, _MANY = 20, 1_000
_TURNS = 10
_DISCORD_LIMIT = 50
# Countdowns take a while to create, and the bot to start, before they are due.
_AHEAD_FEW, _AHEAD_MANY = timedelta(seconds=6), timedelta(seconds=20)


async def section(folder: Path) -> str:
    """Measure, and return the section of the report."""
    few = [delay for turn in range(_TURNS) for delay in await _delays(folder / f"few{turn}", _FEW)]
    many = await _delays(folder / "many", _MANY)
    rate = (len(many) - 1) / (max(many) - min(many))
    return f"""## Announcements

From the due time until the message reaches Discord, over loopback sockets:

{table(("Channels due at one instant", "p50 ms", "p99 ms"), [_row(_FEW, few), _row(_MANY, many)])}

A thousand channels were posted to at {rate:.1f} a second, **{rate / _DISCORD_LIMIT:.1%} of \
the {_DISCORD_LIMIT}** that Discord allows, without a 429."""


def _row(channels: int, delays: Sequence[float]) -> list[str]:
    return [f"{channels:,}", *map(ms, median_and_p99(delays))]


async def _delays(folder: Path, channels: int) -> list[float]:
    """How long after the due time each of so many channels had its message, in seconds."""
    folder.mkdir()
    ahead = _AHEAD_FEW if channels == _FEW else _AHEAD_MANY
    async with open_fanout(folder, channels, ahead=ahead) as fanout, fanout.bot() as bot:
        await bot.connected()
        await asyncio.sleep(max(0.0, fanout.due_at.timestamp() - time.time()))
        await fanout.wait_until_complete()
        fanout.check()
        if fanout.discord.limits.refused:
            raise RuntimeError("Discord responded with 429")
        return _sent(fanout)


def _sent(fanout: FanOut) -> list[float]:
    clocks_apart = time.time() - time.monotonic()
    due = fanout.due_at.timestamp() - clocks_apart
    sent = [one.time for one in fanout.discord.requests if one.path.endswith("/messages")]
    return [instant - due for instant in sent]
