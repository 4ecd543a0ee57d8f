"""From the picture of a page to what stands on it: lines, tables, seals, and how good it is.

Recognition is the extra `ocr` (rapidocr on onnxruntime, models inside the wheel, no network).
A page is read by itself, so that pages can be spread over workers and kept one by one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.util import find_spec

from archive_check import readers
from archive_check.cache import Cache
from archive_check.codec import decoded, encoded
from archive_check.model import Document, Line, PageFault, Problem, Said, SourceFile, Table, said
from archive_check.readers.content import MAX_PAGES

_NAMED = 20
"""Files that a note names."""
_PARTS = ("rapidocr", "onnxruntime", "cv2")

MEMORY = 4 * 2**30
"""Bytes of address space that a worker may take; it uses some 600 MB of memory."""
SECONDS = 60.0
"""Time that one page may take, where the limit for files is not longer."""


@dataclass(frozen=True, slots=True)
class PageTask:
    """A page to be read; `path` is the document's, which may lie inside the file `source`."""

    source: SourceFile
    path: str
    sha256: str | None
    media_type: str
    page: int


@dataclass(frozen=True, slots=True)
class PageText:
    """What a page shows. Sizes of lines are in points; tables count from 0 on the page.

    `paper` is False for what is no page of paper, as a photograph; `sealed` is None where a
    seal can't be told, because the picture has no colours.
    """

    page: int
    lines: tuple[Line, ...] = ()
    tables: tuple[Table, ...] = ()
    paper: bool = True
    sealed: bool | None = None
    faults: tuple[PageFault, ...] = ()


def missing() -> bool:
    """Whether what recognises text is not installed."""
    return any(find_spec(name) is None for name in _PARTS)


def unread_pages(document: Document) -> tuple[int, ...]:
    """The pages that show a picture in place of text, from 1."""
    if document.problem is not None:
        return ()
    if named := document.properties.get("unread_pages"):
        return tuple(int(number) for number in named.split(","))
    if "image" in document.traits:
        return tuple(range(1, min(document.pages or 1, MAX_PAGES) + 1))
    return ()


def page_tasks(source: SourceFile, document: Document) -> list[PageTask]:
    """What has to be recognised of a document that is, or lies inside, a file."""
    about = (source, document.path, document.sha256, document.media_type)
    return [PageTask(*about, page) for page in unread_pages(document)]


def read_page(task: PageTask, cache: Cache | None = None) -> PageText:
    """Recognise one page. Raises UnreadableError where its picture is damaged or too large.

    A page that the cache holds is not recognised again.
    """
    key = f"page {task.sha256} {task.path.count('!/')} {task.page}"
    if kept := _kept(cache.get(key)) if cache else None:
        return kept
    from archive_check.ocr.pages import read

    with readers.located(task.source, task.path) as location:
        found = read(location, task.media_type, task.page)
    if cache:
        cache.put(key, encoded(found))
    return found


def with_pages(document: Document, pages: Mapping[int, PageText | Problem]) -> Document:
    """The document with what was read of its pages, or why that of one could not be."""
    from archive_check.ocr.merge import merged

    return merged(document, pages)


def left_out(documents: Iterable[Document], asked: bool) -> Said | None:
    """Tells which files have pages that nobody read, why, and what to do about it."""
    files = [one.path for one in documents if unread_pages(one)]
    if not files or (asked and not missing()):
        return None
    named: str | Said = ", ".join(files[:_NAMED])
    if len(files) > _NAMED:
        named = said("unread.more", files=named, count=len(files))
    return said("unread.missing" if asked else "unread.off", files=named)


def _kept(value: bytes | None) -> PageText | None:
    try:
        return decoded(PageText, value) if value else None
    except ValueError:
        return None
