"""The demo from start to end: answer what is asked and be done, or serve a page and listen."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console

from bot.app import open_bot
from bot.demo.keyboard import typed_lines
from bot.demo.terminal import as_json, show_announcement, show_reply
from bot.demo.typed import NotTyped, read_step
from bot.demo.world import Asker, SimulatedClock, World, simulated
from bot.settings import Settings
from bot.store.backup import copy_sqlite, forget_servers
from bot.store.database import parse_url, sqlite_file

_FIRST = "/whois Taecyeon"
_COUNTED = "title:soul-mate"

# Nobody but the demo itself writes to its database.
_NEVER = timedelta(days=36_500)


@dataclass(frozen=True, slots=True)
class Scene:
    """How the demo is set up: its clock, who asks and in which language, and how it shows."""

    now: datetime
    asker: Asker
    locale: str
    json: bool
    port: int


async def answer_lines(settings: Settings, scene: Scene, lines: Sequence[str]) -> bool:
    """Answer commands in the terminal. Tells whether every one of them was answered."""
    async with _world(settings, scene) as world:
        return all([await _answer(world, scene, line) for line in lines])


async def serve(settings: Settings, scene: Scene) -> None:
    """Serve the page and answer lines of standard input, until that ends or this is cancelled."""
    console = Console()
    async with _world(settings, scene) as world:
        await _answer(world, scene, _FIRST)
        async with world.env.preview(
            world.channel,
            viewers=world.people,
            layout="channel",
            locale=scene.locale,
            port=scene.port,
        ) as page:
            console.print("\nTalk to the bot in your browser:", style="bold")
            console.print(page.url, style="cyan", soft_wrap=True)
            console.print("Or type a command here. +1d moves the clock on, and #countdown is told.")
            console.print("Ctrl-C ends.\n")
            async for line in typed_lines():
                await _answer(world, scene, line)
                await world.alone(page.refresh)


async def _answer(world: World, scene: Scene, line: str) -> bool:
    """Do what a line says and show what came of it. Tells whether it was answered."""
    if not line:
        return True
    console = Console()
    try:
        if step := read_step(line):
            now = await world.advance(step)
            console.print(f"It is {now:%Y-%m-%d %H:%M} UTC.", highlight=False)
            for message in world.announcements():
                show_announcement(console, message, "countdown")
            return True
        reply = await world.ask(line)
    except NotTyped as error:
        Console(stderr=True).print(str(error), style="red", highlight=False, markup=False)
        return False
    if scene.json:
        print(as_json(reply), flush=True)
    else:
        show_reply(console, reply)
    return reply.message is not None


@asynccontextmanager
async def _world(settings: Settings, scene: Scene) -> AsyncGenerator[World]:
    clock = SimulatedClock(scene.now)
    with TemporaryDirectory(prefix="bonbang-demo-") as folder:
        url = _own_database(settings, Path(folder))
        async with (
            open_bot(url, settings.catalog_path, clock, recheck=_NEVER) as bot,
            simulated(bot, clock, scene.locale, scene.asker) as world,
        ):
            if bot.library.record(_COUNTED) is not None:
                await world.count_down(_COUNTED)
            yield world


def _own_database(settings: Settings, folder: Path) -> str:
    """A database for this demo alone: a copy of the host's where there is one, else a new one."""
    target = folder / "demo.db"
    source = sqlite_file(parse_url(settings.database_url))
    if source is not None and source.is_file():
        copy_sqlite(source, target)
        forget_servers(target)
    return f"sqlite:///{target}"
