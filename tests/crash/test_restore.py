"""A backup created while the bot announces is restored: nothing is announced twice."""

import asyncio
from pathlib import Path

import pytest

from bot.errors import OperatorError
from bot.store.backup import create_backup, restore_backup
from tests.crash.fanout import SENDS, Result, open_fanout
from tests.store.test_backup import query_one
from tests.wire.clock import real_time
from tests.wire.faults import Fault
from tests.wire.polling import until

UNSETTLED = "SELECT count(*) FROM deliveries WHERE outcome IS NULL"
PENDING = "SELECT count(*) FROM countdowns WHERE next_at IS NOT NULL"
SENT = "SELECT count(*) FROM deliveries WHERE outcome = 'sent'"


async def test_restore_of_a_backup_created_during_a_fanout_posts_nothing_again(
    tmp_path: Path,
) -> None:
    """When it was created, some were sent, some in flight and most pending; all were sent since."""
    backup = tmp_path / "backup.db"
    async with open_fanout(tmp_path) as fanout:
        fanout.discord.faults.add("POST", SENDS, Fault(delay=0.1, reply_delay=0.1))
        async with fanout.bot() as bot:
            await until(lambda: fanout.rows(SENT) >= [(5,)], 30)
            await asyncio.to_thread(create_backup, fanout.database, backup)
            await fanout.wait_until_complete()
            with pytest.raises(OperatorError, match=r"is in use\. Stop the bot"):
                await restore_backup(backup, fanout.database, real_time())
            assert await bot.terminate() == 0
            fanout.check()
            await restore_backup(backup, fanout.database, real_time())
            # By then Discord has forgotten the nonces.
            fanout.discord.advance(400)
            assert query_one(backup, SENT)
            assert query_one(backup, UNSETTLED)
            assert query_one(backup, PENDING)
            bot.start()
            await bot.connected()
            await fanout.wait_until_complete()
            assert "Traceback" not in bot.log(), bot.log()
        assert fanout.result() == Result(len(fanout.channels), 0, 0)
