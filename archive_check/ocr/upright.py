"""How a page lies: a little askew, on its side, upside down; and the page as it is read."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from archive_check.ocr import engine
from archive_check.ocr.clean import ink
from archive_check.ocr.images import Box, Mask, Pixels

_LOOKED_AT = 700
"""Pixels of the longer side of the picture on which the skew is measured."""
_MOST_SKEW = 12.0
_LEAST_SKEW = 0.15
_EDGE = 0.05
"""Share of the picture at each side that has no say in the skew: there the scanner shows itself."""
_VOTES = 9
"""Lines that are asked whether they stand upside down."""


@dataclass(frozen=True, slots=True)
class Upright:
    """A page as it is read: its picture, the boxes of its lines, and how it had lain (degrees).

    `turned` is 0, 90, 180 or 270 (counter-clockwise), `skew` positive where lines fall to the
    right.
    """

    grey: Pixels
    boxes: list[Box]
    skew: float
    turned: int


def upright(grey: Pixels) -> Upright:
    """Turn the page until its lines run from left to right; find the boxes of its lines."""
    skew = skew_of(ink(grey))
    if abs(skew) >= _LEAST_SKEW:
        grey = rotated(grey, skew)
    boxes = engine.boxes(grey)
    turned = 0
    if _stand_on_end(boxes):
        turned = 90
        grey = np.ascontiguousarray(np.rot90(grey))
        boxes = engine.boxes(grey)
    if _upside_down(grey, boxes):
        turned += 180
        grey = np.ascontiguousarray(np.rot90(grey, 2))
        height, width = grey.shape
        boxes = [
            Box(width - box.right, height - box.bottom, width - box.left, height - box.top)
            for box in boxes
        ]
    return Upright(grey, boxes, skew, turned)


def as_upright(grey: Pixels, page: Upright) -> Pixels:
    """Another picture of the page, turned as the page was."""
    if abs(page.skew) >= _LEAST_SKEW:
        grey = rotated(grey, page.skew)
    return np.ascontiguousarray(np.rot90(grey, page.turned // 90))


def rotated(grey: Pixels, degrees: float) -> Pixels:
    """The picture turned counter-clockwise about its middle, white where nothing was."""
    height, width = grey.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    return np.asarray(
        cv2.warpAffine(
            grey, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=(255, 255, 255)
        ),
        np.uint8,
    )


def skew_of(dark: Mask) -> float:
    """Degrees by which lines of ink fall to the right (negative: rise)."""
    height, width = (round(_EDGE * size) for size in dark.shape)
    dark = dark[height : dark.shape[0] - height, width : dark.shape[1] - width]
    shrink = max(max(dark.shape) / _LOOKED_AT, 1.0)
    size = (round(dark.shape[1] / shrink), round(dark.shape[0] / shrink))
    if min(size) < 50:
        return 0.0
    small = cv2.resize(dark.astype(np.float32), size, interpolation=cv2.INTER_AREA)
    if small.sum() < 50:
        return 0.0
    best = max(_sharpest(small), _sharpest(np.ascontiguousarray(small.T), -1.0))
    return best[1]


def _sharpest(small: np.ndarray, sign: float = 1.0) -> tuple[float, float]:
    """The angle at which rows of ink and gaps between them differ most."""
    height, width = small.shape
    middle = (width / 2, height / 2)

    def sharpness(degrees: float) -> float:
        matrix = cv2.getRotationMatrix2D(middle, degrees, 1.0)
        rows = cv2.warpAffine(small, matrix, (width, height)).sum(axis=1)
        return float(np.square(np.diff(rows)).sum())

    coarse = np.arange(-_MOST_SKEW, _MOST_SKEW + 0.1, 1.0)
    near = max(coarse, key=sharpness)
    for step in (0.3, 0.1, 0.05):
        near = max((near + step * k for k in range(-3, 4)), key=sharpness)
    return sharpness(near), round(sign * float(near), 2)


def _stand_on_end(boxes: list[Box]) -> bool:
    """Whether most of the text runs upwards or downwards."""
    upright = sum(box.width for box in boxes if box.width > 1.5 * box.height)
    on_end = sum(box.height for box in boxes if box.height > 1.5 * box.width)
    return on_end > 1.5 * upright


def _upside_down(grey: Pixels, boxes: list[Box]) -> bool:
    """By what most long lines say; where they disagree, by the way in which they read better."""
    longest = sorted(boxes, key=lambda box: -box.width)[:_VOTES]
    lines = [box.of(grey) for box in longest]
    share = engine.upside_down(lines)
    if not 0.2 < share < 0.8:
        return share > 0.5
    asked = lines[:4]
    as_is = sum(engine.text(line)[1] for line in asked)
    turned = sum(engine.text(np.ascontiguousarray(np.rot90(line, 2)))[1] for line in asked)
    return turned > as_is
