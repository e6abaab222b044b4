"""Escapes Discord markdown in untrusted text."""

import re

from bot.control_characters import remove_control_characters

# Characters of formatting, masked links, mentions, timestamps and emoji, and the colon that makes a
# URL a link. Headings, quotes and lists are only recognized at the start of a line.
_INLINE = re.compile(r"[\\*_~|`<>\[\]]|:(?=//)")
_LINE_START = re.compile(r"(\s*)([#+-]|\d+(?=[.)]))")


def plain_text(text: str, limit: int) -> str:
    """Return untrusted text for a label, which has no markdown: one line of up to `limit`
    characters."""
    visible = remove_control_characters(" ".join(text.split()))
    return truncate(" ".join(visible.split()), limit)


def escape_inline(text: str, limit: int = 100) -> str:
    """Escape untrusted text for one line, truncated to `limit` characters before escaping."""
    return _escape_line(plain_text(text, limit))


def escape_block(text: str) -> str:
    """Escape untrusted text of several lines."""
    lines = (remove_control_characters(line, keep="\t") for line in text.splitlines())
    return "\n".join(map(_escape_line, lines))


def truncate(text: str, limit: int) -> str:
    """Truncate text to `limit` characters. Truncated text ends with an ellipsis."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def unescape(text: str) -> str:
    """Remove the backslashes of escaped text."""
    return re.sub(r"\\([^0-9A-Za-z\s])", r"\1", text)


def _escape_line(line: str) -> str:
    escaped = _INLINE.sub(r"\\\g<0>", line)
    start = _LINE_START.match(escaped)
    if start is None:
        return escaped
    # The backslash must follow a number: Discord shows a backslash before a digit.
    position = start.end() if start[2].isdigit() else start.start(2)
    return f"{escaped[:position]}\\{escaped[position:]}"
