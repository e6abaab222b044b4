"""The fonts of pictures, and which of them has which character."""

import unicodedata
from collections.abc import Iterator
from enum import StrEnum
from functools import lru_cache
from itertools import groupby
from pathlib import Path

from PIL import ImageFont
from PIL.ImageFont import FreeTypeFont

from bot.pictures.characters import coverage
from bot.pictures.thai import compose_clusters

_FOLDER = Path(__file__).parent / "fonts"
_HAN_FONTS = ("Japanese.otf", "Chinese.otf")


class Style(StrEnum):
    """The cut of Latin, Greek and Cyrillic letters: for large or for small sizes."""

    DISPLAY = "Display.ttf"
    TEXT = "Text.ttf"


def prepare_text(text: str) -> str:
    """Return a text as it is drawn: one line, composed characters and Thai clusters."""
    return compose_clusters(unicodedata.normalize("NFC", " ".join(text.split())))


def is_drawable(prepared: str) -> bool:
    """Return whether there is a glyph for every character of a text from `prepare_text`."""
    covered = coverage().values()
    return all(any(character in font for font in covered) for character in prepared)


class Typeface:
    """The fonts of one style. Han characters have the form that is usual in `language`."""

    def __init__(self, style: Style, language: str) -> None:
        han = reversed(_HAN_FONTS) if language == "zh" else _HAN_FONTS
        self._files = (str(style), "Thai.ttf", "Korean.otf", *han)

    def runs(self, prepared: str, size: int) -> Iterator[tuple[str, FreeTypeFont]]:
        """Split a text from `prepare_text` into runs, each with the font that has it."""
        for file, characters in groupby(prepared, self._font_file):
            yield "".join(characters), _load(file, size)

    def width(self, prepared: str, size: int) -> float:
        """Return the width of a text from `prepare_text`, in pixels."""
        return sum(_advance(self._font_file(character), size, character) for character in prepared)

    def left_bearing(self, prepared: str, size: int) -> int:
        """Return the distance from the start of a text to its ink, in pixels."""
        return next((int(font.getbbox(text)[0]) for text, font in self.runs(prepared, size)), 0)

    def _font_file(self, character: str) -> str:
        return _find_file(character, self._files)


@lru_cache(10_000)
def _find_file(character: str, files: tuple[str, ...]) -> str:
    covered = coverage()
    return next((file for file in files if character in covered[file]), files[0])


@lru_cache(10_000)
def _advance(file: str, size: int, character: str) -> float:
    # There is no kerning, so the width of a text is that of its characters.
    return _load(file, size).getlength(character)


@lru_cache(64)
def _load(file: str, size: int) -> FreeTypeFont:
    # The layout engine that every machine has, so that pictures are the same everywhere.
    return ImageFont.truetype(_FOLDER / file, size, layout_engine=ImageFont.Layout.BASIC)
