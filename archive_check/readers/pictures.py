"""The pictures that stand for the pages of documents in packages: OFD, Word, OpenDocument."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archive_check.readers.content import UnreadableError
from archive_check.readers.ofd_parts import (
    Body,
    Page,
    Parts,
    bodies,
    each,
    numbers,
    pages,
    parts_of,
)
from archive_check.readers.package import open_package, part, parts

_MILLIMETRES = 25.4
_LEAST_BYTES = 8_000
"""A picture of a page takes more than a logo's or a line's."""
_PICTURES = re.compile(r"^(?:.*/)?(?:media|Pictures)/[^/]+\.(?:jpe?g|png|tiff?|bmp|gif)$", re.I)


@dataclass(frozen=True, slots=True)
class Picture:
    """An image file's bytes, and its size on the page in inches where that is known."""

    data: bytes
    size: tuple[float, float] | None = None


def ofd_picture(path: Path, number: int) -> Picture:
    """The largest picture of a page (from 1). Raises UnreadableError where it has none."""
    with open_package(path) as package:
        found = parts_of(package)
        numbered = ((body, page) for body in bodies(found) for page in pages(found, body))
        for index, (body, page) in enumerate(numbered, 1):
            if index == number and (shown := _largest(page)) is not None:
                name = _media(found, body, page).get(shown.get("ResourceID"), "")
                if name in found:
                    return Picture(found.data(name), _size(shown))
    raise UnreadableError("damaged", "no-main-part")


def package_pictures(path: Path) -> list[str]:
    """The names of the pictures of a Word or OpenDocument file that may be pages, in order."""
    with open_package(path) as package:
        return sorted(
            (
                name
                for name, info in parts(package).items()
                if _PICTURES.match(name) and info.file_size >= _LEAST_BYTES
            ),
            key=_natural,
        )


def package_picture(path: Path, number: int) -> Picture:
    """One of these pictures (from 1). Raises UnreadableError where there are not so many."""
    names = package_pictures(path)
    if number > len(names):
        raise UnreadableError("damaged", "no-main-part")
    with open_package(path) as package:
        return Picture(part(package, parts(package)[names[number - 1]]))


def _largest(page: Page) -> Any:
    shown = [item for tree in page.trees for item in each(tree, "ImageObject")]
    return max(shown, key=lambda item: _area(_size(item)), default=None)


def _size(item: Any) -> tuple[float, float] | None:
    box = numbers(item.get("Boundary"), 4)
    return (box[2] / _MILLIMETRES, box[3] / _MILLIMETRES) if box else None


def _area(size: tuple[float, float] | None) -> float:
    return size[0] * size[1] if size else 0.0


def _media(found: Parts, body: Body, page: Page) -> dict[str, str]:
    """Identifiers of resources and the parts that hold them (GB/T 33190-2016, 7.9)."""
    return dict(_resources(found, body, page))


def _resources(found: Parts, body: Body, page: Page) -> Iterator[tuple[str, str]]:
    trees = (body.tree, *page.trees)
    places = [
        item.text
        for kind in ("PublicRes", "DocumentRes", "PageRes")
        for tree in trees
        for item in each(tree, kind)
    ]
    for place in places:
        name = found.resolve(body.folder, place)
        resources = found.tree(name)
        if resources is None:
            continue
        folder = posixpath.join(posixpath.dirname(name), resources.get("BaseLoc") or "")
        for item in each(resources, "MultiMedia"):
            for file in each(item, "MediaFile"):
                held = found.resolve(folder, file.text) or found.resolve(body.folder, file.text)
                yield item.get("ID") or "", held


def _natural(name: str) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdigit() else (0, part) for part in re.split(r"(\d+)", name)]
