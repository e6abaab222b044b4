"""`bonbang countdowns`: upcoming announcements and failures, for the operator."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.runner import print_line, run_async
from bot.clock import describe_offset
from bot.control_characters import escape_control_characters

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text

    from bot.announcements.model import Countdown
    from bot.settings import Settings
    from bot.store.clock_offset import ClockOffset
    from bot.store.countdowns import FailedDelivery

# The measurement is that precise.
_SMALL_OFFSET = timedelta(seconds=3)


def countdowns(
    limit: Annotated[
        int, typer.Option(min=1, max=1000, help="Maximum number of rows per table.")
    ] = 20,
) -> None:
    """Show upcoming announcements, paused countdowns, and failed deliveries."""

    async def work(settings: "Settings") -> None:
        from bot.app import open_database
        from bot.clock import system_clock
        from bot.store.clock_offset import ClockOffsetStore
        from bot.store.countdowns import CountdownStore

        async with await open_database(settings.database_url, system_clock) as database:
            store = CountdownStore(database)
            print_line(_clock_text(await ClockOffsetStore(database).get()))
            _print(_next_table(await store.list_next(limit)), "No announcements scheduled.")
            _print(
                _paused_table(await store.list_paused(limit)), "No countdowns paused by an error."
            )
            _print(_failed_table(await store.list_failures(limit)), "No failed deliveries.")

    run_async(work, log_level="WARNING")


def _clock_text(measured: "ClockOffset | None") -> str:
    if measured is None:
        return "Clock: not compared with Discord's yet."
    if abs(measured.offset) < _SMALL_OFFSET:
        return "Clock: this machine's clock agrees with Discord's."
    return (
        f"Clock: this machine's clock is {describe_offset(measured.offset)} Discord's (measured "
        f"{_instant(measured.measured_at)}). Announcements follow Discord's."
    )


def _next_table(found: Sequence["Countdown"]) -> "Table":
    table = _table("Next", "Due", "Countdown", "Server", "Channel", "Show", "Event")
    for one in found:
        # What an import has made due has no time of its own.
        due = _instant(one.next_at) if one.next_at and one.next_at.timestamp() else "now"
        table.add_row(due, *_countdown_cells(one))
    return table


def _paused_table(found: Sequence["Countdown"]) -> "Table":
    table = _table("Paused", "Why", "Countdown", "Server", "Channel", "Show", "Event")
    for one in found:
        table.add_row(str(one.paused), *_countdown_cells(one))
    return table


def _failed_table(found: Sequence["FailedDelivery"]) -> "Table":
    table = _table("Failed or retried", "Since", "Countdown", "Attempts", "Outcome", "Error")
    for one in found:
        cells = (str(one.countdown_id), str(one.attempts), one.outcome or "will retry")
        table.add_row(_instant(one.claimed_at), *cells, _cell(one.error))
    return table


def _table(title: str, *columns: str) -> "Table":
    from rich.table import Table

    return Table(*columns, title=title)


def _countdown_cells(one: "Countdown") -> "tuple[str | Text, ...]":
    ids = (str(one.id), str(one.guild_id), str(one.channel_id))
    return *ids, _cell(one.title_id), _cell(one.release_key)


def _cell(text: str) -> "Text":
    """Text from outside. It may look like Rich's markup, or contain control characters."""
    from rich.text import Text

    return Text(escape_control_characters(text))


def _instant(instant: datetime) -> str:
    return f"{instant:%Y-%m-%d %H:%M:%S} UTC"


def _print(table: "Table", nothing: str) -> None:
    from rich.console import Console

    Console(soft_wrap=True).print(table if table.row_count else nothing)
