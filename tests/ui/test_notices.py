"""Texts about paused and refused countdowns."""

import pytest

from bot.announcements.errors import (
    CountdownLimitError,
    DuplicateCountdownError,
    ReleaseNotFoundError,
)
from bot.announcements.model import PauseReason
from bot.ui.notices import (
    countdown_error_text,
    countdown_release_label,
    pause_notice,
    pause_reason_text,
)
from tests.announcements.builders import a_countdown, a_title
from tests.ui.builders import context, message_body


@pytest.mark.parametrize("reason", PauseReason)
async def test_pause_notice_names_the_countdown_and_says_what_to_do(reason: PauseReason) -> None:
    title = a_title({"window": "2026"})
    notice = pause_notice(title, a_countdown(), reason, context())
    assert notice.startswith("Countdown to **A Show** in <#100> · Paused")
    assert pause_reason_text(reason, context()) in notice
    message_body(content=notice)


@pytest.mark.parametrize(
    ("release_key", "label"),
    [("finale", "Finale · tvN"), ("premiere · Netflix · worldwide", "Premiere")],
)
def test_release_of_a_countdown_is_named_without_the_key(release_key: str, label: str) -> None:
    title = a_title({"event": "finale", "network": "tvN"})
    countdown = a_countdown(release_key=release_key)
    assert countdown_release_label(countdown, title, context()) == label


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (DuplicateCountdownError(a_countdown()), "<#100> already has this countdown"),
        (DuplicateCountdownError(a_countdown()), "Change it with /countdown edit"),
        (CountdownLimitError(100), "reached the limit of 100 countdowns"),
        (ReleaseNotFoundError("finale"), "couldn't find that release"),
    ],
)
async def test_refused_countdown_says_why(error: Exception, said: str) -> None:
    assert said in (countdown_error_text(error, context()) or "")
    assert countdown_error_text(ValueError(), context()) is None
