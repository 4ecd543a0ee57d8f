"""One page: its picture made upright and clean, its text read and laid out as that of a PDF."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from archive_check.model import PICTURE, PageFault, said
from archive_check.ocr import PageTask, PageText, clean, engine, quality, seals
from archive_check.ocr.engine import Box
from archive_check.ocr.images import PageImage, Pixels, page_image
from archive_check.ocr.ruling import Ruling, ruling
from archive_check.ocr.upright import Upright, upright
from archive_check.readers.pdf_grid import Stroke, grids
from archive_check.readers.pdf_layout import Piece, page_lines

_WORKED = 200
"""Dots an inch at which a page is read."""
_SURE = 0.5
"""Least score of a line that counts as read."""
_PAPER_LINES = 3
_GAP = 1.3
"""A gap of so many heights of a line parts it in two."""


def read(task: PageTask) -> PageText:
    """Everything that a page shows. Raises UnreadableError."""
    image = page_image(Path(task.source.location), task.media_type, task.page)
    if quality.blank(image.pixels):
        fault = PageFault(task.page, "blank", said("page.blank"))
        return PageText(task.page, faults=(fault,))
    pixels, dpi = _at_working_size(image)
    red = seals.red_ink(pixels)
    seen = clean.whitened(clean.grey(pixels, red))
    page = upright(seen)
    dark = clean.ink(page.grey)
    ruled = ruling(dark, dpi)
    pieces = _pieces(page, dark, ruled, dpi)
    height, width = page.grey.shape
    scale = 72 / dpi
    lines, tables = page_lines(
        [_in_points(piece, height, scale) for piece in pieces],
        grids(
            (_stroke(l, r, height - (t + b) / 2, scale) for l, t, r, b in ruled.across),
            (_stroke(height - b, height - t, (l + r) / 2, scale) for l, t, r, b in ruled.down),
        ),
        task.page,
        width * scale,
        0,
    )
    paper = image.whole and len(lines) >= _PAPER_LINES
    found = seals.seals(red, dpi)
    faults = [quality.coarse(image, task.page), quality.askew(page.skew, task.page)]
    return PageText(
        page=task.page,
        lines=tuple(lines),
        tables=tuple(tables),
        paper=paper,
        sealed=bool(found) if found or seals.coloured(pixels) else None,
        faults=tuple(fault for fault in faults if fault is not None and paper),
    )


def _at_working_size(image: PageImage) -> tuple[Pixels, float]:
    """The picture at some 200 dots an inch, and exactly how many."""
    height, width = image.pixels.shape[:2]
    dpi = width / image.width
    if dpi <= 1.1 * _WORKED:
        return image.pixels, dpi
    shrink = _WORKED / dpi
    size = (max(round(width * shrink), 1), max(round(height * shrink), 1))
    return np.asarray(cv2.resize(image.pixels, size, interpolation=cv2.INTER_AREA)), _WORKED


def _pieces(page: Upright, dark: clean.Mask, ruled: Ruling, dpi: float) -> list[Piece]:
    """Every run of text with its box in pixels, y downwards; strokes are painted over before."""
    strokes = cv2.dilate(ruled.ink.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    grey = np.where(strokes, np.uint8(255), page.grey)
    dark = dark & ~strokes
    found = []
    for box in page.boxes:
        for part in _parts(box, dark, ruled):
            left, top, right, bottom = part
            words, score = engine.text(grey[top:bottom, left:right])
            tight = _tight(part, dark)
            if tight is None:
                continue
            if score >= _SURE and words.strip():
                found.append(_piece(words.strip(), tight))
            elif score < _SURE and _written(tight, dark, dpi):
                found.append(_piece(PICTURE, tight))
    return found


def _parts(box: Box, dark: clean.Mask, ruled: Ruling) -> list[Box]:
    """A box, parted where a stroke or a wide gap stands in it."""
    left, top, right, bottom = box
    height = bottom - top
    middle = (top + bottom) / 2
    cuts = {
        round((l + r) / 2)
        for l, t, r, b in ruled.down
        if left + height / 3 < (l + r) / 2 < right - height / 3 and t <= middle <= b
    }
    columns = dark[top:bottom, left:right].any(axis=0)
    inked = np.flatnonzero(columns)
    for before, after in zip(inked, inked[1:], strict=False):
        if after - before > _GAP * height:
            cuts.add(left + int(before + after) // 2)
    edges = [left, *sorted(cuts), right]
    return [(a, top, b, bottom) for a, b in zip(edges, edges[1:], strict=False) if b - a > 3]


def _tight(box: Box, dark: clean.Mask) -> Box | None:
    """The box of the ink inside a box."""
    left, top, right, bottom = box
    inside = dark[top:bottom, left:right]
    rows, columns = np.flatnonzero(inside.any(axis=1)), np.flatnonzero(inside.any(axis=0))
    if not len(rows):
        return None
    return (
        left + int(columns[0]), top + int(rows[0]),
        left + int(columns[-1]) + 1, top + int(rows[-1]) + 1,
    )  # fmt: skip


def _written(box: Box, dark: clean.Mask, dpi: float) -> bool:
    """Whether ink that can't be read may be handwriting, by its size."""
    left, top, right, bottom = box
    return right - left > 0.3 * dpi and 0.12 * dpi < bottom - top < 1.2 * dpi


def _piece(words: str, box: Box) -> Piece:
    left, top, right, bottom = box
    size = 0.0 if words == PICTURE else _size(words, right - left, bottom - top)
    return Piece(words, left, top, right, bottom, size)


def _size(words: str, wide: int, high: int) -> float:
    """The type size in pixels: by the widths of characters where they stand close together."""
    ems = sum(1.0 if ord(character) > 0x2E80 else 0.52 for character in words)
    by_height = high / 0.95
    by_width = wide / max(ems - 0.08, 0.5)
    if ems >= 3 and 0.75 < by_width / by_height < 1.25:
        return by_width
    return by_height


def _in_points(piece: Piece, height: int, scale: float) -> Piece:
    return Piece(
        piece.text,
        piece.left * scale,
        (height - piece.top) * scale,
        piece.right * scale,
        (height - piece.bottom) * scale,
        piece.size * scale,
    )


def _stroke(start: float, end: float, at: float, scale: float) -> Stroke:
    return Stroke(at * scale, start * scale, end * scale)
