"""From the picture of a page to what stands on it: lines, tables, seals, and how good it is.

Recognition is the extra `ocr` (rapidocr on onnxruntime, models inside the wheel, no network).
A page is read by itself, so that pages can be spread over workers and kept one by one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from archive_check import readers
from archive_check.cache import Cache
from archive_check.codec import decoded, encoded
from archive_check.model import Document, Line, PageFault, Problem, Said, SourceFile, Table, said
from archive_check.readers import media
from archive_check.readers.content import MAX_PAGES, UnreadableError
from archive_check.saying import some_of

_NAMED = 20
"""Files that a note names."""
_PARTS = ("rapidocr", "onnxruntime", "cv2")
_REMARKED = ("skewed", "cut-off", "repeated", "doubtful")
"""Faults of pages that are told beside the findings."""

PICTURED = frozenset(
    {media.PDF, media.OFD, media.DOCX, media.ODT, "image/jpeg", "image/png", "image/tiff",
     "image/bmp", "image/gif", "image/webp", "image/jp2"}
)  # fmt: skip
"""Formats whose pages can be had as pictures."""

MEMORY = 4 * 2**30
"""Bytes of address space that a worker may take; it uses some 600 MB of memory."""
SECONDS = 60.0
"""Time that one page may take, where the limit for files is not longer."""


@dataclass(frozen=True, slots=True)
class PageTask:
    """A page (from 1) to be looked at, and read where `words` are wanted; `path` is the
    document's, which may lie inside the file `source`."""

    source: SourceFile
    path: str
    sha256: str | None
    media_type: str
    page: int
    words: bool = True


@dataclass(frozen=True, slots=True)
class PageText:
    """What a page shows. Sizes of lines are in points; tables count from 0 on the page.

    `read` says whether text was recognised at all. `paper` is False for what is no page of
    paper, as a photograph; `sealed` is None where a seal can't be told, because the picture has
    no colours. `look` is alike for pages that look alike.
    """

    page: int
    read: bool = True
    lines: tuple[Line, ...] = ()
    tables: tuple[Table, ...] = ()
    paper: bool = True
    sealed: bool | None = None
    faults: tuple[PageFault, ...] = ()
    look: int = 0


def missing() -> bool:
    """Whether what recognises text is not installed."""
    return any(find_spec(name) is None for name in _PARTS)


def unread_pages(document: Document) -> tuple[int, ...]:
    """The pages that show a picture in place of text, from 1."""
    if document.problem is not None:
        return ()
    if named := document.properties.get("unread_pages"):
        return _numbers(named)
    if "image" in document.traits and "photograph" not in document.traits:
        return tuple(range(1, min(document.pages or 1, MAX_PAGES) + 1))
    return ()


def page_tasks(source: SourceFile, document: Document, words: bool) -> Iterator[PageTask]:
    """What is to be looked at of a document that is, or lies inside, a file: pages that are
    pictures, and read where that is wanted; pictures with text laid beneath are only looked at."""
    if document.media_type not in PICTURED:
        return
    about = (source, document.path, document.sha256, document.media_type)
    for page in unread_pages(document):
        yield PageTask(*about, page, words)
    if document.problem is None:
        for page in _numbers(document.properties.get("scanned_pages", "")):
            yield PageTask(*about, page, words=False)


def read_page(task: PageTask, cache: Cache | None = None) -> PageText | Problem:
    """Look at one page, and recognise it; the problem where its picture is damaged or too large.

    What the cache holds is not done again.
    """
    key = f"page {task.sha256} {task.path.count('!/')} {task.page} {task.words} {missing()}"
    if kept := _kept(cache.get(key)) if cache else None:
        return kept
    try:
        with readers.located(task.source, task.path) as location:
            found = _seen(location, task)
    except UnreadableError as error:
        return error.problem
    if cache:
        cache.put(key, encoded(found))
    return found


def _seen(location: Path, task: PageTask) -> PageText:
    if missing():
        from archive_check.ocr.looks import glance

        return glance(location, task.media_type, task.page)
    from archive_check.ocr.pages import read

    return read(location, task.media_type, task.page, task.words)


def with_pages(document: Document, pages: Mapping[int, PageText | Problem]) -> Document:
    """The document with what was read of its pages, or why that of one could not be."""
    from archive_check.ocr.merge import merged

    return merged(document, pages)


def notes(documents: Iterable[Document], asked: bool) -> Iterator[Said]:
    """Tells which files have pages that nobody read, why, and what to do about it; and which
    pages lie askew, are cut off or repeated."""
    documents = list(documents)
    files = [one.path for one in documents if unread_pages(one)]
    if files and (missing() or not asked):
        yield said("unread.missing" if asked else "unread.off", files=some_of(files, _NAMED))
    for one in documents:
        for fault in one.page_faults:
            if fault.kind in _REMARKED:
                yield said("page.remark", path=one.path, page=fault.page, what=fault.detail)


def _numbers(named: str) -> tuple[int, ...]:
    return tuple(int(number) for number in named.split(",") if number)


def _kept(value: bytes | None) -> PageText | None:
    try:
        return decoded(PageText, value) if value else None
    except ValueError:
        return None
