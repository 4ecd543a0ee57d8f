"""What stands where on a page of a PDF, as pdfium tells it: text, pictures, strokes."""

from __future__ import annotations

import ctypes
import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from archive_check.model import PICTURE
from archive_check.readers.pdf_forms import field_pieces
from archive_check.readers.pdf_grid import Stroke
from archive_check.readers.pdf_layout import Piece
from archive_check.readers.pdf_structure import Fonts

_PAGE_SIZED = 0.5
"""An image that covers this share of the page is the page."""
_SMALLEST_PICTURE = 12.0
"""Points; what is smaller in one direction is a rule or a bullet."""
_THIN = 3.0
"""Points; a filled box that is not thicker is a stroke."""
_SHORTEST = 5.0
_MAX_OBJECTS = 50_000
_MAX_SEGMENTS = 4_000
_DEPTH = 4
_FONT_PAGES = 3
"""Pages whose fonts are looked at."""
_ALIKE = re.compile("[\u2e80-\ufffb]{3,}|[0-9]{3,}|[^\r\n]")
"""Characters that nearly every font sets equally wide, so that the ends of a run tell the rest."""
_EVEN = 0.1
"""Share of a character's width by which the end of an even run may be elsewhere."""

Box = tuple[float, float, float, float]
Matrix = tuple[float, float, float, float, float, float]
_IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class PageContent:
    """A page as it is shown (its rotation applied); `pictured` says that an image fills it,
    `missing` are the fonts of its text that the file does not bring."""

    width: float
    pieces: list[Piece]
    across: list[Stroke]
    down: list[Stroke]
    pictured: bool
    missing: frozenset[str] = frozenset()


def page_content(document: Any, index: int) -> PageContent:
    """The content of a page by its index from 0. Raises PdfiumError where it can't be loaded."""
    page = document[index]
    try:
        turn, width, height = _upright(page)
        textpage = page.get_textpage()
        try:
            pieces = list(_pieces(textpage, turn))
        finally:
            textpage.close()
        pieces += field_pieces(document, page, turn)
        fonts = Fonts()
        across: list[Stroke] = []
        down: list[Stroke] = []
        pictured = False
        for kind, box in _marks(page, fonts if index < _FONT_PAGES else None):
            left, bottom, right, top = turn(box)
            wide, high = right - left, top - bottom
            if kind == "image":
                if wide * high >= _PAGE_SIZED * width * height:
                    pictured = True
                elif min(wide, high) >= _SMALLEST_PICTURE:
                    pieces.append(Piece(PICTURE, left, bottom, right, top, 0.0))
            elif high <= _THIN and wide >= _SHORTEST:
                across.append(Stroke((bottom + top) / 2, left, right))
            elif wide <= _THIN and high >= _SHORTEST:
                down.append(Stroke((left + right) / 2, bottom, top))
    finally:
        page.close()
    return PageContent(width, pieces, across, down, pictured, fonts.missing)


def _upright(page: Any) -> tuple[Callable[[Box], Box], float, float]:
    """How to turn boxes of page space as the page is shown, and its width and height then."""
    rotation = page.get_rotation()
    width, height = page.get_size()
    left, bottom, right, top = page.get_bbox()

    def turn(box: Box) -> Box:
        x0, y0, x1, y1 = box
        if rotation == 90:
            return y0 - bottom, right - x1, y1 - bottom, right - x0
        if rotation == 180:
            return right - x1, top - y1, right - x0, top - y0
        if rotation == 270:
            return top - y1, x0 - left, top - y0, x1 - left
        return x0 - left, y0 - bottom, x1 - left, y1 - bottom

    return turn, width, height


def _characters(textpage: Any) -> str:
    """One character for each of pdfium's, so that indexes agree."""
    import pypdfium2.raw as raw

    count = textpage.count_chars()
    buffer = (ctypes.c_ushort * (count + 1))()
    written = raw.FPDFText_GetText(textpage, 0, count, buffer) - 1
    if written == count:
        text = bytes(buffer)[: 2 * count].decode("utf-16-le", "replace")
        if len(text) == count:
            return text
    return "".join(
        chr(code) if (code := raw.FPDFText_GetUnicode(textpage, i)) < 0x110000 else "\ufffd"
        for i in range(count)
    )


def _pieces(textpage: Any, turn: Callable[[Box], Box]) -> Iterator[Piece]:
    """Runs of characters that follow one another without a gap.

    Spaces that pdfium made up to fill a gap are left out; the gap itself says as much, and
    between letter-spaced Chinese characters there should be none.
    """
    import pypdfium2.raw as raw

    handle, matrix = textpage.raw, raw.FS_MATRIX()
    matrix_of, font_size = raw.FPDFText_GetMatrix, raw.FPDFText_GetFontSize
    # The most frequent step of all reading: pages that are not turned skip the turning.
    turned = turn((1.0, 2.0, 3.0, 4.0)) != (1.0, 2.0, 3.0, 4.0)
    begun = ""
    left = bottom = right = top = size = 0.0
    for index, characters, box in _boxes(textpage):
        x0, y0, x1, y1 = turn(box) if turned else box
        if begun:
            reach = 0.15 * (y1 - y0)
            if (
                -3 * reach < x0 - right <= reach
                and -reach < y0 - bottom < reach
                and -2 * reach < y1 - top < 2 * reach
            ):
                begun += characters
                if x1 > right:
                    right = x1
                continue
            yield from _piece(begun, left, bottom, right, top, size)
        begun, left, bottom, right, top = characters, x0, y0, x1, y1
        # In points as shown: the font's size times the text matrix.
        scale = math.hypot(matrix.c, matrix.d) if matrix_of(handle, index, matrix) else 0.0
        size = round(font_size(handle, index) * scale, 1)
    if begun:
        yield from _piece(begun, left, bottom, right, top, size)


def _boxes(textpage: Any) -> Iterator[tuple[int, str, Box]]:
    """Index, text and box of each character, or of several at once that stand evenly."""
    import pypdfium2.raw as raw

    handle, rect = textpage.raw, raw.FS_RECTF()
    pointer = ctypes.byref(rect)
    box_of, generated = raw.FPDFText_GetLooseCharBox, raw.FPDFText_IsGenerated
    for found in _ALIKE.finditer(_characters(textpage)):
        start, characters = found.start(), found[0]
        count = len(characters)
        if count > 1 and box_of(handle, start, pointer):
            x0, y0, x1, y1 = rect.left, rect.bottom, rect.right, rect.top
            if box_of(handle, start + count - 1, pointer) and (
                abs(x0 + count * (x1 - x0) - rect.right) < _EVEN * (x1 - x0)
                and rect.bottom == y0
                and rect.top == y1
            ):
                yield start, characters, (x0, y0, rect.right, y1)
                continue
        for index, character in enumerate(characters, start):
            if character == " " and generated(handle, index) == 1:
                continue
            if box_of(handle, index, pointer):
                yield index, character, (rect.left, rect.bottom, rect.right, rect.top)


def _piece(
    text: str, left: float, bottom: float, right: float, top: float, size: float
) -> Iterator[Piece]:
    text = text.replace("\t", " ").replace("\xa0", " ").replace("\xad", "")
    if text.strip() and top > bottom:
        yield Piece(text, left, bottom, right, top, size or top - bottom)


def _marks(page: Any, fonts: Fonts | None) -> Iterator[tuple[str, Box]]:
    """Images and straight strokes with their boxes in page space, also inside form objects; notes
    the fonts of the text on the way."""
    import pypdfium2.raw as raw

    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    pointers = [ctypes.byref(value) for value in (left, bottom, right, top)]
    fill, stroked = ctypes.c_int(), ctypes.c_int()

    def walk(
        count: int, get: Callable[[int], Any], matrix: Matrix, depth: int
    ) -> Iterator[tuple[str, Box]]:
        for index in range(min(count, _MAX_OBJECTS)):
            item = get(index)
            kind = raw.FPDFPageObj_GetType(item)
            if kind == raw.FPDF_PAGEOBJ_TEXT:
                if fonts is not None:
                    fonts.note(item)
            elif kind == raw.FPDF_PAGEOBJ_FORM and depth < _DEPTH:
                inner = _times(_matrix(item), matrix)
                yield from walk(
                    raw.FPDFFormObj_CountObjects(item),
                    lambda i, form=item: raw.FPDFFormObj_GetObject(form, i),  # type: ignore[misc]
                    inner,
                    depth + 1,
                )
            elif kind == raw.FPDF_PAGEOBJ_IMAGE:
                if raw.FPDFPageObj_GetBounds(item, *pointers):
                    box = (left.value, bottom.value, right.value, top.value)
                    yield "image", _moved(box, matrix)
            elif kind == raw.FPDF_PAGEOBJ_PATH:
                raw.FPDFPath_GetDrawMode(item, ctypes.byref(fill), ctypes.byref(stroked))
                if not (fill.value or stroked.value):
                    continue
                if not raw.FPDFPageObj_GetBounds(item, *pointers):
                    continue
                box = _moved((left.value, bottom.value, right.value, top.value), matrix)
                if min(box[2] - box[0], box[3] - box[1]) <= _THIN:
                    yield "stroke", box
                elif stroked.value:
                    for segment in _segments(item):
                        yield "stroke", _moved(segment, matrix)

    yield from walk(
        raw.FPDFPage_CountObjects(page),
        lambda index: raw.FPDFPage_GetObject(page, index),
        _IDENTITY,
        0,
    )


def _segments(path: Any) -> Iterator[Box]:
    """The straight segments of a path, in the space the path object lies in."""
    import pypdfium2.raw as raw

    matrix = _matrix(path)
    x, y = ctypes.c_float(), ctypes.c_float()
    start = here = (0.0, 0.0)
    for index in range(min(raw.FPDFPath_CountSegments(path), _MAX_SEGMENTS)):
        segment = raw.FPDFPath_GetPathSegment(path, index)
        kind = raw.FPDFPathSegment_GetType(segment)
        raw.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y))
        point = _point(x.value, y.value, matrix)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            start = point
        elif kind == raw.FPDF_SEGMENT_LINETO:
            yield _box(here, point)
        if raw.FPDFPathSegment_GetClose(segment):
            yield _box(point, start)
        here = point


def _matrix(item: Any) -> Matrix:
    import pypdfium2.raw as raw

    found = raw.FS_MATRIX()
    if not raw.FPDFPageObj_GetMatrix(item, found):
        return _IDENTITY
    return (found.a, found.b, found.c, found.d, found.e, found.f)


def _times(first: Matrix, second: Matrix) -> Matrix:
    a, b, c, d, e, f = first
    g, h, i, j, k, m = second
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j,
            e * g + f * i + k, e * h + f * j + m)  # fmt: skip


def _point(x: float, y: float, matrix: Matrix) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def _box(one: tuple[float, float], other: tuple[float, float]) -> Box:
    return (min(one[0], other[0]), min(one[1], other[1]),
            max(one[0], other[0]), max(one[1], other[1]))  # fmt: skip


def _moved(box: Box, matrix: Matrix) -> Box:
    if matrix == _IDENTITY:
        return box
    return _box(_point(box[0], box[1], matrix), _point(box[2], box[3], matrix))
