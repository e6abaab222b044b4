"""Lines typed while other things go on."""

import asyncio
import os
import sys
import threading
from collections.abc import AsyncIterator


async def typed_lines() -> AsyncIterator[str]:
    """The lines of standard input as they come, until it ends."""
    loop, chunks = asyncio.get_running_loop(), asyncio.Queue[bytes]()

    def read() -> None:
        # A thread that waits in os.read holds no lock of sys.stdin, so it does not stand in the
        # way when the process ends before the input does.
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
