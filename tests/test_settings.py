"""Settings: what is refused, and what is warned about because it may reveal the token."""

from pathlib import Path

import pytest

from bot.errors import OperatorError
from bot.settings import load_settings, token_warnings

TOKEN = "MTIz.secret.token-of-a-bot"  # noqa: S105
DISCORD = "https://discord.com/api/v10"


@pytest.fixture(autouse=True)
def _empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("DISCORD_TOKEN", "DISCORD_API_URL"):
        monkeypatch.delenv(name, raising=False)


def api_url(monkeypatch: pytest.MonkeyPatch, url: str) -> str:
    monkeypatch.setenv("DISCORD_API_URL", url)
    return load_settings().discord_api_url


@pytest.mark.parametrize(
    "url",
    [
        "http://discord.com/api/v10",
        "http://proxy:8080/api/v10",
        "http://192.168.0.2/api",
        "http://127.0.0.1@evil.example/api",
        "http://localhost.evil.example/api",
        "http://127.0.0.1.evil.example/api",
    ],
)
def test_plain_http_to_another_machine_is_refused(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(OperatorError, match=r"DISCORD_API_URL: .*must start with https://"):
        api_url(monkeypatch, url)


@pytest.mark.parametrize("url", ["https://:80", "ftp://discord.com", "discord.com", "http://"])
def test_url_without_scheme_or_host_is_refused(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(OperatorError, match=r"DISCORD_API_URL: .*http\(s\) URL"):
        api_url(monkeypatch, url)


@pytest.mark.parametrize(
    "url",
    [
        DISCORD,
        "https://canary.discord.com/api/v10",
        "http://127.0.0.1:8080/api/v10",
        "http://[::1]:8080/api/v10",
        "http://localhost:8080/api/v10",
    ],
)
def test_discord_and_this_machine_need_no_warning(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert api_url(monkeypatch, url) == url
    assert list(token_warnings(load_settings())) == []


@pytest.mark.parametrize("host", ["proxy.example", "evildiscord.com", "discord.com.evil.example"])
def test_another_host_is_warned_about(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    api_url(monkeypatch, f"https://user:password@{host}/api/v10")
    [warning] = token_warnings(load_settings())
    assert f"set to {host}," in warning
    assert "password" not in warning


@pytest.mark.parametrize(
    ("mode", "text", "warned"),
    [
        (0o644, f"DISCORD_TOKEN={TOKEN}", True),
        (0o602, f"discord_token={TOKEN}", True),
        (0o640, f"DISCORD_TOKEN={TOKEN}", False),
        (0o600, f"DISCORD_TOKEN={TOKEN}", False),
        (0o666, "DISCORD_TOKEN=\nLOG_LEVEL=INFO", False),
    ],
)
def test_env_file_that_others_can_use_is_warned_about(mode: int, text: str, warned: bool) -> None:
    file = Path(".env")
    file.write_text(text)
    file.chmod(mode)
    warnings = list(token_warnings(load_settings()))
    assert len(warnings) == warned
    assert all("chmod 600 .env" in warning and TOKEN not in warning for warning in warnings)


def test_env_file_that_is_not_utf_8_is_refused() -> None:
    Path(".env").write_bytes(b"LOG_LEVEL=caf\xe9")
    with pytest.raises(OperatorError, match=r"\.env is not UTF-8 text"):
        load_settings()


def test_lists_are_separated_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SYNC_SOURCES", "tvmaze, tmdb")
    monkeypatch.setenv("SYNC_COUNTRIES", "kr,JP,")
    monkeypatch.setenv("CURATOR_ROLES", "123, 456")
    settings = load_settings()
    assert settings.sync_sources == ("tvmaze", "tmdb")
    assert settings.sync_countries == ("KR", "JP")
    assert settings.curator_roles == (123, 456)


@pytest.mark.parametrize("in_file", [True, False])
def test_empty_sync_sources_are_none(in_file: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_settings().sync_sources == ("tvmaze", "wikidata")
    if in_file:
        Path(".env").write_text("SYNC_SOURCES=\nLOG_LEVEL=\n")
    else:
        monkeypatch.setenv("SYNC_SOURCES", "")
    settings = load_settings()
    assert (settings.sync_sources, settings.log_level) == ((), "INFO")


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("SYNC_SOURCES", "imdb", "SYNC_SOURCES.0: Input should be 'tvmaze'"),
        ("SYNC_COUNTRIES", "US", "unknown country US; use KR"),
        ("CURATOR_ROLES", "Curators", "CURATOR_ROLES.0"),
        ("TVMAZE_URL", "api.tvmaze.com", "TVMAZE_URL: .*http"),
    ],
)
def test_wrong_sync_settings_are_named(
    name: str, value: str, problem: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(OperatorError, match=problem):
        load_settings()
