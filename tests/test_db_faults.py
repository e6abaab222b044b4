"""While its database cannot be written the bot says so, and afterwards nothing was lost."""

import logging
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot.client.discord_sender import DiscordSender
from tests.cogs.test_countdowns import add, mod, posted, until
from tests.conftest import Server, text
from tests.support.db_faults import Disk, Trouble, locked


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bot that waits less long for the database, so that tests need not."""
    monkeypatch.setattr("bot.store.database.WRITE_TIMEOUT", 0.05)


@pytest.fixture(params=["is locked", "is full"])
def reason(request: pytest.FixtureRequest) -> str:
    """What the log says of the trouble."""
    return str(request.param)


@pytest.fixture
def trouble(reason: str, server: Server, tmp_path: Path) -> Trouble:
    """Begins it."""
    file = tmp_path / "bonbang.db"
    if reason == "is locked":
        return partial(locked, file)
    return Disk(server.env.bot._database, file).full


def waits(caplog: pytest.LogCaptureFixture, reason: str) -> list[logging.LogRecord]:
    """What was logged of announcements that wait."""
    return [
        one
        for one in caplog.records
        if "announcements on hold" in one.getMessage() and reason in one.getMessage()
    ]


async def test_members_are_answered(server: Server, trouble: Trouble) -> None:
    with trouble():
        assert "8 episodes" in text(await server.slash("show", title="Soul Mate"))


async def test_a_moderator_is_told_and_can_do_it_afterwards(
    server: Server, trouble: Trouble, reason: str, caplog: pytest.LogCaptureFixture
) -> None:
    with trouble():
        result = await add(server)
    assert result.ephemeral
    assert "Something went wrong on my end. Try again in a moment" in text(result)
    [error] = [one for one in caplog.records if "in countdown add" in one.getMessage()]
    assert reason in error.getMessage()
    assert not error.exc_info
    assert "No countdowns yet" in text(await mod(server, "countdown list"))
    assert "D-7" in text(await add(server))


async def test_what_is_due_waits_and_is_posted(
    server: Server, trouble: Trouble, reason: str, caplog: pytest.LogCaptureFixture
) -> None:
    await add(server, milestones="7 3")
    with trouble():
        await until(server, "2026-05-07T09:00:30+00:00")
        assert posted(server) == []
    # A line now and then, that names the cause; not one for each attempt, and no traceback.
    assert 1 <= len(waits(caplog, reason)) <= 30 / 5 + 1
    assert not [one for one in caplog.records if one.exc_info]
    await server.env.advance_time(10)
    assert [line.split(" · ")[0] for line in posted(server)] == ["**Soul Mate** D-7"]
    await until(server, "2026-05-12T00:00:00+00:00")
    assert len(posted(server)) == 2


async def test_what_was_posted_and_could_not_be_settled_is_not_posted_again(
    server: Server,
    trouble: Trouble,
    reason: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    await add(server, milestones="7 3")
    send = DiscordSender.send
    with ExitStack() as stack:

        async def send_into_trouble(*arguments: Any) -> int:
            message_id = await send(*arguments)
            stack.enter_context(trouble())
            return message_id

        monkeypatch.setattr(DiscordSender, "send", send_into_trouble)
        await until(server, "2026-05-07T09:02:00+00:00")
        assert len(posted(server)) == 1
        assert waits(caplog, reason)
    monkeypatch.undo()
    await server.env.advance_time(30)
    assert len(posted(server)) == 1
    database = server.env.bot._database
    async with database.read() as connection:
        rows = await connection.exec_driver_sql("SELECT outcome, message_id FROM deliveries")
        assert rows.all() == [("sent", server.channel.last_message.id)]
