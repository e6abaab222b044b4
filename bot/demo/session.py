"""The demo from start to end: answer what is asked and be done, or serve a page and listen."""

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
from bot.demo.stdin import typed_lines
from bot.demo.terminal import as_json, show_announcement, show_reply
from bot.settings import Settings
from bot.store.backup import copy_sqlite, erase_guild_data
from bot.store.database import parse_url, sqlite_file

_FIRST = "/whois Taecyeon"
_COUNTED = "title:soul-mate"

# Nobody but the demo itself writes to its database.
_NEVER = timedelta(days=36_500)


@dataclass(frozen=True, slots=True)
class DemoConfig:
    """How the demo is set up: its clock, who asks and in which language, and how it shows."""

    now: datetime
    asker: DemoUser
    locale: str
    json: bool
    port: int


async def run_commands(settings: Settings, scene: DemoConfig, lines: Sequence[str]) -> bool:
    """Answer commands in the terminal. Tells whether every one of them was answered."""
    async with _open_simulation(settings, scene) as world:
        return all([await _run_line(world, scene, line) for line in lines])


async def serve_page(settings: Settings, scene: DemoConfig) -> None:
    """Serve the page and answer lines of standard input, until that ends or this is cancelled."""
    console = Console()
    async with _open_simulation(settings, scene) as world:
        await _run_line(world, scene, _FIRST)
        async with world.env.preview(
            world.channel,
            viewers=world.people,
            layout="channel",
            locale=scene.locale,
            port=scene.port,
        ) as page:
            console.print("\nOpen the demo in your browser:", style="bold")
            console.print(page.url, style="cyan", soft_wrap=True)
            console.print(
                "Or type a command here. +1d moves the clock forward a day and posts due "
                "announcements."
            )
            console.print("Press Ctrl-C to quit.\n")
            async for line in typed_lines():
                await _run_line(world, scene, line)
                await world.exclusively(page.refresh)


async def _run_line(world: Simulation, scene: DemoConfig, line: str) -> bool:
    """Do what a line says and show what came of it. Tells whether it was answered."""
    if not line:
        return True
    console = Console()
    try:
        if step := parse_time_step(line):
            now = await world.advance(step)
            console.print(f"The time is now {now:%Y-%m-%d %H:%M} UTC.", highlight=False)
            for message in world.take_announcements():
                show_announcement(console, message, "countdown")
            return True
        reply = await world.run_command(line)
    except CommandSyntaxError as error:
        Console(stderr=True).print(str(error), style="red", highlight=False, markup=False)
        return False
    if scene.json:
        print(as_json(reply), flush=True)
    else:
        show_reply(console, reply)
    return reply.message is not None


@asynccontextmanager
async def _open_simulation(settings: Settings, scene: DemoConfig) -> AsyncGenerator[Simulation]:
    clock = SimulatedClock(scene.now)
    with TemporaryDirectory(prefix="bonbang-demo-") as folder:
        url = _own_database(settings, Path(folder))
        async with (
            open_bot(url, settings.catalog_path, clock, recheck=_NEVER) as bot,
            run_simulation(bot, clock, scene.locale, scene.asker) as world,
        ):
            if bot.services.catalog.entry(_COUNTED) is not None:
                await world.add_countdown(_COUNTED)
            yield world


def _own_database(settings: Settings, folder: Path) -> str:
    """A database for this demo alone: a copy of the host's where there is one, else a new one."""
    target = folder / "demo.db"
    source = sqlite_file(parse_url(settings.database_url))
    if source is not None and source.is_file():
        copy_sqlite(source, target)
        erase_guild_data(target)
    return f"sqlite:///{target}"
