"""Parses the text options of a countdown."""

import re
import unicodedata
from datetime import time

MAX_DAYS = 1000
MAX_MILESTONES = 30


def parse_milestones(text: str) -> tuple[int, ...] | None:
    """Parse days such as `100, 30, 7, 1, 0` or `D-7`. Returns None if the text is invalid.

    The days are unique and in descending order.
    """
    words = [word for word in re.split(r"[\s,;·、]+", _normalize(text).upper()) if word]
    numbers = ["0" if word == "D-DAY" else word.removeprefix("D-") for word in words]
    if not numbers or not all(re.fullmatch(r"\d{1,4}", number, re.ASCII) for number in numbers):
        return None
    days = {int(number) for number in numbers}
    if len(days) > MAX_MILESTONES or max(days) > MAX_DAYS:
        return None
    return tuple(sorted(days, reverse=True))


def parse_time(text: str) -> time | None:
    """Parse a time of day such as `21:00`, `9:30` or `21`. Returns None if it is invalid."""
    match = re.fullmatch(r"(\d{1,2})(?:[:.h](\d{2}))?", _normalize(text), re.ASCII)
    if match is None or int(match[1]) > 23 or int(match[2] or 0) > 59:
        return None
    return time(int(match[1]), int(match[2] or 0))


def _normalize(text: str) -> str:
    """Strip the text and convert full-width characters, as typed on East Asian keyboards."""
    return unicodedata.normalize("NFKC", text).strip()
