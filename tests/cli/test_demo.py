"""`bonbang demo` as a process: how it starts and how it ends."""

import signal
import socket
import subprocess
from pathlib import Path

import pytest

from tests.support.process import BONBANG, bonbang, environment


def test_bot_starts_despite_invalid_records(tmp_path: Path) -> None:
    titles = tmp_path / "catalog" / "titles"
    titles.mkdir(parents=True)
    (titles / "a.toml").write_text("id = ")
    run = bonbang(tmp_path, "demo", "/about", CATALOG_PATH=str(tmp_path / "catalog"))
    assert run.returncode == 0
    assert "a.toml" in run.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_demo_exits_cleanly_on_a_signal(tmp_path: Path, number: signal.Signals) -> None:
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
    process.send_signal(number)
    _out, err = process.communicate(timeout=20)
    assert (process.returncode, err) == (0, "")


def test_port_that_is_in_use_is_named(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        run = bonbang(tmp_path, "demo", "--port", str(port))
    assert run.returncode == 2
    [line] = run.stderr.splitlines()
    assert (
        line == f"Can't serve the page: preview could not bind port {port}. Choose another --port."
    )
