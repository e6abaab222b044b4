"""Runs the demo: either runs given commands and exits, or serves a web page and reads input."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console

from bot.app import open_bot
from bot.demo.command_parser import CommandSyntaxError, parse_time_step
from bot.demo.simulation import DemoUser, SimulatedClock, Simulation, run_simulation
from bot.demo.stdin import read_lines
from bot.demo.terminal import as_json, show_announcement, show_reply
from bot.settings import Settings
from bot.store.backup import copy_sqlite, erase_guild_data
from bot.store.database import parse_url, sqlite_file

_FIRST_COMMAND = "/whois Taecyeon"
_COUNTDOWN_TITLE = "title:soul-mate"

# No other process writes to the demo's database, so there is nothing to check for.
_NEVER = timedelta(days=36_500)


@dataclass(frozen=True, slots=True)
class DemoConfig:
    """The configuration of the demo: start time, user, locale and output."""

    now: datetime
    user: DemoUser
    locale: str
    json: bool
    port: int


async def run_commands(settings: Settings, config: DemoConfig, lines: Sequence[str]) -> bool:
    """Run commands and print the replies. Returns whether every command got a reply."""
    async with _open_simulation(settings, config) as simulation:
        return all([await _run_line(simulation, config, line) for line in lines])


async def serve_page(settings: Settings, config: DemoConfig) -> None:
    """Serve the web page, and run commands from standard input until it ends."""
    console = Console()
    async with _open_simulation(settings, config) as simulation:
        await _run_line(simulation, config, _FIRST_COMMAND)
        async with simulation.env.preview(
            simulation.channel,
            viewers=simulation.people,
            layout="channel",
            locale=config.locale,
            port=config.port,
        ) as page:
            console.print("\nOpen the demo in your browser:", style="bold")
            console.print(page.url, style="cyan", soft_wrap=True)
            console.print(
                "Or type a command here. +1d moves the clock forward a day and posts due "
                "announcements."
            )
            console.print("Press Ctrl-C to quit.\n")
            async for line in read_lines():
                await _run_line(simulation, config, line)
                await simulation.exclusively(page.refresh)


async def _run_line(simulation: Simulation, config: DemoConfig, line: str) -> bool:
    """Run a command or time step and print the result. Returns whether it succeeded."""
    if not line:
        return True
    console = Console()
    try:
        if step := parse_time_step(line):
            now = await simulation.advance(step)
            console.print(f"The time is now {now:%Y-%m-%d %H:%M} UTC.", highlight=False)
            for message in simulation.take_announcements():
                show_announcement(console, message, "countdown")
            return True
        reply = await simulation.run_command(line)
    except CommandSyntaxError as error:
        Console(stderr=True).print(str(error), style="red", highlight=False, markup=False)
        return False
    if config.json:
        print(as_json(reply), flush=True)
    else:
        show_reply(console, reply)
    return reply.message is not None


@asynccontextmanager
async def _open_simulation(settings: Settings, config: DemoConfig) -> AsyncGenerator[Simulation]:
    clock = SimulatedClock(config.now)
    with TemporaryDirectory(prefix="bonbang-demo-") as folder:
        url = _create_database(settings, Path(folder))
        async with (
            open_bot(url, settings.catalog_path, clock, recheck=_NEVER) as bot,
            run_simulation(bot, clock, config.locale, config.user) as simulation,
        ):
            if bot.services.catalog.entry(_COUNTDOWN_TITLE) is not None:
                await simulation.add_countdown(_COUNTDOWN_TITLE)
            yield simulation


def _create_database(settings: Settings, folder: Path) -> str:
    """Return the URL of a database for this demo: a copy of the configured one, or a new one."""
    target = folder / "demo.db"
    source = sqlite_file(parse_url(settings.database_url))
    if source is not None and source.is_file():
        copy_sqlite(source, target)
        erase_guild_data(target)
    return f"sqlite:///{target}"
