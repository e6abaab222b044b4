"""What is wrong with records, said so that whoever wrote them can put it right."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from bot.errors import BonbangError

# What to do about it, by pydantic's name for what is wrong.
_HINTS = {
    "missing": "add this field",
    "literal_error": "use one of these values",
    "enum": "use one of these values",
    "string_pattern_mismatch": 'see "The interchange form" in CONTRIBUTING.md',
    "string_too_long": "shorten it",
    "string_too_short": "remove the field or give it a value",
    "tuple_type": "use a list in square brackets",
    "dict_type": "use a table of language = text",
    "date_from_datetime_parsing": "use a date such as 2026-11-22",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: in which file, on which line or in which field, and what to do."""

    file: str
    message: str
    hint: str
    line: int | None = None
    field: str | None = None

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        where = place if self.field is None else f"{place}, {self.field}"
        return f"{where}: {self.message} ({self.hint})"


class CatalogError(BonbangError):
    """Records that cannot be taken in, with everything that is wrong with them."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = tuple(problems)


def problems_from(
    error: ValidationError, model: type[BaseModel], file: str, line: int | None
) -> list[Problem]:
    """Turn pydantic's findings on one record into problems, one for each field."""
    return [
        Problem(
            file,
            found["msg"].removeprefix("Value error, "),
            _hint(found, model),
            line,
            ".".join(map(str, found["loc"])) or None,
        )
        for found in error.errors(include_url=False)
    ]


def suggest_closest(word: str, known: Sequence[str] | Mapping[str, Any]) -> str:
    """The hint for a word that is not among those known: the nearest one, if any is near."""
    near = get_close_matches(word, known, n=1, cutoff=0.6)
    return f"did you mean {near[0]!r}?" if near else "fix or remove it"


def _hint(found: Any, model: type[BaseModel]) -> str:
    if found["type"] == "extra_forbidden":
        fields = _model_at(model, found["loc"][:-1]).model_fields
        return suggest_closest(str(found["loc"][-1]), fields)
    return _HINTS.get(found["type"], "fix this value")


def _model_at(model: type[BaseModel], path: Sequence[str | int]) -> type[BaseModel]:
    for step in path:
        if isinstance(step, str):
            model = next(iter(get_args(model.model_fields[step].annotation)), model)
    return model
