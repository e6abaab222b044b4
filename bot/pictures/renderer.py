"""Draws pictures in a thread of its own, and keeps the latest."""

import asyncio
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Self

from bot.pictures.characters import coverage
from bot.pictures.picture import PictureContent, draw_picture

# How many pictures are kept. Many channels post the same one; each takes about 200 kB.
CACHE_SIZE = 100

# How many pictures may wait to be drawn. They are drawn one by one, in about 40 ms each.
MAX_PENDING = 50

# How long to wait for a picture, in seconds.
MAX_WAIT = 5.0


class PictureRenderer:
    """Draws pictures. Use it as a context manager, which stops the thread."""

    def __init__(self) -> None:
        self._executor = ThreadPoolExecutor(1, "pictures")
        self._drawn: dict[PictureContent, Future[bytes]] = {}

    async def __aenter__(self) -> Self:
        # It takes long the first time.
        self._executor.submit(coverage)
        return self

    async def __aexit__(self, *_error: object) -> None:
        self._executor.shutdown(wait=False, cancel_futures=True)

    async def render(self, content: PictureContent) -> bytes:
        """Return a picture, as JPEG.

        Raises TimeoutError if it takes too long, or too many others are waiting, and whatever went
        wrong if it cannot be drawn.
        """
        drawing = asyncio.wrap_future(self._draw(content))
        # Nobody may be waiting for an error any more.
        drawing.add_done_callback(lambda drawn: drawn.cancelled() or drawn.exception())
        # Others may wait for the same picture, so it is not canceled.
        done, _ = await asyncio.wait([drawing], timeout=MAX_WAIT)
        # It is canceled when the bot stops.
        if not done or drawing.cancelled():
            raise TimeoutError
        return drawing.result()

    def _draw(self, content: PictureContent) -> Future[bytes]:
        """Return the picture that was drawn, or is being drawn, or start to draw it."""
        drawing = self._drawn.pop(content, None)
        if drawing is None or (drawing.done() and drawing.exception()):
            if sum(not other.done() for other in self._drawn.values()) >= MAX_PENDING:
                raise TimeoutError
            drawing = self._executor.submit(draw_picture, content)
        # The latest is the last.
        self._drawn[content] = drawing
        if len(self._drawn) > CACHE_SIZE:
            del self._drawn[next(iter(self._drawn))]
        return drawing
