"""Red ink, and the seals that it makes."""

from __future__ import annotations

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
    found = []
    for number, (x, y, wide, high, _) in enumerate(stats[1:], 1):
        longer, shorter = max(wide, high) / dots, min(wide, high) / dots
        if not (_SMALLEST <= longer <= _LARGEST and shorter >= 0.5 * _SMALLEST):
            continue
        own = small[y : y + high, x : x + wide] & (labels[y : y + high, x : x + wide] == number)
        if own.sum() >= _LEAST_AREA * dots**2 and _shaped(own, dots):
            corners = (x / scale, y / scale, (x + wide) / scale, (y + high) / scale)
            found.append(Box(*map(round, corners)))
    return found


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
    ways = ((np.arctan2(up[rim], across[rim]) + np.pi) / (2 * np.pi) * 72).astype(int)
    return len(np.unique(ways)) / 72


def _frame(own: Mask) -> float:
    """The share of the four edges that is inked."""
    edges = (own[:3].any(0), own[-3:].any(0), own[:, :3].any(1), own[:, -3:].any(1))
    return float(np.mean([edge.mean() for edge in edges]))
