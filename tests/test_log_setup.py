"""The log: one line per record, whatever its text contains, and no token."""

import logging
from collections.abc import Iterator

import pytest
from pydantic import SecretStr

from bot.log_setup import configure_logging

FORGED = "2026-05-01 09:00:00,000 ERROR   bot: forged"


@pytest.fixture(autouse=True)
def _logging_is_restored() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers, root.level = handlers, level


def test_control_characters_of_a_message_are_escaped(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("INFO")
    logging.getLogger("bot").info("file %s", f"x\n{FORGED}\x1b[2K\x9b\u202e")
    [line] = capsys.readouterr().err.splitlines()
    assert line.endswith(rf"file x\n{FORGED}\u001b[2K\u009b\u202e")


def test_traceback_stays_readable_and_forges_no_record(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("INFO")
    try:
        raise ValueError(f"x\n{FORGED}\r\x1b[2K")
    except ValueError:
        logging.getLogger("bot").exception("failed", stack_info=True)
    first, *others = capsys.readouterr().err.splitlines()
    assert first.endswith("ERROR   bot: failed")
    assert others[0] == "    Traceback (most recent call last):"
    assert f"    {FORGED}\\r\\u001b[2K" in others
    assert all(line.startswith("    ") for line in others)


def test_token_is_redacted(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("INFO", SecretStr("secret.token"))
    error = ValueError("Bot secret.token")
    logging.getLogger("bot").error("with %s", "secret.token", exc_info=error)
    logged = capsys.readouterr().err
    assert "with [token]" in logged
    assert "Bot [token]" in logged
    assert "secret.token" not in logged
