"""Moderators' changes, while the announcer may change the same countdown."""

from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest

from bot.announcements.errors import CountdownNotFoundError
from bot.announcements.model import Countdown, PauseReason
from bot.announcements.planning import decide
from bot.services.countdowns import CountdownOptions, CountdownService
from bot.store.countdowns import CountdownStore
from bot.store.deliveries import SqlDeliveryStore
from bot.store.guilds import GuildStore
from tests.announcements.builders import a_countdown_to, a_title, at, release_of
from tests.announcements.fakes import FakeClock

TITLE = a_title({"window": "2026-05-14", "status": "announced"})
SEVEN = at("2026-05-07T09:00")


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(SEVEN)


@pytest.fixture
def service(countdowns: CountdownStore, guilds: GuildStore, clock: FakeClock) -> CountdownService:
    return CountdownService(countdowns, guilds, clock, lambda: None)


@pytest.fixture
async def countdown(countdowns: CountdownStore) -> Countdown:
    """A countdown whose D-7 is due at SEVEN."""
    return await countdowns.add(a_countdown_to(TITLE, cursor=at("2026-05-01"), next_at=SEVEN))


async def handled(
    deliveries: SqlDeliveryStore, countdowns: CountdownStore, now: datetime
) -> str | None:
    """Handle what is due; the key of the milestone that was posted."""
    posted = None
    for countdown_id in await deliveries.due_ids(now, 10):
        [current] = await countdowns.list_for_guild(10)
        assert current.id == countdown_id
        decision = decide(current, release_of(TITLE), now)
        assert await deliveries.claim(current, decision, None, now)
        posted = decision.post.key if decision.post else None
    return posted


def at_time(hour: int, minute: int = 0) -> CountdownOptions:
    return CountdownOptions(post_time=time(hour, minute))


async def test_time_edited_twice_after_a_milestone_was_posted_does_not_repeat_it(
    service: CountdownService,
    countdown: Countdown,
    countdowns: CountdownStore,
    deliveries: SqlDeliveryStore,
    clock: FakeClock,
) -> None:
    assert await handled(deliveries, countdowns, SEVEN) == "D-7"
    [current] = await countdowns.list_for_guild(10)
    for minutes, options in (
        (1, at_time(10)),
        (2, at_time(11)),
        (3, CountdownOptions(publish=True)),
    ):
        clock.now = SEVEN + timedelta(minutes=minutes)
        current = await service.edit(current, TITLE, options)
    current = await service.pause(current)
    await service.resume(current, TITLE)
    for hours in (1, 2, 3):
        assert await handled(deliveries, countdowns, SEVEN + timedelta(hours=hours)) is None


async def test_edit_that_does_not_change_the_schedule_keeps_what_is_due(
    service: CountdownService,
    countdown: Countdown,
    countdowns: CountdownStore,
    deliveries: SqlDeliveryStore,
    clock: FakeClock,
) -> None:
    clock.forward(seconds=30)
    options = CountdownOptions(language="ko", role_id=7, post_time=time(9))
    edited = await service.edit(countdown, TITLE, options, channel_id=5)
    assert (edited.language, edited.role_id, edited.channel_id) == ("ko", 7, 5)
    assert await handled(deliveries, countdowns, clock()) == "D-7"


@pytest.mark.parametrize(
    ("options", "posted_after"),
    [
        (CountdownOptions(milestone_days=(7, 1)), 0),
        (at_time(8), 0),
        (at_time(9, 30), 30),
        (CountdownOptions(milestone_days=(3, 1)), None),
    ],
)
async def test_schedule_edited_while_a_milestone_is_due_loses_it_only_if_it_is_removed(
    service: CountdownService,
    countdown: Countdown,
    countdowns: CountdownStore,
    deliveries: SqlDeliveryStore,
    clock: FakeClock,
    options: CountdownOptions,
    posted_after: int | None,
) -> None:
    clock.forward(seconds=30)
    await service.edit(countdown, TITLE, options)
    posted = {
        minutes: await handled(deliveries, countdowns, clock() + timedelta(minutes=minutes))
        for minutes in (0, 30, 60)
    }
    expected = {minutes: "D-7" if minutes == posted_after else None for minutes in (0, 30, 60)}
    assert posted == expected


async def test_milestone_missed_during_a_pause_is_not_posted_after_it(
    service: CountdownService,
    countdown: Countdown,
    countdowns: CountdownStore,
    deliveries: SqlDeliveryStore,
    clock: FakeClock,
) -> None:
    paused = await service.pause(countdown)
    edited = await service.edit(paused, TITLE, at_time(8))
    clock.forward(minutes=5)
    await service.resume(edited, TITLE)
    assert await handled(deliveries, countdowns, clock()) is None


async def test_milestone_posted_during_an_edit_is_not_posted_again(
    service: CountdownService,
    countdown: Countdown,
    countdowns: CountdownStore,
    deliveries: SqlDeliveryStore,
    clock: FakeClock,
) -> None:
    # The moderator's command has read the countdown before the announcer claims its D-7.
    assert await handled(deliveries, countdowns, SEVEN) == "D-7"
    clock.now = SEVEN - timedelta(milliseconds=50)
    edited = await service.edit(countdown, TITLE, CountdownOptions(language="ko"))
    assert (edited.language, edited.version) == ("ko", countdown.version + 2)
    assert await handled(deliveries, countdowns, SEVEN + timedelta(minutes=1)) is None


async def test_edit_keeps_a_pause_by_the_announcer(
    service: CountdownService,
    countdown: Countdown,
    countdowns: CountdownStore,
    deliveries: SqlDeliveryStore,
) -> None:
    [stored] = await countdowns.list_for_guild(10)
    decision = decide(stored, release_of(TITLE), SEVEN)
    assert decision.post is not None
    await countdowns.update(replace(stored, paused=PauseReason.FORBIDDEN, next_at=None))
    edited = await service.edit(countdown, TITLE, at_time(12))
    assert (edited.paused, edited.next_at) == (PauseReason.FORBIDDEN, None)


@pytest.mark.parametrize("change", ["edit", "pause", "resume"])
async def test_change_of_a_removed_countdown_is_refused(
    service: CountdownService, countdown: Countdown, countdowns: CountdownStore, change: str
) -> None:
    await countdowns.remove(10, countdown.id)
    work = {
        "edit": lambda: service.edit(countdown, TITLE, at_time(12)),
        "pause": lambda: service.pause(countdown),
        "resume": lambda: service.resume(countdown, TITLE),
    }[change]
    with pytest.raises(CountdownNotFoundError):
        await work()


async def test_stale_update_is_refused_and_changes_nothing(
    countdown: Countdown, countdowns: CountdownStore
) -> None:
    assert await countdowns.update(replace(countdown, language="ko"))
    assert not await countdowns.update(replace(countdown, language="ja"))
    [stored] = await countdowns.list_for_guild(10)
    assert (stored.language, stored.version) == ("ko", countdown.version + 1)


async def test_resuming_a_running_countdown_keeps_what_is_due(
    service: CountdownService,
    countdown: Countdown,
    countdowns: CountdownStore,
    deliveries: SqlDeliveryStore,
) -> None:
    """As by an old Resume button, or a second press."""
    await service.resume(countdown, TITLE)
    assert await handled(deliveries, countdowns, SEVEN) == "D-7"
