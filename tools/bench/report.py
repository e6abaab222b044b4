"""Figures as Markdown, and the machine they were measured on."""

import os
import platform
import sqlite3
import statistics
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from pathlib import Path

_PACKAGES = ("discord.py", "aiosqlite", "sqlalchemy", "numpy", "rapidfuzz", "pydantic", "uvloop")


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table whose first column is text and whose other columns are figures."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def ms(seconds: float) -> str:
    """Seconds, in milliseconds."""
    return f"{seconds * 1000:.2f}"


def median_and_p99(values: Sequence[float]) -> tuple[float, float]:
    """The median and the 99th percentile."""
    few = len(values) < 2
    p99 = values[0] if few else statistics.quantiles(values, n=100, method="inclusive")[98]
    return statistics.median(values), p99


def machine() -> str:
    """The machine and the versions the figures were measured with."""
    versions = ", ".join(f"{name} {version(name)}" for name in _PACKAGES)
    return (
        f"{_processor()}, {os.cpu_count()} cores, {platform.system()}; "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {versions}."
    )


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    if info.is_file():
        for line in info.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
