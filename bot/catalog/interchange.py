"""Reads and writes the interchange form: a folder of TOML files, or a JSON Lines file.

A TOML file, or a line of JSON Lines, holds one record. In a folder, `titles/*.toml` are titles and
`people/*.toml` are people. Elsewhere, and in JSON Lines, each record has an `entity` field,
`"title"` or `"person"`.
"""

import json
import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import Any, cast

import tomli
import tomli_w
from pydantic import ValidationError

from bot.catalog.export_files import write_files
from bot.catalog.model import Person, Title, record_class
from bot.catalog.record_files import RecordSource, read_sources
from bot.catalog.transfer import ENTITIES as TRANSFER_ENTITIES
from bot.catalog.transfer import LAYERS_FILE, Transfer, encode_transfer
from bot.catalog.validation import CatalogError, Problem, problems_from, suggest_closest

_FOLDER_BY_ENTITY = {"title": "titles", "person": "people"}

# tomli needs quadratic time and memory for a dotted key such as `a.b.c`: gigabytes for 100 KB.
_MAX_KEY_PARTS = 32
_DEEP_KEY = re.compile(rf"(?<![\w-])(?:[\w-]++[ \t]*+\.[ \t]*+){{{_MAX_KEY_PARTS}}}")
# Strings that do not end are matched too. Otherwise, this would also need quadratic time.
_TOML_STRING_OR_COMMENT = re.compile(
    r"""
    "{3} (?: [^"\\] | \\. | "(?!"") )*+ (?:"{3})?
    | '{3} (?: [^'] | '(?!'') )*+ (?:'{3})?
    | " (?: [^"\\\n] | \\. )*+ "?
    | ' [^'\n]*+ '?
    | \# [^\n]*+
    """,
    re.VERBOSE | re.DOTALL,
)

# For unknown ids. More unknown ids have a common cause, such as missing files.
_MAX_SUGGESTIONS = 20

Progress = Callable[[int, int], None]
"""Progress callback, called with the number of records done and the total."""


@dataclass(frozen=True, slots=True)
class ParsedRecord:
    """A parsed record with its file and line, and the digest of its source text."""

    record: Title | Person
    digest: str
    file: str
    line: int | None

    def problem(self, field: str, message: str, hint: str) -> Problem:
        """Return a problem with a field of this record."""
        return Problem(self.file, message, hint, self.line, field)


@dataclass(slots=True)
class RecordBatch:
    """The records read from a path: new or changed records, and refs of unchanged records."""

    parsed: list[ParsedRecord] = field(default_factory=list[ParsedRecord])
    unchanged: set[str] = field(default_factory=set[str])
    problems: list[Problem] = field(default_factory=list[Problem])


def record_ref(record: Title | Person) -> str:
    """Return the ref of a record: `title:ID` or `person:ID`."""
    return f"{record.entity}:{record.id}"


def _never() -> bool:
    return False


def read_records(
    path: Path, digests: Mapping[str, str], is_cancelled: Callable[[], bool] = _never
) -> RecordBatch:
    """Read the records at `path`: a folder, a `.toml` file or a `.jsonl` file.

    `digests` maps refs to the digests of records read before. A record with the same digest is
    not parsed again. Problems are collected in the batch; nothing is raised. Reading ends early
    once `is_cancelled` returns True.
    """
    batch = RecordBatch()
    locations: dict[str, str] = {}
    for source in read_sources(path, batch.problems):
        if is_cancelled():
            break
        _read_record(batch, locations, digests, source)
    return batch


def check_references(batch: RecordBatch, people: Container[str]) -> None:
    """Add a problem for each credited person that is neither in the batch nor in `people`."""
    known = {ref.removeprefix("person:") for ref in batch.unchanged if ref.startswith("person:")}
    known |= {parsed.record.id for parsed in batch.parsed if isinstance(parsed.record, Person)}
    suggestions = _Suggestions(known)
    for parsed in batch.parsed:
        if isinstance(parsed.record, Title):
            for field_path, person in _person_fields(parsed.record):
                if person not in known and person not in people:
                    hint = f"{suggestions.closest(person)} or add people/{person}.toml"
                    problem = parsed.problem(field_path, f"unknown person {person!r}", hint)
                    batch.problems.append(problem)


class _Suggestions:
    """Suggests ids for the first unknown ids: comparing each with all ids would take long."""

    def __init__(self, known: Iterable[str]) -> None:
        self._known = sorted(known)
        self._hints: dict[str, str] = {}

    def closest(self, unknown: str) -> str:
        if unknown not in self._hints and len(self._hints) < _MAX_SUGGESTIONS:
            self._hints[unknown] = suggest_closest(unknown, self._known)
        return self._hints.get(unknown, "fix it")


def raise_problems(batch: RecordBatch) -> None:
    """Raise CatalogError if the batch has problems."""
    if batch.problems:
        raise CatalogError(batch.problems)


def write_records(
    path: Path,
    records: Iterable[Title | Person],
    transfer: Transfer | None = None,
    *,
    replace: bool = False,
) -> int:
    """Write records to a `.jsonl` file or to a folder of TOML files. Returns their number.

    `transfer` is written, too: in a folder, to a file of its own. `replace` allows overwriting
    files with other contents. Raises OperatorError.
    """
    exported = list(records)
    others = encode_transfer(transfer) if transfer and transfer.lines else ""
    if path.suffix == ".jsonl":
        write_files({path: ("".join(map(_line, exported)) + others).encode()}, replace=replace)
    else:
        files = {_toml_file(path, record): _toml(record).encode() for record in exported}
        if others:
            files[path / LAYERS_FILE] = others.encode()
        write_files(files, replace=replace, root=path)
    return len(exported)


def _line(record: Title | Person) -> str:
    data = record.model_dump(mode="json", exclude_unset=True)
    line = {"entity": record.entity, **_without_none(data)}
    return json.dumps(line, ensure_ascii=False) + "\n"


def _toml_file(folder: Path, record: Title | Person) -> Path:
    return folder / _FOLDER_BY_ENTITY[record.entity] / f"{record.id}.toml"


def _toml(record: Title | Person) -> str:
    data = record.model_dump(mode="json", exclude_unset=True, exclude={"entity"})
    return tomli_w.dumps(_without_none(data))


def _without_none(value: Any) -> Any:
    """Return the value without None fields: TOML has no null."""
    if isinstance(value, dict):
        items = cast(dict[str, Any], value).items()
        return {key: _without_none(item) for key, item in items if item is not None}
    if isinstance(value, list):
        return [_without_none(item) for item in cast(list[Any], value)]
    return value


def _read_record(
    batch: RecordBatch,
    locations: dict[str, str],
    digests: Mapping[str, str],
    source: RecordSource,
) -> None:
    file, line = source.file, source.line
    try:
        data = _decode(source.raw, toml=line is None)
    except (ValueError, RecursionError) as error:
        hint = 'see "The interchange form" in CONTRIBUTING.md'
        batch.problems.append(Problem(file, f"can't be read: {error}", hint, line))
        return
    entity = data.setdefault("entity", source.folder_entity)
    if line is not None and entity in TRANSFER_ENTITIES:
        return
    if not isinstance(entity, str) or entity not in _FOLDER_BY_ENTITY:
        shown = (
            repr(entity) if isinstance(entity, str | None) else f"of type {type(entity).__name__}"
        )
        hint = 'use "title" or "person"'
        batch.problems.append(Problem(file, f"unknown entity {shown}", hint, line, "entity"))
        return
    record_id = data.get("id")
    if not isinstance(record_id, str):
        # Reports the missing or invalid id.
        _parse(batch, data, "", file, line)
        return
    ref = f"{entity}:{record_id}"
    if ref in locations:
        hint = f"also used in {locations[ref]}; change one of the ids"
        batch.problems.append(Problem(file, f"duplicate id {record_id!r}", hint, line, "id"))
        return
    locations[ref] = file if line is None else f"{file}:{line}"
    digest = blake2b(source.raw.strip(), digest_size=16).hexdigest()
    if digests.get(ref) == digest:
        batch.unchanged.add(ref)
    else:
        _parse(batch, data, digest, file, line)


def _decode(raw: bytes, *, toml: bool) -> dict[str, Any]:
    text = raw.decode("utf-8-sig")
    if toml and _DEEP_KEY.search(_TOML_STRING_OR_COMMENT.sub("_", text)):
        raise ValueError(f"a key has more than {_MAX_KEY_PARTS} parts")
    data: object = tomli.loads(text) if toml else json.loads(text)
    if not isinstance(data, dict):
        raise ValueError("a record must be an object")
    return cast(dict[str, Any], data)


def _parse(
    batch: RecordBatch, data: dict[str, Any], digest: str, file: str, line: int | None
) -> None:
    model = record_class(data["entity"])
    try:
        batch.parsed.append(ParsedRecord(model.model_validate(data), digest, file, line))
    except ValidationError as error:
        batch.problems.extend(problems_from(error, model, file, line))


def _person_fields(title: Title) -> Iterator[tuple[str, str]]:
    """Yield the path and the value of each field that refers to a person."""
    for number, credit in enumerate(title.cast):
        yield f"cast.{number}.person", credit.person
    for number, credit in enumerate(title.crew):
        yield f"crew.{number}.person", credit.person
