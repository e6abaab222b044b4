"""The demo from start to end: answer what is asked and be done, or serve a page and listen."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console

from bot.app import open_bot
from bot.clock import Clock
from bot.demo.keyboard import typed_lines
from bot.demo.terminal import as_json, show_reply
from bot.demo.typed import NotTyped, read_step
from bot.demo.world import Asker, World, simulated
from bot.settings import Settings
from bot.store.backup import copy_sqlite, sqlite_file

_FIRST = "/whois Taecyeon"


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
        viewers = (world.asker, world.other)
        async with world.env.preview(
            world.general,
            viewers=viewers,
            layout="channel",
            locale=scene.locale,
            port=scene.port,
        ) as page:
            console.print("\nTalk to the bot in your browser:", style="bold")
            console.print(page.url, style="cyan", soft_wrap=True)
            console.print("Or type a command here; +7d moves the clock on; Ctrl-C ends.\n")
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
    clock = _SimulatedClock(scene.now)
    with TemporaryDirectory(prefix="bonbang-demo-") as folder:
        url = _own_database(settings, Path(folder))
        async with (
            open_bot(url, settings.catalog_path, clock) as bot,
            simulated(bot, scene.now, scene.locale, scene.asker) as world,
        ):
            clock.follow(world.env.now)
            yield world


def _own_database(settings: Settings, folder: Path) -> str:
    """A database for this demo alone: a copy of the host's where there is one, else a new one."""
    target = folder / "demo.db"
    source = sqlite_file(settings.database_url)
    if source is not None and source.is_file():
        copy_sqlite(source, target)
    return f"sqlite:///{target}"


class _SimulatedClock:
    """The simulation's clock, which the bot is given before there is a simulation."""

    def __init__(self, start: datetime) -> None:
        self._clock: Clock = lambda: start

    def __call__(self) -> datetime:
        return self._clock()

    def follow(self, clock: Clock) -> None:
        """Tell the simulation's time from now on."""
        self._clock = clock
