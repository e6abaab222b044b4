"""What an export holds besides records by hand: layers of sources, joins and edits.

These are lines of JSON Lines whose `entity` is `layer`, `join`, `apart` or `edit`, in the same file
as the records, or in `layers.jsonl` of a folder.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal, cast

from pydantic import Field, StringConstraints, TypeAdapter, ValidationError

from bot.catalog.fields import CatalogModel, RecordId, ShortText
from bot.catalog.model import Person, Title
from bot.catalog.validation import CatalogError, Problem, problems_from

LAYERS_FILE = "layers.jsonl"
"""The file in a folder of records that has the other lines."""

ENTITIES = ("layer", "join", "apart", "edit")

Kind = Literal["title", "person"]
ExternalId = Annotated[str, StringConstraints(min_length=1, max_length=60)]
SourceId = Annotated[str, StringConstraints(pattern=r"^[a-z]{1,20}$")]


class LayerLine(CatalogModel):
    """What a source says of a record."""

    entity: Literal["layer"] = "layer"
    source: SourceId
    external_id: ExternalId
    record_id: RecordId
    fetched: datetime
    record: Annotated[Title | Person, Field(discriminator="entity")]


class JoinLine(CatalogModel):
    """Two records that were joined."""

    entity: Literal["join"] = "join"
    kind: Kind
    alias: RecordId
    record_id: RecordId
    evidence: tuple[ShortText, ...] = ()
    user_id: int | None = None
    made: datetime


class ApartLine(CatalogModel):
    """Two records that a curator keeps apart."""

    entity: Literal["apart"] = "apart"
    kind: Kind
    first: RecordId
    second: RecordId
    user_id: int


class EditLine(CatalogModel):
    """An edit of a curator, and whether it was undone."""

    entity: Literal["edit"] = "edit"
    kind: Kind
    record_id: RecordId
    path: Annotated[str, StringConstraints(max_length=400)]
    action: Literal["set", "unlock", "join", "apart"]
    value: Any = None
    before: Any = None
    user_id: int
    user_name: ShortText
    reason: ShortText | None = None
    made: datetime
    undone: datetime | None = None
    undone_by: int | None = None


Line = LayerLine | JoinLine | ApartLine | EditLine
_LINE: TypeAdapter[Line] = TypeAdapter(Annotated[Line, Field(discriminator="entity")])
_MAX_LINE = 1_000_000


@dataclass(frozen=True, slots=True)
class Transfer:
    """Lines to write or that were read."""

    layers: list[LayerLine] = field(default_factory=list[LayerLine])
    joins: list[JoinLine] = field(default_factory=list[JoinLine])
    aparts: list[ApartLine] = field(default_factory=list[ApartLine])
    edits: list[EditLine] = field(default_factory=list[EditLine])

    @property
    def lines(self) -> Sequence[Line]:
        """All lines, in the order in which they are written."""
        return [*self.layers, *self.joins, *self.aparts, *self.edits]

    def add(self, line: Line) -> None:
        """Add a line."""
        match line:
            case LayerLine():
                self.layers.append(line)
            case JoinLine():
                self.joins.append(line)
            case ApartLine():
                self.aparts.append(line)
            case EditLine():
                self.edits.append(line)


def read_transfer(path: Path) -> Transfer:
    """Read the lines that belong to the records at `path`. Raises CatalogError."""
    file = path / LAYERS_FILE if path.is_dir() else path
    transfer = Transfer()
    problems: list[Problem] = []
    if file.suffix == ".jsonl" and file.is_file():
        for number, raw in _lines(file):
            if is_transfer_line(raw):
                _read_line(transfer, problems, file, number, raw)
    if problems:
        raise CatalogError(problems)
    return transfer


def is_transfer_line(raw: bytes) -> bool:
    """Return whether a line of JSON Lines is one of these, rather than a record."""
    if not any(f'"{entity}"'.encode() in raw[:200] for entity in ENTITIES):
        return False
    try:
        data = json.loads(raw)
    except (ValueError, RecursionError):
        return False
    return as_record(data).get("entity") in ENTITIES


def as_record(data: object) -> dict[str, Any]:
    """Return a JSON object; an empty one for anything else."""
    return cast(dict[str, Any], data) if isinstance(data, dict) else {}


def encode_transfer(transfer: Transfer) -> str:
    """Return the lines as text."""
    return "".join(
        line.model_dump_json(exclude_unset=False, exclude_none=True) + "\n"
        if not isinstance(line, LayerLine)
        else _encode_layer(line)
        for line in transfer.lines
    )


def _encode_layer(line: LayerLine) -> str:
    data = line.model_dump(mode="json", exclude={"record"})
    record = line.record.model_dump(mode="json", exclude_unset=True)
    record = {"entity": line.record.entity, **record}
    return json.dumps({**data, "record": record}, ensure_ascii=False) + "\n"


def _lines(file: Path) -> Iterator[tuple[int, bytes]]:
    with file.open("rb") as opened:
        number = 0
        while raw := opened.readline(2 * _MAX_LINE):
            number += 1
            yield number, raw


def _read_line(
    transfer: Transfer, problems: list[Problem], file: Path, number: int, raw: bytes
) -> None:
    try:
        transfer.add(_LINE.validate_json(raw))
    except ValidationError as error:
        problems.extend(problems_from(error, EditLine, str(file), number))
