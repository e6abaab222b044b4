"""The memory check uses the bot as members do, and judges what it measures."""

from pathlib import Path

import pytest

from tests.support import records
from tools.memory_soak import Result, soak


@pytest.mark.parametrize(
    ("resident", "flat"),
    [
        ([300.0] * 20, True),
        ([300.0, 312.0] * 10, True),
        ([300.0] * 10 + [400.0] + [300.0] * 9, True),
        ([300.0 + 0.8 * round_ for round_ in range(20)], True),
        ([300.0 + 2 * round_ for round_ in range(20)], False),
    ],
)
def test_memory_is_flat_if_the_last_rounds_use_as_much_as_the_first(
    resident: list[float], flat: bool
) -> None:
    assert Result(resident).is_flat is flat


def test_unanswered_interaction_is_a_failure() -> None:
    assert not Result([300.0, 300.0], answered=9, unanswered=1).is_flat


async def test_every_round_asks_and_refreshes(tmp_path: Path) -> None:
    catalog = records.write(tmp_path / "catalog", records.title("t1", "A Show"))
    result = await soak(tmp_path, catalog, rounds=2, interactions=50, warm_up=1)
    assert (result.answered, result.unanswered, result.refreshes) == (150, 0, 3)
    assert len(result.resident) == 2
    assert "150 interactions answered, 0 not; 3 refreshes" in result.report()
