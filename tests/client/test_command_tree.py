"""Whatever fails, the member gets one reply in time, and the error is in the log."""

import asyncio
import logging
import re
from typing import Any

import pytest

from tests.conftest import Server, text


async def test_unexpected_error_reply_has_an_id_that_is_in_the_log(
    server: Server, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: Any) -> None:
        raise RuntimeError("the card broke")

    monkeypatch.setattr("bot.ui.card_router.show_card", broken)
    server.env.errors_are_expected = True
    result = await server.slash("show", title="Soul Mate")
    assert result.ephemeral
    found = re.search(r"Error code: ([0-9a-f]{6})", text(result))
    assert found is not None
    [record] = [r for r in caplog.records if found[1] in r.getMessage()]
    assert record.exc_info is not None
    assert "the card broke" in str(record.exc_info[1])
    assert "the card broke" not in text(result)


async def test_failing_button_replies_with_an_error_id_too(
    server: Server, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    show = await server.slash("show", title="Soul Mate")
    monkeypatch.setattr("bot.ui.card_router.cast_card", None)
    result = await server.press(show.response, "Cast")
    assert result.ephemeral
    found = re.search(r"Error code: ([0-9a-f]{6})", text(result))
    assert found is not None
    assert found[1] in caplog.text


async def test_slow_command_is_deferred_privately_and_then_answered(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    countdowns = server.env.bot.services.countdowns
    get_settings = countdowns.get_settings

    async def slow(*arguments: Any) -> Any:
        await asyncio.sleep(1.8)
        return await get_settings(*arguments)

    monkeypatch.setattr(countdowns, "get_settings", slow)
    result = await server.moderator.slash(server.channel, "settings")
    [deferral] = [
        request.json for request in server.env.http_requests if request.path.endswith("/callback")
    ]
    assert deferral["type"] == 5
    assert deferral["data"]["flags"] & 64, "others would see the server's settings"
    assert "UTC" in text(result)


async def test_slow_command_that_fails_is_answered(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def slow(*_: Any) -> Any:
        await asyncio.sleep(1.8)
        raise RuntimeError

    monkeypatch.setattr(server.env.bot.services.countdowns, "get_settings", slow)
    server.env.errors_are_expected = True
    assert "Error" in text(await server.moderator.slash(server.channel, "settings"))


async def test_failing_autocomplete_is_logged(
    server: Server, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(server.env.bot.services.catalog, "candidates", None)
    server.env.errors_are_expected = True
    with caplog.at_level(logging.ERROR):
        assert await server.member.autocomplete(server.channel, "show", "title", "soul") == []
    assert "exception in autocomplete for 'show'" in caplog.text


async def test_reply_that_discord_refuses_is_logged(
    server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    server.env.errors_are_expected = True
    server.env.inject_error("POST", "/interactions/*", status=400, code=50035, times=None)
    result = await server.slash("about")
    assert not result.acknowledged
    assert "could not send the error reply" in caplog.text
