"""A server's settings: they save moderators from saying the same of each countdown."""

from tests.conftest import Server, text
from tests.test_countdowns import add, mod


async def test_a_zone_that_was_chosen_is_shown_and_not_asked_for_again(server: Server) -> None:
    assert "No time zone was chosen" in text(await mod(server, "settings"))
    again = await mod(server, "settings", timezone="KST")
    assert again.ephemeral
    assert "Asia/Seoul (UTC+09:00)" in text(again)
    assert "No time zone" not in text(await add(server))


async def test_they_hold_for_countdowns_made_from_now_on(server: Server) -> None:
    await add(server)
    await mod(server, "settings", timezone="KST", time="21:00")
    await mod(server, "settings", language="ko")
    elsewhere = server.guild.create_text_channel("elsewhere")
    assert "21:00 in Asia/Seoul · D-100" in text(await add(server, channel=elsewhere))
    before, since = await server.env.bot.desk.store.of_server(server.guild.id)
    assert (before.language, f"{before.schedule.time:%H:%M}") == ("en-US", "09:00")
    assert since.language == "ko"
