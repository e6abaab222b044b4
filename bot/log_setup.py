"""Configures logging to standard error, with the token redacted."""

import logging
import sys
from textwrap import indent
from typing import Any

from pydantic import SecretStr

from bot.control_characters import escape_control_characters


class _SafeFormatter(logging.Formatter):
    """Formats a record in one line, and its traceback in indented lines.

    Text from outside can therefore not pass for another record. The secret is redacted.
    """

    def __init__(self, secret: str | None) -> None:
        super().__init__("{asctime} {levelname:<7} {name}: {message}", style="{")
        self._secret = secret

    def format(self, record: logging.LogRecord) -> str:
        text = super().format(record)
        return text.replace(self._secret, "[token]") if self._secret else text

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802
        return escape_control_characters(super().formatMessage(record))

    def formatException(self, ei: Any) -> str:  # noqa: N802
        return _indented(super().formatException(ei))

    def formatStack(self, stack_info: str) -> str:  # noqa: N802
        return _indented(super().formatStack(stack_info))


def _indented(text: str) -> str:
    return indent(escape_control_characters(text, keep="\n"), "    ")


def configure_logging(level: str, token: SecretStr | None = None) -> None:
    """Log to standard error at `level` and above. `token` is redacted."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_SafeFormatter(token.get_secret_value() if token else None))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    # These libraries log internals at INFO.
    library_level = max(logging.WARNING, logging.getLevelNamesMapping()[level])
    for library in ("alembic", "aiosqlite", "discord.gateway"):
        logging.getLogger(library).setLevel(library_level)
    # It warns about missing voice packages. This bot does not use voice.
    logging.getLogger("discord.client").setLevel(logging.ERROR)
