"""Prints replies and announcements in the terminal."""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from rich.console import Console, Group
from rich.panel import Panel
from rich.text import Text

from bot.demo.plain_text import MessagePart, parts, strip_markdown
from bot.demo.simulation import Reply

_BOLD = re.compile(r"(?<!\\)\*\*(.+?)(?<!\\)\*\*")


def show_reply(console: Console, reply: Reply) -> None:
    """Print a reply as a card."""
    console.print(Text(reply.command, style="bold magenta"))
    if reply.message is None:
        console.print(Text("(no reply)", style="red"))
    else:
        note = "Only you can see this" if reply.ephemeral else None
        console.print(_card(reply.message, subtitle=note))


def show_announcement(console: Console, message: Mapping[str, Any], channel: str) -> None:
    """Print an announcement as a card."""
    console.print(_card(message, title=f"#{channel}"))


def as_json(reply: Reply) -> str:
    """Return a reply as one line of JSON."""
    return json.dumps(asdict(reply), ensure_ascii=False)


def _card(
    message: Mapping[str, Any], *, title: str | None = None, subtitle: str | None = None
) -> Panel:
    visible_parts = list(parts(message))
    texts = [_markdown(part.text) for part in visible_parts if part.kind == "text"]
    body = Group(*texts, _controls(visible_parts))
    return Panel(body, title=title, subtitle=subtitle, border_style="magenta", width=80)


def _controls(visible_parts: list[MessagePart]) -> Text:
    buttons = [f"[ {part.text} ]" for part in visible_parts if part.kind == "button"]
    options = [f"  • {part.text}" for part in visible_parts if part.kind == "option"]
    return Text("\n".join(filter(None, [" ".join(buttons), *options])), style="cyan")


def _markdown(markdown: str) -> Text:
    text = Text()
    for line in f"{markdown}\n".splitlines(keepends=True):
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
