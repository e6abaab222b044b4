"""`bonbang countdowns` as an operator runs it."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.store.clock_offset import ClockOffsetStore
from bot.store.countdowns import CountdownStore
from bot.store.database import Database
from bot.store.deliveries import SqlDeliveryStore
from tests.announcements.builders import a_countdown
from tests.conftest import NOW
from tests.store.builders import decision, delivery
from tests.support.process import bonbang
from tests.support.records import title, write_lines

LATER = NOW + timedelta(days=1)
HOSTILE = "[/2] [red]x[/red] :heart: \x1b[2K\n\u202e\x9b\\"
SHOWN = r"[/2] [red]x[/red] :heart: \u001b[2K\n\u202e\u009b" + "\\"


@pytest.fixture
async def folder(tmp_path: Path) -> Path:
    """A folder with a database that has a countdown, a paused one and a failed delivery."""
    shows = write_lines(tmp_path / "r.jsonl", title("show"))
    assert bonbang(tmp_path, "catalog", "import", str(shows)).returncode == 0
    async with await Database.open(f"sqlite:///{tmp_path / 'bonbang.db'}") as database:
        store = CountdownStore(database)
        await store.add(a_countdown(release_key=HOSTILE, next_at=LATER))
    return tmp_path


async def test_text_from_outside_is_shown_as_it_is(folder: Path) -> None:
    run = bonbang(folder, "countdowns", COLUMNS="300")
    assert (run.returncode, run.stderr) == (0, "")
    assert SHOWN in run.stdout


async def test_error_of_a_delivery_is_shown_as_it_is(folder: Path) -> None:
    async with await Database.open(f"sqlite:///{folder / 'bonbang.db'}") as database:
        deliveries = SqlDeliveryStore(database)
        [counted] = await CountdownStore(database).list_next(1)
        claimed = delivery(counted, "d")
        assert await deliveries.claim(counted, decision(), claimed, LATER)
        await deliveries.schedule_retry(claimed, LATER, HOSTILE)
    run = bonbang(folder, "countdowns", COLUMNS="300")
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout.count(SHOWN) == 2


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (None, "not compared with Discord's yet."),
        (2.9, "this machine's clock agrees with Discord's."),
        (600, "this machine's clock is 10 min ahead of Discord's (measured 2026-05-01 09:00:00"),
        (-5, "this machine's clock is 5 s behind Discord's"),
    ],
)
async def test_difference_to_the_clock_of_discord_is_shown(
    folder: Path, seconds: float | None, text: str
) -> None:
    if seconds is not None:
        async with await Database.open(f"sqlite:///{folder / 'bonbang.db'}") as database:
            await ClockOffsetStore(database).record(timedelta(seconds=seconds), NOW)
    assert f"Clock: {text}" in bonbang(folder, "countdowns").stdout


async def test_countdown_that_an_import_made_due_is_due_now(folder: Path) -> None:
    shows = write_lines(folder / "r.jsonl", title("show", releases=[{"window": "2027"}]))
    assert bonbang(folder, "catalog", "import", str(shows)).returncode == 0
    run = bonbang(folder, "countdowns", COLUMNS="300")
    assert " now " in run.stdout
    assert "1970" not in run.stdout
