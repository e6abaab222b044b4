"""Dates of a source that change, vanish, come back and flap."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.catalog.confirmation import CONFIRM_AFTER, Confirmed, confirm_dates
from bot.catalog.model import Title
from tests.conftest import NOW
from tests.support import records

MINUTES = timedelta(minutes=1)
JULY, AUGUST, MAY = "2026-07-01", "2026-08-01", "2026-05-20"


def premiere(window: str | None) -> Title:
    releases = [] if window is None else [{"window": window}]
    return Title.model_validate(records.title("tvmaze-1", releases=releases))


def episode(number: int | None, window: str | None, **fields: Any) -> dict[str, Any]:
    one = {"id": "tvmaze-11", "season": 1, "number": number, "window": window, **fields}
    return {name: value for name, value in one.items() if value is not None}


def episodes(*listed: dict[str, Any]) -> Title:
    return Title.model_validate(records.title("tvmaze-1", episodes=list(listed)))


@dataclass
class Reader:
    """Reads a title again and again, as the sync does, and shows what counts."""

    state: Confirmed | None = None
    now: datetime = NOW

    def read(self, title: Title, *, after: timedelta = 30 * MINUTES) -> Title:
        self.now += after
        before = self.state
        stored = before.title if before else None
        self.state = confirm_dates(stored, before.pending if before else {}, title, self.now)
        return self.state.title

    def premieres(self, *windows: str | None, after: timedelta = 30 * MINUTES) -> list[str]:
        """The premiere that members see after each read."""
        seen: list[str] = []
        for window in windows:
            title = self.read(premiere(window), after=after)
            current = [str(release.window) for release, _earlier in title.release_history()]
            seen += current or ["none"]
        return seen

    def episode(self, *listed: dict[str, Any], **time: Any) -> tuple[Any, ...] | None:
        """Number, date and status of the episode that members see."""
        found = {one.id: one for one in self.read(episodes(*listed), **time).episodes}
        one = found.get("tvmaze-11")
        return one and (one.number, str(one.window), one.status and str(one.status))


def test_first_dates_of_a_title_count_at_once() -> None:
    reader = Reader()
    assert reader.premieres(JULY) == [JULY]
    assert reader.state is not None
    assert reader.state.pending == {}
    assert Reader().episode(episode(1, JULY)) == (1, JULY, None)


def test_date_of_a_title_without_one_counts_after_two_reads() -> None:
    assert Reader().premieres(None, JULY, JULY) == ["none", "none", JULY]


def test_two_reads_must_be_half_an_hour_apart() -> None:
    reader = Reader()
    assert reader.premieres(JULY, AUGUST) == [JULY, JULY]
    assert reader.premieres(AUGUST, after=29 * MINUTES) == [JULY]
    assert reader.premieres(AUGUST, after=MINUTES) == [AUGUST]


def test_three_dates_in_three_reads_count_only_once_one_stays() -> None:
    assert Reader().premieres(JULY, AUGUST, MAY, "2026-09", "2026-09") == [
        *(JULY,) * 4,
        "2026-09",
    ]


def test_flapping_date_never_counts() -> None:
    assert Reader().premieres(JULY, *(AUGUST, JULY) * 5) == [JULY] * 11


def test_clock_that_was_set_back_counts_from_then_on() -> None:
    reader = Reader()
    assert reader.premieres(JULY, AUGUST) == [JULY, JULY]
    assert reader.premieres(AUGUST, after=timedelta(hours=-5)) == [JULY]
    assert reader.premieres(AUGUST, after=29 * MINUTES) == [JULY]
    assert reader.premieres(AUGUST, after=MINUTES) == [AUGUST]


def test_date_that_vanishes_stays() -> None:
    assert Reader().premieres(JULY, None, None) == [JULY] * 3


def test_episode_that_moves_keeps_its_earlier_dates() -> None:
    reader = Reader()
    reader.episode(episode(1, JULY))
    assert reader.episode(episode(1, AUGUST)) == (1, JULY, None)
    assert reader.episode(episode(1, AUGUST)) == (1, AUGUST, "moved")
    [one] = reader.read(episodes(episode(1, AUGUST))).episodes
    assert list(map(str, one.earlier)) == [JULY]


def test_episode_that_vanishes_is_cancelled_after_two_reads_and_may_come_back() -> None:
    reader = Reader()
    reader.episode(episode(1, JULY))
    assert reader.episode() == (1, JULY, None)
    assert reader.episode() == (1, JULY, "cancelled")
    assert reader.episode() == (1, JULY, "cancelled")
    # To come back is a change that has to last, too.
    assert reader.episode(episode(1, JULY)) == (1, JULY, "cancelled")
    assert reader.episode() == (1, JULY, "cancelled")
    assert reader.episode(episode(1, JULY)) == (1, JULY, "cancelled")
    assert reader.episode(episode(1, JULY)) == (1, JULY, None)


def test_episode_that_has_aired_is_not_cancelled() -> None:
    reader = Reader()
    reader.episode(episode(1, "2026-04-01"))
    assert [reader.episode() for _read in range(2)] == [(1, "2026-04-01", None)] * 2


def test_episode_with_another_number_changes_after_two_reads() -> None:
    """A countdown is to a number: `episode 2` would get another date."""
    reader = Reader()
    reader.episode(episode(1, JULY))
    assert reader.episode(episode(2, JULY)) == (1, JULY, None)
    assert reader.episode(episode(2, JULY)) == (2, JULY, None)


def test_new_episode_counts_after_two_reads() -> None:
    reader = Reader()
    reader.episode()
    assert reader.episode(episode(1, JULY)) is None
    assert reader.episode(episode(1, JULY)) == (1, JULY, None)


reads = st.lists(
    st.tuples(st.sampled_from([None, JULY, AUGUST, MAY]), st.integers(-120, 120)), max_size=12
)


@settings(deadline=None)
@given(reads)
def test_date_changes_only_to_what_two_reads_in_a_row_said(
    read: Sequence[tuple[str | None, int]],
) -> None:
    reader = Reader()
    [shown] = reader.premieres(JULY)
    said: list[tuple[str | None, datetime]] = [(JULY, reader.now)]
    for window, minutes in read:
        [now_shown] = reader.premieres(window, after=minutes * MINUTES)
        said.append((window, reader.now))
        if now_shown != shown:
            assert now_shown == window
            same = []
            for one, at in reversed(said):
                if one != window:
                    break
                same.append(at)
            assert max(same) - min(same) >= CONFIRM_AFTER
            shown = now_shown


@pytest.mark.parametrize("window", [None, JULY])
def test_unchanged_title_has_nothing_pending(window: str | None) -> None:
    reader = Reader()
    reader.premieres(window, window)
    assert reader.state is not None
    assert reader.state.pending == {}
