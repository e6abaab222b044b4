"""Runs the demo: either runs given commands and exits, or serves a web page and reads input."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import get_args

import simcord
from rich.console import Console

from bot.app import open_bot
from bot.demo.catalog_import import import_catalog
from bot.demo.command_parser import CommandSyntaxError, parse_time_step
from bot.demo.examples import Examples, choose_examples
from bot.demo.simulation import (
    DemoUser,
    Notice,
    Reply,
    SimulatedClock,
    Simulation,
    run_simulation,
)
from bot.demo.stdin import read_lines
from bot.demo.terminal import as_json, show_notice, show_prompt, show_reply, show_start
from bot.errors import OperatorError
from bot.i18n import get_translations
from bot.settings import Settings
from bot.store.backup import copy_sqlite, erase_guild_data
from bot.store.database_url import parse_url, sqlite_file

# No other process writes to the demo's database, so there is nothing to check for.
_NEVER = timedelta(days=36_500)

_USER_SWITCHES: dict[str, DemoUser] = {f"as {user}": user for user in get_args(DemoUser)}


@dataclass(frozen=True, slots=True)
class DemoConfig:
    """The configuration of the demo: start time, user, locale, catalog and output.

    `catalog` is a path to the only records to use, or None for those of the bot.
    """

    now: datetime
    user: DemoUser
    locale: str
    catalog: Path | None
    json: bool
    port: int


async def run_commands(settings: Settings, config: DemoConfig, lines: Sequence[str]) -> bool:
    """Run commands and print the replies. Returns whether every command got a reply.

    Raises CatalogError if the given catalog has invalid records.
    """
    async with _open_simulation(settings, config) as (simulation, _):
        return all([await _run_line(simulation, config, line) for line in lines])


async def serve_page(settings: Settings, config: DemoConfig) -> None:
    """Serve the web page, and run commands from standard input until it ends.

    Raises CatalogError if the given catalog has invalid records, OperatorError if the page cannot
    be served.
    """
    console = Console()
    async with _open_simulation(settings, config) as (simulation, examples):
        commands = _commands_to_try(examples)
        await _run_line(simulation, config, commands[0])
        async with _open_page(simulation, config) as page:
            show_start(console, page.url, commands)
            show_prompt(console, simulation.user)
            async for line in read_lines():
                await _run_line(simulation, config, line)
                # The page can be closed in the browser.
                with suppress(simcord.SetupError):
                    await simulation.exclusively(page.refresh)
                show_prompt(console, simulation.user)


def _commands_to_try(examples: Examples) -> list[str]:
    """Return two commands for everybody and one for moderators."""
    names = {"/whois": examples.person, "/cast": examples.title}
    lookups = [f"{command} {name}" for command, name in names.items() if name]
    return [*[*lookups, "/about", "/help"][:2], "/countdown list"]


async def _run_line(simulation: Simulation, config: DemoConfig, line: str) -> bool:
    """Run a line of input and print the result. Returns whether it succeeded."""
    if not line:
        return True
    console = Console()
    try:
        result = await _run(simulation, line)
    except CommandSyntaxError as error:
        Console(stderr=True).print(str(error), style="red", highlight=False, markup=False)
        return False
    if config.json:
        print(as_json(result), flush=True)
    elif isinstance(result, Notice):
        show_notice(console, result, simulation.mention_names())
    else:
        show_reply(console, result, simulation.mention_names())
    return isinstance(result, Notice) or result.message is not None


async def _run(simulation: Simulation, line: str) -> Reply | Notice:
    """Run a command, a time step or a switch such as `as moderator`.

    Raises CommandSyntaxError.
    """
    if user := _USER_SWITCHES.get(" ".join(line.casefold().split())):
        simulation.user = user
        return Notice(line, f"You are now the {user}.", [])
    if step := parse_time_step(line):
        now = await simulation.advance(step)
        text = f"The time is now {now:%Y-%m-%d %H:%M} UTC."
        return Notice(line, text, simulation.take_announcements())
    return await simulation.run_command(line)


@asynccontextmanager
async def _open_page(simulation: Simulation, config: DemoConfig) -> AsyncGenerator[simcord.Preview]:
    async with AsyncExitStack() as stack:
        preview = simulation.env.preview(
            simulation.channel,
            viewers=simulation.viewers(),
            layout="channel",
            locale=config.locale,
            port=config.port,
        )
        try:
            page = await stack.enter_async_context(preview)
        except simcord.SetupError as error:
            raise OperatorError(f"Can't serve the page: {error}. Choose another --port.") from error
        yield page


@asynccontextmanager
async def _open_simulation(
    settings: Settings, config: DemoConfig
) -> AsyncGenerator[tuple[Simulation, Examples]]:
    clock = SimulatedClock(config.now)
    with TemporaryDirectory(prefix="bonbang-demo-") as temporary:
        folder = Path(temporary)
        url, catalog_path = f"sqlite:///{folder / 'demo.db'}", settings.catalog_path
        if config.catalog is None:
            _copy_database(settings, folder / "demo.db")
        else:
            await import_catalog(url, config.catalog, clock)
            catalog_path = folder / "no-more-records"
            catalog_path.mkdir()
        async with (
            open_bot(url, catalog_path, clock, recheck=_NEVER) as bot,
            run_simulation(bot, clock, config.locale, config.user) as simulation,
        ):
            language = get_translations(config.locale).language
            examples = choose_examples(bot.services.catalog, language, config.now)
            if examples.upcoming is not None:
                await simulation.add_countdown(examples.upcoming)
            yield simulation, examples


def _copy_database(settings: Settings, target: Path) -> None:
    """Copy the catalog of the configured database, if there is one yet."""
    source = sqlite_file(parse_url(settings.database_url))
    if source is not None and source.is_file():
        copy_sqlite(source, target)
        erase_guild_data(target)
