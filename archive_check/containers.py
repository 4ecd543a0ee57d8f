"""ZIP and TAR containers: unpacked within limits, under numbered names outside the case.

A member's own name is only ever text, never a place on disk, so that no name can write anywhere.
"""

from __future__ import annotations

import gzip
import lzma
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal

from archive_check.model import Problem, ProblemKind, said

Kind = Literal["zip", "tar", "7z"]

MAX_DEPTH = 3
"""Containers inside one another."""
MAX_MEMBERS = 50_000
"""Members of all containers of a case."""
MAX_TOTAL = 8 * 2**30
"""Bytes of all containers of a case, unpacked."""
MAX_RATIO = 200
"""Unpacked to packed size; compressed text reaches 30, office files less than 10."""
_HARMLESS = 10 * 2**20
"""Bytes below which no ratio is alarming."""
_BLOCK = 2**20
_ENDINGS: dict[str, Kind] = {
    ".zip": "zip", ".tar": "tar", ".tgz": "tar", ".tar.gz": "tar", ".tar.bz2": "tar",
    ".tar.xz": "tar", ".tbz2": "tar", ".txz": "tar", ".7z": "7z",
}  # fmt: skip
_BROKEN = (
    zipfile.BadZipFile, tarfile.TarError, zlib.error, lzma.LZMAError, gzip.BadGzipFile, EOFError,
    NotImplementedError, ValueError, RuntimeError,
)  # fmt: skip


@dataclass(slots=True)
class Budget:
    """What the containers of a case may still unpack."""

    members: int = MAX_MEMBERS
    total: int = MAX_TOTAL


@dataclass(frozen=True, slots=True)
class Member:
    """A file in a container under its name there; `location` is empty where it has a problem."""

    name: str
    location: str
    size: int
    problem: Problem | None = None
    link: bool = False


class ContainerError(Exception):
    """A container can't be unpacked; carries the `Problem` that its file gets."""

    def __init__(self, kind: ProblemKind, key: str, **args: object) -> None:
        super().__init__(kind, key)
        self.problem = Problem(kind, said(key, **args))


def kind(name: str) -> Kind | None:
    """The kind of container that a name promises, or None."""
    low = name.lower()
    return next((found for ending, found in _ENDINGS.items() if low.endswith(ending)), None)


def holds_files(path: Path, kind: Kind) -> bool:
    """Whether a file of a container's name is one to unpack: no office document in disguise."""
    if kind == "7z":
        return False
    if kind == "tar":
        return True
    try:
        with path.open("rb") as file:
            if not file.read(4).startswith(b"PK"):
                return False
        with zipfile.ZipFile(path) as container:
            names = {info.filename.lower() for info in container.infolist()}
    except (OSError, *_BROKEN):
        return True  # unpacking says what is wrong
    return not names & {"[content_types].xml", "ofd.xml", "meta-inf/manifest.xml"}


def unpack(path: Path, kind: Kind, folder: Path, budget: Budget) -> list[Member]:
    """Unpacks the files of a container into an empty folder, in the container's order.

    Raises ContainerError where the container as a whole is damaged, encrypted, of a kind that
    can't be opened or beyond the limits; OSError where the system refuses to read it.
    """
    if kind == "7z":
        raise ContainerError("unsupported", "reading.no-reader", media_type="7z")
    try:
        opened = _zip(path, folder, budget) if kind == "zip" else _tar(path, folder, budget)
        return list(opened)
    except _BROKEN as error:
        raise ContainerError("damaged", "scan.broken", detail=error) from error


def member_name(info: zipfile.ZipInfo) -> str:
    """The name of a ZIP member: by its flag UTF-8, else its bytes as UTF-8 or GB18030.

    APPNOTE.TXT 4.4.4, bit 11; without the flag the standard says code page 437, in which no
    Chinese program writes.
    """
    if info.flag_bits & 0x800:
        return info.orig_filename
    data = info.orig_filename.encode("cp437", "replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.orig_filename


def _harmless(name: str) -> str:
    """A member's name as a path below the container: never absolute, never upwards."""
    levels = name.split("\0")[0].replace("\\", "/").split("/")
    return "/".join(level for level in levels if level not in ("", ".", ".."))


def _zip(path: Path, folder: Path, budget: Budget) -> Iterator[Member]:
    with zipfile.ZipFile(path) as container:
        infos = [info for info in container.infolist() if not info.is_dir()]
        _claim(len(infos), sum(info.file_size for info in infos), path.stat().st_size, budget)
        for number, info in enumerate(infos):
            name = _harmless(member_name(info)) or str(number)
            if stat.S_ISLNK(info.external_attr >> 16):
                yield Member(name, "", 0, link=True)
            elif info.flag_bits & 1:
                problem = Problem("encrypted", said("reading.password"))
                yield Member(name, "", info.file_size, problem)
            else:
                try:
                    with container.open(info) as source:
                        yield _stored(name, source, folder / str(number))
                except _BROKEN as error:
                    problem = Problem("damaged", said("scan.broken-member", detail=error))
                    yield Member(name, "", info.file_size, problem)


def _tar(path: Path, folder: Path, budget: Budget) -> Iterator[Member]:
    packed = path.stat().st_size
    with tarfile.open(path, "r:*", encoding="utf-8", errors="surrogateescape") as container:
        total = count = 0
        # One after another: a compressed TAR has no directory, and asking for all of them
        # first would unpack it before any limit is seen.
        for number, info in enumerate(container):
            if info.isdir():
                continue
            name = _harmless(_tar_name(info.name)) or str(number)
            if not info.isreg():
                yield Member(name, "", 0, link=True)
                continue
            total, count = total + info.size, count + 1
            _check(count, total, packed, budget)
            source = container.extractfile(info)
            if source is not None:
                with source:
                    yield _stored(name, source, folder / str(number))
        budget.members -= count
        budget.total -= total


def _tar_name(name: str) -> str:
    """The name of a TAR member, whose bytes are UTF-8 or, from older programs, GB18030."""
    data = name.encode("utf-8", "surrogateescape")
    for encoding in ("utf-8", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return name


def _claim(count: int, total: int, packed: int, budget: Budget) -> None:
    _check(count, total, packed, budget)
    budget.members -= count
    budget.total -= total


def _check(count: int, total: int, packed: int, budget: Budget) -> None:
    if count > budget.members:
        raise ContainerError("limit", "scan.too-many", limit=MAX_MEMBERS)
    if total > budget.total:
        raise ContainerError("limit", "scan.too-large", limit=MAX_TOTAL)
    if total > _HARMLESS and total > MAX_RATIO * packed:
        raise ContainerError("limit", "scan.ratio", limit=MAX_RATIO)


def _stored(name: str, source: IO[bytes], target: Path) -> Member:
    size = 0
    with target.open("wb") as file:
        while block := source.read(_BLOCK):
            file.write(block)
            size += len(block)
    return Member(name, str(target), size)
