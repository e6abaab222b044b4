"""Escaped text reads as it was written and formats nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.demo.plain_text import strip_markdown
from bot.ui.markdown import escape_block, escape_inline, plain_text, truncate, unescape


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("(Ab)normal Desire", "(Ab)normal Desire"),
        ("Ok Taec-yeon", "Ok Taec-yeon"),
        ("*loud* _soft_", "\\*loud\\* \\_soft\\_"),
        ("[x](http://y)", "\\[x\\](http\\://y)"),
        ("see https://x.example/a:b", "see https\\://x.example/a:b"),
        ("http:\u202e//x", "http\\://x"),
        ("<@1> <t:0:R>", "\\<@1\\> \\<t:0:R\\>"),
        ("# heading", "\\# heading"),
        ("- point", "\\- point"),
        ("1. point", "1\\. point"),
        ("two\nlines", "two lines"),
        ("\u202ereversed", "reversed"),
        ("a\x00\u061c\u200e\x9bb \u2066 c", "ab c"),
    ],
)
def test_markdown_is_escaped(text: str, escaped: str) -> None:
    assert escape_inline(text) == escaped


def test_start_of_every_line_is_escaped() -> None:
    assert escape_block("a\n# b\n> c\n- d\r\n\n  1. e") == "a\n\\# b\n\\> c\n\\- d\n\n  1\\. e"


def test_each_line_is_escaped_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Thousands of empty lines take no longer than thousands of letters."""
    escaped: list[str] = []

    def note(line: str) -> str:
        escaped.append(line)
        return line

    monkeypatch.setattr("bot.ui.markdown._escape_line", note)
    assert escape_block("\n" * 6000 + "- x") == "\n" * 6000 + "- x"
    assert escaped == [""] * 6000 + ["- x"]


def test_label_is_one_plain_line() -> None:
    assert plain_text(" *a*\n\x00\u202eb \u200e c\u061c", 80) == "*a* b c"
    assert plain_text("abcdef", 4) == "abc…"


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cf", "Zl", "Zp"])))
def test_escaped_text_reads_as_it_was_written(text: str) -> None:
    line = " ".join(text.split())
    assert unescape(escape_inline(text, 10_000)) == line
    assert strip_markdown(escape_inline(text, 10_000)) == line


@given(st.text(), st.integers(1, 50))
def test_truncated_text_is_never_longer_than_the_limit(text: str, limit: int) -> None:
    assert len(truncate(text, limit)) <= limit
