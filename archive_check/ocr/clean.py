"""From colours to ink on white paper: seals out, shadows out, specks out, faint print dark."""

from __future__ import annotations

import cv2
import numpy as np

from archive_check.ocr.images import Mask, Pixels

_SPECKS = 400
"""Specks on a page from which they are taken for noise."""
_FAINT = 90
"""Ink lighter than this is darkened."""
_PAPER = 255
_THROUGH = 0.75
"""Print beneath a seal is darker than so much of its lightness."""
_RIM = 0.88
"""At its edges, what is so light against the seal is white."""
_SMOOTHED = 0.88
"""Print beneath a seal that was smoothed is darker than so much of its lightness."""
_LIGHTS = ((0.8, 5), (1.0, 7))
"""How far the grain is smoothed, and how wide an edge is, in pixels."""


def grey(pixels: Pixels, red: Mask) -> Pixels:
    """The page without its seals: in red light they are as white as the paper.

    Red print stays: lines as a letterhead has them, which are much wider than high.
    """
    if not red.any():
        return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.uint8)
    seen, inside, dark, light = _in_red_light(pixels, red, 5)
    seen[inside] = _stretched(seen[inside], dark, light)
    printed = _printed(red)
    if printed.any():
        plain = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
        seen = np.where(printed, plain, seen).astype(np.uint8)
    return seen


def lights(pixels: Pixels, red: Mask) -> list[Pixels]:
    """The page in other lights, in which its seals' full surfaces let other print show through.

    There the grain of the paper is as strong as the print: it is smoothed out, and what is
    darkest below the surface becomes black. How much of a surface counts as its edge differs.
    """
    if not red.any():
        return []
    return [_shown_through(pixels, red, blur, edge) for blur, edge in _LIGHTS]


def _shown_through(pixels: Pixels, red: Mask, blur: float, edge: int) -> Pixels:
    seen, inside, _, _ = _in_red_light(pixels, red, edge)
    if inside.any():
        # Only ink is blurred into ink, not the paper beside it.
        share = np.maximum(cv2.GaussianBlur(inside.astype(np.float32), (0, 0), blur), 0.001)
        smooth = cv2.GaussianBlur(np.where(inside, seen, 0).astype(np.float32), (0, 0), blur)
        surface = (smooth / share)[inside]
        dark, light = np.percentile(surface, (1, 50))
        seen[inside] = _stretched(surface, min(dark, _SMOOTHED * light), light)
    return seen


def _in_red_light(pixels: Pixels, red: Mask, edge: int) -> tuple[Pixels, Mask, float, float]:
    """The page in red light with the edges of its seals taken out, where the rest of them lies,
    and how dark print and seals are there.

    The seal's own colour becomes white; print that shows through it, dark. At its edges, where
    scanners blur colours more than light, what is dark may be neither.
    """
    seen = np.ascontiguousarray(pixels[..., 0])
    inside = cv2.erode(red.astype(np.uint8), np.ones((edge, edge), np.uint8)) > 0
    dark, light = np.percentile(seen[red], (2, 50))
    dark = min(dark, _THROUGH * light)
    rim = red & ~inside
    seen[rim] = _stretched(seen[rim], dark, _RIM * light)
    return seen, inside, dark, light


def _stretched(values: np.ndarray, black: float, white: float) -> np.ndarray:
    return np.clip((values - black) * (_PAPER / max(white - black, 1.0)), 0, _PAPER)


def _printed(red: Mask) -> Mask:
    """Where red print stands: a row of marks in the upper part of the page, wide and low."""
    height, width = red.shape
    head = red[: height // 2].astype(np.uint8)
    reach = max(width // 12, 3)
    joined = cv2.morphologyEx(head, cv2.MORPH_CLOSE, np.ones((3, reach), np.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(joined)
    kept = [
        number
        for number, (_, _, wide, high, _) in enumerate(stats)
        if number and wide > 5 * high and wide > width / 4 and high > height / 200
    ]
    found = np.zeros_like(red)
    found[: height // 2] = np.isin(labels, kept)
    return np.asarray(cv2.dilate(found.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0)


def whitened(seen: Pixels) -> Pixels:
    """Even light: the paper white everywhere, faint ink dark, single specks gone."""
    height, width = seen.shape
    small = cv2.resize(
        seen, (max(width // 8, 1), max(height // 8, 1)), interpolation=cv2.INTER_AREA
    )
    paper = cv2.medianBlur(cv2.dilate(small, np.ones((5, 5), np.uint8)), 15)
    light = cv2.resize(np.maximum(paper, 40), (width, height), interpolation=cv2.INTER_LINEAR)
    even = cv2.divide(seen, light, scale=_PAPER)
    darkest = float(np.percentile(even[::4, ::4], 0.5))
    if _FAINT < darkest < 0.9 * _PAPER:
        stretched = (even.astype(np.float32) - darkest) * (_PAPER / (_PAPER - darkest))
        even = np.clip(stretched, 0, _PAPER).astype(np.uint8)
    return _without_specks(np.asarray(even, np.uint8))


def ink(seen: Pixels) -> Mask:
    """Where there is ink on a whitened page."""
    level, _ = cv2.threshold(seen, 0, _PAPER, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    return seen < min(max(level, 100), 200)


def _without_specks(seen: Pixels) -> Pixels:
    dark = ink(seen).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(dark, connectivity=8)
    specks = stats[:, cv2.CC_STAT_AREA] <= 3
    if specks.sum() < max(_SPECKS, count // 3):
        return seen
    noise = cv2.dilate(specks[labels].astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    noise &= ~cv2.dilate(
        ((~specks)[labels] & (dark > 0)).astype(np.uint8), np.ones((3, 3), np.uint8)
    ).astype(bool)
    return np.where(noise, np.uint8(_PAPER), seen)
