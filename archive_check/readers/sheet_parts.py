"""What workbooks hold beside their cells: hidden sheets, comments, signatures, objects."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from pathlib import Path

from archive_check.readers import compound, office_parts
from archive_check.readers.content import Content, UnreadableError
from archive_check.readers.media import ODS, XLS
from archive_check.readers.opc_signatures import signatures_of
from archive_check.readers.package import open_package, part, parts

_SHEET, _BEGIN, _ROW, _NOTE = 0x85, 0x809, 0x208, 0x1C
_VALUES = frozenset({0x06, 0xBD, 0xD6, 0xFD, 0x203, 0x204, 0x205, 0x27E})
"""Records of cells that hold something: they begin with the number of their row."""
_VISIBLE, _MACRO_SHEET = 0, 1
_ROW_LENGTH, _HIDDEN_ROW = 16, 0x20
_MAIN = ("xl/workbook.xml", "xl/workbook.bin")
_SHOWN = re.compile(r"xl/(worksheets/[^/]+|sharedStrings)\.(xml|bin)")
"""The parts that hold the cells."""
_HIDDEN_ODS = re.compile(rb"table:visibility=\"(?:collapse|filter)\"|table:display=\"false\"")


def beside(path: Path, media_type: str) -> Content:
    """Traits, objects and signatures of a workbook; nothing where its parts can't be looked at,
    since its cells were read all the same."""
    try:
        if media_type == XLS:
            return Content(traits=frozenset(_in_stream(path)))
        with open_package(path) as package:
            found = parts(package)
            if media_type == ODS:
                data = part(package, found["content.xml"]) if "content.xml" in found else b""
                return Content(traits=frozenset(_in_ods(data)))
            main = next((name for name in _MAIN if name in found), None)
            if main is None:
                return Content()
            sheets = (name for name in found if _SHOWN.fullmatch(name))
            return Content(
                traits=frozenset(office_parts.traits(package, found, main)),
                inner=tuple(office_parts.inside(package, found)),
                signatures=signatures_of(package, found, main, *sheets),
            )
    except (UnreadableError, *compound.BROKEN):
        return Content()


def _in_ods(data: bytes) -> Iterator[str]:
    if _HIDDEN_ODS.search(data):
        yield "hidden"
    if b"<office:annotation" in data:
        yield "comments"


def _in_stream(path: Path) -> Iterator[str]:
    """Sheets by their BoundSheet8 records ([MS-XLS] 2.4.28), hidden rows that hold values by Row
    (2.4.221), comments by Note (2.4.179), objects by their storages."""
    import olefile

    if not olefile.isOleFile(path):
        return
    with olefile.OleFileIO(path) as storage:
        name = next((n for n in ("Workbook", "Book") if storage.exists(n)), None)
        data = compound.stream(storage, name) if name else b""
        if any(entry[0].upper().startswith("MBD") for entry in storage.listdir()):
            yield "embedded"
    hidden: set[bytes] = set()
    for record, at, length in _records(data):
        if record == _SHEET and length >= 6:
            state, kind = data[at + 4] & 3, data[at + 5]
            if state != _VISIBLE:
                yield "hidden"
            if kind == _MACRO_SHEET:
                yield "macro"
        elif record == _BEGIN:
            hidden = set()
        elif record == _ROW and length >= _ROW_LENGTH and data[at + 12] & _HIDDEN_ROW:
            hidden.add(data[at : at + 2])
        elif record == _NOTE:
            yield "comments"
        elif hidden and record in _VALUES and data[at : at + 2] in hidden:
            yield "hidden"


def _records(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Each record of a workbook's stream that is whole: its number, where its data begin, and
    their length."""
    at, end = 0, min(len(data), office_parts.LOOKED_INTO)
    while at + 4 <= end:
        record, length = struct.unpack_from("<HH", data, at)
        at += 4 + length
        if at > len(data):
            return
        yield record, at - length, length
