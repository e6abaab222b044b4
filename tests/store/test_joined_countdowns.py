"""Countdowns to titles that are joined: in a channel, each announcement is made once."""

from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.announcements.delivery_worker import DeliveryWorker
from bot.announcements.model import ReleaseState
from bot.app import open_database
from bot.catalog.model import Title
from bot.catalog.window import ReleaseWindow
from bot.store.countdowns import CountdownStore
from bot.store.deliveries import SqlDeliveryStore
from tests.announcements.builders import a_countdown, schedule
from tests.announcements.fakes import FakeSender
from tests.conftest import NOW
from tests.store.layered_catalog import CURATOR, LayeredCatalog
from tests.support import records

PREMIERE = NOW + timedelta(days=30)
IDS = ("goblin", "tvmaze-1")


class Channel:
    """A channel with a countdown to each of two titles."""

    def __init__(self, catalog: LayeredCatalog) -> None:
        self.catalog = catalog
        self.countdowns = CountdownStore(catalog.database)
        self.deliveries = SqlDeliveryStore(catalog.database)
        self.sender = FakeSender()
        self.worker = DeliveryWorker(
            self.deliveries, self.sender, catalog.clock, lambda _wait: None, lambda: None
        )

    async def say(self, by_hand: str | None, in_source: str | None) -> None:
        """Set the dates of the two titles."""
        for title_id, window in zip(IDS, (by_hand, in_source), strict=True):
            releases = [] if window is None else [{"window": window}]
            title = records.title(title_id, releases=releases, external_ids={})
            if title_id == "goblin":
                await self.catalog.import_(title)
            else:
                # A changed date counts after two reads.
                for _read in range(2):
                    await self.catalog.sync("tvmaze", title)

    async def count_down(self, title_id: str, **changes: Any) -> None:
        stored = await self.catalog.stored()
        title = Title.model_validate_json(stored[f"title:{title_id}"][0])
        release = a_countdown().find_release(title)
        assert release is not None
        known = ReleaseState.of(release)
        new = a_countdown(title_id=title_id, known_release=known, cursor=NOW, next_at=NOW)
        await self.countdowns.add(replace(new, **changes))

    async def posted(self, **time: float) -> list[str]:
        """What is posted until some time later."""
        self.catalog.now += timedelta(**time)
        before = self.sender.sent.copy()
        for _round in range(5):
            for one in await self.deliveries.due_ids(self.catalog.now, 10):
                await self.worker.announce(one)
        assert await self.deliveries.due_ids(self.catalog.now, 10) == []
        return sorted((self.sender.sent - before).elements())

    async def join(self) -> int:
        entry = await self.catalog.edits.join("title", IDS, CURATOR)
        assert entry is not None
        return entry.id


@pytest.fixture
async def channel(tmp_path: Path) -> AsyncGenerator[Channel]:
    async with await open_database(f"sqlite:///{tmp_path}/a.db", lambda: made.now) as database:
        made = LayeredCatalog(database, tmp_path / "records")
        yield Channel(made)


def day(offset: int = 0) -> str:
    return str((PREMIERE + timedelta(days=offset)).date())


async def test_milestone_of_joined_titles_is_posted_once_in_a_channel(channel: Channel) -> None:
    await channel.say(day(), day())
    for one in IDS:
        await channel.count_down(one)
    assert await channel.posted() == []
    join = await channel.join()
    assert await channel.posted(days=23) == ["D-7"]
    await channel.catalog.edits.undo(join, CURATOR)
    assert await channel.posted(days=4) == ["D-3", "D-3"]


async def test_other_channels_milestones_and_releases_are_posted(channel: Channel) -> None:
    await channel.say(day(), day())
    await channel.count_down("goblin", schedule=schedule(milestone_days=(7, 3)))
    await channel.count_down("tvmaze-1", schedule=schedule(milestone_days=(7, 5)))
    await channel.count_down("tvmaze-1", channel_id=101)
    await channel.join()
    assert await channel.posted(days=23) == ["D-7", "D-7"]
    assert await channel.posted(days=2) == ["D-5"]
    assert await channel.posted(days=2) == ["D-3", "D-3"]


async def test_change_of_joined_titles_is_posted_once_and_known_to_both(channel: Channel) -> None:
    await channel.say(day(), None)
    await channel.say(day(), day())
    for one in IDS:
        await channel.count_down(one)
    await channel.join()
    assert await channel.posted() == []
    await channel.say(day(40), day(40))
    assert await channel.posted() == ["changed"]
    assert await channel.posted(hours=1) == []
    rows = await channel.countdowns.list_for_guild(10)
    known = [one.known_release for one in rows]
    assert known == [ReleaseState(ReleaseWindow.parse(day(40)), None)] * 2


async def test_undone_join_tells_the_date_of_each_again(channel: Channel) -> None:
    await channel.say(day(), day(10))
    for one in IDS:
        await channel.count_down(one)
    join = await channel.join()
    # The second countdown is to the first date now.
    assert await channel.posted() == ["changed"]
    await channel.catalog.edits.undo(join, CURATOR)
    assert await channel.posted() == ["changed"]
    rows = await channel.countdowns.list_for_guild(10)
    known = [str(one.known_release and one.known_release.window) for one in rows]
    assert known == [day(), day(10)]
