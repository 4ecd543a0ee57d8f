"""One page: its picture made upright and clean, its text read and laid out as that of a PDF."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np

from archive_check.model import PICTURE, Line, PageFault, Table, said
from archive_check.ocr import PageText, clean, dates, engine, looks, seals
from archive_check.ocr.images import Box, Mask, PageImage, Pixels, page_image
from archive_check.ocr.ruling import Ruling, ruling
from archive_check.ocr.upright import Upright, as_upright, skew_of, upright
from archive_check.readers.pdf_grid import Stroke, grids
from archive_check.readers.pdf_layout import Piece
from archive_check.readers.pdf_lines import page_lines

_WORKED = 200
"""Dots an inch at which a page is read."""
_SURE = 0.5
"""Least score of a line that counts as read."""
_DOUBTLESS = 0.9
"""Scores of lines below this go with wrong characters."""
_MOST_UNSURE = 0.2
"""Share of a page's characters from which nothing is judged by what is missing among them."""
_EDGE = 0.04
"""Inches from the edge of the picture within which text is cut off."""
_CUT = 4
"""Runs of text at an edge by which a page is cut off there."""
_PAPER_LINES, _PAPER_WORDS = 3, 12
"""Lines and characters by which a page of paper is told from a photograph; where most of the
picture is as light as paper, a line less will do, as on a page that holds the end of a text."""
_GAP = 1.1
"""A gap of so many heights of a line parts it in two."""
_SEEN = 1.0
"""Levels of grey by which lights differ in a line on which a seal lies."""
_BEFORE = 2
"""Heights of a line in front of it, where a single character may have been overlooked."""
_LONE = 0.4
"""Least width of such a character against the line's height."""
_SPACED = 0.3
"""A gap of so many heights of a line stands between letters that are set apart."""


def read(path: Path, media_type: str, number: int, words: bool = True) -> PageText:
    """What a page (from 1) shows, its text where `words` are wanted. Raises UnreadableError."""
    image = page_image(path, media_type, number)
    if looks.blank(image.pixels):
        return looks.blank_page(number, read=True)
    pixels, dpi = _at_working_size(image)
    red = seals.red_ink(pixels)
    seen = clean.whitened(clean.grey(pixels, red))
    light = looks.papery(image.pixels)
    papery = image.inside and light
    sealed = bool(seals.seals(red, dpi)) or (False if seals.coloured(pixels) else None)
    if not words:
        faults = (*looks.coarse(image, number), *looks.askew(skew_of(clean.ink(seen)), number))
        return PageText(
            number, read=False, paper=papery, sealed=sealed, faults=faults if papery else ()
        )
    page = upright(seen)
    through = clean.lights(pixels, red) if sealed else []
    lights = [as_upright(clean.whitened(light), page) for light in through]
    lines, tables, wrong = _laid_out(page, lights, dpi, number)
    text = sum(len(line.text.strip(PICTURE)) for line in lines)
    paper = papery or (len(lines) >= _PAPER_LINES - light and text >= _PAPER_WORDS)
    faults = (*looks.coarse(image, number), *looks.askew(page.skew, number), *wrong)
    if not text:
        faults = (PageFault(number, "unreadable", said("page.unreadable")),)
    return PageText(
        page=number,
        lines=tuple(lines),
        tables=tuple(tables),
        paper=paper,
        sealed=sealed,
        faults=faults if paper else (),
        look=_look(page.grey),
    )


def _laid_out(
    page: Upright, lights: Sequence[Pixels], dpi: float, number: int
) -> tuple[list[Line], list[Table], list[PageFault]]:
    """Lines and tables of a page in points, as those of a PDF; whether text is cut off or
    could hardly be read."""
    dark = clean.ink(page.grey)
    ruled = ruling(dark, dpi, page.boxes)
    pieces, unsure = _pieces(page, lights, dark, ruled, dpi)
    height, width = page.grey.shape
    scale = 72 / dpi
    lines, tables = page_lines(
        [_in_points(piece, height, scale) for piece in pieces],
        grids(
            (_across(box, height, scale) for box in ruled.across),
            (_down(box, height, scale) for box in ruled.down),
        ),
        number,
        width * scale,
        0,
    )
    edge = _EDGE * dpi
    cut = [piece for piece in pieces if piece.left < edge or piece.right > width - edge]
    faults = [PageFault(number, "cut-off", said("page.cut-off"))] if len(cut) >= _CUT else []
    if unsure > _MOST_UNSURE:
        faults.append(PageFault(number, "doubtful", said("page.doubtful")))
    return lines, tables, faults


def _look(grey: Pixels) -> int:
    """64 bits that few pages share: where it becomes darker from left to right."""
    small = cv2.resize(grey, (9, 8), interpolation=cv2.INTER_AREA).astype(int)
    bits = (small[:, 1:] < small[:, :-1]).ravel()
    return int("".join("1" if bit else "0" for bit in bits), 2)


def _at_working_size(image: PageImage) -> tuple[Pixels, float]:
    """The picture at some 200 dots an inch, and exactly how many."""
    height, width = image.pixels.shape[:2]
    dpi = width / image.width
    if dpi <= 1.1 * _WORKED:
        return image.pixels, dpi
    shrink = _WORKED / dpi
    size = (max(round(width * shrink), 1), max(round(height * shrink), 1))
    return np.asarray(cv2.resize(image.pixels, size, interpolation=cv2.INTER_AREA)), _WORKED


def _pieces(
    page: Upright, lights: Sequence[Pixels], dark: Mask, ruled: Ruling, dpi: float
) -> tuple[list[Piece], float]:
    """Every run of text with its box in pixels, y downwards, and the share of characters that
    may well be others; strokes are painted over before."""
    strokes = cv2.dilate(ruled.ink.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    grey, *others = (np.where(strokes, np.uint8(255), light) for light in (page.grey, *lights))
    dark = dark & ~strokes
    found = []
    characters = unsure = 0
    for box in [*page.boxes, *_overlooked(page.boxes, dark)]:
        for part in _parts(box, dark, ruled):
            tight = _tight(part, dark)
            if tight is None:
                continue
            words, score = engine.text(_closed_up(part.of(grey), part.of(dark)))
            if any(_differs(part.of(grey), part.of(other)) for other in others):
                words = dates.agreed([words, *(engine.text(part.of(other))[0] for other in others)])
            characters += len(words)
            unsure += len(words) if score < _DOUBTLESS else 0
            if score >= _SURE and words.strip():
                found.append(_piece(dates.with_marks(words.strip()), tight))
            elif score < _SURE and _written(tight, dpi):
                found.append(_piece(PICTURE, tight))
    return found, unsure / max(characters, 1)


def _differs(line: Pixels, other: Pixels) -> bool:
    """Whether two lights show a line differently, as they do where a seal lies on it."""
    return float(cv2.absdiff(line, other).mean()) > _SEEN


def _overlooked(boxes: list[Box], dark: Mask) -> list[Box]:
    """Single characters a little in front of a line that the recogniser did not see as text."""
    found = []
    for box in boxes:
        reach = Box(max(box.left - _BEFORE * box.height, 0), box.top, box.left, box.bottom)
        if reach.width < box.height or any(_overlap(reach, other) for other in boxes):
            continue
        tight = _tight(reach, dark)
        if tight and _LONE * box.height < tight.width < 1.2 * box.height:
            margin = box.height // 6
            found.append(
                Box(
                    max(tight.left - margin, 0),
                    box.top,
                    min(tight.right + margin, box.left),
                    box.bottom,
                )
            )
    return found


def _overlap(a: Box, b: Box) -> bool:
    return a.left < b.right and b.left < a.right and a.top < b.bottom and b.top < a.bottom


def _parts(box: Box, dark: Mask, ruled: Ruling) -> list[Box]:
    """A box, parted where a stroke or a wide gap stands in it."""
    margin, middle = box.height / 3, (box.top + box.bottom) / 2
    strokes = ((s.left + s.right) // 2 for s in ruled.down if s.top <= middle <= s.bottom)
    cuts = {at for at in strokes if box.left + margin < at < box.right - margin}
    own = box.of(dark)
    if not _letter_spaced(own):
        high = _high(own)
        for before, after in pairwise(np.flatnonzero(own.any(axis=0))):
            if after - before > _GAP * high:
                cuts.add(box.left + int(before + after) // 2)
    edges = pairwise([box.left, *sorted(cuts), box.right])
    return [Box(left, box.top, right, box.bottom) for left, right in edges if right - left > 3]


def _high(dark: Mask) -> int:
    """The height of the ink of a line."""
    rows = np.flatnonzero(dark.any(axis=1))
    return int(rows[-1] - rows[0]) + 1 if len(rows) else dark.shape[0]


def _letters(dark: Mask) -> list[tuple[int, int]]:
    """Where the letters of a line stand that are set apart: from, to."""
    columns, least = np.flatnonzero(dark.any(axis=0)), _SPACED * _high(dark)
    if not len(columns):
        return []
    breaks = np.flatnonzero(np.diff(columns) > least)
    starts = [columns[0], *columns[breaks + 1]]
    ends = [*columns[breaks], columns[-1]]
    return [(int(start), int(end) + 1) for start, end in zip(starts, ends, strict=True)]


def _letter_spaced(dark: Mask) -> bool:
    """Whether a line is a few characters set far apart, as titles are."""
    letters, high = _letters(dark), _high(dark)
    return len(letters) > 1 and all(0.4 * high < end - start < 1.3 * high for start, end in letters)


def _closed_up(grey: Pixels, dark: Mask) -> Pixels:
    """A line with its characters beside one another, as the recogniser has learned them."""
    if not _letter_spaced(dark):
        return grey
    margin = _high(dark) // 8
    parts = [grey[:, max(start - margin, 0) : end + margin] for start, end in _letters(dark)]
    return np.hstack(parts)


def _tight(box: Box, dark: Mask) -> Box | None:
    """The box of the ink inside a box."""
    inside = box.of(dark)
    rows, columns = np.flatnonzero(inside.any(axis=1)), np.flatnonzero(inside.any(axis=0))
    if not len(rows):
        return None
    left, top = box.left + int(columns[0]), box.top + int(rows[0])
    right, bottom = box.left + int(columns[-1]) + 1, box.top + int(rows[-1]) + 1
    return Box(left, top, right, bottom)


def _written(box: Box, dpi: float) -> bool:
    """Whether ink that can't be read may be handwriting, by its size."""
    return box.width > 0.3 * dpi and 0.12 * dpi < box.height < 1.2 * dpi


def _piece(words: str, box: Box) -> Piece:
    size = 0.0 if words == PICTURE else _size(words, box.width, box.height)
    return Piece(words, box.left, box.top, box.right, box.bottom, size)


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


def _across(box: Box, height: int, scale: float) -> Stroke:
    at = height - (box.top + box.bottom) / 2
    return Stroke(at * scale, box.left * scale, box.right * scale)


def _down(box: Box, height: int, scale: float) -> Stroke:
    at = (box.left + box.right) / 2
    return Stroke(at * scale, (height - box.bottom) * scale, (height - box.top) * scale)
