"""Where every body that leaves the bot passes, whichever way it goes to Discord."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from simcord.http import router

from tests.discord_limits import check

refused: list[str] = []
"""What Discord would have refused since it was last looked at. No test may leave anything here."""


def inspect(method: str, path: str, body: Any) -> None:
    """Note a body that Discord would refuse."""
    try:
        check(method, path, body)
    except ValueError as error:
        refused.append(f"{method} {path}: {error}")


@contextmanager
def inspecting() -> Iterator[None]:
    """Inspect what a bot within this process sends to its simulated Discord.

    What one of another process sends is inspected where it arrives, in `tests/wire/rest.py`.
    """
    carry_out = router.dispatch

    def inspected(backend: Any, method: str, path: str, **request: Any) -> Any:
        inspect(method, path, request.get("json"))
        return carry_out(backend, method, path, **request)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(router, "dispatch", inspected)
        yield
