"""Prints replies and announcements in the terminal."""

import json
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from rich.columns import Columns
from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.text import Text

from bot.demo.plain_text import MentionNames, MessagePart, parts, strip_markdown
from bot.demo.simulation import DemoUser, Notice, Reply

_HINTS = """
The last one is for moderators: choose Moderator under "Viewing as" on the page,
or type `as moderator` here. `as member` switches back.
+1d, typed here, moves the clock forward a day and posts due announcements.
Press Ctrl-C to quit.
"""

_BOLD = re.compile(r"(?<!\\)\*\*(.+?)(?<!\\)\*\*")


def show_reply(console: Console, reply: Reply, names: MentionNames) -> None:
    """Print a reply as a card."""
    console.print(Text(reply.command, style="bold magenta"))
    if reply.message is None:
        console.print(Text("(no reply)", style="red"))
    else:
        note = "Only you can see this" if reply.ephemeral else None
        console.print(_card(reply.message, names, subtitle=note))


def show_notice(console: Console, notice: Notice, names: MentionNames) -> None:
    """Print what the demo says, and announcements as cards."""
    console.print(notice.text, highlight=False)
    for announcement in notice.announcements:
        console.print(_card(announcement.message, names, title=announcement.channel))


def show_start(console: Console, url: str, commands: Sequence[str]) -> None:
    """Print the address of the page, and what to try. The last command is for moderators."""
    console.print("\nOpen the demo in your browser:", style="bold")
    console.print(url, style="cyan", soft_wrap=True)
    console.print("\nTry these on the page, or type them here:", style="bold")
    for command in commands:
        console.print(Text(f"  {command}", style="magenta"))
    console.print(_HINTS, markup=False, highlight=False)


def show_prompt(console: Console, user: DemoUser) -> None:
    """Print who runs the next command, if a person types it."""
    if sys.stdin.isatty():
        console.print(f"{user}> ", style="bold", end="")


def as_json(result: Reply | Notice) -> str:
    """Return a result as one line of JSON."""
    return json.dumps(asdict(result), ensure_ascii=False)


def _card(
    message: Mapping[str, Any],
    names: MentionNames,
    *,
    title: str | None = None,
    subtitle: str | None = None,
) -> Panel:
    visible_parts = list(parts(message, names))
    texts = [_markdown(part.text) for part in visible_parts if part.kind == "text"]
    # An empty line between texts, and before buttons and menus.
    body = Group(Text("\n\n").join(texts), *_controls(visible_parts))
    return Panel(body, title=title, subtitle=subtitle, border_style="magenta", width=80)


def _controls(visible_parts: list[MessagePart]) -> list[RenderableType]:
    buttons = [Text(f"[ {p.text} ]", style="cyan") for p in visible_parts if p.kind == "button"]
    options = [Text(f"  • {p.text}", style="cyan") for p in visible_parts if p.kind == "option"]
    return ["", Columns(buttons), *options] if buttons else []


def _markdown(markdown: str) -> Text:
    text = Text()
    for line in markdown.splitlines(keepends=True):
        if line.startswith(("## ", "### ")):
            text.append(strip_markdown(line), style="bold")
        elif line.startswith("-# "):
            text.append(strip_markdown(line), style="dim")
        else:
            _append_inline(text, line)
    return text


def _append_inline(text: Text, line: str) -> None:
    for number, piece in enumerate(_BOLD.split(line)):
        text.append(strip_markdown(piece), style="bold" if number % 2 else "")
