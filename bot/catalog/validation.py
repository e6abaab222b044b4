"""Validation problems, each with its location and a hint."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from rapidfuzz.fuzz import ratio
from rapidfuzz.process import extractOne

from bot.errors import BonbangError

# In characters, for each part of a problem.
_LIMIT = 500

# Hints by pydantic error type.
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
    """A validation problem with its file, its line and field if known, and a hint."""

    file: str
    message: str
    hint: str
    line: int | None = None
    field: str | None = None

    def __str__(self) -> str:
        location = self.file if self.line is None else f"{self.file}:{self.line}"
        if self.field is not None:
            location = f"{location}, {_shorten(self.field)}"
        return f"{location}: {_shorten(self.message)} ({_shorten(self.hint)})"


class CatalogError(BonbangError):
    """Records cannot be imported. `problems` lists everything that is wrong with them."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = tuple(problems)


def problems_from(
    error: ValidationError, model: type[BaseModel], file: str, line: int | None
) -> list[Problem]:
    """Convert a pydantic error about one record to problems, one per invalid field."""
    return [
        Problem(
            file,
            details["msg"].removeprefix("Value error, "),
            _hint(details, model),
            line,
            ".".join(map(str, details["loc"])) or None,
        )
        for details in error.errors(include_url=False)
    ]


def suggest_closest(word: str, known: Sequence[str] | Mapping[str, Any]) -> str:
    """Return a hint for an unknown word: the closest known word, if any is similar."""
    closest = extractOne(word, list(known), scorer=ratio, score_cutoff=60)
    return f"did you mean {closest[0]!r}?" if closest else "fix or remove it"


def _shorten(text: str) -> str:
    """Shorten text that may quote a record of any size."""
    return text if len(text) <= _LIMIT else f"{text[:_LIMIT]}…"


def _hint(details: Any, model: type[BaseModel]) -> str:
    if details["type"] == "extra_forbidden":
        fields = _model_at(model, details["loc"][:-1]).model_fields
        return suggest_closest(str(details["loc"][-1]), fields)
    return _HINTS.get(details["type"], "fix this value")


def _model_at(model: type[BaseModel], path: Sequence[str | int]) -> type[BaseModel]:
    for step in path:
        if isinstance(step, str):
            model = next(iter(get_args(model.model_fields[step].annotation)), model)
    return model
