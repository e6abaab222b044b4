"""What every command does before and around its work: settings, signals, errors."""

from pathlib import Path

from tests.support.process import bonbang, only_error_line

TOKEN = "MTIz.secret.token-of-a-bot"  # noqa: S105


def test_invalid_settings_are_all_named_without_their_values(tmp_path: Path) -> None:
    run = bonbang(tmp_path, "run", LOG_LEVEL="LOUD", DISCORD_API_URL="ftp://x", DISCORD_TOKEN=TOKEN)
    line = only_error_line(run)
    assert "LOG_LEVEL" in line
    assert "DISCORD_API_URL" in line
    assert TOKEN not in line


def test_settings_are_read_from_the_env_file(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("LOG_LEVEL=LOUD\n")
    assert "LOG_LEVEL" in only_error_line(bonbang(tmp_path, "run"))


def test_env_file_that_is_not_utf_8_is_one_line(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"LOG_LEVEL=caf\xe9")
    assert ".env is not UTF-8" in only_error_line(bonbang(tmp_path, "run"))
