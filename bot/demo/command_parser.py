"""Parses lines of input as slash commands or time steps."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.errors import BonbangError

_SUBCOMMAND = (1, 2)
_STEP = re.compile(r"(\d+)\s*([smhdw])")
_LONGEST_STEP = timedelta(days=3653)
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


class CommandSyntaxError(BonbangError):
    """The line is not a valid command. The text lists the valid ones."""


@dataclass(frozen=True, slots=True)
class ParsedOption:
    """The text of an option, and Discord's number for its type."""

    type: int
    text: str


@dataclass(frozen=True, slots=True)
class ParsedCommand:
    """A parsed command: its full name, and its options by name."""

    name: str
    options: Mapping[str, ParsedOption]


def parse_command(line: str, commands: Sequence[Mapping[str, Any]]) -> ParsedCommand:
    """Parse a line such as `/whois Taecyeon` or `/show title:Soul Mate`.

    Text after the command name is the first option. `name:value` pairs are options by name.
    `commands` are the registered commands in Discord's JSON format. Raises CommandSyntaxError.
    """
    words = line.strip().removeprefix("/").split()
    path: list[str] = []
    choices: Sequence[Mapping[str, Any]] = commands
    while words and (command := _find_by_name(words[0], choices)):
        path.append(command["name"])
        words.pop(0)
        choices = command.get("options", [])
        if not any(option["type"] in _SUBCOMMAND for option in choices):
            return ParsedCommand(" ".join(path), _parse_options(" ".join(words), choices))
    names = ", ".join(f"/{' '.join([*path, choice['name']])}" for choice in choices)
    raise CommandSyntaxError(f"Unknown command. Try one of: {names}.")


def parse_time_step(line: str) -> timedelta | None:
    """Parse a time step such as `+7d` or `+1h30m`. Returns None if it is not one.

    Raises CommandSyntaxError if it is longer than ten years.
    """
    text = line.strip()
    steps = _STEP.findall(text)
    if not text.startswith("+") or _STEP.sub("", text[1:]).strip():
        return None
    try:
        step = sum((timedelta(**{_UNITS[unit]: int(count)}) for count, unit in steps), timedelta())
    except OverflowError:
        step = timedelta.max
    if step > _LONGEST_STEP:
        raise CommandSyntaxError("The clock can be moved by ten years at a time, at most.")
    return step


def _find_by_name(name: str, commands: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    return next((command for command in commands if command["name"] == name.casefold()), None)


def _parse_options(text: str, options: Sequence[Mapping[str, Any]]) -> dict[str, ParsedOption]:
    if not options:
        return {}
    types = {option["name"]: int(option["type"]) for option in options}
    names = "|".join(map(re.escape, types))
    first, *pairs = re.split(rf"(?:^|(?<=\s))({names}):", text)
    values = {options[0]["name"]: first} if first.strip() else {}
    values |= dict(zip(pairs[::2], pairs[1::2], strict=True))
    return {name: ParsedOption(types[name], value.strip()) for name, value in values.items()}
