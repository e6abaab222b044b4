"""The colors of pictures."""

from dataclasses import dataclass
from random import Random

Color = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Palette:
    """The colors of a picture: the sky from top to bottom, lights, and accents."""

    top: Color
    middle: Color
    bottom: Color
    light: Color
    accent: Color


_PALETTES = (
    Palette((12, 14, 38), (46, 38, 92), (190, 98, 128), (255, 220, 198), (255, 196, 170)),
    Palette((6, 22, 38), (16, 62, 86), (86, 148, 150), (224, 246, 232), (160, 230, 214)),
    Palette((26, 10, 32), (100, 26, 66), (228, 108, 90), (255, 226, 182), (255, 190, 160)),
    Palette((10, 12, 30), (30, 44, 98), (112, 134, 196), (236, 238, 255), (186, 204, 255)),
    Palette((28, 14, 18), (104, 46, 40), (222, 150, 88), (255, 238, 196), (255, 208, 140)),
    Palette((8, 24, 28), (20, 68, 66), (164, 172, 118), (252, 248, 210), (232, 230, 156)),
    Palette((20, 12, 44), (74, 38, 116), (206, 118, 184), (255, 226, 246), (250, 190, 232)),
    Palette((16, 18, 30), (58, 60, 88), (188, 148, 150), (252, 238, 228), (246, 212, 192)),
)


def palette_of(title_id: str) -> Palette:
    """Return the colors of a title."""
    return Random(f"{title_id} palette").choice(_PALETTES)  # noqa: S311
