"""Parsing of the milestones and times that moderators type."""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.announcements.model import DEFAULT_MILESTONE_DAYS
from bot.announcements.parsing import parse_milestones, parse_time


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
        # As countdowns are counted in French, Spanish, Portuguese, Indonesian and Korean.
        ("J-30 j-7 Jour J", (30, 7, 0)),
        ("7 y Día D", (7, 0)),
        ("100, 30 e 7", (100, 30, 7)),
        ("H-7, H-1, Hari H", (7, 1, 0)),
        ("D-7 디데이", (7, 0)),
        ("D-7 DDay", (7, 0)),
        (" 7 ,\n1 ", (7, 1)),
        ("007", (7,)),
        ("1000", (1000,)),
        # Full-width, as East Asian keyboards type them.
        ("１００、７、１", (100, 7, 1)),
        ("Ｄ-７　Ｄ-Ｄａｙ", (7, 0)),
        (" ".join(map(str, range(30))), tuple(range(29, -1, -1))),
    ],
)
def test_milestones_are_sorted_and_unique(text: str, days: tuple[int, ...]) -> None:
    assert parse_milestones(text) == days


@pytest.mark.parametrize(
    "text",
    ["", " ", ",", "soon", "7 days", "-7", "7.5", "1e3", "D-", "D--7", "1001", "99999", "٧",
     "7\x00", " ".join(map(str, range(31)))],
)  # fmt: skip
def test_invalid_milestones_are_rejected(text: str) -> None:
    assert parse_milestones(text) is None


def test_milestones_as_the_bot_displays_them_are_parsed() -> None:
    assert parse_milestones("D-7 D-1 D-Day") == (7, 1, 0)


@given(st.text(max_size=60))
def test_any_text_is_parsed_to_valid_milestones_or_rejected(text: str) -> None:
    days = parse_milestones(text)
    if days is not None:
        assert list(days) == sorted(set(days), reverse=True)
        assert 1 <= len(days) <= 30
        assert 0 <= min(days) <= max(days) <= 1000


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=30), st.sampled_from([" ", ", ", ";"]))
def test_any_valid_days_are_parsed(days: list[int], separator: str) -> None:
    text = separator.join(map(str, days))
    assert parse_milestones(text) == tuple(sorted(set(days), reverse=True))


def test_default_milestones_can_be_typed() -> None:
    assert parse_milestones(", ".join(map(str, DEFAULT_MILESTONE_DAYS))) == DEFAULT_MILESTONE_DAYS


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
        ("9 pm", time(21)),
        ("9:00 p. m.", time(21)),
        ("9:00 a. m.", time(9)),
        ("9 p.m.", time(21)),
        ("21:00 h", time(21)),
        ("21:30hs", time(21, 30)),
        ("9PM", time(21)),
        ("9:30 p.m.", time(21, 30)),
        ("12 am", time()),
        ("12 pm", time(12)),
        ("21h", time(21)),
        ("21 h 30", time(21, 30)),
        ("21 Uhr", time(21)),
        ("21:30 Uhr", time(21, 30)),
        ("21 Uhr 30", time(21, 30)),
        ("21시", time(21)),
        ("오후 9시 30분", time(21, 30)),
        ("오전 12시", time()),
        ("午後9時", time(21)),
        ("下午9點30分", time(21, 30)),
    ],
)
def test_time_of_day_is_parsed(text: str, hour: time) -> None:
    assert parse_time(text) == hour


@pytest.mark.parametrize(
    "text",
    ["", "noon", "24:00", "24", "21:60", "9:5", "-1", "21:00:00", "2100", ":30", "21:",
     "13 pm", "0 am", "9 am pm", "pm", "9 Uhr 5", "٢١:٠٠", "21:00\x00"],
)  # fmt: skip
def test_invalid_time_of_day_is_rejected(text: str) -> None:
    assert parse_time(text) is None


@given(st.text(max_size=12))
def test_any_text_is_parsed_to_a_whole_minute_or_rejected(text: str) -> None:
    hour = parse_time(text)
    assert hour is None or (hour.second, hour.tzinfo) == (0, None)


@given(st.times())
def test_any_time_is_parsed_as_it_is_displayed(hour: time) -> None:
    assert parse_time(f"{hour:%H:%M}") == hour.replace(second=0, microsecond=0)
