"""From a file to what can be known of it: hash, media type, pages, text, tables.

A new format is one module with a `read(path, media_type) -> Content` and its line in `READERS`.
"""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from archive_check.cache import Cache
from archive_check.codec import decoded, encoded
from archive_check.containers import MAX_DEPTH
from archive_check.model import Document, Problem, SourceFile, said
from archive_check.readers import (
    doc,
    docx,
    image,
    mail,
    markup,
    media,
    msg,
    odf,
    ofd,
    packed,
    pdf,
    ppt,
    recording,
    rtf,
    sheet,
    slides,
    text,
)
from archive_check.readers.content import MAX_INNER, Content, Inner, UnreadableError
from archive_check.texts import format_named

Reader = Callable[[Path, str], Content]

READERS: dict[str, Reader] = {
    media.DOCX: docx.read,
    media.DOTX: docx.read,
    media.DOCM: docx.read,
    media.DOTM: docx.read,
    media.DOC: doc.read,
    media.RTF: rtf.read,
    media.XLSX: sheet.read,
    media.XLTX: sheet.read,
    media.XLSM: sheet.read,
    media.XLTM: sheet.read,
    media.XLSB: sheet.read,
    media.XLS: sheet.read,
    media.ODS: sheet.read,
    media.ODT: odf.read,
    media.ODP: odf.read,
    media.PPTX: slides.read,
    media.PPTM: slides.read,
    media.PPT: ppt.read,
    media.OFD: ofd.read,
    media.PDF: pdf.read,
    media.TEXT: text.read,
    media.CSV: text.read,
    media.XML: markup.read,
    media.HTML: markup.read,
    media.EML: mail.read,
    media.MSG: msg.read,
    media.ZIP: packed.read,
    "application/x-7z-compressed": packed.read,
    "application/vnd.rar": packed.read,
    "application/x-tar": packed.read,
    "application/gzip": packed.read,
    "application/x-bzip2": packed.read,
    "application/x-xz": packed.read,
    "application/zstd": packed.read,
    "application/json": text.read,
    "image/jpeg": image.read,
    "image/png": image.read,
    "image/tiff": image.read,
    "image/bmp": image.read,
    "image/gif": image.read,
    "image/webp": image.read,
    "image/jp2": image.read,
    "image/jpx": image.read,
    "image/x-jp2-codestream": image.read,
    **dict.fromkeys(media.RECORDINGS, recording.read),
}

_LASTING = ("damaged", "encrypted", "empty", "unsupported")
"""Problems that a file has whenever and wherever it is read."""

UNREAD_DOCUMENTS = frozenset(
    {media.WORKS,
     media.OLE,
     "application/epub+zip",
     *media.EARLY.values()}
)  # fmt: skip
"""Formats that are documents or hold some, for which there is no reader."""


def read(source: SourceFile, cache: Cache | None = None) -> tuple[Document, ...]:
    """Everything that can be known of a file without knowing what an audit is.

    The first document is the file itself, the others are those inside it (attachments), as
    `outer!/name`. Never raises for what a file holds or for a file that can't be opened: that
    becomes the document's `problem`. A problem that the scan found stays. What the cache holds
    of the same content under such a name is not read again.
    """
    document = _unopened(source)
    if document.problem:
        return (document,)
    if cache is None:
        return _documents(source, document)
    # The extension counts as promise, the depth as limit.
    depth, extension = source.path.count("!/"), media.extension(source.path.rpartition("/")[2])
    key = f"documents {document.sha256} {depth} {extension}"
    kept = _kept(cache.get(key), source.path)
    if kept:
        return kept
    found = _documents(source, document)
    if all(one.problem is None or one.problem.kind in _LASTING for one in found):
        cache.put(key, encoded(_moved(found, source.path, "")))
    return found


def _kept(value: bytes | None, path: str) -> tuple[Document, ...]:
    """The documents of a value of the cache; none where it is no such value."""
    try:
        return _moved(decoded(tuple[Document, ...], value), "", path) if value else ()
    except ValueError:
        return ()


def _moved(found: tuple[Document, ...], old: str, new: str) -> tuple[Document, ...]:
    """A file and those inside it under another path of the outer one."""
    return tuple(
        replace(
            one,
            path=new + one.path.removeprefix(old),
            outer=None if one.outer is None else new + one.outer.removeprefix(old),
        )
        for one in found
    )


def _documents(source: SourceFile, document: Document) -> tuple[Document, ...]:
    path = Path(source.location)
    before = _stamp(path)
    document, inner = _filled(document, path)
    if document.problem is None and before != _stamp(path):
        problem = Problem("unreadable", said("reading.changed"))
        return (replace(_unopened(source), problem=problem),)
    if not inner:
        return (document,)
    try:
        with tempfile.TemporaryDirectory(prefix="archive-check-") as folder:
            return (document, *_inside(source, inner, Path(folder)))
    except OSError as error:  # as on a full disk
        problem = Problem("unreadable", said("reading.refused", detail=_cause(error)))
        return (replace(document, problem=document.problem or problem),)


def _stamp(path: Path) -> object:
    """What is another once somebody has written to a file or put another in its place."""
    try:
        status = path.stat()
    except OSError as error:
        return error.errno
    return status.st_mtime_ns, status.st_size, status.st_ino


def _inside(source: SourceFile, inner: Sequence[Inner], folder: Path) -> Iterator[Document]:
    """The documents inside a file; what lies deeper than containers may is a problem."""
    deep = source.path.count("!/") >= MAX_DEPTH
    seen: set[str] = set()
    for number, item in enumerate(inner[:MAX_INNER]):
        path = f"{source.path}!/{_unique(item.name, seen)}"
        location = folder / str(number)
        location.write_bytes(item.data)
        problem = Problem("limit", said("scan.deep", limit=MAX_DEPTH)) if deep else None
        for found in read(SourceFile(path, str(location), len(item.data), problem)):
            yield replace(found, outer=found.outer or source.path)


def _unique(name: str, seen: set[str]) -> str:
    """A harmless name that no other document inside the same file bears."""
    base = re.sub(r'[/\\<>:"|?*\x00-\x1f\x7f-\x9f\ud800-\udfff]+', "_", name).strip(". ") or "_"
    stem, dot, ending = base.rpartition(".")
    count, unique = 1, base
    while unique in seen:
        count += 1
        unique = f"{stem} ({count}).{ending}" if dot else f"{base} ({count})"
    seen.add(unique)
    return unique


def _unopened(source: SourceFile) -> Document:
    """What is known of a file whatever is in it: size, hash, the type that its name promises."""
    promised = media.promised(source.path.rpartition("/")[2]) or "application/octet-stream"
    document = Document(source.path, source.size, promised, None, problem=source.problem)
    if source.problem and not source.location:
        return document
    try:
        sha256, size = _sha256(Path(source.location))
        document = replace(document, sha256=sha256)
    except (OSError, ValueError) as error:
        problem = Problem("unreadable", said("reading.refused", detail=_cause(error)))
        return replace(document, problem=source.problem or problem)
    if not source.size and not source.problem:
        return replace(document, problem=Problem("empty", said("reading.no-bytes")))
    if size != source.size and not source.problem:
        return replace(document, problem=Problem("unreadable", said("reading.changed")))
    return document


def _filled(document: Document, path: Path) -> tuple[Document, tuple[Inner, ...]]:
    """The document with what its file holds, and the files inside it."""
    name = document.path.rpartition("/")[2]
    content, media_type = _content(path, name, document.media_type)
    filled = replace(
        document,
        media_type=media_type,
        pages=content.pages,
        fixed_pages=content.fixed_pages,
        lines=content.lines,
        tables=content.tables,
        properties=content.properties,
        signatures=content.signatures,
        traits=content.traits,
        text_read=content.text_read,
        page_faults=content.page_faults,
        sealed_pages=content.sealed_pages,
        outline=content.outline,
        expected_type=None if _nothing_known(content) else media.mismatch(name, media_type),
        problem=content.problem,
    )
    return filled, content.inner


@contextmanager
def located(source: SourceFile, path: str) -> Iterator[Path]:
    """Where the document of this path can be opened: the file itself, or one inside it, for
    which a copy is made. Raises UnreadableError where it is no longer there."""
    location = Path(source.location)
    if path == source.path:
        yield location
        return
    _, inner = _filled(_unopened(source), location)
    seen: set[str] = set()
    for item in inner[:MAX_INNER]:
        name = f"{source.path}!/{_unique(item.name, seen)}"
        if path == name or path.startswith(f"{name}!/"):
            with tempfile.TemporaryDirectory(prefix="archive-check-") as folder:
                copy = Path(folder, "0")
                copy.write_bytes(item.data)
                with located(SourceFile(name, str(copy), len(item.data)), path) as found:
                    yield found
            return
    raise UnreadableError("unreadable", "changed")


def unread(source: SourceFile, problem: Problem) -> Document:
    """The document of a file whose reading had to be given up: hash and promised type alone."""
    return _unopened(replace(source, problem=problem))


def _content(path: Path, name: str, promised: str) -> tuple[Content, str]:
    """What the reader of the file's format says, and the media type."""
    media_type, traits = promised, frozenset[str]()
    try:
        media_type, traits = media.sniff(path, name)
        if media_type == "application/octet-stream" and media.promised(name):
            media_type = promised
            raise UnreadableError("damaged", "not-its-format", extension=media.extension(name))
        reader = READERS.get(media_type)
        if reader is not None:
            content = reader(path, media_type)
            if not traits <= content.traits:
                content = replace(content, traits=content.traits | traits)
            return content, media_type
        if media_type in UNREAD_DOCUMENTS:
            problem = Problem(
                "unsupported", said("reading.no-reader", media_type=format_named(media_type))
            )
            return Content(problem=problem, traits=traits), media_type
        return Content(traits=traits), media_type
    except UnreadableError as error:
        return Content(problem=error.problem, traits=traits | error.traits), media_type
    except MemoryError:
        problem = Problem("limit", said("reading.memory"))
        return Content(problem=problem, traits=traits), media_type
    except OSError as error:
        problem = Problem("unreadable", said("reading.refused", detail=_cause(error)))
        return Content(problem=problem, traits=traits), media_type


def _nothing_known(content: Content) -> bool:
    """Whether the media type is only what the name promises, because the content is broken."""
    return content.problem is not None and content.problem.detail.key in (
        "reading.not-its-format",
        "reading.broken-package",
    )


def _cause(error: Exception) -> str:
    # Not the whole message: it would tell where on this machine the case lies.
    return getattr(error, "strerror", None) or type(error).__name__


def _sha256(path: Path) -> tuple[str, int]:
    """The hash of a file, and of how many bytes."""
    digest, size = hashlib.sha256(), 0
    with path.open("rb", buffering=0) as file:
        while block := file.read(2**20):
            digest.update(block)
            size += len(block)
    return digest.hexdigest(), size
