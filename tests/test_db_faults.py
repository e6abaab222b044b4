"""While its database cannot be written, the bot says so; afterwards nothing is lost."""

import logging
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot.client.discord_sender import DiscordSender
from tests.conftest import Server, text
from tests.support.countdowns import add, mod, posted, until
from tests.support.db_faults import DatabaseFault, Disk, locked


@pytest.fixture(autouse=True)
def short_write_timeout(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the bot give up on a locked database sooner, so that tests are fast."""
    monkeypatch.setattr("bot.store.database.WRITE_TIMEOUT", 0.05)


@pytest.fixture(params=["is locked", "is full"])
def reason(request: pytest.FixtureRequest) -> str:
    """How the log names the fault."""
    return str(request.param)


@pytest.fixture
def fault(reason: str, server: Server, tmp_path: Path) -> DatabaseFault:
    """A context in which the database has the fault."""
    file = tmp_path / "bonbang.db"
    if reason == "is locked":
        return partial(locked, file)
    return Disk(server.env.bot._database, file).full


def on_hold_warnings(caplog: pytest.LogCaptureFixture, reason: str) -> list[logging.LogRecord]:
    """The warnings that announcements are on hold, for that reason."""
    return [
        one
        for one in caplog.records
        if "announcements on hold" in one.getMessage() and reason in one.getMessage()
    ]


async def test_members_get_answers_during_a_fault(server: Server, fault: DatabaseFault) -> None:
    with fault():
        assert "8 episodes" in text(await server.slash("show", title="Soul Mate"))


async def test_moderator_gets_an_error_reply_and_can_retry_afterwards(
    server: Server, fault: DatabaseFault, reason: str, caplog: pytest.LogCaptureFixture
) -> None:
    with fault():
        result = await add(server)
    assert result.ephemeral
    assert "Something went wrong on my end. Try again in a moment" in text(result)
    [error] = [one for one in caplog.records if "in countdown add" in one.getMessage()]
    assert reason in error.getMessage()
    assert not error.exc_info
    assert "No countdowns yet" in text(await mod(server, "countdown list"))
    assert "D-7" in text(await add(server))


async def test_due_announcement_is_posted_after_the_fault(
    server: Server, fault: DatabaseFault, reason: str, caplog: pytest.LogCaptureFixture
) -> None:
    await add(server, milestones="7 3")
    with fault():
        await until(server, "2026-05-07T09:00:30+00:00")
        assert posted(server) == []
    # One warning per backoff, which names the cause; not one per attempt, and no traceback.
    assert 1 <= len(on_hold_warnings(caplog, reason)) <= 30 / 5 + 1
    assert not [one for one in caplog.records if one.exc_info]
    await server.env.advance_time(10)
    assert [line.split(" · ")[0] for line in posted(server)] == ["**Soul Mate** D-7"]
    await until(server, "2026-05-12T00:00:00+00:00")
    assert len(posted(server)) == 2


async def test_announcement_posted_but_not_settled_is_not_posted_again(
    server: Server,
    fault: DatabaseFault,
    reason: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    await add(server, milestones="7 3")
    send = DiscordSender.send
    with ExitStack() as stack:

        async def send_then_fail(*arguments: Any) -> int:
            message_id = await send(*arguments)
            stack.enter_context(fault())
            return message_id

        monkeypatch.setattr(DiscordSender, "send", send_then_fail)
        await until(server, "2026-05-07T09:02:00+00:00")
        assert len(posted(server)) == 1
        assert on_hold_warnings(caplog, reason)
    monkeypatch.undo()
    await server.env.advance_time(30)
    assert len(posted(server)) == 1
    database = server.env.bot._database
    async with database.read() as connection:
        rows = await connection.exec_driver_sql("SELECT outcome, message_id FROM deliveries")
        assert rows.all() == [("sent", server.channel.last_message.id)]
