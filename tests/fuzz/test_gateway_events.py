"""No mutated event of the gateway ends the bot, its connection or its answers."""

from pathlib import Path

from tests.fuzz.gateway_run import fuzz_gateway

_PAYLOADS = 400


async def test_bot_outlives_mutated_events(tmp_path: Path, database_url: str) -> None:
    result = await fuzz_gateway(tmp_path, _PAYLOADS, seed=0, database=database_url)
    assert (result.tracebacks, result.reconnects) == (0, 0), result.log
    assert 0 < result.dropped < _PAYLOADS


async def test_bot_drops_no_event_as_discord_sends_it(tmp_path: Path, database_url: str) -> None:
    result = await fuzz_gateway(
        tmp_path, _PAYLOADS, seed=0, database=database_url, mutation=lambda data, _: data
    )
    assert (result.tracebacks, result.reconnects, result.dropped) == (0, 0, 0), result.log
