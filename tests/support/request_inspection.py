"""Checks every request body of a bot against Discord's limits."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from simcord.http import router

from tests.support.discord_limits import check

refused: list[str] = []
"""Bodies that Discord would refuse. A test that expects some has to clear them."""


def inspect(method: str, path: str, body: Any) -> None:
    """Record a body that Discord would refuse."""
    try:
        check(method, path, body)
    except ValueError as error:
        refused.append(f"{method} {path}: {error}")


@contextmanager
def inspecting() -> Iterator[None]:
    """Inspect what a bot in this process sends to its simulated Discord.

    The requests of a bot in another process are inspected on arrival, in `tests/wire/rest.py`.
    """
    dispatch = router.dispatch

    def inspected(backend: Any, method: str, path: str, **request: Any) -> Any:
        inspect(method, path, request.get("json"))
        return dispatch(backend, method, path, **request)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(router, "dispatch", inspected)
        yield
