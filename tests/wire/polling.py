"""Waiting for a condition."""

import asyncio
from collections.abc import Callable

_INTERVAL = 0.01


async def until(condition: Callable[[], object], within: float = 10.0) -> None:
    """Wait until a condition holds. Raises TimeoutError if it does not in time."""
    async with asyncio.timeout(within):
        # Other processes change it, which cannot set an event here.
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(_INTERVAL)
