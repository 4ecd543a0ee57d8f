"""What every kind of container hands back, how it gives up, and how much it may unpack."""

from __future__ import annotations

import gzip
import lzma
import struct
import tarfile
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from archive_check.model import Problem, ProblemKind, said

MAX_DEPTH = 3
"""Containers inside one another."""
MAX_MEMBERS = 50_000
"""Members of all containers of a case."""
MAX_TOTAL = 8 * 2**30
"""Bytes of all containers of a case, unpacked."""
MAX_RATIO = 200
"""Unpacked to packed size; compressed text reaches 30, office files less than 10."""
HARMLESS = 10 * 2**20
"""Bytes below which no ratio is alarming."""
_BLOCK = 2**20
BROKEN = (
    zipfile.BadZipFile, tarfile.TarError, zlib.error, lzma.LZMAError, gzip.BadGzipFile, EOFError,
    NotImplementedError, ValueError, RuntimeError, IndexError, OverflowError, struct.error,
)  # fmt: skip
"""What the standard library's modules raise on damaged containers."""


@dataclass(slots=True)
class Budget:
    """What the containers of a case may still unpack."""

    members: int = MAX_MEMBERS
    total: int = MAX_TOTAL

    def check(self, count: int, total: int, packed: int) -> None:
        """Raises ContainerError where so many members of so many bytes are too much."""
        if count > self.members:
            raise ContainerError("limit", "scan.too-many", limit=MAX_MEMBERS)
        if total > self.total:
            raise ContainerError("limit", "scan.too-large", limit=MAX_TOTAL)
        if total > HARMLESS and total > MAX_RATIO * packed:
            raise ContainerError("limit", "scan.ratio", limit=MAX_RATIO)

    def claim(self, count: int, total: int, packed: int) -> None:
        """Takes what a container states before any of it is unpacked; raises as `check`."""
        self.check(count, total, packed)
        self.members -= count
        self.total -= total


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


def harmless(name: str) -> str:
    """A member's name as a path below the container: never absolute, never upwards."""
    levels = name.split("\0")[0].replace("\\", "/").split("/")
    return "/".join(level for level in levels if level not in ("", ".", ".."))


def decoded(data: bytes) -> str | None:
    """A name that says nothing of its encoding: UTF-8 or, as Chinese programs write, GB 18030."""
    for encoding in ("utf-8", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def stored(name: str, source: IO[bytes], target: Path, limit: int | None = None) -> Member:
    """Writes a member out. Raises ContainerError past a limit of bytes."""
    size = 0
    with target.open("wb") as file:
        while block := source.read(_BLOCK):
            size += len(block)
            if limit is not None and size > limit:
                raise ContainerError("limit", "scan.ratio", limit=MAX_RATIO)
            file.write(block)
    return Member(name, str(target), size)
