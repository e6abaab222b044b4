"""Countdowns in a simulated server: commands by its moderator, time that passes, what is posted."""

from datetime import datetime
from pathlib import Path
from typing import Any

import simcord

from bot.app import catalog_importer
from tests.conftest import Server

# The last part of the time that passes, in seconds.
_LAST_STEPS = 1.0


async def mod(server: Server, name: str, /, **options: Any) -> simcord.InteractionResult:
    """Run a command as the moderator, in the channel."""
    return await server.moderator.slash(server.channel, name, **options)


async def add(server: Server, **options: Any) -> simcord.InteractionResult:
    """Add a countdown; to Soul Mate, in the channel, unless the options say otherwise."""
    options = {"title": "Soul Mate", "channel": server.channel, **options}
    return await mod(server, "countdown add", **options)


async def until(server: Server, instant: str) -> None:
    """Advance the time to an instant."""
    ahead = (datetime.fromisoformat(instant) - server.env.now()).total_seconds()
    assert ahead > 0
    # On a busy machine, the bot may only get to what was due after the time has passed: it gets
    # two more turns.
    last = min(_LAST_STEPS, ahead / 2)
    await server.env.advance_time(ahead - last)
    for _ in range(2):
        await server.env.advance_time(last / 2)


def posted(server: Server) -> list[str]:
    """The content of the announcements in the channel, oldest first."""
    messages = server.channel.history()
    return [one.content for one in messages if one.content]


async def import_records(server: Server, folder: Path) -> None:
    """Import records as another process would, and have the bot notice."""
    bot = server.env.bot
    await catalog_importer(bot._database, server.env.now).import_path(folder)
    await bot.services.catalog.refresh()
    bot.services.countdowns._wake()
    # The rate limiter only lets the next announcement go once the clock moves. On a busy machine,
    # the bot may ask it only after the first step.
    for _ in range(3):
        await server.env.advance_time(1)
