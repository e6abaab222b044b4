"""Parses the text options of a countdown."""

import re
import unicodedata
from datetime import time

MAX_DAYS = 1000
MAX_MILESTONES = 30

# The day of a release, as countdowns call it in English, French, Indonesian, Spanish and Korean.
_RELEASE_DAY = re.compile(r"\b(?:D-?DAY|JOUR J|HARI H|D[IÍ]A D)\b|디데이")

# "and" before the last day of a list.
_AND = ("AND", "ET", "UND", "DAN", "VÀ", "Y", "E")

# 12-hour clocks in the languages of the bot. Korean, Japanese and Chinese put the marker first.
_BEFORE_NOON = ("am", "오전", "午前", "上午")
_AFTER_NOON = ("pm", "오후", "午後", "下午")
_MARKER = re.compile("|".join((*_BEFORE_NOON, *_AFTER_NOON)))
# am, a.m., and a. m. as in Spanish.
_LATIN_MARKER = re.compile(r"(?<![a-z])([ap])\.?\s?m\b\.?")

# 21:00, 21.00, 21:00 Uhr, 21:00 h; 21h, 21h30, 21 Uhr, 21시 30분, 21時, 21點
_CLOCK = re.compile(
    r"(\d{1,2})(?:\s*[:.](\d{2})(?:\s*(?:uhr|hs?))?|\s*(?:[h時时點点시]|uhr)\s*(?:(\d{2})\s*[分분]?)?)?",
    re.ASCII,
)


def parse_milestones(text: str) -> tuple[int, ...] | None:
    """Parse days such as `100, 30, 7, 1, 0`, `D-7`, `J-7` or `H-7`.

    Returns the days without duplicates, in descending order, or None if the text is invalid.
    """
    normalized = _RELEASE_DAY.sub("0", _normalize(text).upper())
    words = [word for word in re.split(r"[\s,;·、]+", normalized) if word and word not in _AND]
    numbers = [re.sub(r"^[DJH]-", "", word) for word in words]
    if not numbers or not all(re.fullmatch(r"\d{1,4}", number, re.ASCII) for number in numbers):
        return None
    days = {int(number) for number in numbers}
    if len(days) > MAX_MILESTONES or max(days) > MAX_DAYS:
        return None
    return tuple(sorted(days, reverse=True))


def parse_time(text: str) -> time | None:
    """Parse a time of day such as `21:00`, `9:30`, `21`, `9 pm`, `21h`, `21 Uhr` or `오후 9시`.

    Returns None if it is invalid.
    """
    normalized = _LATIN_MARKER.sub(r"\1m", _normalize(text).casefold())
    markers = _MARKER.findall(normalized)
    match = _CLOCK.fullmatch(_MARKER.sub("", normalized).strip())
    if match is None or len(markers) > 1:
        return None
    hour, minute = _hour(int(match[1]), *markers), int(match[2] or match[3] or 0)
    return None if hour is None or minute > 59 else time(hour, minute)


def _hour(hour: int, marker: str | None = None) -> int | None:
    """Return the hour on a 24-hour clock, or None if there is no such hour."""
    if marker is None:
        return hour if hour <= 23 else None
    if not 1 <= hour <= 12:
        return None
    return hour % 12 + (12 if marker in _AFTER_NOON else 0)


def _normalize(text: str) -> str:
    """Strip the text and convert full-width characters, as typed on East Asian keyboards."""
    return unicodedata.normalize("NFKC", text).strip()
