"""`bonbang` as a process of its own, as hosts and newcomers run it."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parent.parent
BONBANG = [sys.executable, "-m", "bot"]


def environment(database: Path | str, **settings: str) -> dict[str, str]:
    """An environment with nothing of the developer's own settings in it."""
    url = database if isinstance(database, str) else f"sqlite:///{database}"
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "SYSTEMROOT") if name in os.environ}
    return {
        **kept,
        "PYTHONPATH": str(ROOT),
        "CATALOG_PATH": str(ROOT / "data" / "catalog"),
        "DATABASE_URL": url,
        **settings,
    }


def bonbang(
    folder: Path,
    *arguments: str,
    typed: str = "",
    before: Callable[[], None] | None = None,
    **settings: str,
) -> subprocess.CompletedProcess[str]:
    """Run `bonbang` to its end, in a folder of its own; `before` is done first in its process."""
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
