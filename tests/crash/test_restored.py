"""A backup taken of a bot that announces, and put back: nothing is announced a second time."""

import asyncio
from pathlib import Path

import pytest

from bot.errors import HostError
from bot.store.backup import back_up, restore
from tests.crash.stage import SENDS, Fate, playing
from tests.store.test_backup import ask
from tests.wire.clock import real_time
from tests.wire.faults import Fault
from tests.wire.polling import until

UNSETTLED = "SELECT count(*) FROM deliveries WHERE outcome IS NULL"
UNCLAIMED = "SELECT count(*) FROM countdowns WHERE due IS NOT NULL"
SENT = "SELECT count(*) FROM deliveries WHERE outcome = 'sent'"


async def test_restored_from_a_backup_taken_while_it_announced(tmp_path: Path) -> None:
    """Some were sent by then, some on their way, and most not yet begun; all were told since."""
    backup = tmp_path / "backup.db"
    async with playing(tmp_path) as stage:
        stage.discord.faults.add("POST", SENDS, Fault(delay=0.1, late=0.1))
        async with stage.bot() as bot:
            await until(lambda: stage.rows(SENT) >= [(5,)], 30)
            await asyncio.to_thread(back_up, stage.database, backup)
            await stage.over()
            with pytest.raises(HostError, match=r"is in use\. Stop the bot"):
                await restore(backup, stage.database, real_time())
            assert await bot.terminate() == 0
            stage.check()
            await restore(backup, stage.database, real_time())
            # Longer than Discord knows a nonce.
            stage.let_pass(400)
            assert ask(backup, SENT)
            assert ask(backup, UNSETTLED)
            assert ask(backup, UNCLAIMED)
            bot.start()
            await bot.connected()
            await stage.over()
            assert "Traceback" not in bot.log(), bot.log()
        assert stage.fate() == Fate(len(stage.channels), 0, 0)
