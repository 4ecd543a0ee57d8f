"""The picture of a page: a frame of an image, or a page of a PDF as it is shown."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from archive_check.ocr import jbig2
from archive_check.readers import media
from archive_check.readers.content import BROKEN_IMAGE, MAX_PIXELS, UnreadableError, own_limits
from archive_check.readers.pictures import Picture, ofd_picture, package_picture

Pixels = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]
T = TypeVar("T", bound=np.generic)

_SHOWN = 25_000_000
"""Pixels of a picture that is worked on: A4 at 500 dpi, A2 at 250."""
_RENDERED = 200
"""Dots an inch at which a page is drawn that is not one picture."""
_FINEST = 300
_A4 = (8.27, 11.69)
_SCREEN = 96
"""Dots an inch that programs write without knowing the size of the paper."""
_PAGE_SIZED = 0.5
_BLANK = 2_000
"""Bytes that a page of one colour takes at most in JBIG2."""


class Box(NamedTuple):
    """A part of a picture in pixels, y downwards; right and bottom lie just outside."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def height(self) -> int:
        return self.bottom - self.top

    def of(self, pixels: npt.NDArray[T]) -> npt.NDArray[T]:
        """What the picture shows in the box."""
        return pixels[self.top : self.bottom, self.left : self.right]


@dataclass(frozen=True, slots=True)
class PageImage:
    """A picture in RGB, its real size in inches, and how finely it was scanned.

    `dpi` is None where the file can't tell; the size is then that of A4, or of the like shape.
    """

    pixels: Pixels
    width: float
    height: float
    dpi: float | None
    inside: bool = False
    """Whether the picture is the page of a document, not a file of its own."""
    scanned: tuple[int, int] = (0, 0)
    """Rows and columns as scanned, where the picture was made smaller."""


def page_image(path: Path, media_type: str, page: int) -> PageImage:
    """The picture of a page (from 1). Raises UnreadableError, KeyError for a format without."""
    return PICTURES[media_type](path, page)


def _of_image(path: Path, page: int) -> PageImage:
    return _opened(path, page)


def _of_ofd(path: Path, page: int) -> PageImage:
    return _of_picture(ofd_picture(path, page))


def _of_package(path: Path, page: int) -> PageImage:
    return _of_picture(package_picture(path, page))


def _of_picture(picture: Picture) -> PageImage:
    """A picture that is the page of a document; its size on the page is the page's."""
    packed = picture.data.startswith(jbig2.MAGIC)
    opened = _of_jbig2(picture.data) if packed else _opened(BytesIO(picture.data), 1)
    image = replace(opened, inside=True)
    if picture.size is None or min(picture.size) < 1:
        return image
    width, height = picture.size
    down, across = image.scanned
    return replace(image, width=width, height=height, dpi=min(across / width, down / height))


def _of_jbig2(data: bytes) -> PageImage:
    import pypdfium2 as pdfium

    found = jbig2.in_pdf(data)
    _within(found.width, found.height)
    document = pdfium.PdfDocument(found.data)
    try:
        picture = next(iter(document[0].get_objects(filter=[pdfium.raw.FPDF_PAGEOBJ_IMAGE])))
        shown = picture.get_bitmap().to_pil().convert("L")
        # What it can't decode it leaves black or white all over.
        darkest, lightest = shown.getextrema()
        if not lightest or (darkest == lightest and len(data) > _BLANK):
            raise UnreadableError("damaged", "broken-image", detail="JBIG2")
    except (pdfium.PdfiumError, StopIteration) as error:
        raise UnreadableError("damaged", "broken-image", detail="JBIG2") from error
    finally:
        document.close()
    shrink = math.sqrt(found.width * found.height / _SHOWN)
    if shrink > 1:
        shown = shown.resize((round(found.width / shrink), round(found.height / shrink)))
    width, height, dpi = _measures((found.width, found.height), None)
    scanned = (found.height, found.width)
    return PageImage(np.asarray(shown.convert("RGB")), width, height, dpi, scanned=scanned)


def _opened(file: Path | BytesIO, page: int) -> PageImage:
    from PIL import Image, ImageOps

    own_limits()
    try:
        with Image.open(file) as image:
            if page > 1:
                image.seek(page - 1)
            _within(*image.size)
            stated = image.info.get("dpi")
            scanned = image.size
            shrink = math.sqrt(scanned[0] * scanned[1] / _SHOWN)
            if shrink > 1:
                image.draft("RGB", (round(scanned[0] / shrink), round(scanned[1] / shrink)))
            upright = ImageOps.exif_transpose(image)
            if (upright.width > upright.height) != (scanned[0] > scanned[1]):
                scanned = (scanned[1], scanned[0])
            shown = upright.convert("RGB")
            if shown.width * shown.height > _SHOWN:
                shown = shown.resize((round(scanned[0] / shrink), round(scanned[1] / shrink)))
    except BROKEN_IMAGE as error:
        raise UnreadableError("damaged", "broken-image", detail=error) from error
    width, height, dpi = _measures(scanned, stated)
    return PageImage(np.asarray(shown), width, height, dpi, scanned=(scanned[1], scanned[0]))


def _measures(size: tuple[int, int], stated: Any) -> tuple[float, float, float | None]:
    """Width and height in inches, and dots an inch where they are known.

    A resolution that only a screen has was written without knowing the paper; a picture of A4's
    shape is taken for A4 then.
    """
    across, down = size
    if stated and min(map(float, stated)) > _SCREEN:
        x, y = (float(value) for value in stated)
        return across / x, down / y, min(x, y)
    dpi = min(size) / _A4[0]
    like_a4 = abs(max(size) / min(size) / (_A4[1] / _A4[0]) - 1) < 0.06
    return across / dpi, down / dpi, dpi if like_a4 else None


def _of_pdf(path: Path, page: int) -> PageImage:
    import pypdfium2 as pdfium

    document = pdfium.PdfDocument(path)
    try:
        shown = document[page - 1]
        try:
            return _drawn(shown)
        finally:
            shown.close()
    except pdfium.PdfiumError as error:
        raise UnreadableError("damaged", "broken-pdf", detail=error) from error
    finally:
        document.close()


def _drawn(page: Any) -> PageImage:
    width, height = (max(value, 1.0) / 72 for value in page.get_size())
    native = _picture_dpi(page, width * height)
    dpi = min(max(native or _RENDERED, 72), _FINEST)
    dpi = min(dpi, math.sqrt(_SHOWN / (width * height)))
    bitmap = page.render(scale=dpi / 72, rev_byteorder=True)
    pixels = bitmap.to_numpy()
    return PageImage(pixels[..., :3].copy(), width, height, native, inside=True)


def _picture_dpi(page: Any, area: float) -> float | None:
    """Dots an inch of the picture, or of the strips of one, that fill the page."""
    import pypdfium2.raw as raw

    found: list[tuple[float, float]] = []
    for item in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=4):
        across, down = item.get_px_size()
        _within(across, down)
        left, bottom, right, top = item.get_bounds()
        wide, high = (right - left) / 72, (top - bottom) / 72
        if wide > 0 and high > 0:
            straight = min(across / wide, down / high)
            turned = min(across / high, down / wide)
            found.append((wide * high, max(straight, turned)))
    if sum(covered for covered, _ in found) < _PAGE_SIZED * area:
        return None
    return max(found)[1]


def _within(across: int, down: int) -> None:
    if across * down > MAX_PIXELS:
        raise UnreadableError("limit", "too-many-pixels", limit=MAX_PIXELS)


PICTURES: Mapping[str, Callable[[Path, int], PageImage]] = {
    media.PDF: _of_pdf,
    media.OFD: _of_ofd,
    media.DOCX: _of_package,
    media.ODT: _of_package,
    "image/jpeg": _of_image,
    "image/png": _of_image,
    "image/tiff": _of_image,
    "image/bmp": _of_image,
    "image/gif": _of_image,
    "image/webp": _of_image,
    "image/jp2": _of_image,
}
