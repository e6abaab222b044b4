"""Unsettled claims are sent again, or searched for first, until they expire."""

import asyncio
from dataclasses import replace

import pytest

from bot.announcements.model import Delivery, PauseReason
from bot.announcements.ports import DueCountdown, TransientError
from tests.announcements.builders import a_countdown, a_title, at
from tests.announcements.fakes import SEVEN, World, a_world, raising

BUSY = TransientError("HTTP 503")


async def killed_after_claim(world: World, *, posted: bool) -> None:
    """Claim what is due and go no further, as a process that is killed."""
    stuck = asyncio.Event()

    async def never(due: DueCountdown, delivery: Delivery) -> None:
        stuck.set()
        await asyncio.Event().wait()

    world.sender.before_send, world.sender.after_send = (None, never) if posted else (never, None)
    await world.announcer.tick()
    await asyncio.wait_for(stuck.wait(), 5)
    for task in list(world.announcer._running.values()):
        task.cancel()
    await world.announcer.drain()
    world.sender.before_send = world.sender.after_send = None
    assert world.store.outcomes() == [("D-7", None)]


async def test_transient_error_is_retried_with_exponential_backoff_until_sent() -> None:
    world = a_world()
    world.sender.before_send = raising(BUSY)
    waits: list[float] = []
    for _ in range(12):
        wake = await world.tick()
        assert wake is not None
        waits.append((wake - world.clock()).total_seconds())
        world.clock.now = wake
    # Between half and all of the backoff, which doubles up to 45 seconds.
    assert 1 <= waits[0] <= 2
    assert 2 <= waits[1] <= 4
    assert all(22.5 <= wait <= 45 for wait in waits[-2:])
    assert len(set(waits)) == len(waits)
    assert world.wakes == 12
    assert not world.sender.messages
    world.sender.before_send = None
    await world.tick()
    assert world.store.outcomes() == [("D-7", "sent")]
    assert len(world.sender.messages) == 1


async def test_retries_stop_when_the_milestone_expires() -> None:
    world = a_world()
    world.sender.before_send = raising(BUSY)
    await world.tick()
    world.clock.now = at("2026-05-07T23:59:59")
    await world.tick()
    assert world.sender.sent["D-7"] == 2
    world.clock.now = at("2026-05-08T00:10")
    assert await world.tick() == at("2026-05-11T09:00")
    assert world.sender.sent["D-7"] == 2
    assert world.store.outcomes() == [("D-7", "skipped")]


# 1,024 is where a power of two is too much for a float.
@pytest.mark.parametrize("attempts", [9, 100, 1023, 1024, 5000])
async def test_backoff_stays_within_a_minute_after_any_number_of_attempts(attempts: int) -> None:
    world = a_world()
    world.sender.before_send = raising(BUSY)
    await world.tick()
    [stored] = world.store.deliveries.values()
    stored.delivery = replace(stored.delivery, attempts=attempts - 1)
    world.clock.forward(minutes=5)
    wake = await world.tick()
    assert wake is not None
    assert 22.5 <= (wake - world.clock()).total_seconds() <= 45


@pytest.mark.parametrize("posted", [False, True])
async def test_recent_unsettled_claim_is_sent_again_with_the_same_nonce(posted: bool) -> None:
    world = a_world()
    await killed_after_claim(world, posted=posted)
    world.clock.forward(seconds=59)
    another = world.another_announcer()
    await another.tick()
    await another.drain()
    assert world.store.outcomes() == [("D-7", "sent")]
    # Sent twice with one nonce, so that Discord keeps one message; no search was made.
    assert (world.sender.sent["D-7"], world.sender.searched) == (2, [])
    assert len(world.sender.messages) == 1


@pytest.mark.parametrize("posted", [False, True])
async def test_older_unsettled_claim_is_searched_for_before_it_is_sent(posted: bool) -> None:
    world = a_world()
    await killed_after_claim(world, posted=posted)
    world.clock.forward(seconds=60)
    await world.tick()
    assert world.store.outcomes() == [("D-7", "sent")]
    assert world.sender.searched == ["D-7"]
    assert world.sender.sent["D-7"] == (1 if posted else 2)
    assert len(world.sender.messages) == 1


@pytest.mark.parametrize(("posted", "outcome"), [(False, "skipped"), (True, "sent")])
async def test_expired_unsettled_claim_is_searched_for_and_not_sent(
    posted: bool, outcome: str
) -> None:
    world = a_world("2026-05-07T23:59:50")
    await killed_after_claim(world, posted=posted)
    world.clock.forward(minutes=1)
    await world.tick()
    assert world.store.outcomes() == [("D-7", outcome)]
    assert world.sender.sent["D-7"] == 1


async def test_lost_reply_posts_no_second_message() -> None:
    world = a_world()
    world.sender.after_send = raising(TransientError("request timed out"))
    wake = await world.tick()
    world.sender.after_send = None
    assert wake is not None
    # Discord has forgotten the nonce by then.
    world.clock.now = at("2026-05-07T12:00")
    await world.tick()
    assert world.store.outcomes() == [("D-7", "sent")]
    assert world.sender.sent["D-7"] == 1


async def test_failed_search_is_repeated_before_anything_is_sent() -> None:
    world = a_world()
    await killed_after_claim(world, posted=True)
    world.clock.forward(minutes=5)
    world.sender.before_search = raising(BUSY)
    await world.tick()
    assert world.store.outcomes() == [("D-7", None)]
    world.sender.before_search = None
    world.clock.forward(minutes=5)
    await world.tick()
    assert world.store.outcomes() == [("D-7", "sent")]
    assert world.sender.sent["D-7"] == 1


async def test_claim_is_not_taken_over_before_its_lease_expires() -> None:
    world = a_world()
    await killed_after_claim(world, posted=False)
    world.clock.forward(seconds=14)
    await world.tick()
    assert world.store.outcomes() == [("D-7", None)]
    assert world.sender.sent["D-7"] == 1


@pytest.mark.parametrize("change", [{"window": "2026-06-01"}, {"status": "cancelled"}])
async def test_milestone_that_changed_since_the_claim_is_not_sent(change: dict[str, str]) -> None:
    world = a_world()
    await killed_after_claim(world, posted=False)
    changed = {"window": "2026-05-14", "status": "announced", **change}
    world.store.titles["show"] = a_title(changed)
    world.clock.forward(minutes=30)
    world.store.countdowns[1] = a_countdown(
        known_release=world.store.countdowns[1].known_release, next_at=world.clock(), cursor=SEVEN
    )
    await world.tick()
    assert ("D-7", "skipped") in world.store.outcomes()
    assert ("changed", "sent") in world.store.outcomes()


async def test_claim_of_a_countdown_paused_since_is_skipped() -> None:
    world = a_world()
    await killed_after_claim(world, posted=False)
    world.store.pause(1, PauseReason.GUILD_LEFT)
    world.clock.forward(minutes=1)
    assert await world.tick() is None
    # It may have been posted.
    assert world.store.outcomes() == [("D-7", "unknown")]


async def test_delivery_that_fails_unexpectedly_is_retried_later() -> None:
    world = a_world()
    world.sender.before_send = raising(RuntimeError("a card that cannot be drawn"))
    await world.tick()
    for _ in range(6):
        world.clock.forward(seconds=15)
        await world.tick()
    assert world.sender.sent["D-7"] <= 5


async def test_delivery_in_flight_is_not_sent_again_when_its_lease_expires() -> None:
    world, answered = a_world(), asyncio.Event()

    async def slow(due: DueCountdown, delivery: Delivery) -> None:
        await answered.wait()

    world.sender.before_send = slow
    await world.announcer.tick()
    await asyncio.sleep(0.01)
    world.clock.forward(seconds=50)
    await world.announcer.tick()
    await asyncio.sleep(0.01)
    answered.set()
    await world.announcer.drain()
    assert world.sender.sent == {"D-7": 1}


async def test_change_reverted_since_the_claim_is_not_sent() -> None:
    world = a_world()
    world.store.titles["show"] = a_title({"window": "2026-06-01", "status": "announced"})
    world.sender.before_send = raising(BUSY)
    await world.tick()
    assert world.store.outcomes() == [("changed", None)]
    world.sender.before_send = None
    world.store.titles["show"] = a_title({"window": "2026-05-14", "status": "announced"})
    world.clock.forward(seconds=10)
    await world.tick()
    assert ("changed", "skipped") in world.store.outcomes()
