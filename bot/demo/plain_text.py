"""Renders message bodies as plain text, as users see them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from simcord.components import walk_components

from bot.ui.layout import join_dotted
from bot.ui.markdown import escape_inline, unescape

_BUTTON, _SELECT, _TEXT = 2, 3, 10
_LINK = re.compile(r"(?<!\\)\[((?:[^\]\\]|\\.)+)\]\(<?[^)>]*>?\)")
_TIMESTAMP = re.compile(r"<t:(-?\d+)(?::([tTdDfFR]))?>")
# How long until the time before it, such as "(in 3 days)".
_RELATIVE = re.compile(r"\s*\(<t:-?\d+:R>\)")
_MENTION = re.compile(r"(?<!\\)<(#|@)[&!]?\d+>")
_COMMAND_MENTION = re.compile(r"(?<!\\)</([^:<>]+):\d+>")


@dataclass(frozen=True, slots=True)
class MessagePart:
    """A visible part of a message. Texts are in Discord's markdown, other parts are plain text."""

    kind: Literal["text", "button", "option"]
    text: str


MentionNames = Mapping[str, str]
"""What Discord shows for mentions, such as `#news` for `<#123>`."""

NO_NAMES: MentionNames = {}


def render_plain_text(message: Mapping[str, Any], names: MentionNames = NO_NAMES) -> str:
    """Render the visible parts of a message body as plain text. Times are in UTC."""
    texts = (strip_markdown(p.text) if p.kind == "text" else p.text for p in parts(message, names))
    return "\n".join(filter(None, texts))


def parts(message: Mapping[str, Any], names: MentionNames) -> Iterator[MessagePart]:
    """Yield the visible parts of a message body: content, embeds, components.

    Mentions are replaced by names.
    """
    for part in _parts(message):
        text = _name_mentions(part.text, names) if part.kind == "text" else part.text
        yield MessagePart(part.kind, text)


def strip_markdown(markdown: str) -> str:
    """Convert Discord's markdown to plain text. Links keep their labels, and times are in UTC."""
    text = _LINK.sub(r"\1", _RELATIVE.sub("", markdown))
    text = re.sub(r"^(?:#{1,3}|-#) ", "", text, flags=re.MULTILINE)
    text = re.sub(r"(?<!\\)\*\*", "", text)
    return unescape(_TIMESTAMP.sub(_format_timestamp, text))


def _name_mentions(markdown: str, names: MentionNames) -> str:
    def name(match: re.Match[str]) -> str:
        return escape_inline(names.get(match[0], f"{match[1]}unknown"))

    return _COMMAND_MENTION.sub(r"/\1", _MENTION.sub(name, markdown))


def _parts(message: Mapping[str, Any]) -> Iterator[MessagePart]:
    if content := message.get("content"):
        yield MessagePart("text", content)
    embeds: list[dict[str, Any]] = message.get("embeds") or []
    for embed in embeds:
        yield from _embed_parts(embed)
    for component in walk_components(message.get("components") or []):
        yield from _component_parts(component)


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
