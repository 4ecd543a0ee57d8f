"""7z files through py7zr."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archive_check.containers.limits import (
    MAX_RATIO,
    Budget,
    ContainerError,
    Member,
    harmless,
)

if TYPE_CHECKING:
    from py7zr.io import Py7zIO

_MAX_DICTIONARY = 2**30
"""Bytes that a decoder may ask for before it has written anything."""
_LZMA, _LZMA2 = b"\x03\x01\x01", b"\x21"


def unpack(path: Path, folder: Path, budget: Budget) -> Iterator[Member]:
    """The members in their order. Raises ContainerError for the whole where one is damaged:
    they are compressed together."""
    import py7zr
    from py7zr.exceptions import ArchiveError

    try:
        with py7zr.SevenZipFile(path) as container:
            if container.needs_password():
                raise ContainerError("encrypted", "reading.password")
            if max(_dictionaries(container), default=0) > _MAX_DICTIONARY:
                raise ContainerError("limit", "reading.memory")
            infos = [info for info in container.list() if not info.is_directory]
            total = sum(info.uncompressed for info in infos)
            budget.claim(len(infos), total, path.stat().st_size)
            writers = _writers(folder, [info.uncompressed for info in infos])
            container.extractall(factory=writers)
    except py7zr.PasswordRequired as error:
        raise ContainerError("encrypted", "reading.password") from error
    except (ArchiveError, py7zr.exceptions.AbsolutePathError, TypeError, KeyError) as error:
        raise ContainerError("damaged", "scan.broken", detail=error) from error
    for number, info in enumerate(infos):
        name, location = harmless(info.filename) or str(number), folder / str(number)
        if info.is_symlink:
            yield Member(name, "", 0, link=True)
            continue
        location.touch()  # of an empty file nothing was written
        yield Member(name, str(location), location.stat().st_size)


def _dictionaries(container: Any) -> Iterator[int]:
    """The sizes of the dictionaries that the coders of LZMA and LZMA2 state."""
    streams = container.header.main_streams
    for folder in streams.unpackinfo.folders if streams is not None else ():
        for coder in folder.coders:
            stated = coder.get("properties") or b""
            if coder["method"] == _LZMA and len(stated) >= 5:
                yield int.from_bytes(stated[1:5], "little")
            elif coder["method"] == _LZMA2 and stated:
                yield (2 | stated[0] & 1) << (stated[0] // 2 + 11)


def _writers(folder: Path, sizes: list[int]) -> Any:
    """Gives the members, in their order, files under their numbers, none larger than stated."""
    from py7zr.io import Py7zIO, WriterFactory

    class Writer(Py7zIO):
        def __init__(self, target: Path, limit: int) -> None:
            self._file = target.open("w+b")
            self._limit = limit

        def write(self, s: bytes | bytearray) -> int:
            if self._file.tell() + len(s) > self._limit:
                raise ContainerError("limit", "scan.ratio", limit=MAX_RATIO)
            return self._file.write(s)

        def read(self, size: int | None = None) -> bytes:
            return self._file.read(-1 if size is None else size)

        def seek(self, offset: int, whence: int = 0) -> int:
            return self._file.seek(offset, whence)

        def flush(self) -> None:
            self._file.flush()

        def size(self) -> int:
            return self._file.seek(0, 2)

        def close(self) -> None:
            self._file.close()

    class Writers(WriterFactory):
        def __init__(self) -> None:
            self._made = 0

        def create(self, filename: str) -> Py7zIO:
            number = self._made
            self._made += 1
            limit = sizes[number] if number < len(sizes) else 0
            return Writer(folder / str(number), limit)

    return Writers()
