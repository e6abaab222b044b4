"""Text from outside, made safe to stand in a message: it reads as written and formats nothing."""

import re

# Anything Discord takes for formatting, a masked link, a mention, a timestamp or an emoji. What
# marks a heading, a quote or a list does so only where a line begins.
_INLINE = re.compile(r"[\\*_~|`<>\[\]]")
_LINE_START = re.compile(r"^(\s*)([#+-]|\d+(?=[.)]))", re.MULTILINE)
# Halves of characters are no text at all; Discord refuses a message that holds one.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def escape_inline(text: str, limit: int = 100) -> str:
    """One line of outside text, clipped to `limit` characters as they are read."""
    return _escape(truncate(" ".join(text.split()), limit))


def escape_block(text: str) -> str:
    """Outside text of several lines, whole."""
    return _escape(text)


def truncate(text: str, limit: int) -> str:
    """Text of `limit` characters at most, ending in … where it was longer."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def unescape(text: str) -> str:
    """A message's text as a member reads it, without the backslashes that keep it plain."""
    return re.sub(r"\\([^0-9A-Za-z\s])", r"\1", text)


def _escape(text: str) -> str:
    safe = _INLINE.sub(r"\\\g<0>", _CONTROL.sub("", text))
    return _LINE_START.sub(_escape_line_start, safe)


def _escape_line_start(match: re.Match[str]) -> str:
    # A number is escaped behind it: a backslash before a digit would be shown.
    space, mark = match.groups()
    return f"{space}{mark}\\" if mark.isdigit() else f"{space}\\{mark}"
