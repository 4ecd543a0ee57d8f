"""Files that are ZIP packages of XML parts (OOXML, OFD, ODF): opened within limits."""

from __future__ import annotations

import struct
import zipfile
import zlib
from functools import cache
from pathlib import Path
from typing import Any

from archive_check.readers.content import MAX_PART, UnreadableError

BROKEN = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, ValueError,
    OSError, IndexError,
)  # fmt: skip
"""What the ZIP module raises on damaged or malicious packages."""


def open_package(path: Path) -> zipfile.ZipFile:
    """The package at a path. Raises UnreadableError where its directory can't be read."""
    try:
        return zipfile.ZipFile(path)
    except PermissionError:
        raise
    except BROKEN as error:
        raise UnreadableError("damaged", "broken-package", detail=error) from error


def parts(package: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """The parts by name; some writers use backslashes or a leading slash."""
    return {
        info.filename.replace("\\", "/").lstrip("/"): info
        for info in package.infolist()
        if not info.filename.endswith("/")  # `is_dir` raises for an empty name
    }


def part(package: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """The bytes of a part. Raises UnreadableError: too large, encrypted or damaged."""
    if info.file_size > MAX_PART:
        raise UnreadableError("limit", "part-too-large", part=info.filename, limit=MAX_PART)
    if info.flag_bits & 1:
        raise UnreadableError("encrypted", "password")
    try:
        return package.read(info)
    except BROKEN as error:
        raise UnreadableError("damaged", "broken-part", part=info.filename, detail=error) from error


def xml(data: bytes) -> Any:
    """The root element, or None where nothing can be made of it; never loads anything external."""
    from lxml import etree

    try:
        return etree.fromstring(data, _parser())
    except etree.XMLSyntaxError:
        return None


@cache
def _parser() -> Any:
    from lxml import etree

    return etree.XMLParser(
        resolve_entities=False, no_network=True, recover=True, remove_comments=True
    )
