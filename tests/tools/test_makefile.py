"""Each make target sets up the packages it needs, once."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.process import ROOT

FAKE = """#!/bin/sh
echo "$(basename "$0") $*" >>calls.log
"""


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A clone in which Python, pip and the tools only log how they were called."""
    for name in ("Makefile", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    shutil.copytree(ROOT / "requirements", tmp_path / "requirements")
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    for name in ("python3", ".venv/bin/python", ".venv/bin/bonbang", ".venv/bin/pytest"):
        (tmp_path / name).write_text(FAKE)
        (tmp_path / name).chmod(0o755)
    return tmp_path


def make(clone: Path, target: str) -> str:
    """Run a target. Returns what it prints."""
    return subprocess.run(
        ["make", "--no-print-directory", "PYTHON=./python3", target],
        cwd=clone,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    ).stdout


def installed(clone: Path) -> list[str]:
    """The lock files that pip has installed since the last call."""
    log = clone / "calls.log"
    calls = log.read_text().splitlines() if log.exists() else []
    log.unlink(missing_ok=True)
    return [call.split()[-1] for call in calls if "--require-hashes" in call]


@pytest.mark.parametrize(("target", "lock"), [("run", "run"), ("demo", "demo"), ("test", "dev")])
def test_target_installs_its_own_packages_and_prints_one_line(
    clone: Path, target: str, lock: str
) -> None:
    [line] = make(clone, target).splitlines()
    assert line.startswith("Setting up .venv")
    assert installed(clone) == [f"requirements/{lock}.txt"]
    assert make(clone, target) == ""
    assert installed(clone) == []


def test_demo_then_test_then_run(clone: Path) -> None:
    targets = ("demo", "test", "run", "demo")
    assert [make(clone, target).count("\n") for target in targets] == [1, 1, 0, 0]
    assert installed(clone) == ["requirements/demo.txt", "requirements/dev.txt"]


def test_changed_lock_is_installed_again(clone: Path) -> None:
    make(clone, "run")
    installed(clone)
    stamp = (clone / ".venv" / ".run-ready").stat().st_mtime
    lock = clone / "requirements" / "run.txt"
    os.utime(lock, (stamp + 10, stamp + 10))
    make(clone, "run")
    assert installed(clone) == ["requirements/run.txt"]
