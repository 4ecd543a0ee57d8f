"""What workbooks hold beside their cells: hidden sheets, comments, old macros, objects."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from pathlib import Path

from archive_check.readers import compound, office_parts
from archive_check.readers.content import Content, UnreadableError
from archive_check.readers.media import ODS, XLS
from archive_check.readers.package import open_package, part, parts

_SHEET, _END = 0x85, 0x0A
_VISIBLE, _MACRO_SHEET = 0, 1
_HIDDEN_ODS = re.compile(rb"table:visibility=\"(?:collapse|filter)\"|table:display=\"false\"")


def beside(path: Path, media_type: str) -> Content:
    """Traits and objects of a workbook; nothing where its parts can't be looked at, since its
    cells were read all the same."""
    try:
        if media_type == XLS:
            return Content(traits=frozenset(_in_stream(path)))
        with open_package(path) as package:
            found = parts(package)
            if media_type == ODS:
                data = part(package, found["content.xml"]) if "content.xml" in found else b""
                return Content(traits=frozenset(_in_ods(data)))
            if "xl/workbook.xml" not in found:
                return Content()
            return Content(
                traits=frozenset(office_parts.traits(package, found, "xl/workbook.xml")),
                inner=tuple(office_parts.inside(package, found)),
            )
    except (UnreadableError, *compound.BROKEN):
        return Content()


def _in_ods(data: bytes) -> Iterator[str]:
    if _HIDDEN_ODS.search(data):
        yield "hidden"
    if b"<office:annotation" in data:
        yield "comments"


def _in_stream(path: Path) -> Iterator[str]:
    """Sheets by their BoundSheet8 records ([MS-XLS] 2.4.28), objects by their storages."""
    import olefile

    if not olefile.isOleFile(path):
        return
    with olefile.OleFileIO(path) as storage:
        name = next((n for n in ("Workbook", "Book") if storage.exists(n)), None)
        data = compound.stream(storage, name) if name else b""
        if any(entry[0].upper().startswith("MBD") for entry in storage.listdir()):
            yield "embedded"
    at = 0
    while at + 4 <= len(data):
        record, length = struct.unpack_from("<HH", data, at)
        if record == _END:
            break
        if record == _SHEET and length >= 6 and at + 10 <= len(data):
            state, kind = data[at + 8] & 3, data[at + 9]
            if state != _VISIBLE:
                yield "hidden"
            if kind == _MACRO_SHEET:
                yield "macro"
        at += 4 + length
