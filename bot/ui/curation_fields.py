"""Reads and writes the texts of modals in which curators edit fields of records."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from bot.catalog.model import Name, NameType
from bot.catalog.window import ReleaseWindow
from bot.errors import UserError
from bot.ui.markdown import escape_inline
from bot.ui.render_context import RenderContext

Value = TypeVar("Value")
Json = dict[str, Any]


class InvalidFieldsError(UserError):
    """Some fields of a modal are invalid. `problems` has what is wrong, by field, translated."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__("; ".join(problems.values()))
        self.problems = dict(problems)


class FieldReader:
    """Reads the fields of a modal, and collects everything that is wrong."""

    def __init__(self, values: Mapping[str, str], context: RenderContext) -> None:
        self._values = values
        self._context = context
        self._problems: dict[str, str] = {}

    def text(self, field: str) -> str:
        """Return a field without surrounding spaces."""
        return self._values.get(field, "").strip()

    def read(self, field: str, parse: Callable[[str, RenderContext], Value]) -> Value | None:
        """Parse a field. Returns None if it is empty, or invalid: `parse` raises ValueError with
        what is wrong, translated."""
        text = self.text(field)
        try:
            return parse(text, self._context) if text else None
        except ValueError as error:
            self.reject(field, str(error))
            return None

    def check(self, model: type[BaseModel], value: Json, fields: Mapping[str, str]) -> None:
        """Check a value. `fields` maps fields of the model to those of the modal."""
        try:
            model.model_validate(value)
        except ValidationError as error:
            for details in error.errors(include_url=False):
                name = str(details["loc"][0]) if details["loc"] else ""
                reason = details["msg"].removeprefix("Value error, ")
                field = fields.get(name) or next(iter(fields.values()))
                self.reject(field, escape_inline(reason, 200))

    def reject(self, field: str, problem: str) -> None:
        """Note what is wrong with a field, if nothing is yet."""
        self._problems.setdefault(field, problem)

    def finish(self) -> None:
        """Raise InvalidFieldsError if something was wrong."""
        if self._problems:
            raise InvalidFieldsError(self._problems)


def names_text(names: Sequence[Name]) -> str:
    """Return names as they are edited: one per line, `text | language | type`."""
    return "\n".join(f"{one.text} | {one.lang} | {one.type}" for one in names)


def parse_names(text: str, context: RenderContext) -> list[Json]:
    """Parse `names_text`; language and type are optional. Raises ValueError."""
    lines = ((number, line.strip()) for number, line in enumerate(text.splitlines(), start=1))
    return [parse_name(line, number, context) for number, line in lines if line]


def parse_name(line: str, number: int, context: RenderContext) -> Json:
    """Parse a name in a line with this number, from 1. Raises ValueError."""
    _ = context.translations.gettext
    # A name may contain the separator itself.
    text, *rest = (part.strip() for part in line.rsplit("|", 2))
    lang, kind = (*rest, "", "")[:2]
    value = {"text": text, "lang": lang or "und", "type": kind or str(NameType.ALIAS)}
    try:
        Name.model_validate(value)
    except ValidationError as error:
        messages = {
            "text": _("Line {line}: a name has 1 to 300 characters."),
            "lang": _("Line {line}: {text} is not a language code, such as en or ko."),
            "type": _("Line {line}: {text} is not a type of name. Types are {types}."),
        }
        field = str(error.errors()[0]["loc"][0])
        raise ValueError(
            messages[field].format(
                line=number,
                text=escape_inline(str(value[field]), 40),
                types=context.translations.join_list(NameType),
            )
        ) from None
    return value


def parse_window(text: str, context: RenderContext) -> str:
    """Check a date, as precise as it is known. Raises ValueError."""
    _ = context.translations.gettext
    try:
        return str(ReleaseWindow.parse(text))
    except ValueError:
        forms = "2026 · 2026-H2 · 2026-Q4 · 2026-11 · 2026-11-22 · 2026-11-22T21:00+09:00"
        message = _("{text} is not a date. Write it as one of these: {forms}")
        raise ValueError(
            message.format(text=escape_inline(text, 40), forms=f"{forms} · 2026-11/2027-01")
        ) from None


def parse_number(text: str, context: RenderContext) -> int:
    """Parse a whole number from 0 to 1,000,000. Raises ValueError."""
    _ = context.translations.gettext
    if not (text.isascii() and text.isdigit() and int(text[:9]) <= 1_000_000):
        raise ValueError(_("{text} is not a number.").format(text=escape_inline(text, 40)))
    return int(text)


def parse_lines(text: str, context: RenderContext) -> list[str]:
    """Parse a list with one entry per line. Raises ValueError."""
    _ = context.translations.gettext
    entries = list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))
    if any(len(entry) > 300 for entry in entries):
        raise ValueError(_("A line has up to {limit} characters.").format(limit=300))
    return entries


def split_pair(text: str) -> tuple[str | None, str | None]:
    """Split `first | second`. Missing parts are None."""
    first, _separator, second = text.partition("|")
    return first.strip() or None, second.strip() or None
