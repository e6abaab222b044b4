"""The documentation says what the code does."""

import re
from pathlib import Path
from typing import Any

import pytest
from simcord.interactions import command_leaves

from bot.settings import Settings
from tests.conftest import Server

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
PAGES = {"README.md": README, "CONTRIBUTING.md": CONTRIBUTING}


def table(text: str, heading: str) -> list[list[str]]:
    """The rows of the first table under a heading, without its own heading rows."""
    section = text.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows[2:]]


def _usage(option: dict[str, Any]) -> str:
    return f" {option['name']}" if option.get("required") else f" [{option['name']}]"


async def test_readme_lists_every_command(server: Server) -> None:
    registered = {
        f"/{' '.join(path)}" + "".join(map(_usage, leaf.get("options") or [])): leaf["description"]
        for command in server.env.backend.commands[None].values()
        for path, leaf in command_leaves(command)
    }
    listed = {row[0].strip("`"): row[1] for row in table(README, "Commands")}
    assert listed == registered


def test_readme_lists_every_setting() -> None:
    fields = {
        name.upper(): (
            f"`{shown}`" if (shown := default(field.default)) else "",
            field.description,
        )
        for name, field in Settings.model_fields.items()
    }
    rows = table(README, "Settings")
    assert {row[0].strip("`"): (row[1], row[2]) for row in rows} == fields


def default(value: object) -> str:
    """A default as it is written in the environment."""
    if isinstance(value, tuple):
        return ",".join(map(str, value))
    return "" if value is None else str(value)


def test_env_example_has_every_setting_with_its_default() -> None:
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    pairs = (re.fullmatch(r"(?:# )?([A-Z_]+)=(.*)", line) for line in lines)
    assert {pair[1]: pair[2] for pair in pairs if pair} == {
        name.upper(): default(field.default) for name, field in Settings.model_fields.items()
    }


@pytest.mark.parametrize("page", PAGES)
def test_every_mentioned_file_exists(page: str) -> None:
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", PAGES[page])
    code = re.findall(r"`((?:bot|cogs|data|tests|tools|docs)/[\w./-]+)`", PAGES[page])
    assert [
        path for path in {*links, *code} if not (ROOT / path).exists() and not path.endswith(".db")
    ] == []


@pytest.mark.parametrize("page", PAGES)
def test_every_mentioned_make_target_exists(page: str) -> None:
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)
    mentioned = re.findall(r"`make ([a-z]+)`", PAGES[page])
    assert set(mentioned) <= set(targets)
    assert mentioned


def test_contributing_draws_every_module() -> None:
    """Every module of the tree that CONTRIBUTING draws is there, and every one there is drawn."""
    drawn = CONTRIBUTING.split("## Project layout")[1].split("```")[1]
    drawn_names = set(re.findall(r"\b(\w+)\.py\b", drawn))
    there = {
        file.stem
        for folder in ("bot", "cogs")
        for file in (ROOT / folder).rglob("*.py")
        if "migrations" not in file.parts and file.stem != "__init__"
    }
    assert drawn_names == there
