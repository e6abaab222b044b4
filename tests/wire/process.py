"""The bot in a process of its own, which tests kill, terminate and restart."""

import asyncio
import signal
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Self

from tests.support.process import BONBANG, environment
from tests.wire.fake_discord import WireDiscord
from tests.wire.polling import until

RUN = (*BONBANG, "run")

_EXIT_TIMEOUT = 20.0


class BotProcess:
    """`python -m bot run` against a simulated Discord, in a folder of its own.

    As a context manager it starts the process, and kills it at the end. After `kill` or
    `terminate`, `start` starts it again with the same folder and database. `database` is a file
    or a URL. Another `command` runs another bot.
    """

    def __init__(
        self,
        discord: WireDiscord,
        folder: Path,
        *,
        database: Path | str | None = None,
        command: Sequence[str] = RUN,
        **settings: str,
    ) -> None:
        self._discord = discord
        self._identified_before = 0
        self._folder = folder
        self._command = command
        self._log = folder / "bot.log"
        self.environment = environment(
            database or folder / "bonbang.db",
            **{
                "DISCORD_TOKEN": discord.token,
                "DISCORD_API_URL": discord.api_url,
                **settings,
            },
        )
        self._process: subprocess.Popen[bytes] | None = None

    async def __aenter__(self) -> Self:
        self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        self.kill()

    @property
    def running(self) -> bool:
        """Whether the process runs."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start the process; it connects later."""
        assert not self.running, "started twice"
        self._identified_before = self._discord.gateway.identified
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command,
                cwd=self._folder,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=log,
            )

    async def connected(self, within: float = 20.0) -> None:
        """Wait until a bot has identified since this one was started. If several are started at
        once, use `WireDiscord.connected`."""
        gateway = self._discord.gateway
        await until(
            lambda: gateway.identified > self._identified_before or not self.running, within
        )
        assert self.running, f"the bot ended:\n{self.log()}"

    @property
    def pid(self) -> int:
        """The process's id."""
        assert self._process is not None, "never started"
        return self._process.pid

    def kill(self) -> None:
        """Kill the process (SIGKILL), if it runs."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    async def terminate(self) -> int:
        """Terminate the process (SIGTERM). Returns its exit code. Raises TimeoutExpired."""
        assert self._process is not None, "never started"
        self._process.send_signal(signal.SIGTERM)
        return await asyncio.to_thread(self._process.wait, _EXIT_TIMEOUT)

    async def exited(self, within: float = 20.0) -> int:
        """Wait until the process ends by itself. Returns its exit code. Raises TimeoutError."""
        await until(lambda: not self.running, within)
        assert self._process is not None
        return self._process.wait()

    async def logged(self, text: str, *, times: int = 1, within: float = 20.0) -> None:
        """Wait until it has logged a text so often. Raises TimeoutError."""
        await until(lambda: self.log().count(text) >= times, within)

    def log(self) -> str:
        """What it has written to standard error, over all starts."""
        return self._log.read_text(encoding="utf-8")
