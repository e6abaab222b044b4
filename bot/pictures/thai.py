"""Thai clusters: a consonant with its marks, as one character that the fonts bring.

Where a mark belongs depends on the others and on the consonant. Pillow only knows this with FriBiDi
installed on the machine, so `tools/build_fonts.py` stores each cluster as one glyph in the private
use area.
"""

import re

_CONSONANTS = [chr(code) for code in range(0x0E01, 0x0E2F)]
_ABOVE = "\u0e31\u0e34\u0e35\u0e36\u0e37\u0e47\u0e4d"
_BELOW = "\u0e38\u0e39"
_TONES = "\u0e48\u0e49\u0e4a\u0e4b\u0e4c"
_AM = "\u0e33"
_MARKS = [
    *_ABOVE,
    *_BELOW,
    *_TONES,
    _AM,
    *(vowel + tone for vowel in _ABOVE + _BELOW for tone in _TONES),
    *(tone + _AM for tone in _TONES),
]
_FIRST_CODE = 0xE000

CLUSTERS = {
    consonant + marks: chr(_FIRST_CODE + number)
    for number, (consonant, marks) in enumerate(
        (consonant, marks) for consonant in _CONSONANTS for marks in _MARKS
    )
}
"""Each consonant with its marks, and the character of its glyph."""

_CLUSTER = re.compile(f"[\u0e01-\u0e2e][{_ABOVE}{_BELOW}{_TONES}{_AM}]+")


def compose_clusters(text: str) -> str:
    """Replace each consonant and its marks by the character of their glyph.

    A combination that does not occur in Thai is left as it is.
    """
    return _CLUSTER.sub(lambda match: CLUSTERS.get(match[0], match[0]), text)
