"""What is wrong with a page as a picture (AR02.1), as far as pixels tell."""

from __future__ import annotations

import numpy as np

from archive_check.model import PageFault, said
from archive_check.ocr.images import PageImage, Pixels

LEAST_DPI = 195
"""200 dots an inch, less what rounding to whole pixels and a narrow margin cost."""
_BLANK_INK = 4e-4
"""Share of the inner page that is ink on a page with a single short line."""
_EDGE = 0.06
"""Share of the page at each edge where punch holes, shadows and staples are."""
_MOST_SKEW = 3.0


def coarse(image: PageImage, page: int) -> PageFault | None:
    """A scan below 200 dots an inch."""
    if image.dpi is None or image.dpi >= LEAST_DPI:
        return None
    return PageFault(page, "resolution", said("page.resolution", dpi=round(image.dpi)))


def blank(pixels: Pixels) -> bool:
    """Whether a page of paper bears nothing: its inside differs nowhere from its paper."""
    grey = np.asarray(pixels.min(axis=2) if pixels.ndim == 3 else pixels)
    height, width = grey.shape
    top, left = int(height * _EDGE), int(width * _EDGE)
    inner = grey[top : height - top, left : width - left]
    step = max(min(inner.shape) // 700, 1)
    inner = inner[: inner.shape[0] // step * step, : inner.shape[1] // step * step]
    # Means of small squares, in which the grain of the paper vanishes.
    squares = inner.reshape(inner.shape[0] // step, step, inner.shape[1] // step, step).mean(
        axis=(1, 3)
    )
    paper = float(np.percentile(squares, 60))
    if paper < 100:
        return False
    return bool((squares < paper - max(0.2 * paper, 30)).mean() < _BLANK_INK)


def askew(degrees: float, page: int) -> PageFault | None:
    """A page that lies more than three degrees askew."""
    if abs(degrees) <= _MOST_SKEW:
        return None
    return PageFault(page, "skewed", said("page.skewed", degrees=f"{abs(degrees):.1f}"))
