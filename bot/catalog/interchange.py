"""The interchange form: a folder with one TOML file a record, or JSON Lines with one a line.

In a folder, `titles/*.toml` are titles and `people/*.toml` people; elsewhere, and in JSON Lines,
each record says what it is with `entity = "title"` or `"person"`.
"""

import json
import tomllib
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import Any, cast

import tomli_w
from pydantic import ValidationError

from bot.catalog.model import Person, Title, record_class
from bot.catalog.validation import CatalogError, Problem, problems_from, suggest_closest

_FOLDERS = {"titles": "title", "people": "person"}
_FOLDER_OF = {entity: folder for folder, entity in _FOLDERS.items()}

Progress = Callable[[int, int], None]
"""Called now and then with how many records are done, and of how many."""


@dataclass(frozen=True, slots=True)
class ParsedRecord:
    """A record as read: where it stands, and a digest of the text it was read from."""

    record: Title | Person
    digest: str
    file: str
    line: int | None

    def problem(self, field: str, message: str, hint: str) -> Problem:
        """Something wrong with a field of this record."""
        return Problem(self.file, message, hint, self.line, field)


@dataclass(slots=True)
class RecordBatch:
    """Everything read from one place: what is new or changed, and the refs of what is not."""

    parsed: list[ParsedRecord] = field(default_factory=list[ParsedRecord])
    unchanged: set[str] = field(default_factory=set[str])
    problems: list[Problem] = field(default_factory=list[Problem])


def record_ref(record: Title | Person) -> str:
    """A record's reference, `title:ID` or `person:ID`."""
    return f"{record.entity}:{record.id}"


def read_records(path: Path, digests: Mapping[str, str]) -> RecordBatch:
    """Read the records at `path`: a folder, a `.toml` file or a `.jsonl` file.

    `digests` tells by reference what was read before; a record with the same text is not parsed
    again. What is wrong is gathered in the batch; nothing is raised for it.
    """
    batch = RecordBatch()
    seen: dict[str, str] = {}
    for file, line, entity, text in _texts(path, batch.problems):
        _read_one(batch, seen, digests, (file, line, entity, text))
    return batch


def check_references(batch: RecordBatch, people: Container[str]) -> None:
    """Add a problem to the batch for each person it names that is neither in it nor in `people`."""
    known = {ref.removeprefix("person:") for ref in batch.unchanged if ref.startswith("person:")}
    known |= {one.record.id for one in batch.parsed if isinstance(one.record, Person)}
    for one in batch.parsed:
        if isinstance(one.record, Title):
            for place, person in _people_named(one.record):
                if person not in known and person not in people:
                    hint = f"{suggest_closest(person, sorted(known))} or add people/{person}.toml"
                    batch.problems.append(one.problem(place, f"unknown person {person!r}", hint))


def raise_problems(batch: RecordBatch) -> None:
    """Raise CatalogError if anything in the batch is wrong."""
    if batch.problems:
        raise CatalogError(batch.problems)


def write_records(path: Path, records: Iterable[Title | Person]) -> int:
    """Write records to a `.jsonl` file, or as a folder of TOML files. Returns how many."""
    if path.suffix == ".jsonl":
        return _write_lines(path, records)
    count = 0
    for record in records:
        count += 1
        target = path / _FOLDER_OF[record.entity] / f"{record.id}.toml"
        target.parent.mkdir(parents=True, exist_ok=True)
        data = record.model_dump(mode="json", exclude_unset=True, exclude={"entity"})
        target.write_text(tomli_w.dumps(_without_none(data)), encoding="utf-8")
    return count


def _write_lines(path: Path, records: Iterable[Title | Person]) -> int:
    path.parent.mkdir(parents=True, exist_ok=True)
    count = 0
    with path.open("w", encoding="utf-8") as lines:
        for record in records:
            count += 1
            data = record.model_dump(mode="json", exclude_unset=True)
            line = {"entity": record.entity, **_without_none(data)}
            lines.write(json.dumps(line, ensure_ascii=False) + "\n")
    return count


def _without_none(value: Any) -> Any:
    """TOML has no null; a field that is not there means the same."""
    if isinstance(value, dict):
        items = cast(dict[str, Any], value).items()
        return {key: _without_none(item) for key, item in items if item is not None}
    if isinstance(value, list):
        return [_without_none(item) for item in cast(list[Any], value)]
    return value


_Text = tuple[str, int | None, str | None, bytes]


def _texts(path: Path, problems: list[Problem]) -> Iterator[_Text]:
    """The text of each record, with its file, its line and what its folder says it is."""
    try:
        if path.is_dir():
            for file in sorted(path.rglob("*.toml")):
                yield str(file), None, _FOLDERS.get(file.parent.name), file.read_bytes()
        elif path.suffix == ".toml":
            yield str(path), None, _FOLDERS.get(path.parent.name), path.read_bytes()
        else:
            with path.open("rb") as lines:
                for number, line in enumerate(lines, start=1):
                    if line.strip():
                        yield str(path), number, None, line
    except OSError as error:
        hint = "use a readable folder of TOML files, .toml file or .jsonl file"
        problems.append(Problem(str(path), error.strerror or "can't be read", hint))


def _read_one(
    batch: RecordBatch, seen: dict[str, str], digests: Mapping[str, str], text: _Text
) -> None:
    file, line, folder_entity, raw = text
    try:
        data = _decode(raw, toml=line is None)
    except (ValueError, RecursionError) as error:
        hint = 'see "The interchange form" in CONTRIBUTING.md'
        batch.problems.append(Problem(file, f"can't be read: {error}", hint, line))
        return
    entity = data.setdefault("entity", folder_entity)
    if not isinstance(entity, str) or entity not in _FOLDER_OF:
        hint = 'use "title" or "person"'
        batch.problems.append(Problem(file, f"unknown entity {entity!r}", hint, line, "entity"))
        return
    ref = f"{entity}:{data.get('id')}"
    if ref in seen:
        hint = f"also used in {seen[ref]}; change one of the ids"
        batch.problems.append(Problem(file, f"duplicate id {data.get('id')!r}", hint, line, "id"))
        return
    seen[ref] = file if line is None else f"{file}:{line}"
    digest = blake2b(raw.strip(), digest_size=16).hexdigest()
    if digests.get(ref) == digest:
        batch.unchanged.add(ref)
    else:
        _parse(batch, data, digest, file, line)


def _decode(raw: bytes, *, toml: bool) -> dict[str, Any]:
    text = raw.decode("utf-8-sig")
    data: object = tomllib.loads(text) if toml else json.loads(text)
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


def _people_named(title: Title) -> Iterator[tuple[str, str]]:
    for number, credit in enumerate(title.cast):
        yield f"cast.{number}.person", credit.person
    for number, credit in enumerate(title.crew):
        yield f"crew.{number}.person", credit.person
