"""Configures logging to standard error, with the token redacted."""

import logging
import sys

from pydantic import SecretStr


class _RedactingFormatter(logging.Formatter):
    def __init__(self, secret: str | None) -> None:
        super().__init__("{asctime} {levelname:<7} {name}: {message}", style="{")
        self._secret = secret

    def format(self, record: logging.LogRecord) -> str:
        text = super().format(record)
        return text.replace(self._secret, "[token]") if self._secret else text


def configure_logging(level: str, token: SecretStr | None = None) -> None:
    """Log to standard error at `level` and above. `token` is redacted."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_RedactingFormatter(token.get_secret_value() if token else None))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    # These libraries log internals at INFO.
    library_level = max(logging.WARNING, logging.getLevelNamesMapping()[level])
    for library in ("alembic", "aiosqlite", "discord.gateway"):
        logging.getLogger(library).setLevel(library_level)
    # It warns about missing voice packages. This bot does not use voice.
    logging.getLogger("discord.client").setLevel(logging.ERROR)
