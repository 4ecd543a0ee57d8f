"""From pieces of text with their places on a page to rows, and the text of rows and cells.

Units are points, y grows upwards as in PDF (ISO 32000-1, 8.3.2.3).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_WIDE = 1.5
"""A gap of this many type sizes parts columns."""
_WORD_GAP = 0.2
_LOW = 0.6
"""Boxes lower than this share of the usual height are punctuation's."""
_BELOW = 0.2
_COLON = re.compile("[:：]")
_LABEL = re.compile(r"[\u4e00-\u9fff]{2,8}[:：]")
_CJK = re.compile(r"[⺀-鿿豈-﫿＀-｠、-〿\U00020000-\U0003ffff]")


@dataclass(frozen=True, slots=True)
class Piece:
    """Text without a break, or a picture, and the box it fills."""

    text: str
    left: float
    bottom: float
    right: float
    top: float
    size: float
    """Type size in points; 0 for a picture."""

    @property
    def middle(self) -> float:
        return (self.bottom + self.top) / 2


@dataclass(frozen=True, slots=True)
class Row:
    """Pieces that stand beside one another, from left to right."""

    pieces: tuple[Piece, ...]

    @property
    def left(self) -> float:
        return self.pieces[0].left

    @property
    def right(self) -> float:
        return max(piece.right for piece in self.pieces)

    @property
    def top(self) -> float:
        return max(piece.top for piece in self.pieces)

    @property
    def size(self) -> float:
        return usual_size(self.pieces)


def usual_size(pieces: Sequence[Piece]) -> float:
    """The size in which most of the text is set."""
    if len({piece.size for piece in pieces}) == 1:
        return pieces[0].size
    weights: Counter[float] = Counter()
    for piece in pieces:
        weights[piece.size] += len(piece.text)
    return max(weights, key=weights.__getitem__)


def rows(pieces: Iterable[Piece]) -> list[Row]:
    """Groups pieces whose middles lie within one another's height, from top to bottom.

    Pictures, and characters with a box of their own as punctuation has in some fonts, join the row
    they stand in and never make or widen one beside it.
    """
    pieces = list(pieces)
    heights = sorted(piece.top - piece.bottom for piece in pieces if piece.size)
    low = _LOW * heights[len(heights) // 2] if heights else 0.0
    whole = [piece for piece in pieces if piece.size and piece.top - piece.bottom >= low]
    groups: list[list[Piece]] = []
    for piece in sorted(whole, key=lambda piece: (-piece.middle, piece.left)):
        first = groups[-1][0] if groups else None
        if first is not None and abs(first.middle - piece.middle) < _reach(first, piece):
            groups[-1].append(piece)
        else:
            groups.append([piece])
    taken = {id(piece) for piece in whole}
    for piece in (piece for piece in pieces if id(piece) not in taken):
        row = next((group for group in groups if _stands_in(piece, group[0])), None)
        if row is not None:
            row.append(piece)
        else:
            groups.append([piece])
    groups.sort(key=lambda group: -group[0].middle)
    return [Row(tuple(sorted(group, key=lambda piece: piece.left))) for group in groups]


def _reach(a: Piece, b: Piece) -> float:
    return max(0.5 * min(a.top - a.bottom, b.top - b.bottom), 1.0)


def _stands_in(piece: Piece, first: Piece) -> bool:
    """Whether a picture's middle, or a low character's, lies in the height of a row."""
    if not piece.size:
        return abs(first.middle - piece.middle) < _reach(first, piece)
    below = _BELOW * (first.top - first.bottom)
    return first.bottom - below <= piece.middle <= first.top + below


def row_text(row: Row, columns: bool = True) -> str:
    """The text of a row: nothing between letter-spaced Chinese, a tab for a wide gap."""
    text = ""
    before: Piece | None = None
    for piece in row.pieces:
        if before is not None:
            text += _between(before, piece, columns)
        text += piece.text
        before = piece
    return text.strip()


def _between(before: Piece, after: Piece, columns: bool) -> str:
    size = max(before.size, after.size) or 10.0
    gap = (after.left - before.right) / size
    chinese = bool(_CJK.match(before.text[-1]) and _CJK.match(after.text[0]))
    if chinese and len(before.text) == len(after.text) == 1 and gap < 2 * _WIDE:
        return ""
    if gap > _WIDE:
        return "\t" if columns else " "
    if chinese or before.text[-1] == " " or after.text[0] == " ":
        return " " if gap > 1 else ""
    return " " if gap > _WORD_GAP else ""


def cell_text(pieces: list[Piece], right: float) -> str:
    """The text of a cell: rows that reach its right edge flow on, others end a paragraph; so does
    one before a label, where the cell holds labels."""
    if len(pieces) == 1:
        return pieces[0].text.strip()
    text = ""
    before: Row | None = None
    for row in rows(pieces):
        words = row_text(row, columns=False)
        if before is not None:
            full = right - before.right < 2 * (before.size or 10.0)
            if not full or (_COLON.search(text) and _LABEL.match(words)):
                text += "\n"
            elif not (_CJK.match(text[-1:]) or _CJK.match(words[:1]) or _parted(text, words)):
                text += " "
        text += words
        before = row
    return text


def _parted(text: str, words: str) -> bool:
    """Whether the edge of a cell cut a number in two."""
    return text[-1:].isdigit() and words[:1].isdigit()
