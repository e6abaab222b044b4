"""Builds records, as dictionaries and as files."""

import json
from pathlib import Path
from typing import Any

import tomli_w


def title(id: str, name: str = "", **fields: Any) -> dict[str, Any]:
    """The record of a title: the required fields and those given."""
    names = [{"text": name or id, "lang": "en", "type": "main"}]
    return {"entity": "title", "id": id, "kind": "series", "names": names, **fields}


def person(id: str, name: str = "", **fields: Any) -> dict[str, Any]:
    """The record of a person: the required fields and those given."""
    names = [{"text": name or id, "lang": "en", "type": "main"}]
    return {"entity": "person", "id": id, "names": names, **fields}


def write(folder: Path, *records: dict[str, Any]) -> Path:
    """Write records to a catalog folder, one TOML file each. Returns the folder."""
    for record in records:
        kind = {"title": "titles", "person": "people"}[record["entity"]]
        file = folder / kind / f"{record['id']}.toml"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(tomli_w.dumps(record), encoding="utf-8")
    return folder


def write_lines(file: Path, *records: dict[str, Any]) -> Path:
    """Write records to a JSON Lines file. Returns the file."""
    lines = [json.dumps(record) for record in records]
    file.write_text("\n".join(lines), encoding="utf-8")
    return file
