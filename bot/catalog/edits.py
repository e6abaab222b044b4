"""Edits by people: each sets a field of a record, and locks it against changes by sources."""

from collections.abc import Callable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.errors import BonbangError


class EditAction(StrEnum):
    """What an edit does.

    `SET` gives a field a value, which may be empty (None). `UNLOCK` ends all edits of a field
    before it: the field is what the sources say again.
    """

    SET = "set"
    UNLOCK = "unlock"


class UnknownFieldError(BonbangError):
    """An edit names a field that records do not have."""


@dataclass(frozen=True, slots=True)
class Edit:
    """An edit of one field of a record.

    `path` is the name of a field, or `FIELD.KEY` for one entry of a field with several: a language
    (`premise.en`), a person (`cast.gong-yoo`), a release (`releases.premiere · tvN`) or an external
    id (`external_ids.imdb`). An empty path sets the whole record, as for a record that a curator
    added. `value` is JSON in the interchange form.
    """

    path: str
    action: EditAction
    value: Any
    id: int = 0
    made_at: datetime | None = None


_BY_LANGUAGE = ("premise", "synopsis", "external_ids")
_SIMPLE = frozenset(
    {
        "kind",
        "names",
        "original_language",
        "genres",
        "status",
        "episode_count",
        "networks",
        "settings",
        "filmed_in",
        "air_days",
        "poster",
        "links",
        "origin_country",
        "popularity",
        "born",
        "portrait",
        "groups",
        "occupations",
    }
)


def active_edits(edits: Sequence[Edit]) -> dict[str, Edit]:
    """Return the edits that are in force, by path: the latest of each that is not an unlock."""
    latest: dict[str, Edit] = {}
    for edit in sorted(edits, key=lambda edit: edit.id):
        latest[edit.path] = edit
    active = sorted(latest.values(), key=lambda edit: (edit.path != "", edit.id))
    return {edit.path: edit for edit in active if edit.action is EditAction.SET}


def apply_edits(
    fields: MutableMapping[str, Any],
    provenance: MutableMapping[str, str],
    edits: Sequence[Edit],
    source: str,
) -> None:
    """Apply the edits in force to the fields of a record, in the interchange form.

    Paths of edited fields get `source` as their provenance. Raises UnknownFieldError.
    """
    for path, edit in active_edits(edits).items():
        name, _, key = path.partition(".")
        _setter(name, key)(fields, name, key, edit.value)
        for below in [one for one in provenance if one == path or one.startswith(f"{path}.")]:
            del provenance[below]
        provenance[path or "record"] = source


_Fields = MutableMapping[str, Any]
_Setter = Callable[[_Fields, str, str, Any], None]


def _setter(name: str, key: str) -> _Setter:
    if not name:
        return _set_record
    if name in _SIMPLE and not key:
        return _set_field
    if name in _BY_LANGUAGE and key:
        return _set_entry
    if name == "cast" and key:
        return _set_credit
    if name == "releases" and key:
        return _set_release
    raise UnknownFieldError(f"{name!r} is not a field that can be edited")


def _set_record(fields: _Fields, _name: str, _key: str, value: Mapping[str, Any]) -> None:
    for name, one in value.items():
        fields.setdefault(name, one)


def _set_field(fields: _Fields, name: str, _key: str, value: Any) -> None:
    if value is None:
        fields.pop(name, None)
    else:
        fields[name] = value
    if name in ("poster", "portrait"):
        fields.pop(f"{name}_source", None)


def _set_entry(fields: _Fields, name: str, key: str, value: Any) -> None:
    entries = dict(fields.get(name) or {})
    entries.pop(key, None)
    if value is not None:
        entries[key] = value
    fields[name] = entries


def _set_credit(fields: _Fields, name: str, key: str, value: Any) -> None:
    credits = list(fields.get(name) or [])
    place = next((n for n, one in enumerate(credits) if one["person"] == key), len(credits))
    credits = [one for one in credits if one["person"] != key]
    if value is not None:
        credits[place:place] = [{**value, "person": key}]
    fields[name] = credits


def _set_release(fields: _Fields, name: str, key: str, value: Any) -> None:
    """Set the current version of a release. Earlier versions are kept as its history."""
    releases = list(fields.get(name) or [])
    if value is None:
        releases = [one for one in releases if release_key(one) != key]
    else:
        # Behind the other releases of its event, as in merged records.
        same = [n for n, one in enumerate(releases, start=1) if _event(one) == _event(value)]
        releases.insert(max(same, default=len(releases)), value)
    fields[name] = releases


def _event(release: Mapping[str, Any]) -> tuple[Any, Any]:
    return release.get("event", "premiere"), release.get("season")


def release_key(release: Mapping[str, Any]) -> str:
    """Return the key of a release in the interchange form, as `Release.key_text`."""
    season = release.get("season")
    parts = (
        release.get("event", "premiere"),
        None if season is None else f"S{season}",
        release.get("network"),
        release.get("region"),
    )
    return " · ".join(part for part in parts if part)


def edited_path(name: str, entry: Mapping[str, Any]) -> str:
    """Return the path by which an entry of a list is edited, in the interchange form."""
    match name:
        case "cast":
            return f"cast.{entry['person']}"
        case "releases":
            return f"releases.{release_key(entry)}"
        case _:
            return name


def field_value(record: Mapping[str, Any], path: str) -> Any:
    """Return the value of a field of a record in the interchange form, or None without one."""
    name, _, key = path.partition(".")
    value: Any = record.get(name) if name else record or None
    if not key or value is None:
        return value
    if name == "cast":
        return next((one for one in value if one["person"] == key), None)
    if name == "releases":
        return next((one for one in reversed(value) if release_key(one) == key), None)
    return value.get(key)
