# /// script
# requires-python = ">=3.11"
# dependencies = ["fonttools==4.68.0", "uharfbuzz==0.57.0"]
# ///
"""Makes the fonts in bot/pictures/fonts from the Noto fonts, cut down to what titles need.

    uv run --script tools/build_fonts.py FOLDER

FOLDER is searched for the originals. Debian 12 has them in fonts-noto-cjk, fonts-noto-cjk-extra,
fonts-noto-core and fonts-noto-extra. The same originals give the same files, byte for byte.
"""

import hashlib
import sys
from dataclasses import dataclass
from pathlib import Path

import uharfbuzz
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from bot.pictures.characters import coverage  # noqa: E402
from bot.pictures.thai import CLUSTERS  # noqa: E402

FONTS = ROOT / "bot" / "pictures" / "fonts"


@dataclass(frozen=True)
class Source:
    """An original: its file and SHA-256, and its number in a collection."""

    file: str
    sha256: str
    number: int = -1


SOURCES = {
    "Display.ttf": Source(
        "NotoSerifDisplay-Bold.ttf",
        "8666c2488e681a31670f9fc0b5d59fa4f21f2a0664a76876fe49ebd832f673c7",
    ),
    "Text.ttf": Source(
        "NotoSerif-Medium.ttf", "a8afc304bc2038e3fefc783167d1cf9b32a58ab3149d3121f7675933074181a9"
    ),
    "Thai.ttf": Source(
        "NotoSerifThai-SemiBold.ttf",
        "58f98d6d4c5fc663a2983f1f6fc820ca6c558c107fa16214e26fcd145957d8fa",
    ),
    "Korean.otf": Source(
        "NotoSerifCJK-SemiBold.ttc",
        "e6edff6a5aa3c7988d4ea69992feee194ce100f514bcaef74f633805ddb19de0",
        1,
    ),
    "Japanese.otf": Source(
        "NotoSerifCJK-SemiBold.ttc",
        "e6edff6a5aa3c7988d4ea69992feee194ce100f514bcaef74f633805ddb19de0",
        0,
    ),
    "Chinese.otf": Source(
        "NotoSerifCJK-SemiBold.ttc",
        "e6edff6a5aa3c7988d4ea69992feee194ce100f514bcaef74f633805ddb19de0",
        3,
    ),
}


def main() -> None:
    """Make every font."""
    folder = Path(sys.argv[1])
    for name, source in SOURCES.items():
        original = _find(folder, source)
        font = TTFont(original, fontNumber=source.number, recalcTimestamp=False)
        if name == "Thai.ttf":
            _add_clusters(font, original)
        _cut_down(font, sorted(map(ord, coverage()[name])))
        font.save(FONTS / name)
        print(f"{name}: {(FONTS / name).stat().st_size:,} bytes")


def _find(folder: Path, source: Source) -> Path:
    for path in sorted(folder.rglob(source.file)):
        if hashlib.sha256(path.read_bytes()).hexdigest() == source.sha256:
            return path
    sys.exit(f"{source.file} with SHA-256 {source.sha256} is not in {folder}.")


def _cut_down(font: TTFont, characters: list[int]) -> None:
    """Keep these characters, without hints and layout tables, which nothing reads."""
    options = Options(
        hinting=False, layout_features=[], notdef_outline=True, name_IDs=[0, 1, 2, 13, 14]
    )
    options.drop_tables += ["GSUB", "GPOS", "GDEF", "BASE", "VORG", "vhea", "vmtx", "DSIG", "STAT"]
    if missing := set(characters) - set(font.getBestCmap()):
        sys.exit(f"Not in the original: {' '.join(map(chr, sorted(missing)))}")
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=characters)
    subsetter.subset(font)


def _add_clusters(font: TTFont, path: Path) -> None:
    """Add a glyph for each Thai cluster, shaped by HarfBuzz."""
    shaper = uharfbuzz.Font(uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(path))))
    order = font.getGlyphOrder()
    tables = [table for table in font["cmap"].tables if table.isUnicode()]
    # Composites are made of the glyphs that were there before.
    glyphs = font.getGlyphSet()
    for cluster, character in CLUSTERS.items():
        buffer = uharfbuzz.Buffer()
        buffer.add_str(cluster)
        buffer.guess_segment_properties()
        uharfbuzz.shape(shaper, buffer)
        pen, x = TTGlyphPen(glyphs), 0
        for info, position in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
            offset = (x + position.x_offset, position.y_offset)
            pen.addComponent(order[info.codepoint], (1, 0, 0, 1, *offset))
            x += position.x_advance
        name = f"u{ord(character):04X}"
        font["glyf"][name] = pen.glyph()
        font["hmtx"][name] = (x, 0)
        for table in tables:
            table.cmap[ord(character)] = name
    font["maxp"].maxComponentElements = 4


if __name__ == "__main__":
    main()
