"""Pictures look like the golden images, and their text stays within the margins."""

from dataclasses import replace
from io import BytesIO
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.pictures.background import paint_background
from bot.pictures.palettes import palette_of
from bot.pictures.picture import MARGIN, Line, PictureContent, draw_picture, lay_out
from bot.pictures.scenery import HEIGHT, WIDTH
from tests.pictures.samples import GOLDENS, SAMPLES, golden, largest_difference, shrink
from tests.pictures.test_text_fitting import TITLES

# Another version of FreeType or Pillow smooths letters a little differently.
TOLERANCE = 16.0

ENGLISH = SAMPLES["english"]
CHANGES: list[dict[str, Any]] = [
    {"headline": "D-1"},
    {"title": "Soul Mates"},
    {"original": None},
    {"original": "ソウルメイド"},
    {"event": None},
    {"event": "Finale"},
    {"date": "May 15, 2026"},
    {"title_id": "another"},
]


@pytest.mark.parametrize("name", SAMPLES)
def test_picture_looks_like_the_golden_image(name: str) -> None:
    assert largest_difference(shrink(draw_picture(SAMPLES[name])), golden(name)) < TOLERANCE


@pytest.mark.parametrize("change", CHANGES, ids=str)
def test_picture_that_says_something_else_does_not(change: dict[str, Any]) -> None:
    picture = shrink(draw_picture(replace(ENGLISH, **change)))
    assert largest_difference(picture, golden("english")) > 1.5 * TOLERANCE


def test_golden_images_are_small() -> None:
    assert sum(file.stat().st_size for file in GOLDENS.iterdir()) < 400_000


def test_picture_is_a_jpeg_that_is_quick_to_upload() -> None:
    data = draw_picture(ENGLISH)
    with Image.open(BytesIO(data)) as image:
        assert (image.format, image.size) == ("JPEG", (WIDTH, HEIGHT))
    assert len(data) < 400_000


def test_same_content_gives_the_same_picture() -> None:
    assert draw_picture(ENGLISH) == draw_picture(ENGLISH)


def test_titles_have_backgrounds_and_colors_of_their_own() -> None:
    ids = [f"title-{number}" for number in range(8)]
    assert len({paint_background(one).tobytes() for one in ids}) == len(ids)
    assert len({palette_of(one) for one in ids}) > 3


def ink(line: Line) -> tuple[float, float, float, float]:
    """The box around the ink of a line: left, top, right, bottom."""
    x, boxes = float(line.x), []
    for text, font in line.typeface.runs(line.text, line.size):
        left, top, right, bottom = font.getbbox(text, anchor="ls", stroke_width=line.stroke)
        boxes.append((x + left, line.baseline + top, x + right, line.baseline + bottom))
        x += font.getlength(text)
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


@settings(deadline=None, max_examples=60)
@given(
    title=TITLES,
    original=st.none() | TITLES,
    event=st.none() | TITLES,
    headline=st.sampled_from(["D-7", "D-100", "Jetzt verfügbar", "วันนี้!", "今天上線"]),
    language=st.sampled_from(["en", "zh", "th"]),
)
def test_text_stays_within_the_margins_and_lines_apart(
    title: str, original: str | None, event: str | None, headline: str, language: str
) -> None:
    content = PictureContent(
        "show", headline, title, original, event, "31. Dezember 2026", language, "ko"
    )
    lines = list(lay_out(content))
    for line in lines:
        left, top, right, bottom = ink(line)
        # Strokes of some letters reach beyond their width.
        assert left >= MARGIN - 20
        assert right <= WIDTH - MARGIN + 20
        assert top >= 30
        assert bottom <= HEIGHT - 30
    baselines = sorted((one.baseline, one.size) for one in lines)
    for (above, _), (below, size) in pairwise(baselines):
        # The date and the mark are on one line.
        assert below == above or below - above >= size * 0.8
