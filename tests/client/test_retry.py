"""What the bot waits for, and what it says, while Discord cannot be reached."""

from itertools import islice
from typing import Any

import aiohttp
import pytest
from multidict import CIMultiDict
from yarl import URL

from bot.client import retry as retries
from bot.client.retry import MAX_DELAY, MAX_RETRY_AFTER, backoff_delays, describe, retry
from bot.errors import OperatorError


def response_error(status: int, **headers: str) -> aiohttp.ClientResponseError:
    request: Any = aiohttp.RequestInfo(URL("http://x"), "GET", CIMultiDict(), URL("http://x"))
    named = CIMultiDict({name.replace("_", "-"): value for name, value in headers.items()})
    return aiohttp.ClientResponseError(request, (), status=status, headers=named)


def test_delays_grow_up_to_the_longest() -> None:
    delays = list(islice(backoff_delays(), 2000))
    assert 0 < delays[0] <= 1 < delays[2] <= 4 < delays[4]
    assert all(MAX_DELAY / 2 < delay <= MAX_DELAY for delay in delays[7:])
    assert len(set(delays)) > 1990


@pytest.mark.parametrize(
    ("sent", "seconds"),
    [
        ("120", 120), ("0.5", 0.5), ("-1", 0), ("Wed, 21 Oct 2026 07:28:00 GMT", 0), ("nan", 0),
        ("inf", 0), ("1e9", MAX_RETRY_AFTER),
    ],
)  # fmt: skip
def test_retry_after(sent: str, seconds: float) -> None:
    assert retries.retry_after(response_error(429, Retry_After=sent)) == seconds


def test_without_a_response_there_is_no_retry_after() -> None:
    assert retries.retry_after(OSError()) == 0
    assert retries.retry_after(response_error(503)) == 0


@pytest.mark.parametrize(
    ("error", "described"),
    [
        (response_error(503), "HTTP status 503"),
        (KeyError("user"), "KeyError: 'user'"),
        (TimeoutError(), "TimeoutError"),
        (ValueError("two\nlines\x1b[2J \u202e"), "ValueError: two lines\\x1b[2J \\u202e"),
        (ValueError("x" * 5000), "ValueError: " + "x" * 200 + "…"),
    ],
)
def test_error_is_described_in_one_short_line(error: Exception, described: str) -> None:
    assert describe(error) == described


async def test_attempt_is_repeated_until_it_succeeds(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    monkeypatch.setattr(retries.asyncio, "sleep", sleep)
    outcomes: list[Exception | str] = [OSError("gone"), response_error(429, Retry_After="99"), "in"]

    async def attempt() -> str:
        outcome = outcomes.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    assert await retry("log in", attempt) == "in"
    assert len(caplog.messages) == len(waited) == 2
    assert waited[0] <= 1
    assert waited[1] == 99
    assert "can't log in (OSError: gone)" in caplog.messages[0]


async def test_error_of_the_operator_is_not_retried() -> None:
    async def attempt() -> None:
        raise OperatorError("wrong token")

    with pytest.raises(OperatorError):
        await retry("log in", attempt)
