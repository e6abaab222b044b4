"""/settings: the defaults of a server's countdowns."""

from tests.conftest import Server, text
from tests.support.countdowns import add, mod
from tests.support.raw_interactions import rows_of

NINE_PM = "9:00\N{NARROW NO-BREAK SPACE}PM"


async def test_chosen_time_zone_is_shown_and_no_longer_asked_for(server: Server) -> None:
    assert "No time zone set" in text(await mod(server, "settings"))
    changed = await mod(server, "settings", timezone="KST")
    assert changed.ephemeral
    assert "Seoul (UTC+9)" in text(changed)
    assert "No time zone" not in text(await add(server))


async def test_settings_apply_to_new_countdowns_only(server: Server) -> None:
    await add(server)
    await mod(server, "settings", timezone="KST", time="21:00")
    await mod(server, "settings", language="ko")
    elsewhere = server.guild.create_text_channel("elsewhere")
    assert f"Posting time {NINE_PM} in Seoul" in text(await add(server, channel=elsewhere))
    countdowns = server.env.bot.services.countdowns
    before, after = await countdowns.list_for_guild(server.guild.id)
    assert (before.language, f"{before.schedule.post_time:%H:%M}") == ("en-US", "09:00")
    assert after.language == "ko"


async def test_settings_without_options_write_no_row(server: Server, database_url: str) -> None:
    assert "UTC" in text(await mod(server, "settings"))
    assert rows_of(database_url, server.guild.id) == []
    await mod(server, "settings", time="21:00")
    stored = rows_of(database_url, server.guild.id)
    assert len(stored) == 1
    assert NINE_PM in text(await mod(server, "settings"))
    assert rows_of(database_url, server.guild.id) == stored
