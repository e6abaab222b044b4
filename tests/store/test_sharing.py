"""One database, many processes, many countdowns: who is first, and what each question costs."""

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
from bot.store.ledger import DatabaseLedger
from tests.conftest import NOW
from tests.countdown.making import a_countdown
from tests.store.test_ledger import LATER, LEASE, decision, delivery, rows


@pytest.fixture
async def processes(file: Path, ledger: DatabaseLedger) -> AsyncGenerator[list[DatabaseLedger]]:
    """Ledgers as several processes have them, on one database."""
    async with AsyncExitStack() as stack:
        opened = [
            await stack.enter_async_context(await Database.open(f"sqlite:///{file}"))
            for _ in range(4)
        ]
        yield [DatabaseLedger(one) for one in opened]


async def test_several_processes_share_what_is_due(
    processes: list[DatabaseLedger], store: CountdownStore, database: Database
) -> None:
    added = [await store.add(a_countdown(channel_id=n, due=NOW)) for n in range(12)]

    async def claim_all(number: int, ledger: DatabaseLedger) -> int:
        firsts = 0
        for one in added:
            mine = delivery(one, f"{number}-{one.id}")
            firsts += await ledger.claim(one, decision(), mine, NOW + LEASE)
        return firsts

    firsts = await asyncio.gather(*(claim_all(n, one) for n, one in enumerate(processes)))
    assert sum(firsts) == len(await rows(database)) == 12

    async def renew_all(ledger: DatabaseLedger) -> int:
        found = await ledger.unsettled(NOW + LEASE, 100)
        return sum([await ledger.renew(one, NOW + LEASE, LATER) for one in found])

    assert sum(await asyncio.gather(*map(renew_all, processes))) == 12


async def plans(database: Database, asking: Any) -> list[str]:
    """How SQLite would go about the queries that are made while `asking`."""
    statements: list[tuple[str, Any]] = []

    def note(_c: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if statement.lstrip().startswith("SELECT"):
            statements.append((statement, parameters))

    engine = database._engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    await asking
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
    ("asks", "indexes"),
    [
        ("due", ["ix_countdowns_due"]),
        ("unsettled", ["ix_deliveries_lease"]),
        ("next_wake", ["ix_countdowns_due", "ix_deliveries_lease"]),
    ],
)
async def test_what_is_asked_each_round_costs_no_more_than_what_is_due(
    ledger: DatabaseLedger,
    store: CountdownStore,
    database: Database,
    asks: str,
    indexes: list[str],
    analysed: bool,
) -> None:
    for number in range(3):
        await store.add(a_countdown(guild_id=number, due=NOW))
    if analysed:
        async with database.write() as connection:
            await connection.execute(text("ANALYZE"))
    limits: tuple[datetime | int, ...] = () if asks == "next_wake" else (NOW, 100)
    plan = await plans(database, getattr(ledger, asks)(*limits))
    for index in indexes:
        assert any(f"INDEX {index}" in step for step in plan), plan
    # A scan of the single row that holds two subqueries is none of a table.
    assert not [s for s in plan if s.startswith("SCAN") and "CONSTANT ROW" not in s], plan
    assert not [step for step in plan if "TEMP B-TREE" in step], plan
