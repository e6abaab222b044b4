"""What the commands of `bonbang` have in common: settings in, one clear line out when it fails."""

import asyncio
import signal
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

import typer
from rich.console import Console

from bot.catalog.problems import CatalogError
from bot.errors import HostError
from bot.logs import set_up_logs
from bot.settings import Settings, load_settings

Result = TypeVar("Result")

_HOST_MUST_ACT = 2


def conduct(
    work: Callable[[Settings], Coroutine[Any, Any, Result]],
    *,
    log_level: str | None = None,
    quick: bool = False,
) -> Result:
    """Run work with the settings, until it is done or the process is asked to end.

    `quick` uses a faster event loop where there is one; a simulated Discord needs asyncio's own.
    Ends the process: with 2 and one line on standard error where the host has to change something,
    with 1 where records are wrong, and quietly on Ctrl-C and SIGTERM.
    """
    try:
        settings = load_settings()
        set_up_logs(log_level or settings.log_level, settings.discord_token)
        with asyncio.Runner(loop_factory=_quick_loop() if quick else None) as runner:
            return runner.run(_until_told(work(settings)))
    except HostError as error:
        _complain(str(error))
        raise typer.Exit(_HOST_MUST_ACT) from None
    except CatalogError as error:
        _complain(f"{error}\nNothing was written: {len(error.problems)} to put right.")
        raise typer.Exit(1) from None
    except (KeyboardInterrupt, asyncio.CancelledError):
        raise typer.Exit(0) from None


def _quick_loop() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """uvloop's, which takes a fifth off what an answer costs; asyncio's own on Windows."""
    try:
        from uvloop import new_event_loop
    except ImportError:
        return None
    return new_event_loop


async def _until_told(work: Coroutine[Any, Any, Result]) -> Result:
    task = asyncio.ensure_future(work)
    loop = asyncio.get_running_loop()
    for told in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(told, task.cancel)
        except NotImplementedError:
            # Windows: Ctrl-C then comes as KeyboardInterrupt.
            break
    return await task


def _complain(text: str) -> None:
    Console(stderr=True, soft_wrap=True).print(text, markup=False, highlight=False)
