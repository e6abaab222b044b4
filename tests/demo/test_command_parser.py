"""Lines typed in the demo are parsed as commands and as steps of the clock."""

from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.demo.command_parser import CommandSyntaxError, ParsedOption, parse_command, parse_time_step

TEXT, CHANNEL, SUBCOMMAND = 3, 7, 1
COMMANDS: list[dict[str, Any]] = [
    {"name": "about"},
    {"name": "whois", "options": [{"name": "name", "type": TEXT}]},
    {
        "name": "countdown",
        "options": [
            {"name": "list", "type": SUBCOMMAND},
            {
                "name": "add",
                "type": SUBCOMMAND,
                "options": [
                    {"name": "title", "type": TEXT},
                    {"name": "channel", "type": CHANNEL},
                    {"name": "time", "type": TEXT},
                ],
            },
        ],
    },
]


@pytest.mark.parametrize(
    ("line", "name", "options"),
    [
        ("/about", "about", {}),
        ("about", "about", {}),
        ("/whois Taecyeon", "whois", {"name": "Taecyeon"}),
        ("  /WHOIS   Ok Taec-yeon  ", "whois", {"name": "Ok Taec-yeon"}),
        ("/whois name:Ok Taec-yeon", "whois", {"name": "Ok Taec-yeon"}),
        ("/whois Re:Zero", "whois", {"name": "Re:Zero"}),
        ("/whois", "whois", {}),
        ("/countdown list", "countdown list", {}),
        (
            "/countdown add Soul Mate channel:#general time:21:00",
            "countdown add",
            {"title": "Soul Mate", "channel": "#general", "time": "21:00"},
        ),
    ],
)
def test_command_is_parsed(line: str, name: str, options: dict[str, str]) -> None:
    parsed = parse_command(line, COMMANDS)
    assert parsed.name == name
    assert {name: option.text for name, option in parsed.options.items()} == options


def test_option_has_its_type() -> None:
    parsed = parse_command("/countdown add x channel:#a", COMMANDS)
    assert parsed.options["channel"] == ParsedOption(CHANNEL, "#a")


@pytest.mark.parametrize("line", ["", "/", "/nope", "hello", "/countdown", "/countdown nope"])
def test_unknown_command_is_refused_with_the_commands(line: str) -> None:
    with pytest.raises(CommandSyntaxError, match=r"/countdown|/whois"):
        parse_command(line, COMMANDS)


@given(st.text())
def test_any_line_is_parsed_or_refused(line: str) -> None:
    with suppress(CommandSyntaxError):
        parse_command(line, COMMANDS)
    parse_time_step(line)


@pytest.mark.parametrize(
    ("line", "step"),
    [
        ("+7d", timedelta(days=7)),
        ("+1h30m", timedelta(minutes=90)),
        (" +2w 1s ", timedelta(weeks=2, seconds=1)),
        ("7d", None),
        ("+7", None),
        ("+7x", None),
        ("+7d later", None),
        ("/whois +7d", None),
    ],
)
def test_time_step_is_parsed(line: str, step: timedelta | None) -> None:
    assert parse_time_step(line) == step
