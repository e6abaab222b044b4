"""Pictures are drawn once, beside the event loop, and failures are the caller's."""

import asyncio
import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest

from bot.pictures import renderer
from bot.pictures.picture import PictureContent
from bot.pictures.renderer import CACHE_SIZE, MAX_PENDING, PictureRenderer
from tests.pictures.samples import SAMPLES

CONTENT = SAMPLES["english"]


class Drawing:
    """Replaces the drawing: it counts, waits while it is held, and can fail."""

    def __init__(self) -> None:
        self.contents: list[PictureContent] = []
        self.threads: set[int] = set()
        self.error: Exception | None = None
        self.released = threading.Event()
        self.released.set()

    def __call__(self, content: PictureContent) -> bytes:
        self.contents.append(content)
        self.threads.add(threading.get_ident())
        assert self.released.wait(10)
        if self.error:
            raise self.error
        return content.headline.encode()


@pytest.fixture
def drawing(monkeypatch: pytest.MonkeyPatch) -> Iterator[Drawing]:
    made = Drawing()
    monkeypatch.setattr(renderer, "draw_picture", made)
    yield made
    made.released.set()


async def test_channels_that_post_the_same_picture_share_it(drawing: Drawing) -> None:
    drawing.released.clear()
    async with PictureRenderer() as pictures:
        waiting = [asyncio.create_task(pictures.render(replace(CONTENT))) for _ in range(50)]
        await asyncio.sleep(0)
        drawing.released.set()
        assert await asyncio.gather(*waiting) == [b"D-7"] * 50
        assert await pictures.render(CONTENT) == b"D-7"
    assert drawing.contents == [CONTENT]


async def test_pictures_are_drawn_in_one_thread_beside_the_event_loop(drawing: Drawing) -> None:
    async with PictureRenderer() as pictures:
        others = [replace(CONTENT, headline=f"D-{days}") for days in range(10)]
        await asyncio.gather(*map(pictures.render, others))
    assert len(drawing.threads) == 1
    assert threading.get_ident() not in drawing.threads


async def test_only_the_latest_pictures_are_kept(drawing: Drawing) -> None:
    async with PictureRenderer() as pictures:
        for days in range(CACHE_SIZE):
            await pictures.render(replace(CONTENT, headline=f"D-{days}"))
        await pictures.render(replace(CONTENT, headline="D-0"))
        await pictures.render(replace(CONTENT, headline="new"))
        drawing.contents.clear()
        await pictures.render(replace(CONTENT, headline="D-0"))
        assert drawing.contents == []
        await pictures.render(replace(CONTENT, headline="D-1"))
        assert [one.headline for one in drawing.contents] == ["D-1"]


async def test_failure_is_raised_and_not_kept(drawing: Drawing) -> None:
    async with PictureRenderer() as pictures:
        drawing.error = OSError("no font")
        with pytest.raises(OSError, match="no font"):
            await pictures.render(CONTENT)
        drawing.error = None
        assert await pictures.render(CONTENT) == b"D-7"


async def test_picture_that_takes_too_long_is_not_waited_for(
    drawing: Drawing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(renderer, "MAX_WAIT", 0.01)
    drawing.released.clear()
    async with PictureRenderer() as pictures:
        with pytest.raises(TimeoutError):
            await pictures.render(CONTENT)
        drawing.released.set()
        monkeypatch.setattr(renderer, "MAX_WAIT", 10)
        assert await pictures.render(CONTENT) == b"D-7"
    assert drawing.contents == [CONTENT]


async def test_announcement_that_is_canceled_does_not_cancel_the_picture(
    drawing: Drawing,
) -> None:
    drawing.released.clear()
    async with PictureRenderer() as pictures:
        canceled = asyncio.create_task(pictures.render(CONTENT))
        other = asyncio.create_task(pictures.render(CONTENT))
        await asyncio.sleep(0.01)
        canceled.cancel()
        await asyncio.sleep(0)
        drawing.released.set()
        assert await other == b"D-7"


async def test_picture_that_would_wait_too_long_is_refused_at_once(drawing: Drawing) -> None:
    drawing.released.clear()
    async with PictureRenderer() as pictures:
        many = [replace(CONTENT, headline=f"D-{days}") for days in range(MAX_PENDING)]
        waiting = [asyncio.create_task(pictures.render(content)) for content in many]
        await asyncio.sleep(0)
        with pytest.raises(TimeoutError):
            await pictures.render(replace(CONTENT, headline="one more"))
        drawing.released.set()
        assert len(await asyncio.gather(*waiting)) == MAX_PENDING
        assert await pictures.render(replace(CONTENT, headline="one more")) == b"one more"


async def test_picture_that_is_drawn_no_more_is_a_timeout(drawing: Drawing) -> None:
    """When the bot stops, an announcement that is being sent goes out without it."""
    drawing.released.clear()
    async with PictureRenderer() as pictures:
        first = asyncio.create_task(pictures.render(CONTENT))
        waiting = asyncio.create_task(pictures.render(replace(CONTENT, headline="next")))
        await asyncio.sleep(0.05)
    with pytest.raises(TimeoutError):
        await waiting
    drawing.released.set()
    assert await first == b"D-7"
