"""Breaks text into lines and finds the largest size at which it fits."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.pictures.typeface import Typeface

_LINE_HEIGHT = 1.24
_SIZE_STEP = 4

# Words, or single characters of scripts that are written without spaces. Hangul breaks at spaces
# only, as is usual in headings. Marks that do not begin a line stay with the character before.
_WIDE = r"[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]"
_CLOSING = "[、。々》」』】〕・ー〜ぁぃぅぇぉっゃゅょァィゥェォッャュョ！），．：；？]"
_OPENING = "[《「『【〔（]"
_PIECE = re.compile(rf" +|{_OPENING}*{_WIDE}{_CLOSING}*|(?:(?!{_WIDE})[^ ])+")
_ELLIPSIS = "…"


@dataclass(frozen=True, slots=True)
class FittedText:
    """Lines of text, with their font size and the distance of their baselines, in pixels."""

    lines: Sequence[str]
    size: int
    line_height: int

    @property
    def height(self) -> int:
        """The height of all lines, in pixels."""
        return self.line_height * len(self.lines)


def fit_text(
    prepared: str, typeface: Typeface, width: int, height: int, largest: int, smallest: int
) -> FittedText:
    """Return a text in the largest size, of at most `largest`, at which it fits into a box.

    A text that is too long even in the smallest size ends in an ellipsis.
    """
    size = largest
    while True:
        lines = _fill_lines(prepared, typeface, width, size)
        line_height = round(size * _LINE_HEIGHT)
        max_lines = max(height // line_height, 1)
        if len(lines) <= max_lines and _is_unbroken(lines, prepared):
            return FittedText(_balance(lines, prepared, typeface, width, size), size, line_height)
        if size == smallest:
            return FittedText(_truncate(lines, typeface, width, size, max_lines), size, line_height)
        size = max(size - _SIZE_STEP, smallest)


def _balance(
    lines: list[str], prepared: str, typeface: Typeface, width: int, size: int
) -> list[str]:
    """Break a text into as many lines, of about the same width."""
    narrow, wide = width // len(lines), width
    while len(lines) > 1 and wide - narrow > size // 2:
        middle = (narrow + wide) // 2
        attempt = _fill_lines(prepared, typeface, middle, size)
        if len(attempt) > len(lines) or not _is_unbroken(attempt, prepared):
            narrow = middle
        else:
            lines, wide = attempt, middle
    return lines


def _fill_lines(prepared: str, typeface: Typeface, width: int, size: int) -> list[str]:
    lines, used = [""], 0.0
    for piece in _pieces(prepared, typeface, width, size):
        # A space may stand beyond the end of a line.
        if lines[-1] and used + typeface.width(piece.rstrip(), size) > width:
            lines.append("")
            used = 0.0
        if lines[-1] or not piece.isspace():
            lines[-1] += piece
            used += typeface.width(piece, size)
    return [line.rstrip() for line in lines if line.strip()] or [""]


def _pieces(prepared: str, typeface: Typeface, width: int, size: int) -> Iterator[str]:
    """Split a text where a line may end. A word that is too wide for a line is cut."""
    for piece in _PIECE.findall(prepared):
        if typeface.width(piece, size) <= width:
            yield piece
        else:
            yield from piece


def _is_unbroken(lines: Sequence[str], prepared: str) -> bool:
    """Return whether lines end only where a line may end, not within a word."""
    ends = {match.end() for match in _PIECE.finditer(prepared)}
    end = 0
    for line in lines:
        end = prepared.index(line, end) + len(line)
        if end not in ends:
            return False
    return True


def _truncate(
    lines: list[str], typeface: Typeface, width: int, size: int, max_lines: int
) -> list[str]:
    if len(lines) <= max_lines:
        return lines
    last = lines[max_lines - 1]
    while last and typeface.width(last.rstrip() + _ELLIPSIS, size) > width:
        last = last[:-1]
    return [*lines[: max_lines - 1], last.rstrip() + _ELLIPSIS]
