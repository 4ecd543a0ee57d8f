"""What pixels tell of a page without reading it: how finely scanned, blank, paper at all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt

from archive_check.model import PageFault, said
from archive_check.ocr import PageText
from archive_check.ocr.images import PageImage, Pixels, page_image

LEAST_DPI = 195
"""200 dots an inch, less what rounding to whole pixels and a narrow margin cost."""
_BLANK_INK = 4e-5
"""Share of the inner page that a single word takes."""
_EDGE = 0.06
"""Share of the page at each edge where punch holes, shadows and staples are."""
_MOST_SKEW = 3.0
_DARKEST_PAPER = 130
_PAPER = 0.6
"""Share of a page of paper that is as light as its paper."""
_SQUARES = 700
"""Squares along the shorter side in which the grain of the paper vanishes."""


def glance(path: Path, media_type: str, number: int) -> PageText:
    """What can be told of a page (from 1) where nothing that reads it is installed."""
    image = page_image(path, media_type, number)
    if blank(image.pixels):
        return blank_page(number, read=False)
    # Whether a picture in a file of its own is a page or a photograph only its text tells.
    judged = image.inside and papery(image.pixels)
    return PageText(
        number, read=False, paper=judged, faults=tuple(coarse(image, number)) if judged else ()
    )


def blank_page(number: int, read: bool) -> PageText:
    """A page that bears nothing: there is nothing more to read."""
    fault = PageFault(number, "blank", said("page.blank"))
    return PageText(number, read=read, sealed=False, faults=(fault,))


def coarse(image: PageImage, page: int) -> Iterator[PageFault]:
    """A scan below 200 dots an inch."""
    if image.dpi is not None and image.dpi < LEAST_DPI:
        yield PageFault(page, "resolution", said("page.resolution", dpi=round(image.dpi)))


def askew(degrees: float, page: int) -> Iterator[PageFault]:
    """A page that lies more than three degrees askew."""
    if abs(degrees) > _MOST_SKEW:
        yield PageFault(page, "skewed", said("page.skewed", degrees=f"{abs(degrees):.1f}"))


def blank(pixels: Pixels) -> bool:
    """Whether a page of paper bears nothing: its inside differs nowhere from its paper."""
    squares = _squares(pixels)
    paper = float(np.percentile(squares, 60))
    if paper < _DARKEST_PAPER:
        return False
    dark = squares < paper - max(0.16 * paper, 25)
    # Specks are dark by themselves, writing has dark beside it.
    beside = dark[:-2, 1:-1] * 1 + dark[2:, 1:-1] + dark[1:-1, :-2] + dark[1:-1, 2:]
    return bool((dark[1:-1, 1:-1] & (beside >= 2)).mean() < _BLANK_INK)


def papery(pixels: Pixels) -> bool:
    """Whether most of a picture is as light as paper, which hardly any photograph is."""
    squares = _squares(pixels)
    paper = float(np.percentile(squares, 85))
    return paper >= _DARKEST_PAPER and float((squares > 0.85 * paper).mean()) >= _PAPER


def _squares(pixels: Pixels) -> npt.NDArray[np.float64]:
    """Means of small squares of the inner page, in the darkest of its colours."""
    height, width = pixels.shape[:2]
    top, left = int(height * _EDGE), int(width * _EDGE)
    inner = pixels[top : height - top, left : width - left].min(axis=2)
    step = max(min(inner.shape) // _SQUARES, 1)
    rows, columns = inner.shape[0] // step, inner.shape[1] // step
    inner = inner[: rows * step, : columns * step]
    return np.asarray(inner.reshape(rows, step, columns, step).mean(axis=(1, 3)))
