"""Claims and deliveries in the database.

The rules that the database shares with the fake are in test_delivery_store_contract.py.
"""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.announcements.milestones import Milestone, MilestoneKind
from bot.announcements.model import PauseReason, ReleaseState
from bot.app import catalog_importer
from bot.store.countdowns import CountdownStore
from bot.store.database import Database
from bot.store.deliveries import DELIVERY_RETENTION, SqlDeliveryStore
from tests.announcements.builders import a_countdown, state
from tests.conftest import NOW, clock
from tests.store.builders import D_7, LATER, LEASE, claimed, decision, delivery, delivery_rows
from tests.support import records


async def test_countdown_is_loaded_with_its_title_unless_paused(
    deliveries: SqlDeliveryStore, countdowns: CountdownStore
) -> None:
    added = await countdowns.add(a_countdown(next_at=NOW))
    due = await deliveries.load(added.id)
    assert due is not None
    assert (due.countdown, due.title.id) == (added, "show")
    assert await deliveries.load(added.id + 1) is None
    await countdowns.update(replace(added, paused=PauseReason.MANUAL))
    assert await deliveries.load(added.id) is None


async def test_claim_stores_the_decision_and_the_delivery(
    deliveries: SqlDeliveryStore, countdowns: CountdownStore
) -> None:
    countdown, one = await claimed(deliveries, countdowns)
    [kept] = await countdowns.list_for_guild(10)
    assert kept == replace(
        countdown,
        cursor=NOW,
        known_release=state("2026"),
        next_at=LATER,
        version=countdown.version + 1,
    )
    # Exclusive until the lease has expired.
    assert list(await deliveries.expired_claims(NOW + LEASE - timedelta(milliseconds=1), 10)) == []
    assert list(await deliveries.expired_claims(NOW + LEASE, 10)) == [
        replace(one, maybe_posted=True)
    ]


async def test_second_claim_of_the_same_version_stores_no_delivery(
    deliveries: SqlDeliveryStore, countdowns: CountdownStore, database: Database
) -> None:
    countdown = await countdowns.add(a_countdown(next_at=NOW))
    assert await deliveries.claim(countdown, decision(), delivery(countdown), NOW + LEASE)
    assert not await deliveries.claim(
        countdown, decision(), delivery(countdown, "bbbb"), NOW + LEASE
    )
    assert [row.id for row in await delivery_rows(database)] == ["aaaa"]


async def test_countdown_updated_since_it_was_loaded_is_not_claimed(
    deliveries: SqlDeliveryStore, countdowns: CountdownStore, database: Database
) -> None:
    countdown = await countdowns.add(a_countdown(next_at=NOW))
    await countdowns.update(replace(countdown, role_id=7))
    assert not await deliveries.claim(countdown, decision(), delivery(countdown), NOW + LEASE)
    assert await delivery_rows(database) == []


async def test_countdown_to_a_title_imported_since_stays_due(
    deliveries: SqlDeliveryStore, countdowns: CountdownStore, database: Database, tmp_path: Path
) -> None:
    countdown = await countdowns.add(a_countdown(next_at=NOW))
    moved = records.write(tmp_path / "n", records.title("show", releases=[{"window": "2027"}]))
    await catalog_importer(database, clock).import_path(moved)
    await deliveries.claim(countdown, decision(), delivery(countdown), NOW + LEASE)
    assert list(await deliveries.due_ids(NOW, 10)) == [countdown.id]


async def test_skipped_milestones_are_recorded(
    deliveries: SqlDeliveryStore, countdowns: CountdownStore, database: Database
) -> None:
    countdown = await countdowns.add(a_countdown(next_at=NOW))
    missed = [replace(D_7, days_left=days) for days in (30, 14)]
    assert await deliveries.claim(countdown, decision(None, *missed), None, NOW + LEASE)
    [again] = await countdowns.list_for_guild(10)
    # Skipping the same milestones again, as after an edit, is recorded again.
    assert await deliveries.claim(again, decision(None, *missed), None, NOW + LEASE)
    recorded = [(row.days_left, row.outcome) for row in await delivery_rows(database)]
    assert sorted(recorded) == 2 * [(14, "skipped")] + 2 * [(30, "skipped")]
    assert list(await deliveries.expired_claims(NOW + timedelta(days=9), 10)) == []


async def test_failed_claim_changes_nothing(
    deliveries: SqlDeliveryStore, countdowns: CountdownStore, database: Database
) -> None:
    countdown, one = await claimed(deliveries, countdowns)
    [current] = await countdowns.list_for_guild(10)
    with pytest.raises(Exception, match="UNIQUE"):
        await deliveries.claim(current, decision(next_at=None), one, NOW + LEASE)
    assert await countdowns.get(10, countdown.id) == current
    assert len(await delivery_rows(database)) == 1


@pytest.mark.parametrize("outcome", ["sent", "skipped", "failed"])
async def test_settled_delivery_is_never_retried(
    deliveries: SqlDeliveryStore, countdowns: CountdownStore, database: Database, outcome: str
) -> None:
    _, one = await claimed(deliveries, countdowns)
    await deliveries.settle(one, outcome, 2**62)
    assert list(await deliveries.expired_claims(NOW + timedelta(days=99), 10)) == []
    assert not await deliveries.renew_claim(
        one.id, NOW + timedelta(days=99), NOW + timedelta(days=100)
    )
    [row] = await delivery_rows(database)
    assert (row.outcome, row.message_id, row.lease_until) == (outcome, 2**62, None)


async def test_retry_is_scheduled_with_its_error(
    deliveries: SqlDeliveryStore, countdowns: CountdownStore, database: Database
) -> None:
    _, one = await claimed(deliveries, countdowns)
    retry = NOW + timedelta(minutes=5)
    await deliveries.schedule_retry(one, retry, "HTTP 503")
    assert await deliveries.next_wake_at() == retry
    assert list(await deliveries.expired_claims(retry - timedelta(seconds=1), 10)) == []
    [found] = await deliveries.expired_claims(retry, 10)
    assert (found.id, found.claimed_at, found.milestone) == (one.id, NOW, D_7)
    [row] = await delivery_rows(database)
    assert row.error == "HTTP 503"


@pytest.mark.parametrize("previous", [None, state(), state("2025", "announced")])
@pytest.mark.parametrize("kind", MilestoneKind)
async def test_every_kind_of_delivery_is_stored_and_read_back(
    deliveries: SqlDeliveryStore,
    countdowns: CountdownStore,
    kind: MilestoneKind,
    previous: ReleaseState | None,
) -> None:
    countdown = await countdowns.add(a_countdown(next_at=NOW))
    until = NOW + timedelta(days=30, microseconds=250_000)
    milestone = Milestone(kind, NOW, until, 0 if kind is MilestoneKind.DAYS_LEFT else None)
    one = delivery(countdown, milestone=milestone, previous_release=previous)
    assert await deliveries.claim(countdown, decision(milestone), one, NOW)
    assert list(await deliveries.expired_claims(NOW, 10)) == [replace(one, maybe_posted=True)]


async def test_settled_deliveries_are_purged_after_the_retention_period(
    deliveries: SqlDeliveryStore, countdowns: CountdownStore, database: Database
) -> None:
    _, one = await claimed(deliveries, countdowns)
    await deliveries.purge_old(NOW + 2 * DELIVERY_RETENTION)
    assert len(await delivery_rows(database)) == 1
    await deliveries.settle(one, "sent", 1)
    await deliveries.purge_old(NOW + DELIVERY_RETENTION)
    assert len(await delivery_rows(database)) == 1
    await deliveries.purge_old(NOW + DELIVERY_RETENTION + timedelta(seconds=1))
    assert await delivery_rows(database) == []
