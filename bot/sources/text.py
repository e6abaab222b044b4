"""Cleans what sources send. Nothing in it is trusted: every value has a type, a size and no
control characters, or becomes None."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from html.parser import HTMLParser
from typing import Any, cast
from urllib.parse import urlsplit

from bot.control_characters import remove_control_characters

LINE_LIMIT, TEXT_LIMIT = 300, 8000
_URL_LIMIT = 2000
_BLOCKS = {"p", "br", "div", "li", "ul", "ol", "tr", "h1", "h2", "h3", "h4", "h5", "h6"}
_HIDDEN = {"script", "style"}


class _TextCollector(HTMLParser):
    """Collects the text of HTML. Blocks become line breaks; scripts are left out."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if tag in _HIDDEN:
            self._hidden += 1
        if tag in _BLOCKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _HIDDEN and self._hidden:
            self._hidden -= 1
        if tag in _BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(data)


def clean_html(value: object, limit: int = TEXT_LIMIT) -> str | None:
    """Return the text of HTML, one line per paragraph, or None without any."""
    if not isinstance(value, str):
        return None
    collector = _TextCollector()
    # Much longer than any summary, and short enough to stay fast.
    collector.feed(value[: 4 * limit])
    collector.close()
    lines = (clean_line(line, limit) for line in "".join(collector.parts).split("\n"))
    text = "\n".join(line for line in lines if line)
    return text[:limit].rstrip() or None


def clean_line(value: object, limit: int = LINE_LIMIT) -> str | None:
    """Return text as one line of up to `limit` characters, or None without any."""
    if not isinstance(value, str):
        return None
    spaced = re.sub(r"\s+", " ", value[: 4 * limit])
    return remove_control_characters(spaced).strip()[:limit].rstrip() or None


def clean_url(value: object) -> str | None:
    """Return an http(s) URL with a host, or None."""
    if not isinstance(value, str) or len(value) > _URL_LIMIT or not value.isprintable():
        return None
    try:
        parts = urlsplit(value)
        is_web = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return None
    return value if is_web and " " not in value else None


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
