"""Parses what moderators type for a countdown."""

import re
import unicodedata
from datetime import time

MAX_DAYS = 1000
MAX_MILESTONES = 30


def parse_milestones(text: str) -> tuple[int, ...] | None:
    """Days such as `100, 30, 7, 1, 0`, most first and each once; None for anything else."""
    words = [word for word in re.split(r"[\s,;·、]+", _plain(text).upper()) if word]
    numbers = ["0" if word == "D-DAY" else word.removeprefix("D-") for word in words]
    if not numbers or not all(re.fullmatch(r"\d{1,4}", one, re.ASCII) for one in numbers):
        return None
    days = {int(number) for number in numbers}
    if len(days) > MAX_MILESTONES or max(days) > MAX_DAYS:
        return None
    return tuple(sorted(days, reverse=True))


def parse_time(text: str) -> time | None:
    """A time of day such as `21:00`, `9:30` or `21`; None for anything else."""
    match = re.fullmatch(r"(\d{1,2})(?:[:.h](\d{2}))?", _plain(text), re.ASCII)
    if match is None or int(match[1]) > 23 or int(match[2] or 0) > 59:
        return None
    return time(int(match[1]), int(match[2] or 0))


def _plain(text: str) -> str:
    """Text with full-width digits and signs, as keyboards of East Asia give them, made usual."""
    return unicodedata.normalize("NFKC", text).strip()
