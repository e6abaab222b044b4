"""Draws the picture of an announcement."""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageDraw, ImageFilter

from bot.pictures.background import paint_background
from bot.pictures.palettes import Color, Palette, palette_of
from bot.pictures.scenery import HEIGHT, WIDTH
from bot.pictures.text_fitting import FittedText, fit_text
from bot.pictures.typeface import Style, Typeface, is_drawable, prepare_text

FILE_NAME = "countdown.jpg"
MARGIN = 80

_TEXT_WIDTH = WIDTH - 2 * MARGIN
_WHITE: Color = (255, 252, 248)
_MARK = "본방 Bonbang"

# Baselines and edges, in pixels from the top.
_EVENT_BASELINE = 106
_HEADLINE_BASELINE = 290
_TITLE_TOP = 330
_RULE = 562
_DATE_BASELINE = 620

_SHADOW_SCALE = 5
_QUALITY = 88


@dataclass(frozen=True, slots=True)
class PictureContent:
    """What a picture shows.

    `title_id` decides its colors. `original` is the title in its own script, in
    `original_language`, or None to show only `title`. The other texts are in `language`. Languages
    are BCP 47 tags without region.
    """

    title_id: str
    headline: str
    title: str
    original: str | None
    event: str | None
    date: str
    language: str
    original_language: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text: where its baseline begins, and how it looks."""

    text: str
    x: int
    baseline: int
    size: int
    typeface: Typeface
    color: Color
    stroke: int = 0


def draw_picture(content: PictureContent) -> bytes:
    """Draw a picture, as JPEG."""
    palette = palette_of(content.title_id)
    picture = paint_background(content.title_id)
    lines = list(lay_out(content))
    _draw_shadow(picture, lines)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((MARGIN, _RULE, MARGIN + 96, _RULE + 2), fill=palette.accent)
    for line in lines:
        _draw_line(draw, line, line.color)
    encoded = BytesIO()
    picture.save(encoded, "JPEG", quality=_QUALITY, subsampling=0)
    return encoded.getvalue()


def is_showable(text: str) -> bool:
    """Return whether the fonts have every character of a text."""
    return is_drawable(prepare_text(text))


def lay_out(content: PictureContent) -> Iterator[Line]:
    """Return every line of text, within the margins."""
    palette = palette_of(content.title_id)
    display = Typeface(Style.DISPLAY, content.language)
    small = Typeface(Style.TEXT, content.language)
    if content.event:
        yield from _one_line(content.event, small, 38, _EVENT_BASELINE, palette.accent)
    yield from _headline(content.headline, display)
    yield from _titles(content, palette)
    yield from _one_line(content.date, small, 40, _DATE_BASELINE, _WHITE, _TEXT_WIDTH - 240)
    mark = prepare_text(_MARK)
    yield Line(
        mark,
        WIDTH - MARGIN - round(small.width(mark, 26)),
        _DATE_BASELINE,
        26,
        small,
        palette.light,
    )


def _one_line(
    text: str,
    typeface: Typeface,
    size: int,
    baseline: int,
    color: Color,
    width: int = _TEXT_WIDTH,
) -> Iterator[Line]:
    fitted = fit_text(prepare_text(text), typeface, width, 0, size, size * 2 // 3)
    yield Line(fitted.lines[0], MARGIN, baseline, fitted.size, typeface, color)


def _headline(text: str, typeface: Typeface) -> Iterator[Line]:
    # Other scripts, and letters with marks, are taller.
    largest = 208 if text.isascii() else 156
    fitted = fit_text(prepare_text(text), typeface, _TEXT_WIDTH - 100, 200, largest, 48)
    # The thin strokes of the font would be lost in a thumbnail.
    yield from _stack(fitted, typeface, _HEADLINE_BASELINE, _WHITE, stroke=2)


def _titles(content: PictureContent, palette: Palette) -> Iterator[Line]:
    """Return the title in its own script, and below it, smaller, in the language."""
    bottom, typeface = _RULE - 40, Typeface(Style.DISPLAY, content.language)
    main = prepare_text(content.title)
    if content.original:
        small = Typeface(Style.TEXT, content.language)
        fitted = fit_text(main, small, _TEXT_WIDTH, 86, 46, 26)
        yield from _stack(fitted, small, bottom, palette.light)
        bottom -= fitted.height + 16
        main = prepare_text(content.original)
        typeface = Typeface(Style.DISPLAY, content.original_language)
    fitted = fit_text(main, typeface, _TEXT_WIDTH, bottom - _TITLE_TOP, 92, 30)
    yield from _stack(fitted, typeface, bottom, _WHITE)


def _stack(
    fitted: FittedText, typeface: Typeface, baseline: int, color: Color, stroke: int = 0
) -> Iterator[Line]:
    """Return lines below each other, the last of them on a baseline."""
    for number, text in enumerate(reversed(fitted.lines)):
        above = baseline - number * fitted.line_height
        x = MARGIN - typeface.left_bearing(text, fitted.size)
        yield Line(text, x, above, fitted.size, typeface, color, stroke)


def _draw_shadow(picture: Image.Image, lines: list[Line]) -> None:
    """Draw a soft shadow of the text, so that it can be read on any background."""
    mask = Image.new("L", (WIDTH, HEIGHT))
    draw = ImageDraw.Draw(mask)
    for line in lines:
        _draw_line(draw, line, 255)
    small = mask.reduce(_SHADOW_SCALE).filter(ImageFilter.GaussianBlur(2.2))
    shadow = small.point([min(level * 3 // 2, 200) for level in range(256)])
    picture.paste((0, 0, 0), mask=shadow.resize(picture.size, Image.Resampling.BILINEAR))


def _draw_line(draw: ImageDraw.ImageDraw, line: Line, fill: Color | int) -> None:
    x = float(line.x)
    for text, font in line.typeface.runs(line.text, line.size):
        draw.text(
            (x, line.baseline), text, fill=fill, font=font, anchor="ls", stroke_width=line.stroke
        )
        x += font.getlength(text)
