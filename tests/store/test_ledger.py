"""Claims in a database that several processes share."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from bot.countdown.model import Countdown, Decision, Delivery, PauseReason
from bot.countdown.occasions import Kind, Occasion
from bot.countdown.ports import Ledger
from bot.store.countdowns import CountdownStore
from bot.store.database import Database
from bot.store.imports import CatalogImporter
from bot.store.ledger import KEPT_FOR, DatabaseLedger
from tests import records
from tests.conftest import NOW, clock
from tests.countdown.making import a_countdown

LEASE = timedelta(seconds=15)
LATER = NOW + timedelta(days=4)
SEVEN = Occasion(Kind.DAYS_LEFT, NOW, NOW + timedelta(hours=15), 7)


def decision(post: Occasion | None = SEVEN, *skipped: Occasion, **fields: Any) -> Decision:
    return replace(Decision(post, skipped, NOW, "2026|", LATER), **fields)


def delivery(countdown: Countdown, name: str = "aaaa", **fields: Any) -> Delivery:
    return replace(Delivery(name, countdown.id, SEVEN, "", NOW, 1), **fields)


async def claimed(ledger: Ledger, store: CountdownStore) -> tuple[Countdown, Delivery]:
    """A countdown whose D-7 is claimed and not settled."""
    countdown = await store.add(a_countdown(due=NOW))
    one = delivery(countdown)
    assert await ledger.claim(countdown, decision(), one, NOW + LEASE)
    return countdown, one


async def rows(database: Database) -> list[Any]:
    async with database.read() as connection:
        query = text("SELECT * FROM deliveries ORDER BY claimed, id")
        return list((await connection.execute(query)).all())


async def test_what_is_due_longest_due_first(ledger: Ledger, store: CountdownStore) -> None:
    moments = [NOW, NOW - timedelta(hours=1), NOW + timedelta(seconds=1), None]
    added = [await store.add(a_countdown(channel_id=n, due=due)) for n, due in enumerate(moments)]
    assert list(await ledger.due(NOW, 10)) == [added[1].id, added[0].id]
    assert list(await ledger.due(NOW, 1)) == [added[1].id]


async def test_a_countdown_comes_with_its_title(ledger: Ledger, store: CountdownStore) -> None:
    added = await store.add(a_countdown(due=NOW))
    due = await ledger.load(added.id)
    assert due is not None
    assert (due.countdown, due.title.id) == (added, "show")
    assert await ledger.load(added.id + 1) is None
    await ledger.pause(added.id, PauseReason.FORBIDDEN)
    assert await ledger.load(added.id) is None


async def test_a_claim_writes_the_decision_and_the_delivery(
    ledger: Ledger, store: CountdownStore
) -> None:
    countdown, one = await claimed(ledger, store)
    [kept] = await store.of_server(10)
    assert kept == replace(
        countdown, cursor=NOW, seen="2026|", due=LATER, version=countdown.version + 1
    )
    # Held until its lease has run out.
    assert list(await ledger.unsettled(NOW + LEASE - timedelta(milliseconds=1), 10)) == []
    assert list(await ledger.unsettled(NOW + LEASE, 10)) == [replace(one, attempts=2)]


async def test_of_two_who_claim_one_is_first(
    ledger: Ledger, store: CountdownStore, database: Database
) -> None:
    countdown = await store.add(a_countdown(due=NOW))
    assert await ledger.claim(countdown, decision(), delivery(countdown), NOW + LEASE)
    assert not await ledger.claim(countdown, decision(), delivery(countdown, "bbbb"), NOW + LEASE)
    assert [row.id for row in await rows(database)] == ["aaaa"]


async def test_what_was_changed_since_it_was_read_is_not_claimed(
    ledger: Ledger, store: CountdownStore, database: Database
) -> None:
    countdown = await store.add(a_countdown(due=NOW))
    await store.change(replace(countdown, role_id=7))
    assert not await ledger.claim(countdown, decision(), delivery(countdown), NOW + LEASE)
    assert await rows(database) == []


async def test_a_title_changed_since_it_was_read_is_looked_at_again(
    ledger: Ledger, store: CountdownStore, database: Database, tmp_path: Path
) -> None:
    countdown = await store.add(a_countdown(due=NOW))
    moved = records.write(tmp_path / "n", records.title("show", releases=[{"window": "2027"}]))
    await CatalogImporter(database, clock).import_path(moved)
    await ledger.claim(countdown, decision(), delivery(countdown), NOW + LEASE)
    assert list(await ledger.due(NOW, 10)) == [countdown.id]


async def test_what_was_skipped_is_recorded(
    ledger: Ledger, store: CountdownStore, database: Database
) -> None:
    countdown = await store.add(a_countdown(due=NOW))
    missed = [replace(SEVEN, days=days) for days in (30, 14)]
    assert await ledger.claim(countdown, decision(None, *missed), None, NOW + LEASE)
    [again] = await store.of_server(10)
    # The same again, as after an edit of the hour, is another time.
    assert await ledger.claim(again, decision(None, *missed), None, NOW + LEASE)
    kept = [(row.days, row.outcome) for row in await rows(database)]
    assert sorted(kept) == 2 * [(14, "skipped")] + 2 * [(30, "skipped")]
    assert list(await ledger.unsettled(NOW + timedelta(days=9), 10)) == []


async def test_an_error_while_claiming_writes_nothing(
    ledger: Ledger, store: CountdownStore, database: Database
) -> None:
    countdown, one = await claimed(ledger, store)
    [current] = await store.of_server(10)
    with pytest.raises(Exception, match="UNIQUE"):
        await ledger.claim(current, decision(due=None), one, NOW + LEASE)
    assert await store.get(10, countdown.id) == current
    assert len(await rows(database)) == 1


async def test_a_claim_is_taken_over_by_one_only(ledger: Ledger, store: CountdownStore) -> None:
    await claimed(ledger, store)
    after = NOW + LEASE
    [found] = await ledger.unsettled(after, 10)
    assert not await ledger.renew(found, after - timedelta(seconds=1), after + LEASE)
    assert await ledger.renew(found, after, after + LEASE)
    assert not await ledger.renew(found, after, after + LEASE)
    assert list(await ledger.unsettled(after, 10)) == []


async def test_attempts_are_counted_one_by_one(ledger: Ledger, store: CountdownStore) -> None:
    await claimed(ledger, store)
    now = NOW
    for attempt in (2, 3, 4):
        now += LEASE
        [found] = await ledger.unsettled(now, 10)
        assert found.attempts == attempt
        assert await ledger.renew(found, now, now + LEASE)


@pytest.mark.parametrize("outcome", ["sent", "skipped", "failed"])
async def test_settled_it_is_never_taken_up_again(
    ledger: Ledger, store: CountdownStore, database: Database, outcome: str
) -> None:
    _, one = await claimed(ledger, store)
    await ledger.settle(one, outcome, 2**62)
    assert list(await ledger.unsettled(NOW + timedelta(days=99), 10)) == []
    assert not await ledger.renew(one, NOW + timedelta(days=99), NOW + timedelta(days=100))
    [row] = await rows(database)
    assert (row.outcome, row.message_id, row.lease) == (outcome, 2**62, None)


async def test_postponed_it_is_taken_up_when_it_is_to_be(
    ledger: Ledger, store: CountdownStore, database: Database
) -> None:
    _, one = await claimed(ledger, store)
    retry = NOW + timedelta(minutes=5)
    await ledger.postpone(one.id, retry, "HTTP 503")
    assert await ledger.next_wake() == retry
    assert list(await ledger.unsettled(retry - timedelta(seconds=1), 10)) == []
    [found] = await ledger.unsettled(retry, 10)
    assert (found.id, found.claimed, found.occasion) == (one.id, NOW, SEVEN)
    [row] = await rows(database)
    assert row.error == "HTTP 503"


@pytest.mark.parametrize("kind", Kind)
async def test_every_kind_of_announcement_is_kept_as_it_is(
    ledger: Ledger, store: CountdownStore, kind: Kind
) -> None:
    countdown = await store.add(a_countdown(due=NOW))
    until = NOW + timedelta(days=30, microseconds=250_000)
    occasion = Occasion(kind, NOW, until, 0 if kind is Kind.DAYS_LEFT else None)
    one = delivery(countdown, occasion=occasion, before="2025|announced")
    assert await ledger.claim(countdown, decision(occasion), one, NOW)
    assert list(await ledger.unsettled(NOW, 10)) == [replace(one, attempts=2)]


async def test_the_next_wake_is_the_first_of_all(ledger: Ledger, store: CountdownStore) -> None:
    assert await ledger.next_wake() is None
    await store.add(a_countdown(channel_id=1, due=None))
    assert await ledger.next_wake() is None
    _countdown, one = await claimed(ledger, store)
    assert await ledger.next_wake() == NOW + LEASE
    await ledger.settle(one, "sent", 1)
    assert await ledger.next_wake() == LATER


async def test_paused_or_put_off_it_is_due_no_more(ledger: Ledger, store: CountdownStore) -> None:
    paused = await store.add(a_countdown(channel_id=1, due=NOW))
    put_off = await store.add(a_countdown(channel_id=2, due=NOW))
    await ledger.pause(paused.id, PauseReason.MISSING)
    await ledger.put_off(put_off.id, LATER)
    assert list(await ledger.due(NOW, 10)) == []
    assert await ledger.next_wake() == LATER
    # Who read either before comes too late.
    for one in (paused, put_off):
        assert not await ledger.claim(one, decision(), delivery(one), NOW + LEASE)


async def test_what_is_paused_cannot_be_put_off(ledger: Ledger, store: CountdownStore) -> None:
    paused = await store.add(a_countdown(paused=PauseReason.BY_HAND, due=None))
    await ledger.put_off(paused.id, NOW)
    assert list(await ledger.due(NOW, 10)) == []


async def test_what_was_announced_long_ago_is_forgotten_once_settled(
    ledger: DatabaseLedger, store: CountdownStore, database: Database
) -> None:
    _, one = await claimed(ledger, store)
    await ledger.forget_old(NOW + 2 * KEPT_FOR)
    assert len(await rows(database)) == 1
    await ledger.settle(one, "sent", 1)
    await ledger.forget_old(NOW + KEPT_FOR)
    assert len(await rows(database)) == 1
    await ledger.forget_old(NOW + KEPT_FOR + timedelta(seconds=1))
    assert await rows(database) == []
