"""Paints the background of a picture: a night sky with a moon over hills, the sea or a city.

Every title has its own, drawn from its id.
"""

from functools import cache
from random import Random

import numpy as np
from PIL import Image

from bot.pictures.palettes import Palette, palette_of
from bot.pictures.scenery import HEIGHT, SCENES, WIDTH, Moon, Pixels, blend

# What is soft is painted small, and enlarged.
_SCALE = 6
_SMALL_WIDTH, _SMALL_HEIGHT = WIDTH // _SCALE, -(-HEIGHT // _SCALE)

# The standard deviation of the film grain, in levels of 255. It also hides the steps of gradients.
_GRAIN = 3.6


def paint_background(title_id: str) -> Image.Image:
    """Paint the background of a title, of WIDTH × HEIGHT pixels."""
    random, palette = Random(f"{title_id} scene"), palette_of(title_id)  # noqa: S311
    moon = Moon(random.uniform(880, 1010), random.uniform(170, 290), random.uniform(118, 176))
    pixels = _enlarge(_paint_sky(palette, moon, random))
    _add_stars(pixels, random)
    _add_moon(pixels, moon, palette)
    random.choice(SCENES)(pixels, moon, palette, random)
    pixels += _grain()
    return Image.fromarray(np.clip(pixels, 0, 255, out=pixels).astype(np.uint8))


def _paint_sky(palette: Palette, moon: Moon, random: Random) -> Pixels:
    """Paint the sky, the moon's glow and blurred lights, small."""
    y, x = np.mgrid[0:_SMALL_HEIGHT, 0:_SMALL_WIDTH].astype(np.float32) * _SCALE + _SCALE / 2
    sky = np.empty((*y.shape, 3), np.float32)
    for channel, levels in enumerate(zip(palette.top, palette.middle, palette.bottom, strict=True)):
        sky[..., channel] = np.interp(y, (0, 0.52 * HEIGHT, HEIGHT), levels)
    distance = np.hypot(x - moon.x, y - moon.y) / moon.radius
    blend(sky, 0.6 * np.exp(-distance / 1.5), palette.light)
    for _ in range(random.randint(18, 28)):
        radius = random.triangular(8, 46, 16)
        center_x, center_y = random.uniform(340, 1230), random.triangular(240, 640, 540)
        distance = np.hypot(x - center_x, y - center_y) / radius
        disk = np.clip((1 - distance) * radius / 8, 0, 1) * np.clip(0.55 + 0.45 * distance, 0, 1)
        color = random.choice((palette.light, palette.accent))
        blend(sky, disk * random.uniform(0.08, 0.32), color)
    # The text is on the left.
    sky *= (1 - 0.42 * np.clip(1 - x / 900, 0, 1))[..., None]
    return sky


def _enlarge(small: Pixels) -> Pixels:
    image = Image.fromarray(np.clip(small, 0, 255).astype(np.uint8))
    size = _SMALL_WIDTH * _SCALE, _SMALL_HEIGHT * _SCALE
    large = image.resize(size, Image.Resampling.BICUBIC).crop((0, 0, WIDTH, HEIGHT))
    return np.array(large, np.float32)


def _add_stars(pixels: Pixels, random: Random) -> None:
    for _ in range(70):
        x, y = random.randrange(WIDTH - 2), int(random.triangular(0, 330, 0))
        brightness = random.triangular(20, 150, 30)
        pixels[y, x] += brightness
        pixels[y : y + 2, x : x + 2] += brightness / 2


def _add_moon(pixels: Pixels, moon: Moon, palette: Palette) -> None:
    """Add the moon. Haze covers it towards the horizon."""
    left, top = int(moon.x - moon.radius) - 2, int(moon.y - moon.radius) - 2
    top, end = max(top, 0), int(moon.radius) * 2 + 6
    part = pixels[top : top + end, left : left + end]
    y, x = np.mgrid[top : top + part.shape[0], left : left + part.shape[1]].astype(np.float32)
    disk = np.clip(moon.radius - np.hypot(x - moon.x, y - moon.y), 0, 1)
    height = (moon.y - y) / moon.radius
    blend(part, disk * np.clip(0.62 + 0.32 * height, 0.22, 0.92), palette.light)


@cache
def _grain() -> Pixels:
    noise = np.random.default_rng(7).normal(0, _GRAIN, (HEIGHT, WIDTH, 1))
    return noise.astype(np.float32)
