"""What moderators type, read."""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.countdown.choices import DEFAULT_MILESTONES, read_milestones, read_time


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("100, 30, 7, 1, 0", (100, 30, 7, 1, 0)),
        ("7", (7,)),
        ("0", (0,)),
        ("1 7 30", (30, 7, 1)),
        ("7,7, 7;1", (7, 1)),
        ("D-7 d-3 1", (7, 3, 1)),
        ("100 · 7", (100, 7)),
        (" 7 ,\n1 ", (7, 1)),
        ("007", (7,)),
        ("1000", (1000,)),
        # As keyboards of East Asia give them.
        ("１００、７、１", (100, 7, 1)),
        ("Ｄ-７　Ｄ-Ｄａｙ", (7, 0)),
        (" ".join(map(str, range(30))), tuple(range(29, -1, -1))),
    ],
)
def test_milestones_are_days_most_first_and_each_once(text: str, days: tuple[int, ...]) -> None:
    assert read_milestones(text) == days


@pytest.mark.parametrize(
    "text",
    ["", " ", ",", "soon", "7 days", "-7", "7.5", "1e3", "D-", "D--7", "1001", "99999", "٧",
     "7\x00", " ".join(map(str, range(31)))],
)  # fmt: skip
def test_anything_else_is_no_milestones(text: str) -> None:
    assert read_milestones(text) is None


def test_milestones_are_read_as_the_bot_writes_them() -> None:
    assert read_milestones("D-7 D-1 D-Day") == (7, 1, 0)


@given(st.text(max_size=60))
def test_no_text_does_more_to_milestones_than_be_refused(text: str) -> None:
    days = read_milestones(text)
    if days is not None:
        assert list(days) == sorted(set(days), reverse=True)
        assert 1 <= len(days) <= 30
        assert 0 <= min(days) <= max(days) <= 1000


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=30), st.sampled_from([" ", ", ", ";"]))
def test_any_days_are_read(days: list[int], between: str) -> None:
    text = between.join(map(str, days))
    assert read_milestones(text) == tuple(sorted(set(days), reverse=True))


def test_the_milestones_without_a_choice_can_be_typed() -> None:
    assert read_milestones(", ".join(map(str, DEFAULT_MILESTONES))) == DEFAULT_MILESTONES


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("21:00", time(21)),
        ("9:30", time(9, 30)),
        ("09:05", time(9, 5)),
        ("21", time(21)),
        ("0", time()),
        ("9.30", time(9, 30)),
        ("9h30", time(9, 30)),
        (" 23:59 ", time(23, 59)),
        ("２１：００", time(21)),
    ],
)
def test_a_time_of_day(text: str, hour: time) -> None:
    assert read_time(text) == hour


@pytest.mark.parametrize(
    "text",
    ["", "noon", "24:00", "24", "21:60", "9:5", "9 pm", "-1", "21:00:00", "2100", ":30", "21:",
     "٢١:٠٠", "21:00\x00"],
)  # fmt: skip
def test_anything_else_is_no_time_of_day(text: str) -> None:
    assert read_time(text) is None


@given(st.text(max_size=12))
def test_no_text_does_more_to_a_time_than_be_refused(text: str) -> None:
    hour = read_time(text)
    assert hour is None or (hour.second, hour.tzinfo) == (0, None)


@given(st.times())
def test_any_time_is_read_as_it_is_shown(hour: time) -> None:
    assert read_time(f"{hour:%H:%M}") == hour.replace(second=0, microsecond=0)
