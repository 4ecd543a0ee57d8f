"""Spreadsheets: XLSX, XLSM, XLSB, XLS, ET and ODS, through calamine."""

from __future__ import annotations

import struct
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from archive_check.readers import sheet_parts
from archive_check.readers.content import Content, UnreadableError
from archive_check.readers.media import XLS
from archive_check.readers.text import table_content

MAX_ROWS = 100_000
"""Rows read of one sheet."""


def read(path: Path, media_type: str) -> Content:
    """Every sheet as a table under its name. Raises UnreadableError."""
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    try:
        with path.open("rb") as file:
            workbook = CalamineWorkbook.from_filelike(file)
            sheets = [(name, _rows(workbook, name)) for name in workbook.sheet_names]
    except PasswordError as error:
        raise UnreadableError("encrypted", "password") from error
    except CalamineError as error:
        if media_type == XLS and _locked(path):
            raise UnreadableError("encrypted", "password") from error
        raise UnreadableError("damaged", "broken-table", detail=error) from error
    except BaseException as error:
        # The library's own mistakes come as an exception that nothing else is derived from.
        if type(error).__name__ != "PanicException":
            raise
        raise UnreadableError("damaged", "broken-table", detail=error) from error
    beside = sheet_parts.beside(path, media_type)
    try:
        content = table_content(sheets)
    except UnreadableError as error:
        if not beside.inner:
            error.traits = beside.traits
            raise
        content = Content()
    return replace(
        content,
        traits=beside.traits,
        inner=beside.inner,
        signatures=beside.signatures,
    )


def _locked(path: Path) -> bool:
    """Whether a workbook begins with a FilePass record ([MS-XLS] 2.4.117)."""
    import olefile

    with olefile.OleFileIO(path) as storage:
        name = next((n for n in ("Workbook", "Book") if storage.exists(n)), None)
        data = storage.openstream(name).read(4096) if name else b""
    at = 0
    while at + 4 <= len(data):
        record, length = struct.unpack_from("<HH", data, at)
        if record == 0x2F:
            return True
        at += 4 + length
    return False


def _rows(workbook: Any, name: str) -> list[list[str]]:
    from python_calamine import WorksheetNotFound

    try:
        sheet = workbook.get_sheet_by_name(name)
    except WorksheetNotFound:
        # Chart sheets have a name but no cells.
        return []
    # Row by row, since a stray cell far away spans millions that are empty; rows come with the
    # empty ones before them, but without the empty columns.
    before = [""] * (sheet.start[1] if sheet.start else 0)
    return [
        [] if row.count("") == len(row) else before + [shown(value) for value in row]
        for row in islice(sheet.iter_rows(), MAX_ROWS)
    ]


def shown(value: object) -> str:
    """A cell's value as a person reads it: ISO dates, whole numbers without a point."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return str(value)
