"""`bonbang catalog sync`, `sources` and `doubts`: what sources say, and how it fits together."""

import asyncio
import json
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.runner import print_line, run_async
from bot.control_characters import escape_control_characters
from bot.errors import OperatorError

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from bot.services.sync import SyncService
    from bot.services.sync_reports import SyncProgress
    from bot.settings import Settings
    from bot.sources.ports import Source, SourceStatus
    from bot.store.database import Database

_SOURCES = ("tvmaze", "wikidata", "tmdb")

Result = dict[str, Any]


def sync(
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="[SOURCE]...", help="tvmaze, wikidata, tmdb. Default: the setting."),
    ] = None,
    full: Annotated[
        bool, typer.Option("--full", help="List everything again, even if the list shrank.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Change nothing: work on a copy of the database.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Bring the catalog up to date with TVmaze, Wikidata and TMDB.

    It can be interrupted at any time, and then continues where it was. The first time takes one to
    two hours, most of them for TVmaze. Exits with 1 if a source could not be read.
    """
    results: dict[str, Result] = {}

    async def work(settings: "Settings") -> None:
        options = _options(settings, names)
        async with _database(settings, dry_run=dry_run) as database:
            results.update(await _sync_all(database, options, full=full))
        _print_results(results, as_json=as_json)

    run_async(work, log_level="ERROR")
    if any(result["error"] for result in results.values()):
        raise typer.Exit(1)


def sources(
    refused: Annotated[
        bool, typer.Option("--refused", help="List what could not be used, and why.")
    ] = False,
) -> None:
    """Show when each source was last read, what failed, and what to do about it."""

    async def work(settings: "Settings") -> None:
        from bot.app import open_database
        from bot.clock import system_clock
        from bot.store.sync_items import refused_items
        from bot.store.sync_states import SyncStateStore

        async with await open_database(settings.database_url, system_clock) as database:
            statuses = await SyncStateStore(database).statuses(system_clock())
            known = {status.source: status for status in statuses}
            for name in dict.fromkeys((*settings.sync_sources, *known)):
                _print_status(name, known.get(name), is_on=name in settings.sync_sources)
                for row in await refused_items(database, name, 1000) if refused else ():
                    print_line(f"  {row.entity} {row.external_id}: {row.reason}")
        if not settings.sync_sources:
            print_line("SYNC_SOURCES is empty, so no source is read.")

    run_async(work, log_level="WARNING")


def doubts(
    join: Annotated[
        int | None, typer.Option(metavar="NUMBER", help="Join the two records of a pair.")
    ] = None,
    apart: Annotated[
        int | None, typer.Option(metavar="NUMBER", help="Keep the two records of a pair apart.")
    ] = None,
    undo: Annotated[
        int | None, typer.Option(metavar="EDIT", help="Undo a decision, by the number printed.")
    ] = None,
) -> None:
    """List records that may be of the same title or person, and decide about them."""

    async def work(settings: "Settings") -> None:
        from bot.app import open_database
        from bot.catalog.curation import AlreadyDecidedError, CannotUndoError, Curator
        from bot.clock import system_clock
        from bot.store.countdowns import CountdownStore
        from bot.store.edits import EditStore

        host = Curator(0, "host")
        async with await open_database(settings.database_url, system_clock) as database:
            store = EditStore(database, system_clock, CountdownStore(database).requeue)
            if undo is not None:
                try:
                    await store.undo(undo, host)
                except CannotUndoError:
                    raise OperatorError(f"There is no decision {undo} to undo.") from None
                print_line(f"Undone: {undo}.")
                return
            if join is not None or apart is not None:
                try:
                    await _decide(store, join, apart, host)
                except AlreadyDecidedError as error:
                    raise OperatorError(
                        f"That pair was decided already. Undo it first: "
                        f"bonbang catalog doubts --undo {error.entry.id}"
                    ) from None
                return
            await _print_doubts(store)

    run_async(work, log_level="WARNING")


async def _decide(store: Any, join: int | None, apart: int | None, host: Any) -> None:
    number = join if join is not None else apart
    doubt = await store.doubt(number)
    if doubt is None:
        raise OperatorError(f"There is no pair {number}. List them with: bonbang catalog doubts")
    pair = (doubt.first_id, doubt.second_id)
    decide = store.join if join is not None else store.keep_apart
    entry = await decide(doubt.entity, pair, host)
    if entry is None:
        print_line("They are joined already.")
        return
    done = "Joined" if join is not None else "Kept apart"
    print_line(f"{done}: {pair[0]}, {pair[1]}. Undo with: bonbang catalog doubts --undo {entry.id}")


async def _print_doubts(store: Any) -> None:
    from bot.catalog.identity import speaks_against

    found = await store.doubts(limit=1000)
    for doubt in found:
        print_line(f"{doubt.id}: {doubt.entity} {doubt.first_id} = {doubt.second_id}?")
        for code in doubt.evidence:
            name, _, value = code.partition(":")
            sign = "against" if speaks_against(code) else "for"
            print_line(f"    {sign}: {name.replace('_', ' ')} {value}")
    print_line(f"{len(found)} doubtful pairs." if found else "Nothing is doubtful.")


def _options(settings: "Settings", names: Sequence[str] | None) -> Any:
    from bot.app import source_options

    options = source_options(settings)
    unknown = [name for name in names or () if name not in _SOURCES]
    if unknown:
        raise OperatorError(f"Unknown source {unknown[0]!r}. Use {', '.join(_SOURCES)}.")
    options = replace(options, names=tuple(names or options.names))
    if "tmdb" in options.names and not options.tmdb_token:
        raise OperatorError("TMDB_TOKEN is not set. Set it to your token of TMDB in .env.")
    if not options.names:
        raise OperatorError("SYNC_SOURCES is empty. Name sources: bonbang catalog sync tvmaze")
    return options


@asynccontextmanager
async def _database(settings: "Settings", *, dry_run: bool) -> AsyncGenerator["Database"]:
    from bot.app import open_database
    from bot.clock import system_clock
    from bot.store.backup import copy_sqlite
    from bot.store.database_url import parse_url, sqlite_file

    if not dry_run:
        async with await open_database(settings.database_url, system_clock) as database:
            yield database
        return
    file = sqlite_file(parse_url(settings.database_url))
    if file is None:
        raise OperatorError("--dry-run works with SQLite only: it needs a copy of the database.")
    with TemporaryDirectory() as folder:
        copy = Path(folder) / "copy.db"
        if file.exists():
            await asyncio.to_thread(copy_sqlite, file, copy)
        async with await open_database(f"sqlite:///{copy}", system_clock) as database:
            yield database


async def _sync_all(database: "Database", options: Any, *, full: bool) -> dict[str, Result]:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    from bot.clock import system_clock
    from bot.project import read_project
    from bot.services.sync import SyncService, SyncStores
    from bot.sources.registry import open_sources
    from bot.store.countdowns import CountdownStore

    stores = SyncStores.of(database, system_clock, CountdownStore(database).requeue)
    service = SyncService(stores, system_clock, lambda: None)
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    async with open_sources(options, read_project(), system_clock) as opened:
        with Progress(
            *columns, console=console, transient=True, disable=not console.is_terminal
        ) as bar:
            found = await asyncio.gather(
                *(_sync_one(service, source, bar, full=full) for source in opened)
            )
    return dict(zip((source.name for source in opened), found, strict=True))


async def _sync_one(
    service: "SyncService", source: "Source", bar: "Progress", *, full: bool
) -> Result:
    from bot.sources.errors import SourceError

    task = bar.add_task(source.name, total=None)
    try:
        summary = await service.sync(
            source, full=full, report=lambda progress: _show(bar, task, progress)
        )
    except SourceError as error:
        return {"error": str(error), "advice": error.advice(source.name)}
    if summary is None:
        return {"error": None, "skipped": "another process is syncing it"}
    return {"error": None, **summary.as_dict()}


def _show(bar: "Progress", task: "TaskID", progress: "SyncProgress") -> None:
    doing = "reading the list of" if progress.is_listing else "reading"
    bar.update(
        task,
        description=f"{doing} {progress.source}",
        completed=progress.done,
        total=progress.total,
    )


def _print_results(results: dict[str, Result], *, as_json: bool) -> None:
    if as_json:
        print(escape_control_characters(json.dumps(results)), flush=True)
        return
    for name, result in results.items():
        if result["error"]:
            print_line(f"{name}: {result['error']}. {result['advice']}")
        elif "skipped" in result:
            print_line(f"{name}: {result['skipped']}.")
        else:
            print_line(
                f"{name}: {result['new']} new, {result['changed']} changed, "
                f"{result['doubtful']} doubtful, {result['refused']} refused."
            )
    if any(result.get("doubtful") for result in results.values()):
        print_line("Decide what is doubtful with: bonbang catalog doubts")
    if any(result.get("refused") for result in results.values()):
        print_line("See what was refused with: bonbang catalog sources --refused")


def _print_status(name: str, status: "SourceStatus | None", *, is_on: bool) -> None:
    off = "" if is_on else " (not in SYNC_SOURCES)"
    if status is None or status.started_at is None:
        print_line(f"{name}{off}: never read. Read it with: bonbang catalog sync {name}")
        return
    state = "being read now" if status.is_running else f"last read {_time(status.finished_at)}"
    print_line(f"{name}{off}: {state}.")
    if status.error:
        print_line(f"  failed {_time(status.failed_at)}: {status.error}. {status.advice}")
    if status.retry_at:
        print_line(f"  tried again {_time(status.retry_at)}.")
    if status.summary:
        counts = ", ".join(f"{count} {what}" for what, count in status.summary.items())
        print_line(f"  last time: {counts}.")


def _time(instant: datetime | None) -> str:
    return "never" if instant is None else f"{instant:%Y-%m-%d %H:%M} UTC"
