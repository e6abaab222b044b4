"""The log: to standard error, a line an event, and never with the token in it."""

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
    """Log to standard error from `level` up; wherever `token` would stand, it is taken out."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_RedactingFormatter(token.get_secret_value() if token else None))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    # What each of these says at INFO is about itself, not about the bot.
    least = max(logging.WARNING, logging.getLevelNamesMapping()[level])
    for chatty in ("alembic", "aiosqlite", "discord.gateway"):
        logging.getLogger(chatty).setLevel(least)
    # Its warnings are that packages for voice are missing; this bot has none.
    logging.getLogger("discord.client").setLevel(logging.ERROR)
