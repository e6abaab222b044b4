"""`bonbang` killed (SIGKILL) just before a statement, and run again, for many of its statements.

As `python -m tests.crash.dying FOLDER MOMENTS ARGUMENTS…` it runs in processes forked from one that
has loaded everything already, so that many deaths cost no more than a few starts.
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
from tests.process import environment

_COUNT = "statements"


def deaths(folder: Path, moments: int, *arguments: str) -> Iterator[tuple[Path, Path]]:
    """Kill a command at so many moments of its work, spread evenly, each time in a copy of
    `folder`, and then run it to its end. Gives the database as the kill left it, and as it was in
    the end."""
    # What is copied are whole folders: the database may have its log beside it.
    command = [sys.executable, "-m", "tests.crash.dying", str(folder), str(moments), *arguments]
    run = subprocess.run(
        command, env=environment(""), capture_output=True, text=True, timeout=120, check=False
    )
    assert run.returncode == 0, run.stderr
    for number in run.stdout.split():
        yield _beside(folder, f"{number}-killed"), _beside(folder, f"{number}-again")


def rows(folder: Path, query: str) -> list[Any]:
    """What a query finds in a folder's database; nothing where there is none."""
    with closing(sqlite3.connect(folder / "bonbang.db")) as connection:
        return connection.execute(query).fetchall()


def _beside(folder: Path, name: str) -> Path:
    return folder.with_name(f"{folder.name}-{name}")


def _fork(folder: Path, arguments: list[str], dies_at: int | None = None) -> int:
    """Run `bonbang` in a folder, to its end or its death; how that was, as `waitpid` has it."""
    pid = os.fork()
    if pid == 0:
        _run(folder, arguments, dies_at)
    return os.waitpid(pid, 0)[1]


def _run(folder: Path, arguments: list[str], dies_at: int | None) -> None:
    os.environ["DATABASE_URL"] = f"sqlite:///{folder / 'bonbang.db'}"
    # Nothing but what the parent tells belongs on its standard output.
    os.dup2(2, 1)
    count = 0

    def before(*_: Any) -> None:
        nonlocal count
        count += 1
        if count == dies_at:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(Engine, "before_cursor_execute", before)
    event.listen(Engine, "commit", before)
    sys.argv = ["bonbang", *arguments]
    code: Any = 70
    try:
        main()
    except SystemExit as ended:
        code = ended.code
    finally:
        (folder / _COUNT).write_text(str(count))
        os._exit(code or 0)


def _die_again_and_again(folder: Path, moments: int, arguments: list[str]) -> None:
    whole = shutil.copytree(folder, _beside(folder, "whole"))
    assert _fork(whole, arguments) == 0, "the command fails by itself"
    total = int((whole / _COUNT).read_text())
    for number in sorted({1 + total * n // moments for n in range(moments)} | {total}):
        killed = shutil.copytree(folder, _beside(folder, f"{number}-killed"))
        assert os.WTERMSIG(_fork(killed, arguments, number)) == signal.SIGKILL
        again = shutil.copytree(killed, _beside(folder, f"{number}-again"))
        assert _fork(again, arguments) == 0, "the command fails after it was killed"
        print(number)


if __name__ == "__main__":
    _die_again_and_again(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])
