"""Paints what is under the sky: hills, the sea or a city."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.pictures.palettes import Palette

Pixels = NDArray[np.float32]

WIDTH, HEIGHT = 1200, 675

_HORIZON = 520


@dataclass(frozen=True, slots=True)
class Moon:
    """The center and the radius of the moon, in pixels."""

    x: float
    y: float
    radius: float


def blend(pixels: Pixels, amount: NDArray[Any], color: Sequence[float] | NDArray[Any]) -> None:
    """Change pixels towards a color, by amounts from 0 to 1."""
    pixels += amount[..., None].astype(np.float32) * (np.asarray(color, np.float32) - pixels)


def paint_hills(pixels: Pixels, _moon: Moon, palette: Palette, random: Random) -> None:
    """Paint three ranges of hills. The nearer ones are lower and darker."""
    x = np.arange(WIDTH, dtype=np.float32) / WIDTH
    for depth in range(3):
        line = np.zeros(WIDTH, np.float32)
        for octave in range(5):
            frequency = (4.2 + 1.4 * depth) * 1.9**octave
            line += np.sin(x * frequency + random.uniform(0, 6.3)) * 0.5**octave
        ridge = _HORIZON + 26 + depth * 40 - line * (30 - depth * 5)
        top = int(ridge.min()) - 1
        rows = np.arange(top, HEIGHT, dtype=np.float32)[:, None]
        color = _shade(palette, 0.45 + 0.25 * depth)
        blend(pixels[top:], np.clip(rows - ridge[None, :], 0, 1) * 0.94, color)


def paint_sea(pixels: Pixels, moon: Moon, palette: Palette, random: Random) -> None:
    """Paint the sea, in which the moon glitters."""
    water = pixels[_HORIZON:]
    depth = np.linspace(0, 1, len(water), dtype=np.float32)[:, None]
    blend(water, np.repeat(0.62 + 0.33 * depth, WIDTH, axis=1), _shade(palette, 0.75))
    for _ in range(420):
        row = int(len(water) * random.random() ** 1.5)
        spread = 30 + moon.radius * 0.5 + row * 1.1
        center, length = random.gauss(moon.x, spread * 0.55), random.uniform(5, 16 + row * 0.3)
        nearness = np.exp(-(((center - moon.x) / spread) ** 2))
        left, right = max(int(center - length), 0), max(int(center + length), 0)
        glint = water[row : row + 1 + row // 70, left:right]
        amount = np.full(glint.shape[:2], nearness * random.uniform(0.1, 0.6))
        blend(glint, amount, palette.light)


def paint_city(pixels: Pixels, _moon: Moon, palette: Palette, random: Random) -> None:
    """Paint two rows of buildings, with lights in some windows."""
    for depth, (lowest, highest, share) in enumerate(((70, 190, 0.0), (30, 140, 0.16))):
        color = np.array(_shade(palette, 0.55 + 0.4 * depth), np.float32)
        left = -random.randrange(40)
        while left < WIDTH:
            width = random.randrange(34, 92)
            top = HEIGHT - 40 - int(random.triangular(lowest, highest))
            building = pixels[top:, max(left, 0) : left + width]
            blend(building, np.full(building.shape[:2], 0.86 + 0.1 * depth), color)
            _light_windows(building, palette, random, share)
            left += width + random.choice((0, 0, 3, 14))


def _light_windows(building: Pixels, palette: Palette, random: Random, share: float) -> None:
    """Light a share of the windows of a building."""
    for y in range(9, len(building) - 8, 13):
        for x in range(7, building.shape[1] - 9, 11):
            if random.random() < share:
                window = building[y : y + 6, x : x + 4]
                amount = np.full(window.shape[:2], random.uniform(0.25, 0.8))
                blend(window, amount, palette.accent)


def _shade(palette: Palette, nearness: float) -> Pixels:
    """Return the color of something dark: the greater `nearness` is, the darker."""
    far, near = np.array(palette.middle), np.array(palette.top)
    return (far + (near * 0.7 - far) * nearness).astype(np.float32)


SCENES = (paint_hills, paint_sea, paint_city)
"""The functions that paint what is under the sky."""
