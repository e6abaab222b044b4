"""Keeps what discord.py logs about malformed payloads to one line each."""

import asyncio
import logging
import reprlib
from traceback import walk_tb
from types import TracebackType
from typing import Any

from bot.client.retry import describe

_log = logging.getLogger(__name__)

# These report errors while an event is handled, with a traceback.
_EVENT_LOGGERS = (
    "bot.client.command_tree",
    "discord.app_commands.tree",
    "discord.client",
    "discord.ui.modal",
    "discord.ui.view",
)

_INTERACTION_TASKS = ("CommandTree-invoker", "discord-ui-")


def shorten_discord_logs() -> None:
    """Shorten log records of discord.py, and report errors of its tasks in this event loop."""
    for name in ("discord.gateway", "discord.shard"):
        logging.getLogger(name).addFilter(_shorten)
    for name in _EVENT_LOGGERS:
        logging.getLogger(name).addFilter(_shorten_malformed)
    asyncio.get_running_loop().set_exception_handler(_report_task_error)


def _shorten(record: logging.LogRecord) -> bool:
    """Filter log records of discord.py's connection: no tracebacks, and no long arguments."""
    if record.exc_info and record.exc_info[1]:
        record.msg = f"{record.getMessage()} ({describe(record.exc_info[1])})"
        record.args, record.exc_info = (), None
    elif isinstance(record.args, tuple):
        short = (x if isinstance(x, int | float) else reprlib.repr(x) for x in record.args)
        record.args = tuple(short)
    return True


def _shorten_malformed(record: logging.LogRecord) -> bool:
    """Filter log records: without a traceback, if discord.py itself could not use a payload."""
    if record.exc_info and record.exc_info[2] and _is_in_discord(record.exc_info[2]):
        return _shorten(record)
    return True


def _is_in_discord(traceback: TracebackType) -> bool:
    """Return whether discord.py raised an error without having called any other code."""
    modules = (frame.f_globals.get("__name__", "") for frame, _ in walk_tb(traceback))
    return all(name.startswith("discord.") for name in modules)


def _report_task_error(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Report errors of tasks that nobody awaits.

    In the tasks that discord.py starts for an interaction, the bot's own errors are handled. Any
    other is discord.py's, and comes from the payload.
    """
    task, error = context.get("future"), context.get("exception")
    name = task.get_name() if isinstance(task, asyncio.Task) else ""
    if isinstance(error, Exception) and name.startswith(_INTERACTION_TASKS):
        _log.warning("dropped a malformed INTERACTION_CREATE event (%s)", describe(error))
    else:
        loop.default_exception_handler(context)
