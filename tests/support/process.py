"""Runs `bonbang` as a separate process, as operators do."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[2]
BONBANG = [sys.executable, "-m", "bot"]


def environment(database: Path | str, **settings: str) -> dict[str, str]:
    """Environment variables without the developer's own settings."""
    url = database if isinstance(database, str) else f"sqlite:///{database}"
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "SYSTEMROOT") if name in os.environ}
    return {
        **kept,
        "PYTHONPATH": str(ROOT),
        "CATALOG_PATH": str(ROOT / "tests" / "sample_catalog"),
        "DATABASE_URL": url,
        "SYNC_SOURCES": "",
        **settings,
    }


def bonbang(
    folder: Path,
    *arguments: str,
    typed: str = "",
    before: Callable[[], None] | None = None,
    **settings: str,
) -> subprocess.CompletedProcess[str]:
    """Run `bonbang` in a folder until it exits; `before` runs first in its process."""
    database = settings.pop("DATABASE_URL", f"sqlite:///{folder / 'bonbang.db'}")
    return subprocess.run(
        [*BONBANG, *arguments],
        cwd=folder,
        env=environment(database, **settings),
        input=typed,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
        preexec_fn=before,
    )


def only_error_line(run: subprocess.CompletedProcess[str]) -> str:
    """The one line that a command printed before it exited with 2, without a traceback."""
    assert run.returncode == 2, run.stderr
    assert run.stdout == ""
    assert "Traceback" not in run.stderr
    [line] = [x for x in run.stderr.splitlines() if " INFO " not in x and " DEBUG " not in x]
    return line


def limit_file_size(bytes_: int) -> Callable[[], None]:
    """Limits how large a process may make any file, as a full disk or a quota would."""
    import resource  # POSIX only

    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (bytes_, bytes_))
