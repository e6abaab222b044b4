"""Renders message bodies as plain text, as users see them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from simcord.components import walk_components

from bot.ui.layout import join_dotted
from bot.ui.markdown import unescape

_BUTTON, _SELECT, _TEXT = 2, 3, 10
_LINK = re.compile(r"(?<!\\)\[((?:[^\]\\]|\\.)+)\]\(<?[^)>]*>?\)")
_TIMESTAMP = re.compile(r"<t:(-?\d+)(?::([tTdDfFR]))?>")
_CHANNEL = re.compile(r"<#\d+>")


@dataclass(frozen=True, slots=True)
class MessagePart:
    """A visible part of a message. Texts are in Discord's markdown, other parts are plain text."""

    kind: Literal["text", "button", "option"]
    text: str


def render_plain_text(message: Mapping[str, Any]) -> str:
    """Render the visible parts of a message body as plain text. Times are in UTC."""
    texts = (strip_markdown(p.text) if p.kind == "text" else p.text for p in parts(message))
    return "\n".join(filter(None, texts))


def parts(message: Mapping[str, Any]) -> Iterator[MessagePart]:
    """Yield the visible parts of a message body: content, embeds, components."""
    if content := message.get("content"):
        yield MessagePart("text", content)
    embeds: list[dict[str, Any]] = message.get("embeds") or []
    for embed in embeds:
        yield from _embed_parts(embed)
    for component in walk_components(message.get("components") or []):
        yield from _component_parts(component)


def strip_markdown(markdown: str) -> str:
    """Convert Discord's markdown to plain text. Links keep their labels, and times are in UTC."""
    text = _LINK.sub(r"\1", markdown)
    text = re.sub(r"^(?:#{1,3}|-#) ", "", text, flags=re.MULTILINE)
    text = re.sub(r"(?<!\\)\*\*", "", text)
    return unescape(_CHANNEL.sub("#…", _TIMESTAMP.sub(_format_timestamp, text)))


def _embed_parts(embed: Mapping[str, Any]) -> Iterator[MessagePart]:
    fields: list[dict[str, str]] = embed.get("fields") or []
    footer: dict[str, str] = embed.get("footer") or {}
    field_texts = (f"**{field['name']}** {field['value']}" for field in fields)
    for text in (embed.get("title"), embed.get("description"), *field_texts, footer.get("text")):
        if text:
            yield MessagePart("text", text)


def _component_parts(component: Mapping[str, Any]) -> Iterator[MessagePart]:
    if component["type"] == _TEXT:
        yield MessagePart("text", component["content"])
    elif component["type"] == _BUTTON:
        yield MessagePart("button", component.get("label") or "")
    elif component["type"] == _SELECT:
        yield MessagePart("button", component.get("placeholder") or "")
        for option in component["options"]:
            yield MessagePart("option", join_dotted(option["label"], option.get("description")))


def _format_timestamp(match: re.Match[str]) -> str:
    time_format = "%Y-%m-%d" if match[2] in ("d", "D") else "%Y-%m-%d %H:%M UTC"
    return datetime.fromtimestamp(int(match[1]), UTC).strftime(time_format)
