"""Which characters each font has. `tools/build_fonts.py` cuts the fonts down to these."""

from collections.abc import Iterable, Mapping
from functools import cache

from bot.pictures.thai import CLUSTERS

_LATIN = (
    *range(0x20, 0x7F),
    *range(0xA0, 0x180),
    *(0x1A0, 0x1A1, 0x1AF, 0x1B0, 0x218, 0x219, 0x21A, 0x21B),
    *range(0x1EA0, 0x1EFA),
    *(0x2010, 0x2011, *range(0x2013, 0x2016), *range(0x2018, 0x201F), 0x2020, 0x2021, 0x2022),
    *(0x2026, 0x2030, 0x2032, 0x2033, 0x2039, 0x203A, 0x20AC, 0x2122),
)
_GREEK = (0x386, *range(0x388, 0x38B), 0x38C, *range(0x38E, 0x3A2), *range(0x3A3, 0x3CF))
_CYRILLIC = (*range(0x400, 0x460), 0x490, 0x491)
_ALPHABETS = frozenset(map(chr, (*_LATIN, *_GREEK, *_CYRILLIC)))

_CJK_PUNCTUATION = (
    *range(0x3000, 0x3018),
    *range(0xFF01, 0xFF5F),
    *(0x301C, *range(0x2160, 0x216A), 0x2190, 0x2192, 0x2605, 0x2606, 0x2640, 0x2642),
    *(0x2661, 0x2665, 0x266A, 0x266B, 0x30FB),
)
_HANGUL = (*range(0xAC00, 0xD7A4), *range(0x3131, 0x318F))
_KANA = (*range(0x3041, 0x3097), *range(0x309B, 0x3100), *range(0x31F0, 0x3200))
# Marks only as part of a cluster.
_THAI = (*range(0x0E01, 0x0E31), 0x0E32, *range(0x0E3F, 0x0E47), *range(0x0E4F, 0x0E5C))

# In well-known titles, and in none of the character sets.
_MORE_HAN = "嬛囧喵獬鸝掮芊仵韞玦綃蔻鵰旽確螈禑殭燄殤煢"


@cache
def coverage() -> Mapping[str, frozenset[str]]:
    """Return the characters that each font file has."""
    # JIS X 0208; the frequently used characters of Big5 and of GB 2312.
    kanji = _decode("euc_jp", range(0xB0, 0xF5), range(0xA1, 0xFF))
    hanzi = _decode("big5", range(0xA4, 0xC7), (*range(0x40, 0x7F), *range(0xA1, 0xFF)))
    simplified = _decode("gb2312", range(0xB0, 0xD8), range(0xA1, 0xFF))
    punctuation = frozenset(map(chr, _CJK_PUNCTUATION))
    return {
        "Display.ttf": _ALPHABETS,
        "Text.ttf": _ALPHABETS,
        "Thai.ttf": frozenset(map(chr, _THAI)) | frozenset(CLUSTERS.values()),
        "Korean.otf": frozenset(map(chr, _HANGUL)) | punctuation,
        "Japanese.otf": frozenset(map(chr, _KANA)) | kanji | punctuation,
        "Chinese.otf": hanzi | simplified | frozenset(_MORE_HAN) | punctuation,
    }


def _decode(encoding: str, lead: Iterable[int], trail: Iterable[int]) -> frozenset[str]:
    """Return a part of a double-byte character set, without its unassigned codes."""
    trail = tuple(trail)
    codes = (bytes((first, second)) for first in lead for second in trail)
    decoded = (code.decode(encoding, "ignore") for code in codes)
    return frozenset(text for text in decoded if len(text) == 1 and not text.isascii())
