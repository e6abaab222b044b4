"""The bot outlives whatever the gateway sends, and says in one line what it dropped."""

from typing import Any

import pytest

from tests.wire import faults
from tests.wire.polling import until
from tests.wire.running_bot import RunningBot

EVENTS: list[tuple[str, Any]] = [
    ("GUILD_CREATE", None),
    ("GUILD_CREATE", {"id": "5", "channels": [None]}),
    ("GUILD_DELETE", {"unavailable": False}),
    ("GUILD_ROLE_CREATE", []),
    ("GUILD_UPDATE", {"id": {}}),
    ("CHANNEL_CREATE", {"id": "1", "guild_id": "1" * 5000}),
    ("USER_UPDATE", {"id": 7}),
    ("INTERACTION_CREATE", {}),
    ("INTERACTION_CREATE", {"id": "1", "type": 2, "token": "x\n", "data": {"name": "whois"}}),
]

FRAMES = [
    "[]", "null", "5", '"x"', "{}", '{"op": 99}', '{"op": "x\\n\\u001b[2J"}',
    '{"op": 0, "t": {}, "d": {}, "s": null}', '{"op": 10, "d": {}}', '{"op": 10}',
]  # fmt: skip

UNREADABLE: list[str | bytes] = [
    b"no zlib at all\x00\x00\xff\xff",
    "{",
    '{"op": 0, "d": ' + "[" * 100_000,
]

HELLOS = [None, {}, *({"heartbeat_interval": x} for x in ("x", -1, 1e300))]


def lines(running: RunningBot) -> list[str]:
    """What the bot has logged, without what it always says."""
    return [line for line in running.bot.log().splitlines() if " INFO " not in line]


def sessions(running: RunningBot) -> tuple[int, int]:
    """How many sessions were started, and how often one was resumed."""
    return running.discord.gateway.identified, running.discord.gateway.resumed


def command(running: RunningBot) -> dict[str, Any]:
    """The payload of a command."""
    options = {"name": "Taecyeon"}
    build = running.discord.interactions.slash
    return build(running.member, running.channel, "whois", options)[1]


async def test_malformed_event_is_dropped(running: RunningBot) -> None:
    for event, data in EVENTS:
        running.discord.gateway.send_event(event, data)
    await running.whois()
    for (event, _), line in zip(EVENTS, lines(running), strict=True):
        assert f"dropped a malformed {event} event" in line
    assert sessions(running) == (1, 0)


async def test_malformed_interaction_is_dropped(running: RunningBot) -> None:
    whole = command(running)
    broken = [{"member": None}, {"locale": 5}, {"token": None}, {"data": None}, {"type": "2"}]
    for changes in broken:
        running.discord.gateway.send_event("INTERACTION_CREATE", {**whole, **changes})
    await running.whois()
    assert len(lines(running)) == len(broken)
    assert all("dropped a malformed INTERACTION_CREATE" in line for line in lines(running))
    assert whole["token"] not in running.bot.log()


async def test_interaction_that_fails_only_in_its_task_is_dropped(running: RunningBot) -> None:
    payload = command(running)
    payload["data"]["resolved"] = {"users": {"5": {"id": "5"}}}
    running.discord.gateway.send_event("INTERACTION_CREATE", payload)
    await running.bot.logged("dropped a malformed INTERACTION_CREATE")
    await running.whois()
    assert len(lines(running)) == 1


async def test_frame_that_says_nothing_is_dropped(running: RunningBot) -> None:
    for frame in FRAMES:
        running.discord.gateway.send_frame(frame)
    await running.whois()
    assert len(lines(running)) == len(FRAMES)
    assert "Traceback" not in running.bot.log()
    assert sessions(running) == (1, 0)


async def test_session_can_be_resumed_after_a_sequence_that_is_no_number(
    running: RunningBot,
) -> None:
    running.discord.gateway.send_frame('{"op": 0, "t": "WHAT", "d": {}, "s": "seven"}')
    running.discord.ask_reconnect()
    await running.whois()
    assert sessions(running) == (1, 1)


async def test_unreadable_frame_makes_the_bot_resume(running: RunningBot) -> None:
    for resumed, frame in enumerate(UNREADABLE, start=1):
        running.discord.gateway.send_frame(frame)
        await running.whois()
        assert len(lines(running)) == resumed
        assert "received an unreadable frame" in lines(running)[-1]
        assert sessions(running) == (1, resumed)


async def test_session_that_repeats_an_unreadable_frame_is_given_up(running: RunningBot) -> None:
    running.discord.gateway.send_event_text("GUILD_UPDATE", "{")
    await until(lambda: running.discord.gateway.identified == 2, within=20)
    await running.whois()
    resuming, giving_up = lines(running)
    assert "received an unreadable frame" in resuming
    assert "an unreadable frame" in giving_up
    assert running.discord.gateway.resumed == 1


@pytest.mark.parametrize("event", ["READY", "RESUMED"])
async def test_session_that_begins_malformed_is_given_up(running: RunningBot, event: str) -> None:
    if event == "READY":
        running.discord.gateway.ready.append({"user": None})
        running.discord.invalidate_session()
        await until(lambda: running.discord.gateway.identified == 3, within=30)
    else:
        running.discord.gateway.send_event(event, None)
        await until(lambda: running.discord.gateway.identified == 2, within=20)
    await running.whois()
    [line] = lines(running)
    assert f"a malformed {event}" in line


async def test_connection_without_a_hello_is_repeated(running: RunningBot) -> None:
    for resumed, hello in enumerate(HELLOS, start=1):
        running.discord.gateway.hello.append(hello)
        running.discord.cut_gateway()
        await running.whois()
        assert len(lines(running)) == resumed
        assert "can't connect shard 0" in lines(running)[-1]
        assert sessions(running) == (1, resumed)


async def test_own_error_is_logged_in_full(running: RunningBot) -> None:
    running.discord.faults.add("POST", "/interactions/*", faults.missing(), times=2)
    running.discord.gateway.send_event("INTERACTION_CREATE", command(running))
    await running.bot.logged("could not send the error reply")
    assert "Traceback" in running.bot.log()
