"""Shows or removes control characters in text from outside."""

import json
import re

# Control characters (C0, DEL and C1), line separators of Unicode, marks that change the direction
# of text, invisible spaces, and lone surrogates, which cannot be encoded.
_CONTROL = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff"
    r"\ud800-\udfff]"
)


def escape_control_characters(text: str, keep: str = "") -> str:
    r"""Return text with control characters, except those in `keep`, as escapes of JSON.

    In a terminal or a log, they could otherwise clear lines or add some: `\n`, `\u001b[2K`.
    """
    return _CONTROL.sub(
        lambda match: match[0] if match[0] in keep else json.dumps(match[0])[1:-1], text
    )


def remove_control_characters(text: str, keep: str = "") -> str:
    """Return text without control characters, except those in `keep`."""
    return _CONTROL.sub(lambda match: match[0] if match[0] in keep else "", text)
