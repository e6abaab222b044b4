"""Kills `bonbang` (SIGKILL) just before a SQL statement, for many of its statements, and reruns it.

As `python -m tests.crash.crash_points FOLDER POINTS ARGUMENTS…` it runs the command in forks of one
process that has imported everything already, so that many kills take no longer than a few starts.
"""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from bot.__main__ import main
from tests.support.process import environment

_COUNT_FILE = "statements"


def kill_and_rerun(folder: Path, points: int, *arguments: str) -> Iterator[tuple[Path, Path]]:
    """Kill a command at so many points, spread evenly over its statements, each time in a copy of
    `folder`, and then rerun it to its end.

    Yields the copy after the kill, and its copy after the rerun. Whole folders are copied, since
    the database may have a write-ahead log.
    """
    module = [sys.executable, "-m", "tests.crash.crash_points"]
    run = subprocess.run(
        [*module, str(folder), str(points), *arguments],
        env=environment(""),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    for number in run.stdout.split():
        yield _copy_name(folder, f"{number}-killed"), _copy_name(folder, f"{number}-rerun")


def rows(folder: Path, query: str) -> list[Any]:
    """The rows that a query finds in a folder's database, which is created if it is missing."""
    with closing(sqlite3.connect(folder / "bonbang.db")) as connection:
        return connection.execute(query).fetchall()


def _copy_name(folder: Path, suffix: str) -> Path:
    return folder.with_name(f"{folder.name}-{suffix}")


def _fork(folder: Path, arguments: list[str], kill_at: int | None = None) -> int:
    """Run `bonbang` in a fork until it exits or is killed. Returns its wait status."""
    pid = os.fork()
    if pid == 0:
        _run(folder, arguments, kill_at)
    return os.waitpid(pid, 0)[1]


def _run(folder: Path, arguments: list[str], kill_at: int | None) -> None:
    os.environ["DATABASE_URL"] = f"sqlite:///{folder / 'bonbang.db'}"
    # The parent's standard output is only for the numbers it prints.
    os.dup2(2, 1)
    count = 0

    def before_statement(*_: Any) -> None:
        nonlocal count
        count += 1
        if count == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(Engine, "before_cursor_execute", before_statement)
    event.listen(Engine, "commit", before_statement)
    sys.argv = ["bonbang", *arguments]
    code: Any = 70
    try:
        main()
    except SystemExit as ended:
        code = ended.code
    finally:
        (folder / _COUNT_FILE).write_text(str(count))
        os._exit(code or 0)


def _kill_at_points(folder: Path, points: int, arguments: list[str]) -> None:
    completed = shutil.copytree(folder, _copy_name(folder, "completed"))
    assert _fork(completed, arguments) == 0, "the command fails without a kill"
    total = int((completed / _COUNT_FILE).read_text())
    for number in sorted({1 + total * n // points for n in range(points)} | {total}):
        killed = shutil.copytree(folder, _copy_name(folder, f"{number}-killed"))
        assert os.WTERMSIG(_fork(killed, arguments, number)) == signal.SIGKILL
        rerun = shutil.copytree(killed, _copy_name(folder, f"{number}-rerun"))
        assert _fork(rerun, arguments) == 0, "the command fails after it was killed"
        print(number)


if __name__ == "__main__":
    _kill_at_points(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])
