"""What was claimed and not settled: sent again, or looked for first, for as long as it is true."""

import asyncio

import pytest

from bot.countdown.model import Delivery, PauseReason
from bot.countdown.ports import Due, PassingError
from tests.countdown.fakes import SEVEN, World, a_world, raising
from tests.countdown.making import a_countdown, a_title, at

BUSY = PassingError("HTTP 503")


async def killed_after_claim(world: World, *, posted: bool) -> None:
    """Claim what is due and go no further, as a process that is killed."""
    stuck = asyncio.Event()

    async def never(due: Due, delivery: Delivery) -> None:
        stuck.set()
        await asyncio.Event().wait()

    world.poster.before, world.poster.after = (None, never) if posted else (never, None)
    await world.announcer.tick()
    await asyncio.wait_for(stuck.wait(), 5)
    for task in list(world.announcer._busy.values()):
        task.cancel()
    await world.announcer.settle_down()
    world.poster.before = world.poster.after = None
    assert world.ledger.outcomes() == [("D-7", None)]


async def test_an_error_that_passes_is_retried_later_and_later_until_it_is_sent() -> None:
    world = a_world()
    world.poster.before = raising(BUSY)
    waits: list[float] = []
    for _ in range(12):
        wake = await world.tick()
        assert wake is not None
        waits.append((wake - world.clock()).total_seconds())
        world.clock.now = wake
    # Never less than half of twice as long each time, and never more than five minutes.
    assert 1 <= waits[0] <= 2
    assert 2 <= waits[1] <= 4
    assert all(150 <= wait <= 300 for wait in waits[-2:])
    assert len(set(waits)) == len(waits)
    assert world.wakes == 12
    assert not world.poster.standing
    world.poster.before = None
    await world.tick()
    assert world.ledger.outcomes() == [("D-7", "sent")]
    assert len(world.poster.standing) == 1


async def test_retries_go_on_for_as_long_as_it_is_true_and_no_longer() -> None:
    world = a_world()
    world.poster.before = raising(BUSY)
    await world.tick()
    world.clock.now = at("2026-05-07T23:59:59")
    await world.tick()
    assert world.poster.sent["D-7"] == 2
    world.clock.now = at("2026-05-08T00:10")
    assert await world.tick() == at("2026-05-11T09:00")
    assert world.poster.sent["D-7"] == 2
    assert world.ledger.outcomes() == [("D-7", "skipped")]


# 1,024 is where a power of two is too much for a float.
@pytest.mark.parametrize("attempts", [9, 100, 1023, 1024, 5000])
async def test_however_often_it_was_tried_it_is_tried_again_in_minutes(attempts: int) -> None:
    world = a_world()
    world.poster.before = raising(BUSY)
    await world.tick()
    [entry] = world.ledger.entries.values()
    entry.delivery = Delivery(
        entry.delivery.id, 1, entry.delivery.occasion, "", entry.delivery.claimed, attempts - 1
    )
    world.clock.forward(minutes=5)
    wake = await world.tick()
    assert wake is not None
    assert 150 <= (wake - world.clock()).total_seconds() <= 300


@pytest.mark.parametrize("posted", [False, True])
async def test_killed_after_the_claim_it_is_sent_again_with_the_same_nonce(posted: bool) -> None:
    world = a_world()
    await killed_after_claim(world, posted=posted)
    world.clock.forward(seconds=59)
    another = world.another()
    await another.tick()
    await another.settle_down()
    assert world.ledger.outcomes() == [("D-7", "sent")]
    # Sent twice under one nonce, of which Discord keeps one message; nothing was searched for.
    assert (world.poster.sent["D-7"], world.poster.searched) == (2, [])
    assert len(world.poster.standing) == 1


@pytest.mark.parametrize("posted", [False, True])
async def test_killed_longer_ago_the_channel_is_searched_first(posted: bool) -> None:
    world = a_world()
    await killed_after_claim(world, posted=posted)
    world.clock.forward(seconds=60)
    await world.tick()
    assert world.ledger.outcomes() == [("D-7", "sent")]
    assert world.poster.searched == ["D-7"]
    assert world.poster.sent["D-7"] == (1 if posted else 2)
    assert len(world.poster.standing) == 1


@pytest.mark.parametrize(("posted", "outcome"), [(False, "skipped"), (True, "sent")])
async def test_found_when_true_no_longer_it_is_looked_for_and_not_sent(
    posted: bool, outcome: str
) -> None:
    world = a_world("2026-05-07T23:59:50")
    await killed_after_claim(world, posted=posted)
    world.clock.forward(minutes=1)
    await world.tick()
    assert world.ledger.outcomes() == [("D-7", outcome)]
    assert world.poster.sent["D-7"] == 1


async def test_a_reply_that_was_lost_posts_nothing_twice() -> None:
    world = a_world()
    world.poster.after = raising(PassingError("no answer in time"))
    wake = await world.tick()
    world.poster.after = None
    assert wake is not None
    # Long after, so that no nonce helps.
    world.clock.now = at("2026-05-07T12:00")
    await world.tick()
    assert world.ledger.outcomes() == [("D-7", "sent")]
    assert world.poster.sent["D-7"] == 1


async def test_a_search_that_fails_is_made_again_before_anything_is_sent() -> None:
    world = a_world()
    await killed_after_claim(world, posted=True)
    world.clock.forward(minutes=5)
    world.poster.searching = raising(BUSY)
    await world.tick()
    assert world.ledger.outcomes() == [("D-7", None)]
    world.poster.searching = None
    world.clock.forward(minutes=5)
    await world.tick()
    assert world.ledger.outcomes() == [("D-7", "sent")]
    assert world.poster.sent["D-7"] == 1


async def test_while_a_claim_is_held_nobody_else_takes_it_over() -> None:
    world = a_world()
    await killed_after_claim(world, posted=False)
    world.clock.forward(seconds=14)
    await world.tick()
    assert world.ledger.outcomes() == [("D-7", None)]
    assert world.poster.sent["D-7"] == 1


@pytest.mark.parametrize("moved", [{"window": "2026-06-01"}, {"status": "cancelled"}])
async def test_what_changed_since_the_claim_is_not_sent_as_it_was(moved: dict[str, str]) -> None:
    world = a_world()
    await killed_after_claim(world, posted=False)
    changed = {"window": "2026-05-14", "status": "announced", **moved}
    world.ledger.titles["show"] = a_title(changed)
    world.clock.forward(minutes=30)
    world.ledger.countdowns[1] = a_countdown(
        seen=world.ledger.countdowns[1].seen, due=world.clock(), cursor=SEVEN
    )
    await world.tick()
    assert ("D-7", "skipped") in world.ledger.outcomes()
    assert ("changed", "sent") in world.ledger.outcomes()


async def test_a_countdown_paused_since_the_claim_is_left_alone() -> None:
    world = a_world()
    await killed_after_claim(world, posted=False)
    await world.ledger.pause(1, PauseReason.LEFT)
    world.clock.forward(minutes=1)
    assert await world.tick() is None
    assert world.ledger.outcomes() == [("D-7", "skipped")]


async def test_a_delivery_that_fails_unexpectedly_is_put_off_as_well() -> None:
    world = a_world()
    world.poster.before = raising(RuntimeError("a card that cannot be drawn"))
    await world.tick()
    for _ in range(6):
        world.clock.forward(seconds=15)
        await world.tick()
    assert world.poster.sent["D-7"] <= 5


async def test_what_is_still_being_sent_is_not_sent_again_when_its_lease_has_run_out() -> None:
    world, answered = a_world(), asyncio.Event()

    async def slow(due: Due, delivery: Delivery) -> None:
        await answered.wait()

    world.poster.before = slow
    await world.announcer.tick()
    await asyncio.sleep(0.01)
    world.clock.forward(seconds=50)
    await world.announcer.tick()
    await asyncio.sleep(0.01)
    answered.set()
    await world.announcer.settle_down()
    assert world.poster.sent == {"D-7": 1}


async def test_a_change_that_was_taken_back_since_the_claim_is_not_sent() -> None:
    world = a_world()
    world.ledger.titles["show"] = a_title({"window": "2026-06-01", "status": "announced"})
    world.poster.before = raising(BUSY)
    await world.tick()
    assert world.ledger.outcomes() == [("changed", None)]
    world.poster.before = None
    world.ledger.titles["show"] = a_title({"window": "2026-05-14", "status": "announced"})
    world.clock.forward(seconds=10)
    await world.tick()
    assert ("changed", "skipped") in world.ledger.outcomes()
