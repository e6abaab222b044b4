"""`bonbang catalog show`: a record, and where each of its fields comes from."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from bot.catalog.edits import edited_path
from bot.cli.runner import print_line, run_async
from bot.control_characters import escape_control_characters
from bot.errors import OperatorError

if TYPE_CHECKING:
    from bot.settings import Settings
    from bot.store.explanation import Explanation


def show(
    record_id: Annotated[
        str, typer.Argument(metavar="ID", help="Id of a record: goblin, or person:gong-yoo.")
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Show a record as members see it, and where each field comes from."""

    async def work(settings: "Settings") -> None:
        from bot.app import open_database
        from bot.clock import system_clock
        from bot.store.explanation import explain
        from bot.store.joined_records import Ref

        kind, _, name = record_id.rpartition(":")
        async with await open_database(settings.database_url, system_clock) as database:
            refs = [Ref(one, name) for one in ("title", "person") if kind in ("", one)]
            found = [one for ref in refs if (one := await explain(database, ref))]
        if not found:
            raise OperatorError(
                f"There is no record {record_id!r}. Find its id with: bonbang catalog search NAME"
            )
        _print(found[0], as_json=as_json)

    run_async(work, log_level="WARNING")


def _print(found: "Explanation", *, as_json: bool) -> None:
    data = found.merged.record.model_dump(mode="json", exclude_unset=True)
    if as_json:
        line = {
            "record": {"entity": found.merged.record.entity, **data},
            "provenance": dict(sorted(found.merged.provenance.items())),
            "layers": [
                {
                    "source": layer.source,
                    "external_id": layer.external_id,
                    "fetched": layer.fetched and layer.fetched.isoformat(),
                }
                for layer in found.layers
            ],
            "locked": list(found.locked),
            "aliases": list(found.aliases),
        }
        print(escape_control_characters(json.dumps(line, ensure_ascii=False)), flush=True)
        return
    for path, lock, value in _fields(data):
        provenance, name = found.merged.provenance, path.partition(".")[0]
        source = provenance.get(path) or provenance.get(name, "")
        is_locked = not {lock, name}.isdisjoint(found.locked)
        locked = ", locked" if is_locked else ""
        print_line(f"{path}: {value}{f'  [{source}{locked}]' if source else ''}")
    for layer in found.layers:
        read = f", read {layer.fetched:%Y-%m-%d %H:%M} UTC" if layer.fetched else ""
        print_line(f"source: {layer.source} {layer.external_id}{read}")
    if found.aliases:
        print_line(f"also answers as: {', '.join(found.aliases)}")


def _fields(data: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Yield the paths of fields, those by which they are edited, and their values.

    Entries of lists and tables come one by one.
    """
    for name, value in data.items():
        entries: list[Any] = cast(list[Any], value) if isinstance(value, list) else []
        if entries and isinstance(entries[0], dict):
            for number, entry in enumerate(entries):
                yield f"{name}.{number}", edited_path(name, entry), _text(entry)
        elif isinstance(value, dict):
            for key, entry in cast(dict[str, Any], value).items():
                yield f"{name}.{key}", f"{name}.{key}", _text(entry)
        else:
            yield name, name, _text(value)


def _text(value: Any) -> str:
    """Return JSON in one line, without the names of fields."""
    if isinstance(value, dict):
        entries = cast(dict[str, Any], value).values()
        return " · ".join(_text(one) for one in entries if one not in (None, [], ""))
    if isinstance(value, list):
        return ", ".join(map(_text, cast(list[Any], value)))
    return str(value)
