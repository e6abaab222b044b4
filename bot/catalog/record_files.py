"""Reads the text of records from files. Opens only regular files, and limits what it reads."""

import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from bot.catalog.validation import Problem

# In bytes. The largest valid records, with long texts in thirty languages, have a few hundred KB.
MAX_RECORD_SIZE = 1_000_000
MAX_TOTAL_SIZE = 1_000_000_000
MAX_RECORDS = 1_000_000

_ENTITY_BY_FOLDER = {"titles": "title", "people": "person"}
_PATH_HINT = "use a readable folder of TOML files, .toml file or .jsonl file"


@dataclass(frozen=True, slots=True)
class RecordSource:
    """The text of a record, with its file, its line, and the entity implied by its folder."""

    file: str
    line: int | None
    folder_entity: str | None
    raw: bytes


class _LimitExceededError(Exception):
    """There are more records than an import may have."""


def read_sources(path: Path, problems: list[Problem]) -> Iterator[RecordSource]:
    """Yield the text of each record of a folder, a `.toml` file or a `.jsonl` file.

    What cannot be read is added to `problems`.
    """
    count = size = 0
    try:
        for source in _sources(path, problems):
            count, size = count + 1, size + len(source.raw)
            if count > MAX_RECORDS or size > MAX_TOTAL_SIZE:
                raise _LimitExceededError
            yield source
    except _LimitExceededError:
        message = f"more than {MAX_RECORDS:,} records or {MAX_TOTAL_SIZE // 1_000_000} MB"
        problems.append(Problem(str(path), message, "import the records in several parts"))
    except OSError as error:
        problems.append(_unreadable(path, error, _PATH_HINT))


def find_record_files(folder: Path, on_error: Callable[[OSError], None]) -> Iterator[Path]:
    """Yield the TOML files of a folder and its subfolders.

    Hidden files and folders are skipped, such as the lock files of editors; so is everything
    that is not a regular file, and symbolic links to folders.
    """
    for parent, folders, names in os.walk(folder, onerror=on_error):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            file = Path(parent, name)
            if file.suffix == ".toml" and not name.startswith("."):
                try:
                    if stat.S_ISREG(file.stat().st_mode):
                        yield file
                except OSError as error:
                    on_error(error)


def _sources(path: Path, problems: list[Problem]) -> Iterator[RecordSource]:
    if stat.S_ISDIR(path.stat().st_mode):
        yield from _sources_of_folder(path, problems)
    elif path.suffix == ".toml":
        yield from _source_of_file(path, problems)
    else:
        yield from _sources_of_lines(path, problems)


def _sources_of_folder(folder: Path, problems: list[Problem]) -> Iterator[RecordSource]:
    def add_problem(error: OSError) -> None:
        problems.append(_unreadable(folder, error, "make it readable, or remove it"))

    for file in find_record_files(folder, add_problem):
        try:
            yield from _source_of_file(file, problems)
        except OSError as error:
            problems.append(_unreadable(file, error, "make it readable, or remove it"))


def _source_of_file(file: Path, problems: list[Problem]) -> Iterator[RecordSource]:
    with _open_regular(file) as opened:
        # A file without data, such as some in /proc, yields None.
        raw = opened.read(MAX_RECORD_SIZE + 1) or b""
    if len(raw) > MAX_RECORD_SIZE:
        problems.append(_too_large(file, None))
    else:
        yield RecordSource(str(file), None, _ENTITY_BY_FOLDER.get(file.parent.name), raw)


def _sources_of_lines(file: Path, problems: list[Problem]) -> Iterator[RecordSource]:
    number = 0
    with _open_regular(file) as opened:
        while line := opened.readline(MAX_RECORD_SIZE + 1):
            number += 1
            if len(line) > MAX_RECORD_SIZE:
                problems.append(_too_large(file, number))
                return
            if line.strip():
                yield RecordSource(str(file), number, None, line)


def _open_regular(file: Path) -> IO[bytes]:
    """Open a regular file. Raises OSError, also for any other kind of file."""
    opened = open(file, "rb", opener=_open_without_waiting)  # noqa: SIM115
    # The file may have been replaced since it was found.
    if not stat.S_ISREG(os.fstat(opened.fileno()).st_mode):
        opened.close()
        raise OSError(None, "not a regular file", str(file))
    return opened


def _open_without_waiting(file: str, flags: int) -> int:
    # Opening a named pipe would otherwise wait until something is written to it.
    return os.open(file, flags | getattr(os, "O_NONBLOCK", 0))


def _unreadable(path: Path, error: OSError, hint: str) -> Problem:
    return Problem(str(error.filename or path), error.strerror or "can't be read", hint)


def _too_large(file: Path, line: int | None) -> Problem:
    message = f"the record is larger than {MAX_RECORD_SIZE // 1_000_000} MB"
    return Problem(str(file), message, "shorten it, or remove it", line)
