"""What Office packages hold beside their text: open changes, comments, hidden sheets, objects.

Looked for in the bytes of the parts, which are parsed for their text only once, elsewhere.
"""

from __future__ import annotations

import io
import posixpath
import re
import struct
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any

from archive_check.readers import compound
from archive_check.readers.content import MAX_INNER, Inner, UnreadableError
from archive_check.readers.package import part, xml

Found = Mapping[str, zipfile.ZipInfo]

_CHANGED = re.compile(rb"<w:(?:ins|del|moveFrom|moveTo) ")
_COMMENT = re.compile(rb"<(?:\w+:)?(?:comment|threadedComment|cm)[ >]")
_COMMENTS = re.compile(r"(word|xl|ppt)/(comments[^/]*\.xml|(threadedC|c)omments/[^/]+\.xml)")
_HIDDEN_SHEET = re.compile(rb"<(?:\w+:)?sheet [^>]*state=[\"'](?:hidden|veryHidden)")
_HIDDEN_ROWS = re.compile(rb"<(?:\w+:)?row [^>]*hidden=[\"'](?:1|true)[\"'][^>]*(?<!/)>")
"""Of rows that hold cells: the unused rest of a sheet is often hidden."""
LOOKED_INTO = 32 * 2**20
"""Bytes of a sheet up to which its rows are looked at for hidden ones."""
_NATIVE, _EQUATION = "\x01Ole10Native", "Equation Native"
_INSERTED = "/aFChunk"


def traits(package: zipfile.ZipFile, found: Found, main: str) -> Iterator[str]:
    """`changes`, `comments`, `hidden` and `embedded`, as far as they are there."""
    if main.startswith("word/") and _CHANGED.search(part(package, found[main])):
        yield "changes"
    if any(_COMMENTS.fullmatch(n) and _COMMENT.search(part(package, found[n])) for n in found):
        yield "comments"
    if main == "xl/workbook.xml" and (
        _HIDDEN_SHEET.search(part(package, found[main])) or _hides_rows(package, found)
    ):
        yield "hidden"
    if any(_is_object(package, found[name]) for name in _objects(package, found)):
        yield "embedded"


def _hides_rows(package: zipfile.ZipFile, found: Found) -> bool:
    return any(
        name.startswith("xl/worksheets/")
        and info.file_size <= LOOKED_INTO
        and _HIDDEN_ROWS.search(part(package, info))
        for name, info in found.items()
    )


def inside(package: zipfile.ZipFile, found: Found) -> Iterator[Inner]:
    """The files that were put into the document as objects, and texts it takes in as a whole."""
    names = [*_objects(package, found), *_taken_in(package, found)]
    for name in names[:MAX_INNER]:
        data = part(package, found[name])
        base = posixpath.basename(name)
        if not name.endswith(".bin"):
            yield Inner(base, data)
        elif native := _unpacked(data):
            yield native


def _unpacked(data: bytes) -> Inner | None:
    """As `_native`; an object that is broken is no reason to call its document so."""
    try:
        return _native(data)
    except (UnreadableError, *compound.BROKEN):
        return None


def _objects(package: zipfile.ZipFile, found: Found) -> list[str]:
    """The parts that are objects; the data behind charts is no document of its own."""
    names = [name for name in found if "/embeddings/" in name]
    if not names:
        return []
    charted = {
        posixpath.normpath(posixpath.join("/", posixpath.dirname(name), "..", target)).lstrip("/")
        for name in found
        if "/charts/_rels/" in name
        for _, target in _relations(part(package, found[name]))
    }
    return sorted(name for name in names if name not in charted)


def _taken_in(package: zipfile.ZipFile, found: Found) -> list[str]:
    rels = found.get("word/_rels/document.xml.rels")
    if rels is None:
        return []
    data = part(package, rels)
    if _INSERTED.encode() not in data:
        return []
    places = [
        posixpath.normpath(posixpath.join("/word", target)).lstrip("/")
        for kind, target in _relations(data)
        if kind.endswith(_INSERTED)
    ]
    return [place for place in places if place in found]


def _relations(data: bytes) -> Iterator[tuple[str, str]]:
    root = xml(data)
    for item in root if root is not None else ():
        if item.get("TargetMode") != "External":
            yield item.get("Type") or "", item.get("Target") or ""


def _is_object(package: zipfile.ZipFile, info: zipfile.ZipInfo) -> bool:
    """Whether a part is more than a formula, which older programs keep as an object as well."""
    if not info.filename.endswith(".bin"):
        return True
    file = _opened(part(package, info))
    return file is None or not file.exists(_EQUATION)


def _opened(data: bytes) -> Any:
    import olefile

    try:
        return olefile.OleFileIO(io.BytesIO(data)) if olefile.isOleFile(data=data) else None
    except compound.BROKEN:
        return None


def _native(data: bytes) -> Inner | None:
    """The file in an object made of one ([MS-OLEDS] 2.3.6), or the Office document that it is."""
    file = _opened(data)
    if file is None or file.exists(_EQUATION):
        return None
    for name in ("Package", "CONTENTS"):
        if file.exists(name):
            return Inner(name, compound.stream(file, name))
    if not file.exists(_NATIVE):
        known = any(file.exists(n) for n in ("WordDocument", "Workbook", "PowerPoint Document"))
        return Inner("object", data) if known else None
    stream = compound.stream(file, _NATIVE)
    texts = stream[6:].split(b"\0", 2)
    if len(texts) < 3:
        return None
    # Behind label and path: four bytes of flags, the length of the temporary path, the path.
    at = 6 + len(texts[0]) + 1 + len(texts[1]) + 1 + 4
    if at + 4 > len(stream):
        return None
    at += 4 + struct.unpack_from("<I", stream, at)[0]
    size = struct.unpack_from("<I", stream, at)[0] if at + 4 <= len(stream) else 0
    name = _named(texts[0]) or "object"
    return Inner(name, stream[at + 4 : at + 4 + size]) if size else None


def _named(data: bytes) -> str:
    try:
        return data.decode("gb18030")
    except UnicodeDecodeError:
        return data.decode("latin-1")
