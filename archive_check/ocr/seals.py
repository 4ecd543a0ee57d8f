"""Red ink, and the seals that it makes."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from archive_check.ocr.images import Box, Mask, Pixels

_WORKED = 100
"""Dots an inch at which seals are looked for."""
_SMALLEST, _LARGEST = 0.35, 2.6
"""Inches across: a name's seal, the largest seal of a body."""
_JOINED = 0.12
"""Inches of a gap inside a seal."""
_LEAST_AREA = 0.012
"""Square inches of red ink."""
_MOST_RINGS = 20
"""Circles that are looked at in a spot larger than a seal."""
_EVERYWHERE = 0.3
"""Share of a page from which red is the paper's colour or a photograph's."""


def red_ink(pixels: Pixels) -> Mask:
    """Where the picture is red, from strong seals to faint ones."""
    r, g, b = (pixels[..., i].astype(np.int16) for i in range(3))
    over = np.minimum(r - g, r - b)
    red = np.asarray((over > 34) & (r > 80) & (over * 6 > r))
    return np.zeros_like(red) if red.mean() > _EVERYWHERE else red


def coloured(pixels: Pixels) -> bool:
    """Whether a picture was taken in colours: paper and print then have a tint somewhere."""
    sample = pixels[::3, ::3].astype(np.int16)
    return bool((sample.max(axis=2) - sample.min(axis=2) > 1).mean() > 0.01)


def seals(red: Mask, dpi: float) -> list[Box]:
    """Boxes of what looks like a seal: a ring, a frame, or a filled spot of a seal's size."""
    if not red.any():
        return []
    scale = min(_WORKED / dpi, 1.0)
    size = (max(round(red.shape[1] * scale), 1), max(round(red.shape[0] * scale), 1))
    small = cv2.resize(red.astype(np.float32), size, interpolation=cv2.INTER_AREA) > 0.25
    dots = dpi * scale
    reach = max(round(_JOINED * dots), 3)
    joined = cv2.morphologyEx(
        small.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8)
    )
    _, labels, stats, _ = cv2.connectedComponentsWithStats(joined)
    spots = [Box(int(x), int(y), int(x + wide), int(y + high)) for x, y, wide, high, _ in stats]
    found = []
    for number, spot in enumerate(spots[1:], 1):
        longer, shorter = max(spot.width, spot.height) / dots, min(spot.width, spot.height) / dots
        if longer > _LARGEST:
            found += [_scaled(ring, scale) for ring in _rings(small, spot, dots)]
        if not (_SMALLEST <= longer <= _LARGEST and shorter >= 0.5 * _SMALLEST):
            continue
        own = spot.of(small) & (spot.of(labels) == number)
        if own.sum() < _LEAST_AREA * dots**2 or _in_a_row(spot, spots[1:]):
            continue
        if _shaped(own, dots) or (_at_edge(spot, small) and _cut(own, dots)):
            found.append(_scaled(spot, scale))
    return found


def _scaled(box: Box, scale: float) -> Box:
    return Box(*(round(at / scale) for at in box))


def _rings(page: Mask, spot: Box, dots: float) -> list[Box]:
    """The seals that overlap one another in a spot, by their rims."""
    own = spot.of(page)
    least, most = round(_SMALLEST * dots), round(_LARGEST * dots / 2)
    ink = cv2.GaussianBlur(own.astype(np.uint8) * 255, (3, 3), 0)
    circles = cv2.HoughCircles(
        ink, cv2.HOUGH_GRADIENT, 1.5, minDist=least,
        param1=100, param2=40, minRadius=least, maxRadius=most,
    )  # fmt: skip
    if circles is None:
        return []
    down, across = np.nonzero(own)
    found = []
    for x, y, radius in circles[0][:_MOST_RINGS]:
        far = np.hypot(across - x, down - y) / radius
        rim = (far > 0.95) & (far < 1.05)
        if _ways(across[rim] - x, down[rim] - y) > 0.85:
            left, top = spot.left + x, spot.top + y
            edges = (left - radius, top - radius, left + radius + 1, top + radius + 1)
            found.append(Box(*map(int, edges)))
    return found


def _ways(across: np.ndarray, down: np.ndarray) -> float:
    """The share of directions from a middle in which one of the points around it lies."""
    ways = ((np.arctan2(down, across) + np.pi) / (2 * np.pi) * 72).astype(int)
    return len(np.unique(ways)) / 72


def _in_a_row(spot: Box, spots: Sequence[Box]) -> bool:
    """Whether a spot is one of several characters of red print."""
    beside = [
        other
        for other in spots
        if other != spot
        and abs(other.top + other.bottom - spot.top - spot.bottom) < spot.height
        and 0.5 < other.height / spot.height < 2
        and max(other.left - spot.right, spot.left - other.right) < 2 * spot.width
    ]
    return len(beside) >= 2


def _at_edge(spot: Box, page: Mask) -> bool:
    height, width = page.shape
    near = min(spot.left, spot.top, width - spot.right, height - spot.bottom)
    return bool(near <= 2)


def _cut(own: Mask, dots: float) -> bool:
    """Part of a seal, the rest of which lies beyond the page."""
    return bool(max(own.shape) > 0.9 * dots and 0.05 < own.mean() < 0.6)


def _shaped(own: Mask, dots: float) -> bool:
    high, wide = own.shape
    filled = float(own.mean())
    shape = wide / high
    if not 0.4 < shape < 2.6 or filled > 0.85:
        return False
    return _ring(own) > 0.7 or _frame(own) > 0.6 or _spot(own, dots, filled, shape)


def _spot(own: Mask, dots: float, filled: float, shape: float) -> bool:
    """A seal whose rim is faint or cut off by the page's edge."""
    return max(own.shape) > 0.9 * dots and filled > 0.12 and 0.55 < shape < 1.8


def _ring(own: Mask) -> float:
    """The share of directions from the middle in which the rim is inked."""
    high, wide = own.shape
    y, x = np.nonzero(own)
    across, up = (x - (wide - 1) / 2) / (wide / 2), (y - (high - 1) / 2) / (high / 2)
    radius = np.hypot(across, up)
    if (radius > 1.1).mean() > 0.06:
        return 0.0
    rim = (radius > 0.84) & (radius < 1.06)
    return _ways(across[rim], up[rim])


def _frame(own: Mask) -> float:
    """The share of the four edges that is inked."""
    edges = (own[:3].any(0), own[-3:].any(0), own[:, :3].any(1), own[:, -3:].any(1))
    return float(np.mean([edge.mean() for edge in edges]))
