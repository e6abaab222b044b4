"""The bot needs no package but those of requirements/run.txt; the demo says what it needs."""

import ast
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from tests.conftest import SHIPPED
from tests.support.process import ROOT, environment, only_error_line
from tests.support.runtime_only import BONBANG_RUNTIME_ONLY, runtime_only
from tests.wire.fake_discord import WireDiscord
from tests.wire.process import BotProcess

IMPORT_EVERYTHING = """
import importlib, pkgutil
import bot, cogs

names = [
    module.name
    for package in (bot, cogs)
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
    if not module.name.startswith(("bot.demo", "bot.__main__"))
]
for name in names:
    importlib.import_module(name)
print(json.dumps(names))
"""


def run(folder: Path, command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=folder,
        env=environment(folder / "bonbang.db"),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


def test_every_module_but_the_demo_imports(tmp_path: Path) -> None:
    done = run(tmp_path, runtime_only(IMPORT_EVERYTHING))
    assert done.returncode == 0, done.stderr
    assert {"bot.app", "bot.cli.demo", "bot.store.backup", "cogs.shows"} <= {
        *json.loads(done.stdout)
    }


def imports(file: Path) -> Iterator[str]:
    """Yield the top-level packages that a file imports."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.split(".")[0]


def test_every_package_that_is_imported_is_a_dependency_of_its_own() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = [*project["dependencies"], *project["optional-dependencies"]["demo"]]
    names = {re.split(r"[^\w.-]", requirement)[0].replace("-", "_") for requirement in declared}
    files = [file for folder in ("bot", "cogs") for file in (ROOT / folder).rglob("*.py")]
    imported = {package for file in files for package in imports(file)}
    distributions = packages_distributions()
    others = imported - sys.stdlib_module_names - {"bot", "cogs"}
    used = {name.lower().replace("-", "_") for package in others for name in distributions[package]}
    assert used <= names


@pytest.mark.parametrize("package", ["simcord", "pytest", "playwright", "av"])
def test_other_packages_do_not_import(tmp_path: Path, package: str) -> None:
    done = run(tmp_path, runtime_only(f"import {package}"))
    assert f"No module named '{package}'" in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["demo", "--help"],
        ["catalog", "check", str(SHIPPED)],
        ["catalog", "import", str(SHIPPED)],
        ["countdowns"],
    ],
)
def test_commands_work(tmp_path: Path, arguments: list[str]) -> None:
    done = run(tmp_path, [*BONBANG_RUNTIME_ONLY, *arguments])
    assert done.returncode == 0, done.stderr


async def test_bot_connects_and_stops(tmp_path: Path) -> None:
    command = [*BONBANG_RUNTIME_ONLY, "run"]
    async with WireDiscord() as discord, BotProcess(discord, tmp_path, command=command) as bot:
        await bot.connected()
        assert await bot.terminate() == 0


@pytest.mark.parametrize("arguments", [[], ["/about"]])
def test_demo_says_how_to_install_its_packages(tmp_path: Path, arguments: list[str]) -> None:
    line = only_error_line(run(tmp_path, [*BONBANG_RUNTIME_ONLY, "demo", *arguments]))
    assert "make demo" in line
    assert "[demo]" in line
