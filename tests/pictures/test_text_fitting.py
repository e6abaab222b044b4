"""Text fits its box, whatever the title."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.pictures.characters import coverage
from bot.pictures.text_fitting import FittedText, fit_text
from bot.pictures.typeface import Style, Typeface, prepare_text

ENGLISH = Typeface(Style.DISPLAY, "en")
COVERED = sorted(set().union(*coverage().values()) | {" "})
TITLES = st.text(st.sampled_from(COVERED), min_size=1, max_size=80).filter(str.strip)
WORDS = st.lists(st.sampled_from(["Crash", "도깨비", "ประเทศไทย", "私の夫", "“A–Z”,"]), min_size=1)


def fit(text: str, width: int = 600, height: int = 220) -> FittedText:
    return fit_text(prepare_text(text), ENGLISH, width, height, 92, 24)


@settings(deadline=None)
@given(TITLES | WORDS.map(" ".join), st.integers(150, 1040), st.integers(30, 300))
def test_text_is_never_wider_or_higher_than_its_box(text: str, width: int, height: int) -> None:
    fitted = fit(text, width, height)
    assert all(ENGLISH.width(line, fitted.size) <= width for line in fitted.lines)
    assert fitted.height <= max(height, fitted.line_height)
    assert 24 <= fitted.size <= 92


@settings(deadline=None)
@given(TITLES | WORDS.map(" ".join))
def test_nothing_but_the_end_of_a_text_that_is_too_long_is_left_out(text: str) -> None:
    fitted = fit(text)
    shown, whole = "".join(fitted.lines).replace(" ", ""), prepare_text(text).replace(" ", "")
    assert shown == whole or (shown.endswith("…") and whole.startswith(shown[:-1]))


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("A", ["A"]),
        ("Extraordinary Attorney Woo", ["Extraordinary", "Attorney Woo"]),
        ("이상한 변호사 우영우의 이상한 하루", ["이상한 변호사", "우영우의 이상한 하루"]),
        ("私の夫と結婚してもう一度だけ、やり直す。", None),
    ],
)
def test_words_are_kept_whole(text: str, lines: list[str] | None) -> None:
    fitted = fit(text)
    if lines is not None:
        assert list(fitted.lines) == lines
    assert not any(line[0] in "、。ー" for line in fitted.lines)


def test_lines_are_about_the_same_width() -> None:
    lines = list(fit("When the Camellia Blooms in the Little Town").lines)
    assert lines == ["When the", "Camellia Blooms", "in the Little Town"]
    lines = list(fit("Reply to Me When the Rain Stops at the End of June").lines)
    assert lines == ["Reply to Me When", "the Rain Stops at", "the End of June"]


def test_long_title_ends_in_an_ellipsis_at_the_smallest_size() -> None:
    fitted = fit("W" * 300)
    assert fitted.size == 24
    assert fitted.lines[-1].endswith("W…")


def test_word_that_is_too_wide_becomes_smaller_before_it_is_cut() -> None:
    [line] = fit("Donaudampfschifffahrtsgesellschaft").lines
    assert line == "Donaudampfschifffahrtsgesellschaft"
