"""Several processes share one database; the queries of each tick use indexes."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, text

from bot.store.countdowns import CountdownStore
from bot.store.database import Database
from bot.store.deliveries import SqlDeliveryStore
from tests.announcements.builders import a_countdown
from tests.conftest import NOW
from tests.store.builders import LEASE, decision, delivery, delivery_rows


@pytest.fixture
async def processes(file: Path, two_titles: None) -> AsyncGenerator[list[SqlDeliveryStore]]:
    """The stores of several processes with one database."""
    async with AsyncExitStack() as stack:
        opened = [
            await stack.enter_async_context(await Database.open(f"sqlite:///{file}"))
            for _ in range(4)
        ]
        yield [SqlDeliveryStore(one) for one in opened]


async def test_concurrent_claims_and_renewals_succeed_once_each(
    processes: list[SqlDeliveryStore], countdowns: CountdownStore, database: Database
) -> None:
    added = [await countdowns.add(a_countdown(channel_id=n, next_at=NOW)) for n in range(12)]

    async def claim_all(number: int, deliveries: SqlDeliveryStore) -> int:
        successes = 0
        for one in added:
            mine = delivery(one, f"{number}-{one.id}")
            successes += await deliveries.claim(one, decision(), mine, NOW + LEASE)
        return successes

    successes = await asyncio.gather(*(claim_all(n, one) for n, one in enumerate(processes)))
    assert sum(successes) == len(await delivery_rows(database)) == 12
    renewed_until = NOW + 2 * LEASE

    async def renew_all(deliveries: SqlDeliveryStore) -> int:
        found = await deliveries.expired_claims(NOW + LEASE, 100)
        renewed = [
            await deliveries.renew_claim(one.id, NOW + LEASE, renewed_until) for one in found
        ]
        return sum(one is not None for one in renewed)

    assert sum(await asyncio.gather(*map(renew_all, processes))) == 12


async def query_plans(database: Database, call: Any) -> list[str]:
    """How SQLite executes the queries that a call makes."""
    statements: list[tuple[str, Any]] = []

    def note(_c: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if statement.lstrip().startswith("SELECT"):
            statements.append((statement, parameters))

    engine = database._engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    await call
    event.remove(engine, "before_cursor_execute", note)
    async with database.read() as connection:
        return [
            row.detail
            for statement, parameters in statements
            for row in (
                await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            ).all()
        ]


@pytest.mark.parametrize("analysed", [False, True])
@pytest.mark.parametrize(
    ("method", "indexes"),
    [
        ("due_ids", ["ix_countdowns_next_at"]),
        ("expired_claims", ["ix_deliveries_lease_until"]),
        ("due_notices", ["ix_countdowns_notify_at"]),
        ("next_wake_at", ["ix_countdowns_next_at", "ix_deliveries_lease_until"]),
    ],
)
async def test_queries_of_each_tick_use_indexes(
    deliveries: SqlDeliveryStore,
    countdowns: CountdownStore,
    database: Database,
    method: str,
    indexes: list[str],
    analysed: bool,
) -> None:
    for number in range(3):
        await countdowns.add(a_countdown(guild_id=number, next_at=NOW))
    if analysed:
        async with database.write() as connection:
            await connection.execute(text("ANALYZE"))
    arguments: tuple[datetime | int, ...] = () if method == "next_wake_at" else (NOW, 100)
    plan = await query_plans(database, getattr(deliveries, method)(*arguments))
    for index in indexes:
        assert any(f"INDEX {index}" in step for step in plan), plan
    # Only the single row that holds two subqueries may be scanned.
    assert not [s for s in plan if s.startswith("SCAN") and "CONSTANT ROW" not in s], plan
    assert not [step for step in plan if "TEMP B-TREE" in step], plan
