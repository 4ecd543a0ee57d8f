"""Images: dimensions, resolution, frames, and whether they decode to the end."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from archive_check.readers.content import (
    BROKEN_IMAGE,
    MAX_PAGES,
    MAX_PIXELS,
    Content,
    UnreadableError,
    own_limits,
)


def read(path: Path, media_type: str) -> Content:
    """An image has one page, a TIFF one a frame; what it shows is not read.

    `properties` hold `width` and `height` in pixels and, where stated, `dpi`, of the first frame.
    Raises UnreadableError: truncated or otherwise damaged, or larger than `MAX_PIXELS`.
    """
    from PIL import Image, UnidentifiedImageError

    own_limits()
    try:
        with Image.open(path) as image:
            width, height = image.size
            properties = {"width": str(width), "height": str(height)}
            dpi = image.info.get("dpi")
            if dpi and float(dpi[0]) > 1:
                properties["dpi"] = str(round(float(dpi[0])))
            properties |= _taken(image)
            frames = getattr(image, "n_frames", 1) if media_type == "image/tiff" else 1
            for frame in range(min(frames, MAX_PAGES)):
                if frame:
                    image.seek(frame)
                if image.size[0] * image.size[1] > MAX_PIXELS:
                    raise UnreadableError("limit", "too-many-pixels", limit=MAX_PIXELS)
                # A reduced decode walks the whole data, and finds a truncation, for a fraction
                # of the cost; formats that know none decode fully.
                image.draft("L", (max(1, width // 8), max(1, height // 8)))
                image.load()
    except UnidentifiedImageError as error:
        raise UnreadableError("damaged", "broken-image", detail=media_type) from error
    except PermissionError:
        raise
    except BROKEN_IMAGE as error:
        raise UnreadableError("damaged", "broken-image", detail=error) from error
    return Content(
        pages=frames, fixed_pages=True, properties=properties, traits=frozenset({"image"})
    )


def _taken(image: Any) -> dict[str, str]:
    """When a camera took the picture, and which (EXIF 2.3: 36867, 306, 272)."""
    try:
        exif = image.getexif()
        own = exif.get_ifd(0x8769)
    except BROKEN_IMAGE:
        return {}
    taken = re.match(r"(\d{4}):(\d\d):(\d\d)", str(own.get(36867) or exif.get(306) or ""))
    found = {"taken": "-".join(taken.groups())} if taken else {}
    camera = str(exif.get(272) or "").strip("\0 ")
    return {**found, "camera": camera} if camera.isprintable() and camera else found
