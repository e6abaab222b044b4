"""Control characters are shown as escapes, or removed."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.control_characters import escape_control_characters, remove_control_characters

SHOWN = [
    ("\x00", r"\u0000"),
    ("\n", r"\n"),
    ("\x1b[2K", r"\u001b[2K"),
    ("\x7f", r"\u007f"),
    ("\x85", r"\u0085"),
    ("\x9b", r"\u009b"),
    ("\u061c", r"\u061c"),
    ("\u200b", r"\u200b"),
    ("\u200e\u200f", r"\u200e\u200f"),
    ("\u2028\u2029", r"\u2028\u2029"),
    ("\u202a\u202e", r"\u202a\u202e"),
    ("\u2066\u2069", r"\u2066\u2069"),
    ("\ufeff", r"\ufeff"),
    ("\udce9", r"\udce9"),
]


@pytest.mark.parametrize(("character", "escape"), SHOWN)
def test_control_character_is_escaped_or_removed(character: str, escape: str) -> None:
    assert escape_control_characters(f"a{character}b") == f"a{escape}b"
    assert remove_control_characters(f"a{character}b") == f"a{escape[6:] if '[' in escape else ''}b"


@pytest.mark.parametrize(
    "text", ["소울메이트", "Zoë", "آفتاب\u200cپرست", "👩\u200d❤️\u200d👨", "a\u00a0b"]
)
def test_other_text_is_unchanged(text: str) -> None:
    assert escape_control_characters(text) == text
    assert remove_control_characters(text) == text


def test_kept_characters_are_unchanged() -> None:
    assert escape_control_characters("a\nb\x1b", keep="\n") == "a\nb\\u001b"
    assert remove_control_characters("a\nb\x1b", keep="\n") == "a\nb"


@given(st.text())
def test_json_has_the_same_value_after_it_is_escaped(text: str) -> None:
    line = escape_control_characters(json.dumps(text, ensure_ascii=False))
    assert json.loads(line) == text
