"""Rows of the history of records and of doubtful pairs, and what they hold."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from bot.catalog.curation import Curator, Doubt, HistoryAction, HistoryEntry
from bot.store.joined_records import Ref
from bot.store.timestamps import from_timestamp, to_timestamp


def edit_row(
    ref: Ref,
    path: str,
    action: HistoryAction,
    curator: Curator,
    reason: str | None,
    now: datetime,
) -> dict[str, Any]:
    """Return the columns of a new entry of a history, but for its values."""
    return {
        "entity": ref.entity,
        "record_id": ref.id,
        "path": path,
        "action": str(action),
        "user_id": curator.user_id,
        "user_name": curator.name[:100],
        "reason": reason,
        "made_at": to_timestamp(now),
    }


def entry_of(row: Any) -> HistoryEntry:
    """Return the entry of a history in a row."""
    return HistoryEntry(
        row.id,
        row.entity,
        row.record_id,
        row.path,
        HistoryAction(row.action),
        None if row.before is None else json.loads(row.before),
        None if row.value is None else json.loads(row.value),
        Curator(row.user_id, row.user_name),
        row.reason,
        from_timestamp(row.made_at),
        None if row.undone_at is None else from_timestamp(row.undone_at),
    )


def doubt_of(row: Any) -> Doubt:
    """Return the pair in a row."""
    return Doubt(row.id, row.entity, row.first_id, row.second_id, json.loads(row.evidence))


def to_json(value: Any) -> str | None:
    """Return a value as it is stored. None is NULL."""
    return None if value is None else json.dumps(value, ensure_ascii=False)


def problems_of(error: ValidationError, changes: Mapping[str, Any]) -> dict[str, str]:
    """Return what is wrong by the path of the edit that caused it."""
    problems: dict[str, str] = {}
    for details in error.errors(include_url=False):
        name = str(details["loc"][0]) if details["loc"] else ""
        path = next((one for one in changes if one.partition(".")[0] == name), None)
        path = path or next(iter(changes))
        problems.setdefault(path, details["msg"].removeprefix("Value error, "))
    return problems
