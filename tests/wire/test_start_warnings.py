"""What the log warns about when the bot starts."""

from pathlib import Path

from tests.wire.fake_discord import WireDiscord
from tests.wire.process import BotProcess


async def test_env_file_that_others_can_read_is_warned_about_once(tmp_path: Path) -> None:
    env_file = tmp_path / ".env"
    async with WireDiscord() as discord:
        env_file.write_text(f"DISCORD_TOKEN={discord.token}")
        env_file.chmod(0o644)
        async with BotProcess(discord, tmp_path) as bot:
            await bot.connected()
            [warning] = [line for line in bot.log().splitlines() if " WARNING " in line]
    assert f"{env_file}, which contains the bot token" in warning
    assert discord.token not in warning
