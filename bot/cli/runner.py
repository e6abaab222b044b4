"""Runs a command: reads the settings, runs the work, prints one clear line if it fails."""

import asyncio
import signal
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, TypeVar

import typer

from bot.errors import OperatorError

if TYPE_CHECKING:
    from bot.settings import Settings

Result = TypeVar("Result")

_EXIT_OPERATOR_ERROR = 2


def run_async(
    work: Callable[["Settings"], Coroutine[Any, Any, Result]],
    *,
    log_level: str | None = None,
    use_uvloop: bool = False,
) -> Result:
    """Run work with the settings until it is done, or until Ctrl-C or SIGTERM.

    `use_uvloop` uses a faster event loop if there is one; a simulated Discord needs asyncio's own.
    Exits with 2 and one line on standard error if the operator has to change something, with 1 if
    records are invalid, and quietly on Ctrl-C and SIGTERM.
    """
    # Loaded here, and not above: `--help` needs neither.
    from bot.catalog.validation import CatalogError
    from bot.log_setup import configure_logging
    from bot.settings import load_settings

    try:
        settings = load_settings()
        configure_logging(log_level or settings.log_level, settings.discord_token)
        with asyncio.Runner(loop_factory=_uvloop_factory() if use_uvloop else None) as runner:
            return runner.run(_run_until_signal(work(settings)))
    except OperatorError as error:
        _print_error(str(error))
        raise typer.Exit(_EXIT_OPERATOR_ERROR) from None
    except CatalogError as error:
        for problem in error.problems:
            _print_error(str(problem))
        _print_error(f"Errors: {len(error.problems)}. Nothing was written.")
        raise typer.Exit(1) from None
    except (KeyboardInterrupt, asyncio.CancelledError):
        raise typer.Exit(0) from None


def print_line(text: str) -> None:
    """Print one line. Control characters become escapes, and nothing is markup."""
    _print(text, stderr=False)


def _uvloop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """uvloop's event loop, a fifth faster per reply; asyncio's own on Windows."""
    try:
        from uvloop import new_event_loop
    except ImportError:
        return None
    return new_event_loop


async def _run_until_signal(work: Coroutine[Any, Any, Result]) -> Result:
    task = asyncio.ensure_future(work)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(number, task.cancel)
        except NotImplementedError:
            # Windows: Ctrl-C then comes as KeyboardInterrupt.
            break
    return await task


def _print_error(text: str) -> None:
    _print(text, stderr=True)


def _print(text: str, *, stderr: bool) -> None:
    from rich.console import Console

    from bot.control_characters import escape_control_characters

    line = escape_control_characters(text)
    console = Console(stderr=stderr, soft_wrap=True)
    console.print(line, markup=False, emoji=False, highlight=False)
