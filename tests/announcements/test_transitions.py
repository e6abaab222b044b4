"""Every transition between the states of an announcement, by the table in CONTRIBUTING.md."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import time, timedelta
from pathlib import Path

import pytest

from bot.announcements.delivery_worker import LEASE, NONCE_WINDOW
from bot.announcements.model import Countdown, Delivery, PauseReason
from bot.announcements.planning import reschedule
from bot.announcements.ports import (
    DueCountdown,
    NotAttemptedError,
    PermanentError,
    TransientError,
)
from tests.announcements.builders import (
    a_countdown,
    a_countdown_to,
    a_title,
    at,
    release_of,
    schedule,
    state,
)
from tests.announcements.fakes import SEVEN, TITLE, World, a_world, raising
from tests.announcements.test_announcer_retries import killed_after_claim

ROOT = Path(__file__).parent.parent.parent
Scenario = Callable[[], Awaitable[None]]
SCENARIOS: dict[str, Scenario] = {}

POSTED_UNKNOWN = TransientError("HTTP 503")
NOT_POSTED = TransientError("connection refused", maybe_posted=False)
RATE_LIMITED = NotAttemptedError("rate limited", timedelta(seconds=5))


def transition(event: str) -> Callable[[Scenario], Scenario]:
    """Register a scenario for a row of the table."""

    def register(scenario: Scenario) -> Scenario:
        assert event not in SCENARIOS
        SCENARIOS[event] = scenario
        return scenario

    return register


def a_moved_world() -> World:
    """A channel that was told May 20 and has yet to be told May 14."""
    known = state("2026-05-20", "announced")
    return World(SEVEN, TITLE, a_countdown(known_release=known, cursor=SEVEN, next_at=SEVEN))


def only_delivery(world: World) -> Delivery:
    [stored] = world.store.deliveries.values()
    return stored.delivery


def lease(world: World) -> timedelta | None:
    """How long the only delivery's lease still lasts."""
    [stored] = world.store.deliveries.values()
    return stored.lease_until and stored.lease_until - world.clock()


# From due


@transition("one process claims a milestone")
async def _one_process_claims_a_milestone() -> None:
    world = a_world()
    await killed_after_claim(world, posted=False)
    countdown, claimed = world.store.countdowns[1], only_delivery(world)
    assert lease(world) == LEASE
    assert (claimed.maybe_posted, claimed.attempts, claimed.claimed_at) == (True, 0, SEVEN)
    assert (countdown.cursor, countdown.next_at) == (SEVEN, at("2026-05-11T09:00"))


@transition("one process claims a change")
async def _one_process_claims_a_change() -> None:
    world = a_moved_world()
    world.sender.before_send = raising(POSTED_UNKNOWN)
    before = world.store.countdowns[1]
    await world.tick()
    claimed, after = only_delivery(world), world.store.countdowns[1]
    assert (claimed.previous_release, claimed.announced_release) == (
        state("2026-05-20", "announced"),
        state("2026-05-14", "announced"),
    )
    assert (after.cursor, after.known_release) == (before.cursor, before.known_release)
    assert after.next_at is None


@transition("the countdown changed since it was loaded")
async def _the_countdown_changed_since_it_was_loaded() -> None:
    world = a_world()

    def change(countdown_id: int) -> None:
        world.store.before_claim = lambda _: None
        world.store.countdowns[1] = a_countdown_to(TITLE, version=9, next_at=SEVEN)

    world.store.before_claim = change
    await world.announcer.tick()
    await world.announcer.drain()
    assert (world.store.deliveries, dict(world.sender.sent)) == ({}, {})
    assert await world.store.due_ids(world.clock(), 10) == [1]


@transition("a change of the countdown is unsettled")
async def _a_change_of_the_countdown_is_unsettled() -> None:
    world = a_moved_world()
    world.sender.before_send = raising(POSTED_UNKNOWN)
    await world.tick()
    world.store.titles["show"] = a_title({"window": "2026-05-16", "status": "announced"})
    world.store._change(world.store.countdowns[1], next_at=SEVEN)
    await world.tick()
    assert len(world.store.deliveries) == 1


# From claimed


@transition("Discord accepts a milestone")
async def _discord_accepts_a_milestone() -> None:
    world = a_world()
    await world.tick()
    assert world.store.outcomes() == [("D-7", "sent")]
    [stored] = world.store.deliveries.values()
    assert (stored.message_id, stored.lease_until) == (1000, None)


@transition("Discord accepts a change")
async def _discord_accepts_a_change() -> None:
    world = a_moved_world()
    await world.tick()
    countdown = world.store.countdowns[1]
    assert world.store.outcomes() == [("changed", "sent")]
    assert countdown.known_release == state("2026-05-14", "announced")
    assert (countdown.cursor, countdown.next_at) == (SEVEN, at("2026-05-11T09:00"))


@transition("its process is still waiting or sending")
async def _its_process_is_still_waiting_or_sending() -> None:
    world = a_world()
    answered = asyncio.Event()

    async def slow(due: DueCountdown, delivery: Delivery) -> None:
        await answered.wait()

    world.sender.before_send = slow
    await world.announcer.tick()
    await asyncio.sleep(0)
    other = world.another_announcer()
    for _ in range(6):
        world.clock.now += LEASE / 2
        await asyncio.sleep(0)
        held = frozenset(world.announcer._worker.held)
        await world.store.extend_leases(held, world.clock() + LEASE)
        await other.tick()
        await other.drain()
    answered.set()
    await world.announcer.drain()
    assert world.sender.sent == {"D-7": 1}
    assert world.store.outcomes() == [("D-7", "sent")]


@transition("a rate limit does not allow it in time")
async def _a_rate_limit_does_not_allow_it_in_time() -> None:
    world = a_world()
    world.sender.before_send = raising(RATE_LIMITED)
    await world.announcer.tick()
    await world.announcer.drain()
    delivery = only_delivery(world)
    assert (delivery.attempts, delivery.maybe_posted) == (0, False)
    assert lease(world) == RATE_LIMITED.retry_after


@transition("it fails for now, certainly not posted")
async def _it_fails_for_now_certainly_not_posted() -> None:
    world = a_world()
    world.sender.before_send = raising(NOT_POSTED)
    await world.announcer.tick()
    await world.announcer.drain()
    delivery = only_delivery(world)
    assert (delivery.attempts, delivery.maybe_posted) == (1, False)
    assert timedelta(seconds=1) <= (lease(world) or timedelta()) <= timedelta(seconds=2)


@transition("it fails for now, perhaps posted")
async def _it_fails_for_now_perhaps_posted() -> None:
    world = a_world()
    world.sender.after_send = raising(POSTED_UNKNOWN)
    await world.announcer.tick()
    await world.announcer.drain()
    delivery = only_delivery(world)
    assert (delivery.attempts, delivery.maybe_posted) == (1, True)


@transition("Discord refuses the channel")
async def _discord_refuses_the_channel() -> None:
    world = a_world()
    world.sender.before_send = raising(PermanentError("HTTP 403", PauseReason.FORBIDDEN))
    await world.announcer.tick()
    await world.announcer.drain()
    assert world.store.outcomes() == [("D-7", "failed")]
    assert world.store.countdowns[1].paused is PauseReason.FORBIDDEN
    assert world.store.notify_at == {1: SEVEN}


@transition("Discord rejects the message")
async def _discord_rejects_the_message() -> None:
    world = a_world()
    world.sender.before_send = raising(PermanentError("HTTP 400", None))
    await world.tick()
    assert world.store.outcomes() == [("D-7", "failed")]
    assert world.store.countdowns[1].next_at == at("2026-05-11T09:00")
    assert world.store.notify_at == {}


@transition("its process ends")
async def _its_process_ends() -> None:
    world = a_world()
    await killed_after_claim(world, posted=True)
    assert world.store.outcomes() == [("D-7", None)]
    world.clock.now += LEASE - timedelta(seconds=1)
    assert list(await world.store.expired_claims(world.clock(), 10)) == []
    world.clock.now += timedelta(seconds=1)
    assert len(await world.store.expired_claims(world.clock(), 10)) == 1


# From expired


@transition("one process takes it over")
async def _one_process_takes_it_over() -> None:
    world = a_world()
    await killed_after_claim(world, posted=True)
    world.clock.now += LEASE
    others = [world.another_announcer() for _ in range(3)]
    await asyncio.gather(*(one.tick() for one in others))
    for one in others:
        await one.drain()
    assert world.sender.sent == {"D-7": 2}
    assert len(world.sender.messages) == 1


@transition("it was certainly not posted, and is still true")
async def _it_was_certainly_not_posted_and_is_still_true() -> None:
    world = a_world()
    world.sender.before_send = raising(NOT_POSTED)
    await world.announcer.tick()
    await world.announcer.drain()
    world.sender.before_send = None
    # Even if the channel's history could not be read.
    world.sender.unreadable = True
    world.clock.forward(hours=1)
    await world.tick()
    assert (world.store.outcomes(), world.sender.searched) == ([("D-7", "sent")], [])
    assert only_delivery(world).claimed_at == world.clock()


@transition("its nonce is still known, and it is still true")
async def _its_nonce_is_still_known_and_it_is_still_true() -> None:
    world = a_world()
    await killed_after_claim(world, posted=True)
    world.clock.now += NONCE_WINDOW - timedelta(seconds=1)
    await world.tick()
    assert (world.store.outcomes(), world.sender.searched) == ([("D-7", "sent")], [])
    assert len(world.sender.messages) == 1


@transition("the channel has it")
async def _the_channel_has_it() -> None:
    world = a_world()
    await killed_after_claim(world, posted=True)
    world.clock.now += NONCE_WINDOW
    await world.tick()
    assert (world.store.outcomes(), world.sender.searched) == ([("D-7", "sent")], ["D-7"])
    assert world.sender.sent == {"D-7": 1}


@transition("the channel does not have it, and it is still true")
async def _the_channel_does_not_have_it_and_it_is_still_true() -> None:
    world = a_world()
    await killed_after_claim(world, posted=False)
    world.clock.now += NONCE_WINDOW
    await world.tick()
    assert (world.store.outcomes(), world.sender.searched) == ([("D-7", "sent")], ["D-7"])


@transition("the channel does not have it, and it is no longer true")
async def _the_channel_does_not_have_it_and_it_is_no_longer_true() -> None:
    world = a_moved_world()
    world.sender.before_send = raising(POSTED_UNKNOWN)
    await world.tick()
    world.sender.before_send = None
    # Moved back before the channel was told.
    world.store.titles["show"] = a_title({"window": "2026-05-20", "status": "announced"})
    world.clock.forward(seconds=10)
    await world.tick()
    assert world.store.outcomes() == [("changed", "skipped")]
    assert not world.sender.messages
    assert world.store.countdowns[1].known_release == state("2026-05-20", "announced")


@transition("the channel cannot be searched for now")
async def _the_channel_cannot_be_searched_for_now() -> None:
    world = a_world()
    await killed_after_claim(world, posted=True)
    world.clock.now += NONCE_WINDOW
    world.sender.before_search = raising(POSTED_UNKNOWN)
    await world.tick()
    assert world.store.outcomes() == [("D-7", None)]
    assert only_delivery(world).attempts == 1
    assert world.sender.sent == {"D-7": 1}


@transition("the channel's history cannot be read")
async def _the_channel_s_history_cannot_be_read() -> None:
    for posted in (False, True):
        world = a_world()
        await killed_after_claim(world, posted=posted)
        world.sender.unreadable = True
        world.clock.now += NONCE_WINDOW
        await world.tick()
        assert world.store.outcomes() == [("D-7", "unknown")]
        assert world.sender.sent == {"D-7": 1}


@transition("the countdown was moved to another channel")
async def _the_countdown_was_moved_to_another_channel() -> None:
    for posted in (False, True):
        world = a_world()
        await killed_after_claim(world, posted=posted)
        world.store._change(world.store.countdowns[1], channel_id=202)
        world.clock.now += LEASE
        await world.tick()
        [stored] = world.store.deliveries.values()
        assert (stored.outcome, world.sender.searched) == ("sent", ["D-7"])
        # Posted once: in the old channel, if it was there before.
        assert list(world.sender.channels.values()) == [101 if posted else 202]
        assert stored.delivery.channel_id == (101 if posted else 202)


@transition("the countdown was paused, and it was certainly not posted")
async def _the_countdown_was_paused_and_it_was_certainly_not_posted() -> None:
    world = a_world()
    world.sender.before_send = raising(NOT_POSTED)
    await world.announcer.tick()
    await world.announcer.drain()
    world.store.pause(1, PauseReason.MANUAL)
    world.clock.now += LEASE
    await world.tick()
    assert world.store.outcomes() == [("D-7", "skipped")]


@transition("the countdown was paused, and it was perhaps posted")
async def _the_countdown_was_paused_and_it_was_perhaps_posted() -> None:
    world = a_moved_world()
    await world.announcer.tick()
    world.sender.after_send = raising(POSTED_UNKNOWN)
    await world.announcer.drain()
    world.store.pause(1, PauseReason.MANUAL)
    world.clock.now += LEASE
    await world.tick()
    assert world.store.outcomes() == [("changed", "unknown")]
    # It is not announced again after it was resumed.
    assert world.store.countdowns[1].known_release == state("2026-05-14", "announced")


@transition("it fails unexpectedly")
async def _it_fails_unexpectedly() -> None:
    world = a_world()
    world.sender.before_send = raising(NOT_POSTED)
    await world.announcer.tick()
    await world.announcer.drain()
    world.sender.before_send, world.sender.after_send = None, raising(RuntimeError())
    world.clock.now += LEASE
    await world.announcer.tick()
    await world.announcer.drain()
    assert only_delivery(world).maybe_posted
    assert lease(world) == timedelta(minutes=1)


# Notices


async def paused_with_notice(error: Exception | None) -> World:
    """A paused countdown whose server was notified, or could not be for a reason."""
    world = a_world()
    world.sender.before_send = raising(PermanentError("HTTP 403", PauseReason.FORBIDDEN))

    async def fail(due: DueCountdown) -> None:
        if error is not None:
            raise error

    world.sender.before_notice = fail
    await world.tick()
    return world


@transition("the server is notified")
async def _the_server_is_notified() -> None:
    world = await paused_with_notice(None)
    assert world.sender.notified == [(1, PauseReason.FORBIDDEN)]
    assert world.store.notify_at == {}


@transition("the server cannot be notified for now")
async def _the_server_cannot_be_notified_for_now() -> None:
    world = await paused_with_notice(POSTED_UNKNOWN)
    assert (world.sender.notified, list(world.store.notify_at)) == ([], [1])
    world.sender.before_notice = None
    world.clock.forward(minutes=1)
    await world.tick()
    assert world.sender.notified == [(1, PauseReason.FORBIDDEN)]


@transition("the server can never be notified")
async def _the_server_can_never_be_notified() -> None:
    world = await paused_with_notice(PermanentError("HTTP 403", PauseReason.FORBIDDEN))
    assert (world.sender.notified, world.store.notify_at) == ([], {})


@pytest.mark.parametrize("event", SCENARIOS)
async def test_transition(event: str) -> None:
    await SCENARIOS[event]()


def test_contributing_lists_every_transition() -> None:
    section = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    section = section.split("#### States of an announcement\n")[1].split("\n#")[0]
    rows = [line.strip("|").split("|") for line in section.splitlines() if line.startswith("|")]
    assert [row[1].strip() for row in rows[2:]] == list(SCENARIOS)


# Two changes in a row, whatever became of the first


def texts(world: World) -> list[tuple[object, object]]:
    """What was announced: from which state to which."""
    return [
        (one.delivery.previous_release, one.delivery.announced_release)
        for one in world.store.deliveries.values()
        if one.outcome == "sent"
    ]


@pytest.mark.parametrize("posted", [False, True])
@pytest.mark.parametrize("wait", [timedelta(seconds=20), timedelta(hours=1)])
async def test_second_change_while_the_first_is_unsettled_is_told_once_and_rightly(
    posted: bool, wait: timedelta
) -> None:
    first, second, third = (state(f"2026-05-{day}", "announced") for day in (20, 14, 16))
    world = a_moved_world()
    hook = "after_send" if posted else "before_send"
    setattr(world.sender, hook, raising(POSTED_UNKNOWN))
    await world.announcer.tick()
    await world.announcer.drain()
    setattr(world.sender, hook, None)
    world.store.titles["show"] = a_title({"window": "2026-05-16", "status": "announced"})
    world.store._change(world.store.countdowns[1], next_at=world.clock())
    world.clock.now += wait
    for _ in range(3):
        await world.tick()
    expected = [(first, second), (second, third)] if posted else [(first, third)]
    assert texts(world) == expected
    assert world.store.countdowns[1].known_release == third


async def test_milestone_waits_for_an_unsettled_change_and_is_posted_after_it() -> None:
    """The date moved away and back: its D-7 is due, and is not lost."""
    countdown: Countdown = a_countdown_to(TITLE, cursor=at("2026-05-01"), next_at=SEVEN)
    world = World(at("2026-05-07T08:59"), TITLE, countdown)
    world.store.titles["show"] = a_title({"window": "2026-05-20", "status": "announced"})
    world.store._change(world.store.countdowns[1], next_at=world.clock())
    world.sender.before_send = raising(POSTED_UNKNOWN)
    await world.tick()
    world.sender.before_send = None
    world.store.titles["show"] = TITLE
    world.clock.now = at("2026-05-07T09:05")
    await world.tick()
    await world.tick()
    assert world.store.outcomes() == [("changed", "skipped"), ("D-7", "sent")]


# Edits


@pytest.mark.parametrize("posted", [False, True])
async def test_time_edited_while_a_milestone_is_unsettled_neither_loses_nor_repeats_it(
    posted: bool,
) -> None:
    world = a_world()
    await killed_after_claim(world, posted=posted)
    countdown = world.store.countdowns[1]
    later = replace(countdown, schedule=schedule(post_time=time(9, 30)))
    edited = reschedule(later, release_of(TITLE), SEVEN, countdown.schedule)
    world.store._change(countdown, **{"schedule": edited.schedule, "cursor": edited.cursor,
                                      "next_at": edited.next_at})  # fmt: skip
    for minutes in (1, 29, 31, 60):
        world.clock.now = SEVEN + timedelta(minutes=minutes)
        await world.tick()
    assert world.store.outcomes() == [("D-7", "sent")]
    assert len(world.sender.messages) == 1
