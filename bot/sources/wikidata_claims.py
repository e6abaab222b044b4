"""Reads the claims of Wikidata's entity JSON. Whatever it contains, nothing is raised."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from bot.catalog.window import ReleaseWindow
from bot.sources.text import as_list, as_mapping, clean_line

Value = TypeVar("Value")

_MAX_STATEMENTS = 500
_ITEM_ID = re.compile(r"Q[1-9]\d{0,9}", re.ASCII)
# With a precision below a day, the month and the day are 00.
_TIME = re.compile(r"\+0*(\d{4})-(\d{2})-(\d{2})T00:00:00Z", re.ASCII)
# How many parts of a date are known, by Wikidata's precision.
_DATE_PARTS = {9: 1, 10: 2, 11: 3}
_GREGORIAN = "Q1985727"


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement that is not deprecated.

    `value` is the JSON of its value, or None if it says that there is none or that it is unknown.
    """

    value: object
    is_preferred: bool
    qualifiers: Mapping[str, Any]

    def qualifier_values(self, property_id: str) -> Iterator[object]:
        """Yield the values of a qualifier."""
        for snak in as_list(self.qualifiers.get(property_id))[:_MAX_STATEMENTS]:
            yield _snak_value(snak)


def find_statements(entity: Mapping[str, Any], property_id: str) -> list[Statement]:
    """Return the statements of a property, preferred ones first. Deprecated ones are left out."""
    claims = as_list(as_mapping(entity.get("claims")).get(property_id))
    found = [
        Statement(
            _snak_value(claim.get("mainsnak")),
            claim.get("rank") == "preferred",
            as_mapping(claim.get("qualifiers")),
        )
        for claim in map(as_mapping, claims[:_MAX_STATEMENTS])
        if claim.get("rank") in ("preferred", "normal")
    ]
    return sorted(found, key=lambda statement: not statement.is_preferred)


def read_best(
    entity: Mapping[str, Any], property_id: str, read: Callable[[object], Value | None]
) -> list[Value]:
    """Return the readable values of the preferred statements; of the normal ones without any."""
    statements = find_statements(entity, property_id)
    has_preferred = bool(statements) and statements[0].is_preferred
    best = (read(each.value) for each in statements if each.is_preferred == has_preferred)
    return [value for value in best if value is not None]


def read_all(
    entity: Mapping[str, Any], property_id: str, read: Callable[[object], Value | None]
) -> list[Value]:
    """Return the readable values of all statements, preferred ones first."""
    values = (read(each.value) for each in find_statements(entity, property_id))
    return [value for value in values if value is not None]


def is_item_id(text: object) -> bool:
    """Return whether text is the id of an item, such as `Q884`."""
    return isinstance(text, str) and _ITEM_ID.fullmatch(text) is not None


def read_item_id(value: object) -> str | None:
    """Return the id of the item that a value refers to."""
    item_id = as_mapping(value).get("id")
    return item_id if is_item_id(item_id) else None


def read_text(value: object) -> str | None:
    """Return the text of a string value."""
    return clean_line(value)


def read_monolingual(value: object) -> tuple[str, str] | None:
    """Return the text of a value in one language, and Wikidata's tag of the language."""
    text, tag = clean_line(as_mapping(value).get("text")), as_mapping(value).get("language")
    return (text, tag) if text and isinstance(tag, str) else None


def read_number(value: object) -> int | None:
    """Return a whole number from 1 to 100,000."""
    amount = as_mapping(value).get("amount")
    if not isinstance(amount, str) or not re.fullmatch(r"\+?\d{1,6}", amount, re.ASCII):
        return None
    return int(amount) if 1 <= int(amount) <= 100_000 else None


def read_window(value: object) -> ReleaseWindow | None:
    """Return a date to the year, month or day. Coarser and impossible ones are None."""
    time = as_mapping(value)
    match = _TIME.fullmatch(time["time"]) if isinstance(time.get("time"), str) else None
    precision = time.get("precision")
    parts = _DATE_PARTS.get(precision) if isinstance(precision, int) else None
    if not match or not parts or not str(time.get("calendarmodel")).endswith(_GREGORIAN):
        return None
    try:
        return ReleaseWindow.parse("-".join(match.groups()[:parts]))
    except ValueError:
        return None


def first_window(windows: Sequence[ReleaseWindow]) -> ReleaseWindow | None:
    """Return the earliest window: of one day and the year that it is in, the day."""
    return min(windows, key=lambda window: window.latest, default=None)


def _snak_value(snak: object) -> object:
    content = as_mapping(snak)
    if content.get("snaktype") != "value":
        return None
    return as_mapping(content.get("datavalue")).get("value")
