"""What a host sees when something is set up wrong: one clear line, exit code 2, no traceback."""

import resource
import signal
import sqlite3
import subprocess
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.process import BONBANG, bonbang, environment
from tests.trouble import locked

CATALOG = Path(__file__).parent.parent / "data" / "catalog"
TOKEN = "MTIz.secret.token-of-a-bot"  # noqa: S105


def the_one_line(run: subprocess.CompletedProcess[str]) -> str:
    """What was said, having made sure that it is one line and nothing else went wrong."""
    assert run.returncode == 2, run.stderr
    assert run.stdout == ""
    assert "Traceback" not in run.stderr
    [line] = [x for x in run.stderr.splitlines() if " INFO " not in x and " DEBUG " not in x]
    return line


def test_a_missing_token(tmp_path: Path) -> None:
    assert "DISCORD_TOKEN is not set" in the_one_line(bonbang(tmp_path, "run"))


def test_bad_settings_are_all_named_and_never_shown(tmp_path: Path) -> None:
    run = bonbang(tmp_path, "run", LOG_LEVEL="LOUD", DISCORD_API_URL="ftp://x", DISCORD_TOKEN=TOKEN)
    line = the_one_line(run)
    assert "LOG_LEVEL" in line
    assert "DISCORD_API_URL" in line
    assert TOKEN not in line


def test_settings_are_read_from_a_file(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("LOG_LEVEL=LOUD\n")
    assert "LOG_LEVEL" in the_one_line(bonbang(tmp_path, "run"))


@pytest.mark.parametrize("url", ["nonsense", "mysql://localhost/x", "postgresql://x/y"])
def test_a_database_address_that_cannot_be_used(tmp_path: Path, url: str) -> None:
    run = bonbang(tmp_path, "run", DATABASE_URL=url, DISCORD_TOKEN=TOKEN)
    assert "DATABASE_URL" in the_one_line(run)


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "bonbang.db").write_text("once upon a time " * 500)
    line = the_one_line(bonbang(tmp_path, "run", DISCORD_TOKEN=TOKEN))
    assert "file is not a database" in line
    assert "DATABASE_URL" in line


def test_a_database_whose_pages_are_damaged(tmp_path: Path) -> None:
    assert bonbang(tmp_path, "demo", "/about").returncode == 0
    bonbang(tmp_path, "catalog", "import", str(CATALOG))
    file = tmp_path / "bonbang.db"
    whole = file.read_bytes()
    file.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))
    for leftover in tmp_path.glob("bonbang.db-*"):
        leftover.unlink()
    line = the_one_line(bonbang(tmp_path, "run", DISCORD_TOKEN=TOKEN))
    assert "malformed" in line


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    url = f"sqlite:///{tmp_path / 'file' / 'bonbang.db'}"
    run = bonbang(tmp_path, "run", DATABASE_URL=url, DISCORD_TOKEN=TOKEN)
    assert str(tmp_path / "file") in the_one_line(run)


def test_a_database_made_by_a_newer_bonbang(tmp_path: Path) -> None:
    assert bonbang(tmp_path, "catalog", "search", "x").returncode == 0
    with sqlite3.connect(tmp_path / "bonbang.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    line = the_one_line(bonbang(tmp_path, "run", DISCORD_TOKEN=TOKEN))
    assert "newer Bonbang" in line


def test_discord_out_of_reach(tmp_path: Path) -> None:
    run = bonbang(
        tmp_path, "run", DISCORD_TOKEN=TOKEN, DISCORD_API_URL="http://127.0.0.1:9/api/v10"
    )
    line = the_one_line(run)
    assert "127.0.0.1:9" in line
    assert TOKEN not in run.stderr


class _Refusing(BaseHTTPRequestHandler):
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
def refusing() -> Iterator[str]:
    """A Discord that refuses every token."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Refusing) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/api/v10"
        server.shutdown()
        thread.join()


def test_a_refused_token_is_not_shown_in_any_log(tmp_path: Path, refusing: str) -> None:
    run = bonbang(tmp_path, "run", DISCORD_TOKEN=TOKEN, DISCORD_API_URL=refusing, LOG_LEVEL="DEBUG")
    assert "refused DISCORD_TOKEN" in the_one_line(run)
    assert TOKEN not in run.stderr


def test_wrong_records_do_not_keep_the_bot_down(tmp_path: Path) -> None:
    wrong = tmp_path / "catalog" / "titles"
    wrong.mkdir(parents=True)
    (wrong / "a.toml").write_text("id = ")
    run = bonbang(tmp_path, "demo", "/about", CATALOG_PATH=str(tmp_path / "catalog"))
    assert run.returncode == 0
    assert "a.toml" in run.stderr


@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM])
def test_the_demo_ends_cleanly_when_told(tmp_path: Path, told: signal.Signals) -> None:
    process = subprocess.Popen(
        [*BONBANG, "demo"],
        cwd=tmp_path,
        env=environment(tmp_path / "bonbang.db"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    assert process.stdout is not None
    for line in process.stdout:
        if "Ctrl-C" in line:
            break
    process.send_signal(told)
    _out, err = process.communicate(timeout=20)
    assert (process.returncode, err) == (0, "")


def no_room(bytes_: int) -> Callable[[], None]:
    """What lets no file of a process grow beyond a size, as a full disk or a quota would."""
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (bytes_, bytes_))


def test_a_database_that_cannot_be_written_for_now(tmp_path: Path) -> None:
    """Locked, with no room at the start, with none in the middle of an import; and then it can."""
    taking_in = ["catalog", "import", str(CATALOG)]
    with locked(tmp_path / "bonbang.db"):
        for command in (["run"], taking_in):
            line = the_one_line(bonbang(tmp_path, *command, DISCORD_TOKEN=TOKEN))
            assert "database is locked. Another process is writing to it" in line
    for room in (10_000, 150_000):
        line = the_one_line(bonbang(tmp_path, *taking_in, before=no_room(room)))
        assert "whether its disk is full" in line
    assert "Took in 12" in bonbang(tmp_path, *taking_in).stdout
