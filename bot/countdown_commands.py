"""`bonbang countdowns`: what is next and what failed, for whoever runs the bot."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot.app import open_database
from bot.cli import conduct
from bot.clock import system_clock
from bot.countdown.model import Countdown
from bot.settings import Settings
from bot.store.countdowns import CountdownStore, Failure


def countdowns(
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many of each at most.")] = 20,
) -> None:
    """Tell what is announced next and what could not be."""

    async def work(settings: Settings) -> None:
        async with await open_database(settings.database_url, system_clock) as database:
            store = CountdownStore(database)
            _show_next(await store.next_due(limit))
            _show_paused(await store.paused(limit))
            _show_failures(await store.failures(limit))

    conduct(work, log_level="WARNING")


def _show_next(found: Sequence[Countdown]) -> None:
    table = Table("Due", "Countdown", "Server", "Channel", "Show", "Event", title="Next")
    for one in found:
        due = _instant(one.due) if one.due else ""
        table.add_row(due, str(one.id), *_place(one), one.title_id, one.slot)
    _print(table, "Nothing is due.")


def _show_paused(found: Sequence[Countdown]) -> None:
    table = Table("Why", "Countdown", "Server", "Channel", "Show", "Event", title="Paused")
    for one in found:
        table.add_row(str(one.paused), str(one.id), *_place(one), one.title_id, one.slot)
    _print(table, "Nothing is paused for a fault.")


def _show_failures(found: Sequence[Failure]) -> None:
    table = Table("Since", "Countdown", "Attempts", "Outcome", "Error", title="Failed or retried")
    for one in found:
        outcome = one.outcome or "to be retried"
        table.add_row(
            _instant(one.claimed), str(one.countdown_id), str(one.attempts), outcome, one.error
        )
    _print(table, "Nothing failed.")


def _place(countdown: Countdown) -> tuple[str, str]:
    return str(countdown.guild_id), str(countdown.channel_id)


def _instant(instant: datetime) -> str:
    return f"{instant:%Y-%m-%d %H:%M:%S} UTC"


def _print(table: Table, nothing: str) -> None:
    Console(soft_wrap=True).print(table if table.row_count else nothing)
