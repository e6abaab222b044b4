"""Rules of a DeliveryStore that the fake keeps as the database does."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

import pytest

from bot.announcements.milestones import Milestone, MilestoneKind
from bot.announcements.model import Countdown, Delivery, PauseReason
from bot.announcements.ports import DeliveryStore, Outcome
from bot.store.countdowns import CountdownStore
from bot.store.database import Database
from bot.store.deliveries import SqlDeliveryStore
from bot.store.timestamps import from_timestamp
from tests.announcements.builders import a_countdown, a_title, state
from tests.announcements.fakes import FakeDeliveryStore
from tests.conftest import NOW
from tests.store.builders import LATER, LEASE, decision, delivery, delivery_rows

SECOND = timedelta(seconds=1)
EXPIRED = NOW + LEASE


@dataclass(frozen=True)
class Stored:
    """A delivery as the store has it."""

    outcome: str | None
    message_id: int | None
    error: str | None
    lease_until: datetime | None
    attempts: int
    claimed_at: datetime
    maybe_posted: bool


CLAIMED = Stored(None, None, None, EXPIRED, 0, NOW, True)
RETRY = NOW + timedelta(minutes=30)


class Backend(Protocol):
    """A store, and what tests need beside it."""

    store: DeliveryStore

    async def add(self, countdown: Countdown) -> Countdown: ...

    async def get(self, countdown_id: int) -> Countdown: ...

    async def remove(self, countdown: Countdown) -> None: ...

    async def pause(self, countdown: Countdown) -> None: ...

    async def deliveries(self) -> dict[str, Stored]: ...


class FakeBackend:
    def __init__(self) -> None:
        self.store = FakeDeliveryStore({"show": a_title(), "other": a_title()})
        self._last_id = 0

    async def add(self, countdown: Countdown) -> Countdown:
        self._last_id += 1
        added = replace(countdown, id=self._last_id, version=1)
        self.store.countdowns[added.id] = added
        return added

    async def get(self, countdown_id: int) -> Countdown:
        return self.store.countdowns[countdown_id]

    async def remove(self, countdown: Countdown) -> None:
        del self.store.countdowns[countdown.id]

    async def pause(self, countdown: Countdown) -> None:
        self.store.pause(countdown.id, PauseReason.MANUAL)

    async def deliveries(self) -> dict[str, Stored]:
        return {
            key: Stored(
                one.outcome,
                one.message_id,
                one.error,
                one.lease_until,
                one.delivery.attempts,
                one.delivery.claimed_at,
                one.delivery.maybe_posted,
            )
            for key, one in self.store.deliveries.items()
        }


class SqlBackend:
    def __init__(self, database: Database) -> None:
        self.store = SqlDeliveryStore(database)
        self._database = database
        self._countdowns = CountdownStore(database)

    async def add(self, countdown: Countdown) -> Countdown:
        return await self._countdowns.add(countdown)

    async def get(self, countdown_id: int) -> Countdown:
        found = await self._countdowns.get(10, countdown_id)
        assert found is not None
        return found

    async def remove(self, countdown: Countdown) -> None:
        await self._countdowns.remove(countdown.guild_id, countdown.id)

    async def pause(self, countdown: Countdown) -> None:
        paused = replace(countdown, paused=PauseReason.MANUAL, next_at=None)
        assert await self._countdowns.update(paused)

    async def deliveries(self) -> dict[str, Stored]:
        return {
            row.id: Stored(
                row.outcome,
                row.message_id,
                row.error,
                None if row.lease_until is None else from_timestamp(row.lease_until),
                row.attempts,
                from_timestamp(row.claimed_at),
                row.maybe_posted,
            )
            for row in await delivery_rows(self._database)
        }


@pytest.fixture(params=["fake", "database"])
def backend(request: pytest.FixtureRequest) -> Backend:
    if request.param == "fake":
        return FakeBackend()
    request.getfixturevalue("two_titles")
    return SqlBackend(request.getfixturevalue("database"))


@pytest.fixture
def store(backend: Backend) -> DeliveryStore:
    return backend.store


async def claim(
    backend: Backend, delivery_id: str = "aaaa", until: datetime = EXPIRED, channel_id: int = 100
) -> Delivery:
    """A delivery, claimed for a countdown of its own."""
    countdown = await backend.add(a_countdown(channel_id=channel_id, next_at=NOW))
    claimed = delivery(countdown, delivery_id)
    assert await backend.store.claim(countdown, decision(), claimed, until)
    return claimed


# due_ids and load


async def test_due_ids_are_longest_due_first_up_to_the_limit(
    backend: Backend, store: DeliveryStore
) -> None:
    instants = [NOW, NOW - timedelta(hours=1), NOW + SECOND, None, NOW - timedelta(hours=2)]
    ids = [
        (await backend.add(a_countdown(channel_id=n, next_at=instant))).id
        for n, instant in enumerate(instants)
    ]
    assert list(await store.due_ids(NOW, 10)) == [ids[4], ids[1], ids[0]]
    assert list(await store.due_ids(NOW, 2)) == [ids[4], ids[1]]


async def test_running_countdown_is_loaded_and_a_paused_or_removed_one_is_not(
    backend: Backend, store: DeliveryStore
) -> None:
    running = await backend.add(a_countdown(channel_id=1))
    paused = await backend.add(a_countdown(channel_id=2, paused=PauseReason.MANUAL, next_at=None))
    due = await store.load(running.id)
    assert due is not None
    assert (due.countdown, due.title.id) == (running, "show")
    assert await store.load(paused.id) is None
    await backend.remove(running)
    assert await store.load(running.id) is None


# claim


async def test_claim_stores_the_decision_and_the_delivery(
    backend: Backend, store: DeliveryStore
) -> None:
    countdown = await backend.add(a_countdown(next_at=NOW))
    assert await store.claim(countdown, decision(), delivery(countdown), EXPIRED)
    assert await backend.get(countdown.id) == replace(
        countdown, cursor=NOW, known_release=state("2026"), next_at=LATER, version=2
    )
    assert await backend.deliveries() == {"aaaa": CLAIMED}


async def test_claim_without_a_delivery_stores_only_the_decision(
    backend: Backend, store: DeliveryStore
) -> None:
    countdown = await backend.add(a_countdown(next_at=NOW))
    uncertain = decision(None, known_release=None, next_at=None)
    assert await store.claim(countdown, uncertain, None, EXPIRED)
    assert await backend.get(countdown.id) == replace(
        countdown, cursor=NOW, known_release=None, next_at=None, version=2
    )
    assert await backend.deliveries() == {}


async def test_claim_of_a_stale_version_is_refused_and_changes_nothing(
    backend: Backend, store: DeliveryStore
) -> None:
    countdown = await backend.add(a_countdown(next_at=NOW))
    assert await store.claim(countdown, decision(), delivery(countdown), EXPIRED)
    before = await backend.get(countdown.id)
    other = decision(known_release=state("2027"), next_at=None)
    assert not await store.claim(countdown, other, delivery(countdown, "bbbb"), EXPIRED)
    assert await backend.get(countdown.id) == before
    assert await backend.deliveries() == {"aaaa": CLAIMED}


async def test_claim_of_a_removed_countdown_is_refused(
    backend: Backend, store: DeliveryStore
) -> None:
    countdown = await backend.add(a_countdown(next_at=NOW))
    await backend.remove(countdown)
    assert not await store.claim(countdown, decision(), delivery(countdown), EXPIRED)
    assert await backend.deliveries() == {}


# expired_claims and renew_claim


async def test_expired_claims_are_longest_expired_first_up_to_the_limit(
    backend: Backend, store: DeliveryStore
) -> None:
    leases = {"aaaa": EXPIRED, "bbbb": EXPIRED - SECOND, "cccc": EXPIRED + SECOND}
    for number, (delivery_id, until) in enumerate(leases.items()):
        await claim(backend, delivery_id, until, channel_id=number)
    assert [one.id for one in await store.expired_claims(EXPIRED, 10)] == ["bbbb", "aaaa"]
    assert [one.id for one in await store.expired_claims(EXPIRED, 1)] == ["bbbb"]
    everything = await store.expired_claims(EXPIRED + SECOND, 10)
    assert [one.id for one in everything] == ["bbbb", "aaaa", "cccc"]


async def test_expired_claim_is_returned_as_claimed_for_its_next_attempt(
    backend: Backend, store: DeliveryStore
) -> None:
    countdown = await backend.add(a_countdown(next_at=NOW))
    claimed = delivery(countdown, previous_release=state("2025", "announced"))
    assert await store.claim(countdown, decision(), claimed, EXPIRED)
    assert list(await store.expired_claims(EXPIRED - SECOND, 10)) == []
    assert list(await store.expired_claims(EXPIRED, 10)) == [replace(claimed, maybe_posted=True)]


async def test_claim_keeps_its_own_instant_if_the_cursor_is_ahead(
    backend: Backend, store: DeliveryStore
) -> None:
    """After an edit the cursor may lie in the future; the nonce is as old as the claim."""
    countdown = await backend.add(a_countdown(next_at=NOW, cursor=LATER))
    claimed = delivery(countdown)
    assert await store.claim(countdown, decision(cursor=LATER), claimed, EXPIRED)
    [found] = await store.expired_claims(EXPIRED, 10)
    assert found.claimed_at == claimed.claimed_at == NOW


async def test_claim_is_renewed_only_once_its_lease_has_expired_and_only_once(
    backend: Backend, store: DeliveryStore
) -> None:
    await claim(backend)
    [found] = await store.expired_claims(EXPIRED, 10)
    assert not await store.renew_claim(found.id, EXPIRED - SECOND, EXPIRED + LEASE)
    assert await backend.deliveries() == {"aaaa": CLAIMED}
    assert await store.renew_claim(found.id, EXPIRED, EXPIRED + LEASE)
    assert not await store.renew_claim(found.id, EXPIRED, EXPIRED + LEASE)
    renewed = replace(CLAIMED, lease_until=EXPIRED + LEASE)
    assert await backend.deliveries() == {"aaaa": renewed}
    assert list(await store.expired_claims(EXPIRED, 10)) == []


async def test_settled_or_unknown_delivery_is_not_renewed(
    backend: Backend, store: DeliveryStore
) -> None:
    settled = await claim(backend)
    await store.settle(settled, "sent", 1)
    unknown = replace(settled, id="zzzz")
    assert not await store.renew_claim(settled.id, LATER, LATER + LEASE)
    assert not await store.renew_claim(unknown.id, LATER, LATER + LEASE)
    assert list(await store.expired_claims(LATER, 10)) == []


async def test_process_that_lost_its_lease_changes_nothing_but_that_it_was_sent(
    backend: Backend, store: DeliveryStore
) -> None:
    stale = await claim(backend)
    renewed = await store.renew_claim(stale.id, EXPIRED, EXPIRED + LEASE)
    assert renewed is not None
    before = await backend.deliveries()
    await store.schedule_retry(replace(stale, attempts=9), RETRY, "late")
    await store.move(replace(stale, channel_id=7))
    await store.fail(stale, PauseReason.FORBIDDEN, "late", NOW)
    for outcome in ("skipped", "failed", "unknown"):
        await store.settle(stale, outcome)
    assert await backend.deliveries() == before
    await store.settle(stale, "sent", 7)
    assert (await backend.deliveries())["aaaa"].outcome == "sent"


# schedule_retry and settle


async def test_retry_is_scheduled(backend: Backend, store: DeliveryStore) -> None:
    claimed = await claim(backend)
    failed = replace(claimed, attempts=3, maybe_posted=True)
    await store.schedule_retry(failed, RETRY, "HTTP 503")
    retried = replace(CLAIMED, lease_until=RETRY, error="HTTP 503", attempts=3)
    assert await backend.deliveries() == {"aaaa": retried}
    assert list(await store.expired_claims(RETRY - SECOND, 10)) == []
    assert list(await store.expired_claims(RETRY, 10)) == [failed]


async def test_retry_of_what_was_never_sent_may_be_sent_from_its_renewal_on(
    backend: Backend, store: DeliveryStore
) -> None:
    claimed = await claim(backend)
    await store.schedule_retry(claimed, RETRY, "rate limited")
    [found] = await store.expired_claims(RETRY, 10)
    assert (found.claimed_at, found.maybe_posted) == (NOW, False)
    renewed = await store.renew_claim(found.id, RETRY, RETRY + LEASE)
    assert renewed == replace(found, claimed_at=RETRY, claim_number=2)
    stored = (await backend.deliveries())["aaaa"]
    assert (stored.claimed_at, stored.maybe_posted) == (RETRY, True)


async def test_lease_is_extended_until_the_delivery_is_settled(
    backend: Backend, store: DeliveryStore
) -> None:
    claimed = await claim(backend)
    other = await claim(backend, "bbbb", channel_id=2)
    await store.settle(other, "sent", 7)
    await store.extend_leases(["aaaa", "bbbb", "zzzz"], RETRY)
    stored = await backend.deliveries()
    assert (stored["aaaa"], stored["bbbb"].lease_until) == (
        replace(CLAIMED, lease_until=RETRY),
        None,
    )
    assert not await store.renew_claim(claimed.id, EXPIRED, EXPIRED + LEASE)


async def test_lease_far_ahead_is_from_a_wrong_clock_and_counts_as_expired(
    backend: Backend, store: DeliveryStore
) -> None:
    await claim(backend, until=NOW + timedelta(days=365))
    [found] = await store.expired_claims(NOW, 10)
    assert await store.renew_claim(found.id, NOW, NOW + LEASE)
    assert list(await store.expired_claims(NOW, 10)) == []


@pytest.mark.parametrize(
    ("outcome", "message_id"),
    [("sent", 7), ("skipped", None), ("failed", None), ("unknown", None)],
)
async def test_settled_delivery_is_never_changed_again(
    backend: Backend, store: DeliveryStore, outcome: Outcome, message_id: int | None
) -> None:
    claimed = await claim(backend)
    await store.settle(claimed, outcome, message_id)
    attempts = 1 if outcome == "failed" else 0
    settled = {"aaaa": Stored(outcome, message_id, None, None, attempts, NOW, True)}
    assert await backend.deliveries() == settled
    # Another process, which took the claim over meanwhile, comes too late with any of these.
    await store.settle(claimed, "failed" if outcome == "sent" else "sent", 8)
    assert await backend.deliveries() == settled
    await store.schedule_retry(claimed, RETRY, "HTTP 503")
    await store.extend_leases([claimed.id], RETRY)
    await store.fail(claimed, PauseReason.FORBIDDEN, "HTTP 403", NOW)
    assert await backend.deliveries() == settled
    assert list(await store.expired_claims(LATER, 10)) == []


async def test_unknown_delivery_is_settled_and_retried_without_effect(
    backend: Backend, store: DeliveryStore
) -> None:
    claimed = await claim(backend)
    await store.settle(replace(claimed, id="zzzz"), "sent", 7)
    await store.schedule_retry(replace(claimed, id="zzzz"), RETRY, "HTTP 503")
    assert await backend.deliveries() == {"aaaa": CLAIMED}


# Changes


async def claim_change(backend: Backend) -> tuple[Countdown, Delivery]:
    """A countdown with an unsettled change from 2025 to 2026."""
    countdown = await backend.add(a_countdown(next_at=NOW, known_release=state("2025")))
    change = Milestone(MilestoneKind.CHANGED, NOW, LATER)
    claimed = delivery(
        countdown,
        milestone=change,
        previous_release=state("2025"),
        announced_release=state("2026"),
    )
    undecided = decision(
        change, cursor=countdown.cursor, known_release=countdown.known_release, next_at=None
    )
    assert await backend.store.claim(countdown, undecided, claimed, EXPIRED)
    return await backend.get(countdown.id), claimed


async def test_countdown_with_an_unsettled_change_is_not_due_and_cannot_be_claimed(
    backend: Backend, store: DeliveryStore
) -> None:
    countdown, _claimed = await claim_change(backend)
    assert (countdown.known_release, countdown.next_at) == (state("2025"), None)
    await store.defer_countdown(countdown.id, NOW)
    assert list(await store.due_ids(LATER, 10)) == []
    assert await store.next_wake_at() == EXPIRED
    current = await backend.get(countdown.id)
    assert not await store.claim(current, decision(), delivery(current, "bbbb"), EXPIRED)
    assert set(await backend.deliveries()) == {"aaaa"}


@pytest.mark.parametrize(
    ("outcome", "told"),
    [("sent", True), ("unknown", True), ("failed", True), ("skipped", False)],
)
async def test_settled_change_is_known_if_it_may_have_been_told(
    backend: Backend, store: DeliveryStore, outcome: Outcome, told: bool
) -> None:
    countdown, claimed = await claim_change(backend)
    await store.settle(claimed, outcome)
    after = await backend.get(countdown.id)
    assert after.known_release == (state("2026") if told else state("2025"))
    assert after.cursor == (NOW if told else countdown.cursor)
    # In any case it is decided anew.
    assert list(await store.due_ids(NOW, 10)) == [countdown.id]
    assert await store.claim(after, decision(), delivery(after, "bbbb"), EXPIRED)


async def test_change_settled_twice_changes_the_countdown_once(
    backend: Backend, store: DeliveryStore
) -> None:
    countdown, claimed = await claim_change(backend)
    await store.settle(claimed, "skipped")
    after = await backend.get(countdown.id)
    await store.settle(claimed, "sent", 7)
    assert await backend.get(countdown.id) == after


async def test_settled_change_of_a_paused_countdown_leaves_it_paused(
    backend: Backend, store: DeliveryStore
) -> None:
    countdown, claimed = await claim_change(backend)
    await backend.pause(await backend.get(countdown.id))
    await store.settle(claimed, "sent", 7)
    after = await backend.get(countdown.id)
    assert (after.known_release, after.next_at) == (state("2026"), None)
    assert after.paused is PauseReason.MANUAL


# defer_countdown and fail


async def test_failed_delivery_pauses_its_countdown_as_a_new_version(
    backend: Backend, store: DeliveryStore
) -> None:
    claimed = await claim(backend)
    running = await backend.get(claimed.countdown_id)
    await store.fail(claimed, PauseReason.CHANNEL_MISSING, "HTTP 404", NOW)
    assert await backend.get(running.id) == replace(
        running, next_at=None, paused=PauseReason.CHANNEL_MISSING, version=running.version + 1
    )
    failed = Stored("failed", None, "HTTP 404", None, 1, NOW, True)
    assert await backend.deliveries() == {"aaaa": failed}
    # An announcer that loaded it before can no longer claim it.
    assert not await store.claim(running, decision(), delivery(running, "bbbb"), EXPIRED)


async def test_change_that_failed_with_a_pause_is_not_known(
    backend: Backend, store: DeliveryStore
) -> None:
    countdown, claimed = await claim_change(backend)
    await store.fail(claimed, PauseReason.FORBIDDEN, "HTTP 403", NOW)
    after = await backend.get(countdown.id)
    assert (after.known_release, after.next_at) == (state("2025"), None)
    assert after.paused is PauseReason.FORBIDDEN


async def test_change_that_failed_but_may_have_been_posted_is_known(
    backend: Backend, store: DeliveryStore
) -> None:
    countdown, claimed = await claim_change(backend)
    maybe_posted = replace(claimed, maybe_posted=True)
    await store.fail(maybe_posted, PauseReason.FORBIDDEN, "HTTP 403", NOW)
    assert (await backend.get(countdown.id)).known_release == state("2026")


async def test_failure_in_the_previous_channel_does_not_pause_a_moved_countdown(
    backend: Backend, store: DeliveryStore
) -> None:
    claimed = await claim(backend)
    await store.move(replace(claimed, channel_id=claimed.channel_id + 1))
    await store.fail(claimed, PauseReason.CHANNEL_MISSING, "HTTP 404", NOW)
    assert (await backend.get(claimed.countdown_id)).paused is None
    assert (await backend.deliveries())["aaaa"].outcome == "failed"


async def test_delivery_is_moved_until_it_is_settled(
    backend: Backend, store: DeliveryStore
) -> None:
    claimed = await claim(backend)
    await store.move(replace(claimed, channel_id=7))
    [found] = await store.expired_claims(EXPIRED, 10)
    assert found.channel_id == 7


async def test_running_countdown_is_deferred_as_a_new_version(
    backend: Backend, store: DeliveryStore
) -> None:
    deferred = await backend.add(a_countdown(next_at=NOW))
    await store.defer_countdown(deferred.id, LATER)
    assert await backend.get(deferred.id) == replace(deferred, next_at=LATER, version=2)
    assert list(await store.due_ids(NOW, 10)) == []
    assert not await store.claim(deferred, decision(), delivery(deferred), EXPIRED)


@pytest.mark.parametrize("reason", PauseReason)
async def test_paused_countdown_is_neither_deferred_nor_paused_for_another_reason(
    backend: Backend, store: DeliveryStore, reason: PauseReason
) -> None:
    paused = await backend.add(a_countdown(paused=reason, next_at=None))
    await store.defer_countdown(paused.id, NOW)
    assert await backend.get(paused.id) == paused
    for other in PauseReason:
        await store.fail(delivery(paused, f"none-{other}"), other, "", NOW)
        assert await backend.get(paused.id) == paused
    assert list(await store.due_ids(LATER, 10)) == []
    assert list(await store.due_notices(LATER, 10)) == []


async def test_removed_countdown_is_deferred_and_paused_without_effect(
    backend: Backend, store: DeliveryStore
) -> None:
    removed = await backend.add(a_countdown(channel_id=1, next_at=NOW))
    other = await backend.add(a_countdown(channel_id=2, next_at=NOW))
    await backend.remove(removed)
    await store.defer_countdown(removed.id, LATER)
    await store.fail(delivery(removed), PauseReason.FORBIDDEN, "", NOW)
    assert list(await store.due_ids(LATER, 10)) == [other.id]
    assert await backend.get(other.id) == other


# Notices


async def failed_with_notice(backend: Backend, delivery_id: str, channel_id: int) -> Countdown:
    claimed = await claim(backend, delivery_id, channel_id=channel_id)
    await backend.store.fail(claimed, PauseReason.FORBIDDEN, "HTTP 403", NOW)
    return await backend.get(claimed.countdown_id)


async def test_notice_is_due_until_it_is_settled(backend: Backend, store: DeliveryStore) -> None:
    paused = await failed_with_notice(backend, "aaaa", 1)
    assert [one.countdown for one in await store.due_notices(NOW, 10)] == [paused]
    assert list(await store.due_notices(NOW - SECOND, 10)) == []
    assert await store.next_wake_at() == NOW
    assert await store.claim_notice(paused.id, NOW, RETRY)
    assert not await store.claim_notice(paused.id, NOW, RETRY)
    assert list(await store.due_notices(RETRY - SECOND, 10)) == []
    assert await store.next_wake_at() == RETRY
    assert [one.countdown for one in await store.due_notices(RETRY, 10)] == [paused]
    await store.settle_notice(paused.id)
    assert list(await store.due_notices(RETRY, 10)) == []
    assert not await store.claim_notice(paused.id, RETRY, RETRY + LEASE)
    assert await store.next_wake_at() is None


async def test_notices_are_limited_to_the_longest_due(
    backend: Backend, store: DeliveryStore
) -> None:
    paused = [await failed_with_notice(backend, f"d{n}", n) for n in range(3)]
    assert await store.claim_notice(paused[0].id, NOW, NOW + SECOND)
    due = await store.due_notices(NOW + SECOND, 2)
    assert [one.countdown.id for one in due] == [paused[1].id, paused[2].id]


# next_wake_at


async def test_next_wake_is_the_first_of_what_is_due_and_of_leases(
    backend: Backend, store: DeliveryStore
) -> None:
    assert await store.next_wake_at() is None
    await backend.add(a_countdown(channel_id=1, next_at=None))
    assert await store.next_wake_at() is None
    claimed = await claim(backend)
    assert await store.next_wake_at() == EXPIRED
    await store.schedule_retry(claimed, EXPIRED + LEASE, "HTTP 503")
    assert await store.next_wake_at() == EXPIRED + LEASE
    await store.settle(claimed, "sent", 1)
    assert await store.next_wake_at() == LATER
    await backend.add(a_countdown(channel_id=2, next_at=NOW))
    assert await store.next_wake_at() == NOW


async def test_settled_deliveries_and_paused_countdowns_cause_no_wake(
    backend: Backend, store: DeliveryStore
) -> None:
    claimed = await claim(backend)
    await store.fail(claimed, PauseReason.FORBIDDEN, "HTTP 403", NOW)
    await store.settle_notice(claimed.countdown_id)
    assert await store.next_wake_at() is None
