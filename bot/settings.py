"""Settings, read from environment variables and a `.env` file."""

from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.errors import OperatorError


class Settings(BaseSettings):
    """The settings. Environment variables have the upper-case field names, such as `DATABASE_URL`.

    A test checks that the README's table and `.env.example` match this class.
    """

    model_config = SettingsConfigDict(env_file=".env", env_ignore_empty=True, extra="ignore")

    discord_token: SecretStr | None = Field(
        default=None, description="The bot token. Only `make run` needs it."
    )
    database_url: str = Field(
        default="sqlite:///data/bonbang.db",
        description="Database URL: SQLite or PostgreSQL.",
    )
    catalog_path: Path = Field(
        default=Path("data/catalog"),
        description="Folder of records to import at every start.",
    )
    discord_api_url: str = Field(
        default="https://discord.com/api/v10",
        description="Base URL for Discord's REST API. Change it to use a rate-limit proxy. The "
        "gateway URL comes from `GET /gateway/bot` at this address.",
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="Log level: DEBUG, INFO, WARNING or ERROR."
    )

    @field_validator("discord_api_url")
    @classmethod
    def _is_http(cls, url: str) -> str:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.netloc:
            raise ValueError("must be an http(s) URL such as https://discord.com/api/v10")
        return url.rstrip("/")

    @field_validator("log_level", mode="before")
    @classmethod
    def _upper(cls, level: object) -> object:
        return level.upper() if isinstance(level, str) else level


def load_settings() -> Settings:
    """Load the settings.

    Raises OperatorError, which lists all invalid settings by name.
    """
    try:
        return Settings()
    except ValidationError as error:
        raise OperatorError(_explain(error)) from None


def _explain(error: ValidationError) -> str:
    # The values are not included: a setting may be a secret.
    problems = (
        f"{'.'.join(map(str, details['loc'])).upper()}: {details['msg']}"
        for details in error.errors()
    )
    return f"Invalid settings (environment or .env): {'; '.join(problems)}"
