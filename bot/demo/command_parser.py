"""What somebody types, read as a slash command or as a step of the clock."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.errors import BonbangError

_SUBCOMMAND = (1, 2)
_STEP = re.compile(r"(\d+)\s*([smhdw])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


class CommandSyntaxError(BonbangError):
    """The line is neither a command nor a step of the clock; the text says what can be typed."""


@dataclass(frozen=True, slots=True)
class ParsedOption:
    """The text typed for an option, and the option's type by Discord's numbers."""

    type: int
    text: str


@dataclass(frozen=True, slots=True)
class ParsedCommand:
    """A command as typed: its name with subcommands, and what is typed for each option."""

    name: str
    options: Mapping[str, ParsedOption]


def parse_command(line: str, commands: Sequence[Mapping[str, Any]]) -> ParsedCommand:
    """Read a line such as `/whois Taecyeon` or `/show title:Soul Mate`.

    The text after the name fills the first option; `name:value` pairs fill options by name.
    `commands` are those registered, as Discord describes them. Raises NotTyped.
    """
    words = line.strip().removeprefix("/").split()
    path: list[str] = []
    known: Sequence[Mapping[str, Any]] = commands
    while words and (found := _named(words[0], known)):
        path.append(found["name"])
        words.pop(0)
        known = found.get("options", [])
        if not any(option["type"] in _SUBCOMMAND for option in known):
            return ParsedCommand(" ".join(path), _options(" ".join(words), known))
    names = ", ".join(f"/{' '.join([*path, command['name']])}" for command in known)
    raise CommandSyntaxError(f"Unknown command. Try one of: {names}.")


def parse_time_step(line: str) -> timedelta | None:
    """Read a step of the clock such as `+7d` or `+1h30m`; None for anything else."""
    text = line.strip()
    steps = _STEP.findall(text)
    if not text.startswith("+") or _STEP.sub("", text[1:]).strip():
        return None
    return sum((timedelta(**{_UNITS[unit]: int(count)}) for count, unit in steps), timedelta())


def _named(name: str, commands: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    return next((command for command in commands if command["name"] == name.casefold()), None)


def _options(text: str, options: Sequence[Mapping[str, Any]]) -> dict[str, ParsedOption]:
    if not options:
        return {}
    types = {option["name"]: int(option["type"]) for option in options}
    names = "|".join(map(re.escape, types))
    first, *pairs = re.split(rf"(?:^|(?<=\s))({names}):", text)
    filled = {options[0]["name"]: first} if first.strip() else {}
    filled |= dict(zip(pairs[::2], pairs[1::2], strict=True))
    return {name: ParsedOption(types[name], value.strip()) for name, value in filled.items()}
