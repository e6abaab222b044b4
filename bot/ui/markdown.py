"""Escapes Discord markdown in untrusted text."""

import re

# Characters of formatting, masked links, mentions, timestamps and emoji. Headings, quotes and lists
# are only recognized at the start of a line.
_INLINE = re.compile(r"[\\*_~|`<>\[\]]")
_LINE_START = re.compile(r"^(\s*)([#+-]|\d+(?=[.)]))", re.MULTILINE)
# Control characters and lone surrogates. Discord rejects messages with lone surrogates.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def escape_inline(text: str, limit: int = 100) -> str:
    """Escape untrusted text for one line, truncated to `limit` characters before escaping."""
    return _escape(truncate(" ".join(text.split()), limit))


def escape_block(text: str) -> str:
    """Escape untrusted text of several lines."""
    return _escape(text)


def truncate(text: str, limit: int) -> str:
    """Truncate text to `limit` characters. Truncated text ends with an ellipsis."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def unescape(text: str) -> str:
    """Remove the backslashes of escaped text."""
    return re.sub(r"\\([^0-9A-Za-z\s])", r"\1", text)


def _escape(text: str) -> str:
    escaped = _INLINE.sub(r"\\\g<0>", _CONTROL.sub("", text))
    return _LINE_START.sub(_escape_line_start, escaped)


def _escape_line_start(match: re.Match[str]) -> str:
    # The backslash must follow a number: Discord shows a backslash before a digit.
    space, mark = match.groups()
    return f"{space}{mark}\\" if mark.isdigit() else f"{space}\\{mark}"
