"""Claim, send, settle: each announcement is posted exactly once."""

import asyncio
import gc
import logging
import warnings
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from bot.announcements import announcer as announcer_module
from bot.announcements.announcer import Announcer
from bot.announcements.delivery_worker import LEASE
from bot.announcements.model import Delivery, PauseReason
from bot.announcements.ports import DueCountdown, PermanentError
from bot.announcements.scheduler import Scheduler
from bot.errors import OperatorError
from tests.announcements.builders import a_countdown, at, state
from tests.announcements.fakes import SEVEN, TITLE, World, a_world, raising


async def test_due_milestone_is_posted_once_and_the_next_is_planned() -> None:
    world = a_world()
    assert await world.tick() == at("2026-05-11T09:00")
    assert world.store.outcomes() == [("D-7", "sent")]
    [stored] = world.store.deliveries.values()
    assert stored.message_id == world.sender.messages[stored.delivery.nonce]
    await world.tick()
    assert world.sender.sent == {"D-7": 1}


async def test_nothing_is_sent_before_a_milestone_is_due() -> None:
    world = a_world("2026-05-07T08:59:59")
    assert await world.tick() == SEVEN
    assert not world.sender.sent


async def test_delivery_is_claimed_before_it_is_sent() -> None:
    world = a_world()

    async def check_claim(due: DueCountdown, delivery: Delivery) -> None:
        stored = world.store.deliveries[delivery.id]
        assert stored.lease_until is not None
        assert stored.lease_until > world.clock()
        assert world.store.countdowns[1].cursor == world.clock()

    world.sender.before_send = check_claim
    await world.tick()
    assert world.store.outcomes() == [("D-7", "sent")]


async def test_of_several_missed_milestones_only_the_latest_unexpired_is_posted() -> None:
    world = a_world("2026-05-14T20:00")
    assert await world.tick() is None
    assert world.sender.sent == {"D-Day": 1}
    assert world.store.skipped == ["D-7", "D-3", "D-1"]


async def test_expired_milestone_is_skipped() -> None:
    world = a_world("2026-05-08T00:00")
    assert await world.tick() == at("2026-05-11T09:00")
    assert (world.store.skipped, dict(world.sender.sent)) == (["D-7"], {})


async def test_change_is_announced_with_the_previous_release() -> None:
    known = state("2025", "announced")
    world = World(SEVEN, TITLE, a_countdown(known_release=known, next_at=SEVEN))
    await world.tick()
    [stored] = world.store.deliveries.values()
    assert (stored.delivery.milestone.key, stored.delivery.previous_release) == (
        "changed",
        known,
    )
    assert world.store.countdowns[1].known_release == state("2026-05-14", "announced")
    await world.tick()
    assert world.sender.sent == {"changed": 1}


@pytest.mark.parametrize("reason", ["forbidden", "missing", "archived"])
async def test_permanent_error_pauses_the_countdown_and_notifies_the_guild_once(
    reason: str,
) -> None:
    world = a_world()
    world.sender.before_send = raising(PermanentError("HTTP 403", PauseReason(reason)))
    assert await world.tick() is None
    assert world.store.countdowns[1].paused == reason
    assert world.store.outcomes() == [("D-7", "failed")]
    world.clock.now = at("2026-05-20")
    await world.tick()
    assert world.sender.notified == [(1, reason)]
    assert world.sender.sent == {"D-7": 1}


async def test_two_announcers_send_one_message() -> None:
    world = a_world()
    other = world.another_announcer()
    await asyncio.gather(world.announcer.tick(), other.tick())
    await world.announcer.drain()
    await other.drain()
    assert world.sender.sent == {"D-7": 1}
    assert world.store.outcomes() == [("D-7", "sent")]


async def test_claim_on_a_changed_countdown_writes_and_sends_nothing() -> None:
    world = a_world()

    def change_first(countdown_id: int) -> None:
        world.store.countdowns[1] = a_countdown(version=9, next_at=at("2026-05-20"))

    world.store.before_claim = change_first
    await world.tick()
    assert (dict(world.sender.sent), world.store.deliveries) == ({}, {})


async def test_unexpected_error_is_logged_and_defers_only_its_own_countdown(
    caplog: pytest.LogCaptureFixture,
) -> None:
    world = a_world(channels=3)
    world.store.unreadable = {2}
    await world.tick()
    assert world.sender.sent == {"D-7": 2}
    assert "announcement ('countdown', 2) failed unexpectedly" in caplog.text
    assert world.store.countdowns[2].next_at == at("2026-05-07T09:01")
    world.store.unreadable = set()
    world.clock.forward(minutes=5)
    await world.tick()
    assert world.sender.sent == {"D-7": 3}


async def test_unexpected_error_does_not_resume_a_countdown_paused_meanwhile() -> None:
    world = a_world()

    async def pause_then_fail(due: DueCountdown, delivery: Delivery) -> None:
        world.store.pause(1, PauseReason.MANUAL)
        raise RuntimeError

    world.sender.before_send = pause_then_fail
    await world.tick()
    assert world.store.countdowns[1].next_at is None


async def test_slow_channel_delays_no_other() -> None:
    world = a_world(channels=300)
    answered = asyncio.Event()

    async def slow(due: DueCountdown, delivery: Delivery) -> None:
        if due.countdown.id == 1:
            await answered.wait()

    world.sender.before_send = slow
    # The tick does not wait for it, and another can run while it is in flight.
    await world.announcer.tick()
    await asyncio.sleep(0.05)
    assert world.store.outcomes().count(("D-7", "sent")) == 299
    await world.announcer.tick()
    answered.set()
    await world.announcer.drain()
    assert world.store.outcomes().count(("D-7", "sent")) == 300
    assert len(world.sender.messages) == world.sender.sent["D-7"] == 300


async def test_scheduler_does_not_poll_rapidly_while_a_delivery_is_starting() -> None:
    world, unlocked, queries = a_world(), asyncio.Event(), 0
    store = world.store
    load, due_ids = store.load, store.due_ids

    async def locked(countdown_id: int) -> DueCountdown | None:
        await unlocked.wait()
        return await load(countdown_id)

    async def counted(now: datetime, limit: int) -> Sequence[int]:
        nonlocal queries
        queries += 1
        return await due_ids(now, limit)

    store.load, store.due_ids = locked, counted  # type: ignore[method-assign]
    scheduler = Scheduler("announcements", world.clock)
    running = asyncio.create_task(scheduler.run(world.announcer.tick))
    await asyncio.sleep(0.05)
    running.cancel()
    unlocked.set()
    await world.announcer.drain()
    assert queries < 10


async def test_each_announcement_waits_for_the_rate_limit() -> None:
    world = a_world(channels=5)
    turns = 0

    async def rate_limit() -> None:
        nonlocal turns
        turns += 1

    announcer = Announcer(world.store, world.sender, world.clock, rate_limit, lambda: None)
    await announcer.tick()
    await announcer.drain()
    assert turns == 5


async def test_each_outcome_is_logged_with_its_ids(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    world = a_world("2026-05-07T09:00:02")
    await world.tick()
    for part in ("countdown=1", "guild=10", "channel=101", "title=show", "occasion=D-7",
                 "attempt=1", "delay=2.0s", "outcome=sent message=1000"):  # fmt: skip
        assert part in caplog.text


async def test_cancelled_while_waiting_for_the_rate_limit_leaves_no_coroutine_unawaited() -> None:
    world = a_world()

    async def rate_limit() -> None:
        raise asyncio.CancelledError

    announcer = Announcer(world.store, world.sender, world.clock, rate_limit, lambda: None)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        with pytest.raises(asyncio.CancelledError):
            await announcer.tick()
        gc.collect()
    assert [str(one.message) for one in caught] == []


async def test_lease_is_extended_while_its_delivery_is_sent_and_no_longer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(announcer_module, "LEASE_EXTENSION_INTERVAL", timedelta(milliseconds=5))
    world, answered = a_world(), asyncio.Event()

    async def slow(due: DueCountdown, delivery: Delivery) -> None:
        await answered.wait()

    world.sender.before_send = slow
    await world.announcer.tick()
    await asyncio.sleep(0.05)
    world.clock.forward(minutes=10)
    await asyncio.sleep(0.05)
    [stored] = world.store.deliveries.values()
    assert stored.lease_until == world.clock() + LEASE
    other = world.another_announcer()
    await other.tick()
    await other.drain()
    answered.set()
    await world.announcer.drain()
    assert world.sender.sent == {"D-7": 1}
    await asyncio.sleep(0.05)
    assert not [task for task in asyncio.all_tasks() if task.get_name() == "lease-keeper"]


async def test_store_that_fails_while_leases_are_extended_stops_nothing(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(announcer_module, "LEASE_EXTENSION_INTERVAL", timedelta(milliseconds=5))
    world, answered = a_world(), asyncio.Event()

    async def slow(due: DueCountdown, delivery: Delivery) -> None:
        await answered.wait()

    async def locked(*_: object) -> None:
        raise OperatorError("the database is locked")

    world.sender.before_send = slow
    monkeypatch.setattr(world.store, "extend_leases", locked)
    await world.announcer.tick()
    await asyncio.sleep(0.05)
    assert (
        caplog.messages.count(
            "could not extend the leases of announcements: the database is locked"
        )
        > 1
    )
    answered.set()
    await world.announcer.drain()
    assert world.store.outcomes() == [("D-7", "sent")]
