"""Settings, read from environment variables and a `.env` file."""

import os
import stat
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Literal, TypeVar
from urllib.parse import urlsplit

from dotenv import dotenv_values
from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.errors import OperatorError

_ENV_FILE = Path(".env")

Item = TypeVar("Item")


def _split(value: object) -> object:
    if not isinstance(value, str):
        return value
    return tuple(part for part in (one.strip() for one in value.split(",")) if part)


def _web_url(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("must be an http(s) URL")
    return url.rstrip("/")


SYNC_COUNTRIES = ("KR", "JP", "CN", "TW", "HK", "TH", "VN", "PH")
"""The countries whose series can be read from sources."""

SourceName = Literal["tvmaze", "wikidata", "tmdb"]
CommaSeparated = Annotated[tuple[Item, ...], NoDecode, BeforeValidator(_split)]
WebUrl = Annotated[str, AfterValidator(_web_url)]


class Settings(BaseSettings):
    """The settings. Environment variables have the upper-case field names, such as `DATABASE_URL`.

    A test checks that the README's table and `.env.example` match this class.
    """

    model_config = SettingsConfigDict(env_file=_ENV_FILE, env_ignore_empty=True, extra="ignore")

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
        description="Base URL for Discord's REST API. Change it to use a rate-limit proxy, which "
        "then receives the token: over https, or on this machine. The gateway URL comes from "
        "`GET /gateway/bot` at this address.",
    )
    sync_sources: CommaSeparated[SourceName] = Field(
        default=("tvmaze", "wikidata"),
        description="Sources that keep the catalog current: tvmaze, wikidata, tmdb, separated by "
        "commas. Empty: none.",
    )
    sync_countries: CommaSeparated[str] = Field(
        default=("KR",),
        description="Countries whose series are read from these sources, as ISO 3166-1 codes: "
        "KR, JP, CN, TW, HK, TH, VN, PH.",
    )
    tvmaze_url: WebUrl = Field(
        default="https://api.tvmaze.com",
        description="Base URL of TVmaze's API, or of a mirror or cache of it.",
    )
    wikidata_url: WebUrl = Field(
        default="https://www.wikidata.org/w/api.php",
        description="URL of Wikidata's API, or of a mirror or cache of it.",
    )
    wikidata_sparql_url: WebUrl = Field(
        default="https://query.wikidata.org/sparql",
        description="URL of Wikidata's query service, or of a mirror or cache of it.",
    )
    tmdb_url: WebUrl = Field(
        default="https://api.themoviedb.org/3",
        description="Base URL of TMDB's API, or of a mirror or cache of it. It receives the token.",
    )
    tmdb_token: SecretStr | None = Field(
        default=None,
        description="Your API read access token or API key for TMDB. Without it, TMDB is not read.",
    )
    curator_roles: CommaSeparated[int] = Field(
        default=(),
        description="Ids of roles whose members may edit the catalog, separated by commas, besides "
        "the owner or team of the application.",
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="Log level: DEBUG, INFO, WARNING or ERROR."
    )

    @field_validator("discord_api_url")
    @classmethod
    def _keeps_the_token_secret(cls, url: str) -> str:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("must be an http(s) URL such as https://discord.com/api/v10")
        if parts.scheme == "http" and not _is_loopback(parts.hostname):
            raise ValueError(
                "must start with https://, because the token is sent to it; http:// is only "
                "allowed for this machine, such as http://127.0.0.1:8080/api/v10"
            )
        return url.rstrip("/")

    @model_validator(mode="before")
    @classmethod
    def _no_sources(cls, values: dict[str, object]) -> dict[str, object]:
        # Empty variables are ignored, but this one means something.
        is_empty = "sync_sources" not in values and _is_set_but_empty("SYNC_SOURCES")
        return {**values, "sync_sources": ()} if is_empty else values

    @field_validator("sync_countries")
    @classmethod
    def _known_countries(cls, codes: tuple[str, ...]) -> tuple[str, ...]:
        countries = tuple(code.upper() for code in codes)
        if unknown := [code for code in countries if code not in SYNC_COUNTRIES]:
            raise ValueError(f"unknown country {unknown[0]}; use {', '.join(SYNC_COUNTRIES)}")
        return countries

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
    except UnicodeDecodeError:
        raise OperatorError(f"{_ENV_FILE} is not UTF-8 text. Save it as UTF-8.") from None
    except OSError as error:
        raise OperatorError(f"Can't read {_ENV_FILE}: {error.strerror}.") from None


def token_warnings(settings: Settings) -> Iterator[str]:
    """Yield a warning for each setting through which others may learn the token."""
    host = urlsplit(settings.discord_api_url).hostname or ""
    if not (_is_loopback(host) or host == "discord.com" or host.endswith(".discord.com")):
        yield (
            f"DISCORD_API_URL is set to {host}, not to Discord: this host receives the bot token "
            "and everything the bot sends"
        )
    if _env_file_is_public() and _env_file_has_token():
        yield (
            f"other users of this machine can read or change {_ENV_FILE.absolute()}, which "
            f"contains the bot token; run: chmod 600 {_ENV_FILE}"
        )


def _is_set_but_empty(name: str) -> bool:
    values = {key.upper(): value for key, value in os.environ.items()}
    if name not in values and _ENV_FILE.is_file():
        values = {key.upper(): value or "" for key, value in dotenv_values(_ENV_FILE).items()}
    return values.get(name) == ""


def _env_file_is_public() -> bool:
    # Windows has no such permissions.
    if os.name != "posix" or not _ENV_FILE.is_file():
        return False
    return bool(_ENV_FILE.stat().st_mode & (stat.S_IROTH | stat.S_IWOTH))


def _env_file_has_token() -> bool:
    values = dotenv_values(_ENV_FILE)
    return any(value and name.upper() == "DISCORD_TOKEN" for name, value in values.items())


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _explain(error: ValidationError) -> str:
    # The values are not included: a setting may be a secret.
    problems = (
        f"{'.'.join(map(str, details['loc'])).upper()}: {details['msg']}"
        for details in error.errors()
    )
    return f"Invalid settings (environment or .env): {'; '.join(problems)}"
