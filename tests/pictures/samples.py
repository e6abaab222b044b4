"""Pictures that are compared with the golden images.

    python -m tests.pictures.samples

draws the golden images again. Look at them before you commit them.
"""

from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image

from bot.pictures.picture import PictureContent, draw_picture

GOLDENS = Path(__file__).parent / "goldens"
SIZE = 400, 225
_TILE = 9

SAMPLES = {
    "english": PictureContent(
        title_id="soul-mate", headline="D-7", title="Soul Mate", original="ソウルメイト",
        event="Premiere", date="May 14, 2026", language="en", original_language="ja",
    ),
    "korean": PictureContent(
        title_id="crash-landing", headline="D-Day", title="사랑의 불시착", original=None,
        event="첫 방송", date="2019년 12월 14일", language="ko", original_language="ko",
    ),
    "thai": PictureContent(
        title_id="mister", headline="D-3", title="คุณพี่ชายของฉัน ปิ่นปั้นที่สุด ผู้ฝั่ง",
        original="나의 아저씨", event="ออกอากาศครั้งแรก", date="21 มีนาคม 2018",
        language="th", original_language="ko",
    ),
    "chinese": PictureContent(
        title_id="queen", headline="已上線", title="淚之女王", original="눈물의 여왕",
        event="首播", date="2024年3月9日", language="zh", original_language="ko",
    ),
    "longest": PictureContent(
        title_id="y", headline="Jetzt verfügbar",
        title="Alles, was Sie schon immer über die außergewöhnliche Anwältin wissen wollten",
        original="이상한 변호사 우영우가 물어보기 두려워했던 모든 것과 당신이 알고 싶던 이야기",
        event="Start der Staffel 2", date="31. Dezember 2026", language="de",
        original_language="ko",
    ),
}  # fmt: skip


def shrink(data: bytes) -> Image.Image:
    """A picture in the size of the golden images."""
    return Image.open(BytesIO(data)).convert("RGB").resize(SIZE, Image.Resampling.BOX)


def largest_difference(image: Image.Image, other: Image.Image) -> float:
    """The mean difference, in levels of 255, of the small tile that differs most."""
    difference = np.abs(np.asarray(image, np.float32) - np.asarray(other, np.float32)).mean(axis=2)
    rows, columns = SIZE[1] // _TILE, SIZE[0] // _TILE
    tiles = difference[: rows * _TILE, : columns * _TILE].reshape(rows, _TILE, columns, _TILE)
    return float(tiles.mean(axis=(1, 3)).max())


def golden(name: str) -> Image.Image:
    return Image.open(GOLDENS / f"{name}.webp").convert("RGB")


def main() -> None:
    for name, content in SAMPLES.items():
        shrink(draw_picture(content)).save(GOLDENS / f"{name}.webp", quality=92, method=6)


if __name__ == "__main__":
    main()
