"""`bonbang --help` is quick: it imports none of the large libraries."""

import json
import subprocess
import sys

import pytest

from tests.support.process import ROOT

LARGE = ["discord", "sqlalchemy", "pydantic"]
# Typer itself imports pydantic once a command has parameters.
LARGE_FOR_COMMANDS = ["discord", "sqlalchemy", "bot.app", "bot.settings"]
SCRIPT = """
import contextlib, io, json, sys
from bot.cli import app
shown = io.StringIO()
with contextlib.redirect_stdout(shown):
    app(json.loads(sys.argv[1]), standalone_mode=False)
imported = [name for name in json.loads(sys.argv[2]) if name in sys.modules]
print(json.dumps([shown.getvalue(), imported]))
"""


@pytest.mark.parametrize(
    ("command", "shown"),
    [
        ([], ["run", "demo", "catalog", "countdowns", "backup", "restore"]),
        (["catalog"], ["check", "import", "export", "search"]),
        (["run"], []),
        (["demo"], ["--json", "--now", "--as", "--locale", "--port"]),
        (["countdowns"], ["--limit"]),
        (["backup"], ["--replace"]),
    ],
)
def test_help_imports_no_large_library(command: list[str], shown: list[str]) -> None:
    arguments = [
        json.dumps([*command, "--help"]),
        json.dumps(LARGE_FOR_COMMANDS if command else LARGE),
    ]
    run = subprocess.run(
        [sys.executable, "-c", SCRIPT, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=True,
    )
    text, imported = json.loads(run.stdout)
    assert "Usage:" in text
    assert [word for word in shown if word not in text] == []
    assert imported == []
