"""What goes along with an OFD's pages: annotations, attached files, images of the pages."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from archive_check.readers.content import MAX_INNER, Inner
from archive_check.readers.ofd_parts import (
    Body,
    Page,
    Parts,
    bodies,
    each,
    numbers,
    pages,
    parts_of,
    word,
)
from archive_check.readers.package import open_package


def notes_of(found: Parts, body: Body) -> dict[str, tuple[Any, ...]]:
    """The visible annotations of each page by its identifier, watermarks left out (15.1)."""
    name = found.resolve(body.folder, word(body.tree, "Annotations"))
    notes: dict[str, tuple[Any, ...]] = {}
    for page in each(found.tree(name), "Page"):
        listed = found.resolve(posixpath.dirname(name), word(page, "FileLoc"))
        shown = (
            note
            for note in each(found.tree(listed), "Annot")
            if note.get("Visible", "true").lower() != "false" and note.get("Type") != "Watermark"
        )
        number = page.get("PageID") or ""
        notes[number] = (*notes.get(number, ()), *shown)
    return notes


def attached_to(found: Parts, body: Body) -> Iterator[Inner]:
    """The files attached to the document (15.2); one that is not in the package is passed over."""
    name = found.resolve(body.folder, word(body.tree, "Attachments"))
    for item in list(each(found.tree(name), "Attachment"))[:MAX_INNER]:
        place = found.resolve(posixpath.dirname(name), word(item, "FileLoc"))
        if not place:
            continue
        title, ending = item.get("Name") or "", posixpath.splitext(place)[1]
        if ending and not title.lower().endswith(ending.lower()):
            title = (title or posixpath.basename(place).removesuffix(ending)) + ending
        yield Inner(title or posixpath.basename(place), found.data(place))


def page_images(path: Path, number: int) -> Iterator[bytes]:
    """The images that a page (from 1) shows, the largest first, as the files in the package.

    Most are PNG or JPEG; JBIG2 occurs as well. Raises UnreadableError.
    """
    with open_package(path) as package:
        found = parts_of(package)
        count = 0
        for body in bodies(found):
            for page in pages(found, body):
                count += 1
                if count == number:
                    yield from _images(found, body, page)
                    return


def _images(found: Parts, body: Body, page: Page) -> Iterator[bytes]:
    places = _resources(found, body, page)
    shown: list[tuple[float, str]] = []
    for tree in page.trees:
        for item in each(tree, "ImageObject"):
            box = numbers(item.get("Boundary"), 4) or (0.0, 0.0, 0.0, 0.0)
            shown.append((-box[2] * box[3], places.get(item.get("ResourceID") or "", "")))
    for _, name in sorted(shown, key=lambda item: item[0]):
        if name:
            yield found.data(name)


def _resources(found: Parts, body: Body, page: Page) -> dict[str, str]:
    """The parts that hold the images, by identifier (7.9)."""
    listed = [
        (body.folder, item.text)
        for tree in (body.tree, *page.trees)
        for kind in ("PublicRes", "DocumentRes", "PageRes")
        for item in each(tree, kind)
    ]
    places: dict[str, str] = {}
    for folder, place in listed:
        name = found.resolve(folder, place)
        tree = found.tree(name)
        base = posixpath.join(
            posixpath.dirname(name), (tree.get("BaseLoc") or "") if tree is not None else ""
        )
        for item in each(tree, "MultiMedia"):
            file = word(item, "MediaFile")
            places[item.get("ID") or ""] = found.resolve(base, file) or found.resolve(
                posixpath.dirname(name), file
            )
    return places
