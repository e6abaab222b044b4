"""The bot starts, connects and stops, whether Discord can be reached or not."""

from pathlib import Path

import pytest

from tests.wire import faults
from tests.wire.fake_discord import WireDiscord, free_port
from tests.wire.faults import Fault
from tests.wire.polling import until
from tests.wire.process import BotProcess
from tests.wire.running_bot import RunningBot

USER, APPLICATION, GATEWAY = "/users/@me", "/oauth2/applications/@me", "/gateway/bot"
SOCKET = "/gateway"

PROXY = "<h1>Access denied</h1>"


@pytest.mark.parametrize(
    "faults_by_path",
    [
        {
            USER: faults.status(502),
            APPLICATION: faults.body(PROXY, status=403, content_type="text/html"),
            GATEWAY: faults.body('{"url": "ws://', status=200),
            SOCKET: faults.status(503),
        },
        {
            USER: faults.body(PROXY, content_type="text/html"),
            APPLICATION: faults.rate_limited(1),
            GATEWAY: faults.status(500),
            SOCKET: faults.drop_request(),
        },
        {
            USER: faults.drop_request(),
            APPLICATION: faults.banned(1),
            GATEWAY: faults.body('{"url": 1, "shards": 0, "session_start_limit": {}}'),
            SOCKET: faults.body(PROXY, status=403, content_type="text/html"),
        },
        {USER: faults.body("[]"), APPLICATION: faults.body("{}"), GATEWAY: faults.body("null")},
        {USER: faults.delay(3600), APPLICATION: faults.body('{"id":')},
    ],
    ids=["status", "html", "banned", "shape", "timeout"],
)
async def test_bot_retries_every_step_of_connecting(
    tmp_path: Path, database_url: str, faults_by_path: dict[str, Fault]
) -> None:
    async with WireDiscord() as discord:
        for path, fault in faults_by_path.items():
            # aiohttp repeats a request that was not replied to once.
            discord.faults.add("GET", path, fault, times=1 if fault.replied else 2)
        async with BotProcess(discord, tmp_path, database=database_url) as bot:
            await bot.connected(within=40)
            await RunningBot(discord, bot).whois()
            assert bot.log().count("retrying in") == len(faults_by_path)
            assert "<h1>" not in bot.log()
            assert await bot.terminate() == 0
            assert_calm(bot)


def assert_calm(bot: BotProcess) -> None:
    """It has logged no traceback and leaves nothing open."""
    log = bot.log()
    assert "Traceback" not in log
    assert "Unclosed" not in log
    assert bot.environment["DISCORD_TOKEN"] not in log


async def test_bot_waits_for_discord_to_be_there(tmp_path: Path, database_url: str) -> None:
    discord = WireDiscord(port=free_port())
    async with BotProcess(discord, tmp_path, database=database_url) as bot:
        await bot.logged("can't log in to Discord", times=2)
        async with discord:
            await bot.connected()
            await RunningBot(discord, bot).whois()
        assert_calm(bot)


@pytest.mark.parametrize("host", ["https://127.0.0.1:{port}", "https://discord.invalid"])
async def test_sigterm_ends_the_waiting(tmp_path: Path, database_url: str, host: str) -> None:
    """One host does not speak TLS, the other has no address."""
    async with WireDiscord(port=(port := free_port())) as discord:
        url = host.format(port=port) + "/api/v10"
        async with BotProcess(discord, tmp_path, database=database_url, DISCORD_API_URL=url) as bot:
            await bot.logged(f"can't log in to Discord at {url}")
            assert await bot.terminate() == 0
            assert_calm(bot)


async def test_sigterm_ends_a_login_that_is_not_answered(tmp_path: Path, database_url: str) -> None:
    async with WireDiscord() as discord:
        rule = discord.faults.add("GET", USER, faults.delay(3600))
        async with BotProcess(discord, tmp_path, database=database_url) as bot:
            await until(lambda: rule.hits)
            assert await bot.terminate() == 0
            assert_calm(bot)


@pytest.mark.parametrize("path", [USER, APPLICATION, GATEWAY])
async def test_rejected_token_ends_the_bot(tmp_path: Path, database_url: str, path: str) -> None:
    async with WireDiscord() as discord:
        rejection = faults.body('{"message": "401: Unauthorized", "code": 0}', status=401)
        discord.faults.add("GET", path, rejection)
        async with BotProcess(discord, tmp_path, database=database_url) as bot:
            assert await bot.exited() == 2
            assert bot.log().count("Discord rejected DISCORD_TOKEN") == 1
            assert_calm(bot)


async def test_no_session_is_started_while_there_are_none_left(
    tmp_path: Path, database_url: str
) -> None:
    async with WireDiscord() as discord:
        discord.exhaust_session_starts(6)
        async with BotProcess(discord, tmp_path, database=database_url) as bot:
            await bot.logged("no new session for")
            await bot.connected()
            await RunningBot(discord, bot).whois()
            assert_calm(bot)


async def test_failed_command_sync_is_repeated_at_the_next_start(
    tmp_path: Path, database_url: str
) -> None:
    async with WireDiscord() as discord:
        discord.faults.add("PUT", "/applications/*/commands", faults.status(503), times=1)
        async with BotProcess(discord, tmp_path, database=database_url) as bot:
            await bot.connected()
            assert bot.log().count("could not register the commands (HTTP status 503)") == 1
            assert discord.backend.commands.get(None, {}) == {}
            assert await bot.terminate() == 0
            bot.start()
            await bot.connected()
            await RunningBot(discord, bot).whois()
            assert_calm(bot)


async def test_session_is_resumed_after_an_outage_of_the_gateway(running: RunningBot) -> None:
    gateway = running.discord.gateway
    rule = running.discord.faults.add("GET", SOCKET, faults.status(503), times=2)
    running.discord.cut_gateway()
    await until(lambda: rule.hits == 2)
    await running.whois()
    assert (gateway.resumed, gateway.identified) == (1, 1)
    assert_calm(running.bot)


async def test_sigterm_ends_the_first_connection_attempts(
    tmp_path: Path, database_url: str
) -> None:
    async with WireDiscord() as discord:
        discord.faults.add("GET", SOCKET, faults.status(503))
        async with BotProcess(discord, tmp_path, database=database_url) as bot:
            await bot.logged("can't connect shard 0")
            assert await bot.terminate() == 0
            assert_calm(bot)


async def test_sigterm_ends_an_outage_of_the_gateway(running: RunningBot) -> None:
    running.discord.faults.add("GET", SOCKET, faults.status(503))
    running.discord.cut_gateway()
    await running.bot.logged("can't connect shard 0")
    assert await running.bot.terminate() == 0
    assert_calm(running.bot)


@pytest.mark.parametrize("code", [4004, 4011, 4014])
async def test_close_code_for_the_operator_ends_the_bot(running: RunningBot, code: int) -> None:
    await running.discord.gateway.close(code)
    assert await running.bot.exited() == 2
    lines = [x for x in running.bot.log().splitlines() if " INFO " not in x]
    assert len(lines) == 1
    assert ("DISCORD_TOKEN" if code == 4004 else str(code)) in lines[0]
    assert_calm(running.bot)


@pytest.mark.parametrize("code", [1000, 4009])
async def test_bot_reconnects_after_any_other_close_code(running: RunningBot, code: int) -> None:
    await running.discord.gateway.close(code)
    await until(lambda: running.discord.gateway.resumed)
    await running.whois()
    assert_calm(running.bot)
