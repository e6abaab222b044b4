"""Cleans what sources send. Nothing in it is trusted: every value has a type, a size and no
control characters, or becomes None."""

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, cast
from urllib.parse import urlsplit

from pydantic import HttpUrl, ValidationError

from bot.control_characters import remove_control_characters

LINE_LIMIT, TEXT_LIMIT = 300, 8000
_URL_LIMIT = 2000
# Without backtracking: `html.parser` takes seconds for text full of unclosed tags, and raises.
_TAG = re.compile(r"(<[^<>]*>)")
_TAG_NAME = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)")
_BLOCKS = {"p", "br", "div", "li", "ul", "ol", "tr", "h1", "h2", "h3", "h4", "h5", "h6"}
_HIDDEN = {"script", "style"}


def clean_html(value: object, limit: int = TEXT_LIMIT) -> str | None:
    """Return the text of HTML, one line per paragraph, or None without any."""
    if not isinstance(value, str):
        return None
    # Much longer than any summary, and short enough to stay fast.
    visible = "".join(_visible_parts(_without_comments(value[: 4 * limit])))
    lines = (clean_line(line, limit) for line in visible.split("\n"))
    text = "\n".join(line for line in lines if line)
    return text[:limit].rstrip() or None


def _without_comments(value: str) -> str:
    first, *others = value.split("<!--")
    return first + "".join(part.partition("-->")[2] for part in others)


def _visible_parts(value: str) -> Iterator[str]:
    """Yield the text outside of tags and scripts. Blocks become line breaks."""
    hidden = ""
    for part in _TAG.split(value):
        tag = _TAG_NAME.match(part)
        is_end, name = (bool(tag[1]), tag[2].lower()) if tag else (False, "")
        if hidden:
            hidden = "" if is_end and name == hidden else hidden
        elif name in _HIDDEN and not is_end:
            hidden = name
        elif name in _BLOCKS:
            yield "\n"
        elif not name and not part.startswith(("<!", "<?")):
            yield " ".join(re.split(r"\s+", _unescape(part)))


def _unescape(text: str) -> str:
    try:
        return html.unescape(text)
    except ValueError:  # A character reference with thousands of digits.
        return text


def clean_line(value: object, limit: int = LINE_LIMIT) -> str | None:
    """Return text as one line of up to `limit` characters, or None without any."""
    if not isinstance(value, str):
        return None
    # Control characters separate nothing, unless they are whitespace.
    spaced = " ".join(value[: 4 * limit].split())
    return " ".join(remove_control_characters(spaced).split())[:limit].rstrip() or None


def clean_url(value: object) -> str | None:
    """Return an http(s) URL with a host and without a password, or None."""
    if not isinstance(value, str) or not value.isprintable() or " " in value:
        return None
    try:
        parts = urlsplit(value)
        # As records have it: percent-encoding makes it longer.
        size = len(str(HttpUrl(value))) if len(value) <= _URL_LIMIT else _URL_LIMIT + 1
    except (ValueError, ValidationError):
        return None
    is_web = parts.scheme in ("http", "https") and parts.netloc and "@" not in parts.netloc
    return value if is_web and size <= _URL_LIMIT else None


def clean_day(value: object) -> str | None:
    """Return a date such as `2026-11-25`, or None. Empty and impossible dates are None."""
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII):
        return None
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return None
    return value if 1900 <= day.year <= 2199 else None


def clean_int(value: object, least: int, most: int) -> int | None:
    """Return an integer within bounds, or None."""
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if least <= value <= most else None


def as_mapping(value: object) -> Mapping[str, Any]:
    """Return a JSON object; an empty one for anything else, such as `[]` for an empty map."""
    return cast(Mapping[str, Any], value) if isinstance(value, dict) else {}


def as_list(value: object) -> Sequence[Any]:
    """Return a JSON array; an empty one for anything else."""
    return cast(Sequence[Any], value) if isinstance(value, list) else ()
