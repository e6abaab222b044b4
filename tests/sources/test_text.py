"""What sources send becomes clean text, or nothing."""

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pydantic import HttpUrl

from bot.control_characters import remove_control_characters
from bot.sources.text import (
    LINE_LIMIT,
    TEXT_LIMIT,
    as_list,
    as_mapping,
    clean_day,
    clean_html,
    clean_int,
    clean_line,
    clean_url,
)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
FRAGMENTS = st.sampled_from(
    ["<", ">", "</", "<!", "<!--", "-->", "<![", "<![foo[", "]]>", "<?", "&", "&#", "&#x", ";", "'",
     '"', "=", "<p>", "</p>", "<br/>", "<script>", "</script>", "<style", "a", " ", "\n", "\x00",
     "\u202e", "\ud800", "&#0;", "&#x202e;", "&lt;", "도깨비", "<a href='"]
)  # fmt: skip
HTML = st.lists(FRAGMENTS | st.text(max_size=5), max_size=60).map("".join)


def assert_clean(text: str | None, limit: int, keep: str = "") -> None:
    if text is not None:
        assert 0 < len(text) <= limit
        assert text == text.strip()
        assert remove_control_characters(text, keep) == text
        assert not re.search(r"\n\n|  |[^\S \n]", text)


@settings(deadline=None)
@given(JSON | HTML, st.integers(1, 50))
def test_lines_are_clean(value: object, limit: int) -> None:
    line = clean_line(value, limit)
    assert_clean(line, limit)
    assert clean_line(line, limit) == line


@settings(deadline=None)
@given(JSON | HTML, st.integers(1, 50))
@example("<![foo[", 50)
@example("<![<", 50)
@example("&#" + "9" * 5000 + ";", 8000)
@example("&#x110000;&#xd800;", 50)
def test_html_becomes_clean_text(value: object, limit: int) -> None:
    assert_clean(clean_html(value, limit), limit, keep="\n")


@settings(deadline=None)
@given(JSON | HTML)
def test_without_markup_html_is_its_text(value: object) -> None:
    if isinstance(value, str) and not re.search("[<&]", value):
        assert clean_html(value) == clean_line(value, TEXT_LIMIT)


@pytest.mark.parametrize("prefix", ["", "<p>", "<script>", "<!--"])
@pytest.mark.parametrize(
    "repeated",
    ["<", "<a ", "<a b", "<a b='", "<a/", "\n<p", "</", "<!", "<!--", "--><!--", "<?", "<![", "&",
     "&#", "<script>", "<style></", "</script ", "<p>", " \u200b"],
)  # fmt: skip
def test_megabytes_of_anything_are_cleaned(prefix: str, repeated: str) -> None:
    # Far more than is read: `html.parser` would take hours for some of these.
    value = prefix + repeated * 2_000_000
    assert_clean(clean_html(value), TEXT_LIMIT, keep="\n")
    assert_clean(clean_html(value, 200_000), 200_000, keep="\n")
    assert_clean(clean_line(value), LINE_LIMIT)
    assert clean_url(value) is None


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>A <b>goblin</b> &amp; his bride.</p>", "A goblin & his bride."),
        ("<p>One</p>\n<p>Two<br />Three</p>", "One\nTwo\nThree"),
        ("<p>One\nline</p>", "One line"),
        ("I &lt;b&gt; 3 &#39;s", "I <b> 3 's"),
        ("love <3 you > me", "love <3 you > me"),
        ("a<!-- <p>b</p> -->c<!-- d", "ac"),
        ("a<script>if (1 < 2) alert('<p>')</script>b<STYLE>p{}</STYLE>c", "abc"),
        ("<script>a<style>b</script>c", "c"),
        ("<script>a</b>b</script>c", "c"),
        ("<p></p>" * 5000 + "too far", None),
        ("<!DOCTYPE html><?xml?>a", "a"),
        ("a<i>b</i>c", "abc"),
        ("e\x00vil\u202e", "evil"),
        ("<p> </p>&nbsp;", None),
        ("", None),
        (None, None),
        (["<p>a</p>"], None),
    ],
)
def test_html_is_read(html: object, text: str | None) -> None:
    assert clean_html(html) == text


@pytest.mark.parametrize(
    ("value", "line"),
    [
        ("  도깨비\t\n 2 ", "도깨비 2"),
        ("a \u200b b", "a b"),
        ("\u202eevil\x00", "evil"),
        ("\ud800", None),
        (" ", None),
        (5, None),
        ("x" * 400, "x" * LINE_LIMIT),
    ],
)
def test_a_line_is_read(value: object, line: str | None) -> None:
    assert clean_line(value) == line


@settings(deadline=None)
@given(JSON | HTML | HTML.map(lambda rest: f"http://a{rest}"))
def test_a_clean_url_is_one_that_records_accept(value: object) -> None:
    url = clean_url(value)
    assert url is None or (url == value and len(str(HttpUrl(url))) <= 2000)


@pytest.mark.parametrize(
    "url",
    ["https://a.org", "http://a.org:8080/x?y=1#z", "https://ko.org/도깨비", "https://도깨비.org"],
)
def test_web_addresses_are_kept(url: str) -> None:
    assert clean_url(url) == url


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "ftp://a.org",
        "//a.org",
        "https://",
        "https:///x",
        "https://a.org:99999",
        "https://[::1",
        "https://good.org@evil.org",
        "https://a.org/ x",
        "https://a.org/\u202e",
        "https://a.org/\n",
        "https://a.org/" + "x" * 2000,
        "https://a.org/" + "깨" * 1000,
        7,
    ],
)
def test_other_addresses_are_not(url: object) -> None:
    assert clean_url(url) is None


@settings(deadline=None)
@given(JSON | st.dates().map(str) | st.from_regex(r"\d{4}-\d\d-\d\d", fullmatch=True))
def test_a_clean_day_exists(value: object) -> None:
    day = clean_day(value)
    assert day is None or (day == value and 1900 <= int(day[:4]) <= 2199)


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2026-11-25", "2026-11-25"),
        ("2024-02-29", "2024-02-29"),
        ("2023-02-29", None),
        ("", None),
        ("0000-00-00", None),
        ("2026-11", None),
        ("2026-11-25T00:00", None),
        ("２０２６-11-25", None),
        (None, None),
    ],
)
def test_a_day_is_read(value: object, day: str | None) -> None:
    assert clean_day(value) == day


@pytest.mark.parametrize(
    ("value", "number"),
    [(1, 1), (9, 9), (0, None), (10, None), (True, None), (1.0, None), ("1", None), (None, None)],
)
def test_an_integer_is_read(value: object, number: int | None) -> None:
    assert clean_int(value, 1, 9) == number


@settings(deadline=None)
@given(JSON)
def test_other_shapes_are_empty(value: object) -> None:
    mapping, items = as_mapping(value), as_list(value)
    assert mapping is value if isinstance(value, dict) else mapping == {}
    assert items is value if isinstance(value, list) else items == ()
