"""Reads lines from standard input without blocking the event loop."""

import asyncio
import os
import sys
import threading
from collections.abc import AsyncIterator


async def read_lines() -> AsyncIterator[str]:
    """Yield the lines of standard input until it ends."""
    loop, chunks = asyncio.get_running_loop(), asyncio.Queue[bytes]()

    def read() -> None:
        # os.read does not hold the lock of sys.stdin. The waiting thread therefore does not block
        # the exit of the process.
        chunk = b"-"
        while chunk:
            try:
                chunk = os.read(sys.stdin.fileno(), 4096)
            except OSError:
                chunk = b""
            loop.call_soon_threadsafe(chunks.put_nowait, chunk)

    threading.Thread(target=read, name="keyboard", daemon=True).start()
    rest = b""
    while chunk := await chunks.get():
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            yield line.decode("utf-8", "replace").strip()
    if rest:
        yield rest.decode("utf-8", "replace").strip()
