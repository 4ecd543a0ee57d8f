"""The strokes that rule a page: what stands straight, thin and longer than any character."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from archive_check.ocr.images import Box, Mask

_ACROSS = 0.5
"""Inches; the least length of a horizontal stroke."""
_DOWN = 0.25
_THICK = 0.05
_BROKEN = 0.02
"""Inches of a gap that a scanner leaves in a thin stroke."""
_UNDERLINE = 0.25
"""Share of a line of text, at its lower edge, in which a stroke underlines it."""
_MOST = 2_000


@dataclass(frozen=True, slots=True)
class Ruling:
    """Boxes of horizontal and vertical strokes in pixels, and the ink they are made of."""

    across: list[Box]
    down: list[Box]
    ink: Mask


def ruling(dark: Mask, dpi: float, text: Sequence[Box] = ()) -> Ruling:
    """The strokes in a page's ink. Vertical ones count where they meet a horizontal one; those
    inside a line of `text` are strokes of its characters, as heavy titles have them."""
    across_ink = _straight(dark, dpi, _ACROSS)
    down_ink = _straight(np.ascontiguousarray(dark.T), dpi, _DOWN).T
    across = [box for box in _boxes(across_ink, dpi) if not _in_letters(box, text)]
    standing = _boxes(np.ascontiguousarray(down_ink.T), dpi)
    turned = (Box(box.top, box.left, box.bottom, box.right) for box in standing)
    down = [box for box in turned if not _in_letters(box, text)]
    near = round(0.05 * dpi)
    met = [box for box in down if any(_meet(box, other, near) for other in across)]
    kept = np.zeros_like(dark)
    for box in across:
        box.of(kept)[:] |= box.of(across_ink)
    for box in met:
        box.of(kept)[:] |= box.of(down_ink)
    return Ruling(across, met, kept)


def _in_letters(stroke: Box, text: Sequence[Box]) -> bool:
    """Whether a stroke lies inside a line of text, and is not what underlines it."""
    return any(
        line.left <= stroke.left
        and stroke.right <= line.right
        and line.top <= stroke.top
        and stroke.bottom <= line.bottom
        and stroke.top + stroke.bottom < 2 * (line.bottom - _UNDERLINE * line.height)
        for line in text
    )


def _straight(dark: Mask, dpi: float, least: float) -> Mask:
    """The ink of long runs along the rows."""
    gap, length = max(round(_BROKEN * dpi), 1), max(round(least * dpi), 3)
    ink = dark.astype(np.uint8)
    # A stroke that is not quite level climbs from row to row: let neighbours count as one.
    thicker = cv2.dilate(ink, np.ones((3, 1), np.uint8))
    closed = cv2.morphologyEx(thicker, cv2.MORPH_CLOSE, np.ones((1, gap), np.uint8))
    runs = cv2.morphologyEx(closed, cv2.MORPH_OPEN, np.ones((1, length), np.uint8))
    return np.asarray((runs > 0) & (thicker > 0))


def _boxes(runs: Mask, dpi: float) -> list[Box]:
    count, _, stats, _ = cv2.connectedComponentsWithStats(runs.astype(np.uint8), connectivity=8)
    if count > _MOST:
        return []
    thick = _THICK * dpi
    return [
        Box(int(x), int(y), int(x + wide), int(y + high))
        for x, y, wide, high, area in stats[1:]
        if area / wide <= thick and high <= max(thick, 0.03 * wide)
    ]


def _meet(down: Box, across: Box, near: int) -> bool:
    return (
        across.left - near <= (down.left + down.right) / 2 <= across.right + near
        and down.top - near <= across.bottom
        and across.top <= down.bottom + near
    )
