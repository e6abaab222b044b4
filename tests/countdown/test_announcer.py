"""Claim, send, settle: each announcement is posted once, whatever happens in between."""

import asyncio
import gc
import logging
import warnings
from collections.abc import Sequence
from datetime import datetime

import pytest

from bot.countdown.announcer import Announcer
from bot.countdown.model import Delivery, PauseReason
from bot.countdown.ports import Due, LastingError
from bot.countdown.rounds import Rounds
from tests.countdown.fakes import SEVEN, TITLE, World, a_world, raising
from tests.countdown.making import a_countdown, at


async def test_what_is_due_is_posted_once_and_the_next_is_planned() -> None:
    world = a_world()
    assert await world.tick() == at("2026-05-11T09:00")
    assert world.ledger.outcomes() == [("D-7", "sent")]
    [entry] = world.ledger.entries.values()
    assert entry.message_id == world.poster.standing[entry.delivery.nonce]
    await world.tick()
    assert world.poster.sent == {"D-7": 1}


async def test_before_it_is_due_nothing_happens() -> None:
    world = a_world("2026-05-07T08:59:59")
    assert await world.tick() == SEVEN
    assert not world.poster.sent


async def test_it_is_claimed_before_it_is_sent() -> None:
    world = a_world()

    async def look(due: Due, delivery: Delivery) -> None:
        entry = world.ledger.entries[delivery.id]
        assert entry.lease is not None
        assert entry.lease > world.clock()
        assert world.ledger.countdowns[1].cursor == world.clock()

    world.poster.before = look
    await world.tick()
    assert world.ledger.outcomes() == [("D-7", "sent")]


async def test_of_several_missed_the_latest_still_true_is_posted() -> None:
    world = a_world("2026-05-14T20:00")
    assert await world.tick() is None
    assert world.poster.sent == {"D-Day": 1}
    assert world.ledger.skipped == ["D-7", "D-3", "D-1"]


async def test_what_is_true_no_longer_is_skipped_and_nothing_sent() -> None:
    world = a_world("2026-05-08T00:00")
    assert await world.tick() == at("2026-05-11T09:00")
    assert (world.ledger.skipped, dict(world.poster.sent)) == (["D-7"], {})


async def test_a_change_is_told_with_what_was_known_before() -> None:
    seen = a_countdown(seen="2025|announced", due=SEVEN)
    world = World(SEVEN, TITLE, seen)
    await world.tick()
    [entry] = world.ledger.entries.values()
    assert (entry.delivery.occasion.key, entry.delivery.before) == ("changed", "2025|announced")
    assert world.ledger.countdowns[1].seen == "2026-05-14|announced"
    await world.tick()
    assert world.poster.sent == {"changed": 1}


@pytest.mark.parametrize("reason", ["forbidden", "missing", "archived"])
async def test_an_error_that_stays_pauses_the_countdown_and_tells_the_server_once(
    reason: str,
) -> None:
    world = a_world()
    world.poster.before = raising(LastingError(PauseReason(reason)))
    assert await world.tick() is None
    assert world.ledger.countdowns[1].paused == reason
    assert world.ledger.outcomes() == [("D-7", "failed")]
    world.clock.now = at("2026-05-20")
    await world.tick()
    assert world.poster.told == [(1, reason)]
    assert world.poster.sent == {"D-7": 1}


async def test_who_is_slower_to_claim_sends_nothing() -> None:
    world = a_world()
    other = world.another()
    await asyncio.gather(world.announcer.tick(), other.tick())
    await world.announcer.settle_down()
    await other.settle_down()
    assert world.poster.sent == {"D-7": 1}
    assert world.ledger.outcomes() == [("D-7", "sent")]


async def test_a_claim_that_is_lost_writes_and_sends_nothing() -> None:
    world = a_world()

    def quicker(countdown_id: int) -> None:
        world.ledger.countdowns[1] = a_countdown(version=9, due=at("2026-05-20"))

    world.ledger.before_claim = quicker
    await world.tick()
    assert (dict(world.poster.sent), world.ledger.entries) == ({}, {})


async def test_what_fails_unexpectedly_is_logged_put_off_and_holds_no_other_up(
    caplog: pytest.LogCaptureFixture,
) -> None:
    world = a_world(channels=3)
    world.ledger.unreadable = {2}
    await world.tick()
    assert world.poster.sent == {"D-7": 2}
    assert "announcement 2 failed unexpectedly" in caplog.text
    assert world.ledger.countdowns[2].due == at("2026-05-07T09:05")
    world.ledger.unreadable = set()
    world.clock.forward(minutes=5)
    await world.tick()
    assert world.poster.sent == {"D-7": 3}


async def test_paused_while_it_fails_unexpectedly_it_stays_paused() -> None:
    world = a_world()

    async def paused_meanwhile(due: Due, delivery: Delivery) -> None:
        await world.ledger.pause(1, PauseReason.BY_HAND)
        raise RuntimeError

    world.poster.before = paused_meanwhile
    await world.tick()
    assert world.ledger.countdowns[1].due is None


async def test_a_slow_channel_holds_no_other_up() -> None:
    world = a_world(channels=300)
    answered = asyncio.Event()

    async def slow(due: Due, delivery: Delivery) -> None:
        if due.countdown.id == 1:
            await answered.wait()

    world.poster.before = slow
    # The tick itself does not wait for it, and the next is made while it is under way.
    await world.announcer.tick()
    await asyncio.sleep(0.05)
    assert world.ledger.outcomes().count(("D-7", "sent")) == 299
    await world.announcer.tick()
    answered.set()
    await world.announcer.settle_down()
    assert world.ledger.outcomes().count(("D-7", "sent")) == 300
    assert len(world.poster.standing) == world.poster.sent["D-7"] == 300


async def test_what_is_on_its_way_is_not_asked_for_again_and_again() -> None:
    world, unlocked, asked = a_world(), asyncio.Event(), 0
    ledger = world.ledger
    load, find_due = ledger.load, ledger.due

    async def locked(countdown_id: int) -> Due | None:
        await unlocked.wait()
        return await load(countdown_id)

    async def counted(now: datetime, limit: int) -> Sequence[int]:
        nonlocal asked
        asked += 1
        return await find_due(now, limit)

    ledger.load, ledger.due = locked, counted  # type: ignore[method-assign]
    rounds = asyncio.create_task(Rounds(world.announcer.tick, world.clock).run())
    await asyncio.sleep(0.05)
    rounds.cancel()
    unlocked.set()
    await world.announcer.settle_down()
    assert asked < 10


async def test_each_announcement_waits_for_its_turn() -> None:
    world = a_world(channels=5)
    turns = 0

    async def pace() -> None:
        nonlocal turns
        turns += 1

    announcer = Announcer(world.ledger, world.poster, world.clock, pace)
    await announcer.tick()
    await announcer.settle_down()
    assert turns == 5


async def test_each_outcome_is_logged_with_what_it_takes_to_find_it(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    world = a_world("2026-05-07T09:00:02")
    await world.tick()
    for part in ("countdown=1", "guild=10", "channel=101", "title=show", "occasion=D-7",
                 "attempt=1", "delay=2.0s", "outcome=sent message=1000"):  # fmt: skip
        assert part in caplog.text


async def test_ended_while_it_waits_its_turn_it_leaves_nothing_unawaited() -> None:
    world = a_world()

    async def pace() -> None:
        raise asyncio.CancelledError

    announcer = Announcer(world.ledger, world.poster, world.clock, pace)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        with pytest.raises(asyncio.CancelledError):
            await announcer.tick()
        gc.collect()
    assert [str(one.message) for one in caught] == []
