"""`bonbang run` with a wrong setup: one clear line, exit code 2, no traceback."""

import sqlite3
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.conftest import SAMPLE
from tests.support.process import bonbang, only_error_line

TOKEN = "MTIz.secret.token-of-a-bot"  # noqa: S105


def test_missing_token(tmp_path: Path) -> None:
    assert "DISCORD_TOKEN is not set" in only_error_line(bonbang(tmp_path, "run"))


@pytest.mark.parametrize("url", ["nonsense", "mysql://localhost/x", "postgresql://x/y"])
def test_unusable_database_url(tmp_path: Path, url: str) -> None:
    run = bonbang(tmp_path, "run", DATABASE_URL=url, DISCORD_TOKEN=TOKEN)
    assert "DATABASE_URL" in only_error_line(run)


def test_file_that_is_not_a_database(tmp_path: Path) -> None:
    (tmp_path / "bonbang.db").write_text("once upon a time " * 500)
    line = only_error_line(bonbang(tmp_path, "run", DISCORD_TOKEN=TOKEN))
    assert "file is not a database" in line
    assert "DATABASE_URL" in line


def test_damaged_database(tmp_path: Path) -> None:
    assert bonbang(tmp_path, "demo", "/about").returncode == 0
    bonbang(tmp_path, "catalog", "import", str(SAMPLE))
    file = tmp_path / "bonbang.db"
    whole = file.read_bytes()
    file.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))
    for leftover in tmp_path.glob("bonbang.db-*"):
        leftover.unlink()
    line = only_error_line(bonbang(tmp_path, "run", DISCORD_TOKEN=TOKEN))
    assert "malformed" in line


def test_folder_that_cannot_be_created(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    url = f"sqlite:///{tmp_path / 'file' / 'bonbang.db'}"
    run = bonbang(tmp_path, "run", DATABASE_URL=url, DISCORD_TOKEN=TOKEN)
    assert str(tmp_path / "file") in only_error_line(run)


def test_database_of_a_newer_version(tmp_path: Path) -> None:
    assert bonbang(tmp_path, "catalog", "search", "x").returncode == 0
    with sqlite3.connect(tmp_path / "bonbang.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    line = only_error_line(bonbang(tmp_path, "run", DISCORD_TOKEN=TOKEN))
    assert "newer version of Bonbang" in line


@pytest.mark.parametrize("token", ["two\nlines", "esc\x1b"])
def test_token_that_cannot_be_one(tmp_path: Path, token: str) -> None:
    run = bonbang(tmp_path, "run", DISCORD_TOKEN=token)
    assert "rejected DISCORD_TOKEN" in only_error_line(run)


def test_api_url_with_an_impossible_port(tmp_path: Path) -> None:
    run = bonbang(tmp_path, "run", DISCORD_TOKEN=TOKEN, DISCORD_API_URL="http://host:99999/api")
    assert "DISCORD_API_URL" in only_error_line(run)


class _Unauthorized(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(401)
        body = b'{"message": "401: Unauthorized", "code": 0}'
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


@pytest.fixture
def rejecting_discord() -> Iterator[str]:
    """The URL of a Discord that rejects every token."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Unauthorized) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/api/v10"
        server.shutdown()
        thread.join()


def test_rejected_token_is_not_logged(tmp_path: Path, rejecting_discord: str) -> None:
    run = bonbang(
        tmp_path, "run", DISCORD_TOKEN=TOKEN, DISCORD_API_URL=rejecting_discord, LOG_LEVEL="DEBUG"
    )
    assert "rejected DISCORD_TOKEN" in only_error_line(run)
    assert TOKEN not in run.stderr
