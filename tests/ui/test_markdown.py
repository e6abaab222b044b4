"""Text from outside reads as written, and formats nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.demo.reading import readable
from bot.ui.markdown import clip, paragraphs, plain, unescaped


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("(Ab)normal Desire", "(Ab)normal Desire"),
        ("Ok Taec-yeon", "Ok Taec-yeon"),
        ("*loud* _soft_", "\\*loud\\* \\_soft\\_"),
        ("[x](http://y)", "\\[x\\](http://y)"),
        ("<@1> <t:0:R>", "\\<@1\\> \\<t:0:R\\>"),
        ("# heading", "\\# heading"),
        ("- point", "\\- point"),
        ("1. point", "1\\. point"),
        ("two\nlines", "two lines"),
        ("\u202ereversed", "reversed"),
    ],
)
def test_what_formats_is_escaped(text: str, safe: str) -> None:
    assert plain(text) == safe


def test_every_line_of_a_paragraph_is_safe_at_its_start() -> None:
    assert paragraphs("a\n# b\n> c\n- d") == "a\n\\# b\n\\> c\n\\- d"


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cf", "Zl", "Zp"])))
def test_it_reads_as_it_was_written(text: str) -> None:
    line = " ".join(text.split())
    assert unescaped(plain(text, 10_000)) == line
    assert readable(plain(text, 10_000)) == line


@given(st.text(), st.integers(1, 50))
def test_a_clipped_text_is_never_longer(text: str, limit: int) -> None:
    assert len(clip(text, limit)) <= limit
