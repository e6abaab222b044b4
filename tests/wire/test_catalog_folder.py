"""The bot starts, whatever lies in its catalog folder."""

import os
from pathlib import Path

from tests.support import records
from tests.wire.fake_discord import WireDiscord
from tests.wire.process import BotProcess


async def test_bot_starts_with_a_folder_that_holds_more_than_records(tmp_path: Path) -> None:
    folder = records.write(tmp_path / "catalog", records.title("moon", "Moon Child"))
    titles = folder / "titles"
    (titles / ".#moon.toml").symlink_to("host.4711:1")
    (titles / "folder.toml").mkdir()
    (titles / "zero.toml").symlink_to("/dev/zero")
    os.mkfifo(titles / "pipe.toml")
    async with (
        WireDiscord() as discord,
        BotProcess(discord, tmp_path, CATALOG_PATH=str(folder)) as bot,
    ):
        await bot.connected()
        assert "imported 1 records" in bot.log()
        assert await bot.terminate() == 0


async def test_bot_starts_without_records_it_cannot_read_and_names_them(tmp_path: Path) -> None:
    folder = records.write(tmp_path / "catalog", records.title("moon", "Moon Child"))
    titles = folder / "titles"
    (titles / "gone.toml").symlink_to("nothing")
    (titles / "deep.toml").write_text("a" + ".a" * 50_000 + " = 1")
    async with (
        WireDiscord() as discord,
        BotProcess(discord, tmp_path, CATALOG_PATH=str(folder)) as bot,
    ):
        await bot.connected()
        log = bot.log()
    assert "were not imported" in log
    [gone] = [line for line in log.splitlines() if "gone.toml" in line]
    assert "No such file" in gone
    [deep] = [line for line in log.splitlines() if "deep.toml" in line]
    assert "more than 32 parts" in deep
    assert "Traceback" not in log
