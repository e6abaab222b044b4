"""Waiting for something to come true."""

import asyncio
from collections.abc import Callable

_STEP = 0.01


async def until(condition: Callable[[], object], within: float = 10.0) -> None:
    """Wait until a condition holds. Raises TimeoutError if it does not come to that in time."""
    async with asyncio.timeout(within):
        # What is waited for happens in other processes too, which set no event here.
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(_STEP)
