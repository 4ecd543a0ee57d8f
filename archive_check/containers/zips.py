"""ZIP files (APPNOTE.TXT), and the names in them in whatever encoding."""

from __future__ import annotations

import errno
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from copy import copy
from pathlib import Path
from typing import Any

from archive_check.containers.limits import (
    BROKEN,
    Budget,
    ContainerError,
    Member,
    decoded,
    harmless,
    stored,
)
from archive_check.model import Problem, said

_DOCUMENTS = frozenset(
    {"[content_types].xml", "ofd.xml", "meta-inf/manifest.xml", "meta-inf/manifest.mf", "mimetype",
     "androidmanifest.xml"}
)  # fmt: skip
"""Members by which an office document or a program in a ZIP file is known."""
_UNICODE_PATH = 0x7075
_DEFLATE64 = 9
"""How Windows packs files of more than 2 GiB (4.4.5)."""
_STEP = 4096
"""Packed bytes of it taken at once, since few of them may stand for many."""
_TAIL = 22 + 2**16
"""Bytes at the end of a file within which the end of the directory lies."""


def is_document(path: Path) -> bool:
    """Whether a ZIP file is an office document or a program in disguise."""
    try:
        with zipfile.ZipFile(path) as container:
            names = {info.filename.lower() for info in container.infolist()}
    except (OSError, *BROKEN):
        return False  # unpacking says what is wrong
    return not names.isdisjoint(_DOCUMENTS)


def member_name(info: zipfile.ZipInfo) -> str:
    """The name of a ZIP member: by its flag UTF-8, by its Unicode field, else by its bytes.

    APPNOTE.TXT 4.4.4, bit 11, and 4.6.9; without either the standard says code page 437, in which
    no Chinese program writes.
    """
    if info.flag_bits & 0x800:
        return info.orig_filename
    data = info.orig_filename.encode("cp437", "replace")
    return _unicode_name(info.extra, data) or decoded(data) or info.orig_filename


def _unicode_name(extra: bytes, data: bytes) -> str | None:
    """The name in the Info-ZIP Unicode path field, where it belongs to the plain name."""
    at = 0
    while at + 4 <= len(extra):
        number, size = struct.unpack_from("<HH", extra, at)
        value = extra[at + 4 : at + 4 + size]
        at += 4 + size
        if number == _UNICODE_PATH and len(value) > 5 and value[0] == 1:
            if struct.unpack_from("<I", value, 1)[0] != zlib.crc32(data):
                return None
            try:
                return value[5:].decode()
            except UnicodeDecodeError:
                return None
    return None


def has_directory(path: Path) -> bool:
    """Whether a file that does not begin as a ZIP ends as one: behind a program that unpacks it, or
    as the last volume of several (4.1.9 and 8.3)."""
    try:
        return zipfile.is_zipfile(path)
    except (OSError, *BROKEN):
        return False


def _volume(path: Path) -> int:
    """The number of a last volume (from 0), in which no member begins at the start (4.3.16)."""
    with path.open("rb") as file:
        if file.read(2) == b"PK":
            return 0
        file.seek(max(0, path.stat().st_size - _TAIL))
        tail = file.read()
    at = tail.rfind(b"PK\5\6")
    return int.from_bytes(tail[at + 4 : at + 6], "little") % 0xFFFF if at >= 0 else 0


def _inflated(container: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, target: Path) -> Member:
    """Writes a member out that is packed in a way that the standard library does not know."""
    import inflate64

    packed: Any = copy(info)
    packed.compress_type, packed.file_size = zipfile.ZIP_STORED, info.compress_size
    packed.CRC = None  # what comes out is checked instead
    inflater, size, check = inflate64.Inflater(), 0, 0
    with container.open(packed) as source, target.open("wb") as file:
        while not inflater.eof and (block := source.read(_STEP)):
            data = inflater.inflate(block)
            size, check = size + len(data), zlib.crc32(data, check)
            if size > info.file_size:
                break
            file.write(data)
    if (size, check) != (info.file_size, info.CRC):
        raise zipfile.BadZipFile(f"Bad CRC-32 for file {info.filename!r}")
    return Member(name, str(target), size)


def unpack(path: Path, folder: Path, budget: Budget) -> Iterator[Member]:
    """The members in the order of the directory, each with its own problem.

    Raises ContainerError where they begin in other volumes, of kind `unsupported` if those lie
    beside it.
    """
    if volume := _volume(path):
        others = (path.with_suffix(f".z{number:02d}") for number in range(1, volume + 1))
        found = all(other.exists() for other in others)
        raise ContainerError("unsupported" if found else "damaged", "scan.volume")
    with zipfile.ZipFile(path) as container:
        # Not `is_dir`, which raises for an empty name.
        infos = [info for info in container.infolist() if not info.filename.endswith("/")]
        budget.claim(len(infos), sum(info.file_size for info in infos), path.stat().st_size)
        for number, info in enumerate(infos):
            name = harmless(member_name(info)) or str(number)
            if stat.S_ISLNK(info.external_attr >> 16):
                yield Member(name, "", 0, link=True)
            elif info.flag_bits & 1:
                problem = Problem("encrypted", said("reading.password"))
                yield Member(name, "", info.file_size, problem)
            else:
                target = folder / str(number)
                try:
                    if info.compress_type == _DEFLATE64:
                        yield _inflated(container, info, name, target)
                        continue
                    with container.open(info) as source:
                        yield stored(name, source, target)
                except NotImplementedError as error:
                    problem = Problem("unsupported", said("scan.method", detail=error))
                    yield Member(name, "", info.file_size, problem)
                except (*BROKEN, OSError) as error:
                    # What the system refuses is no fault of the file, unless it was asked to
                    # read at a place that no file has.
                    if isinstance(error, OSError) and error.errno != errno.EINVAL:
                        raise
                    problem = Problem("damaged", said("scan.broken-member", detail=error))
                    yield Member(name, "", info.file_size, problem)
