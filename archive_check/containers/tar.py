"""TAR files, plain and compressed, and single compressed files."""

from __future__ import annotations

import bz2
import gzip
import lzma
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

from archive_check.containers.limits import (
    BROKEN,
    HARMLESS,
    MAX_RATIO,
    Budget,
    Member,
    decoded,
    harmless,
    stored,
)

_OPENERS: dict[str, Callable[[Path], Any]] = {"gz": gzip.open, "bz2": bz2.open, "xz": lzma.open}


def is_tar(head: bytes) -> bool:
    """Whether 512 bytes are a header: its check sum is right (POSIX.1-1988, ustar or older)."""
    if len(head) < 512 or not head[0]:
        return False
    try:
        stated = int(head[148:156].strip(b"\0 ") or b"x", 8)
    except ValueError:
        return False
    return stated == sum(head[:148]) + 8 * 32 + sum(head[156:])


def is_compressed_tar(path: Path, kind: str) -> bool:
    try:
        with _OPENERS[kind](path) as file:
            return is_tar(file.read(512))
    except (OSError, *BROKEN):
        return False  # unpacking says what is wrong


def unpack(path: Path, folder: Path, budget: Budget) -> Iterator[Member]:
    """The members in their order; what is no regular file counts as a link."""
    packed = path.stat().st_size
    with tarfile.open(path, "r:*", encoding="utf-8", errors="surrogateescape") as container:
        total = count = 0
        # One after another: a compressed TAR has no directory, and asking for all of them
        # first would unpack it before any limit is seen.
        for number, info in enumerate(container):
            if info.isdir():
                continue
            name = harmless(_name(info.name)) or str(number)
            if not info.isreg():
                yield Member(name, "", 0, link=True)
                continue
            total, count = total + info.size, count + 1
            budget.check(count, total, packed)
            source = container.extractfile(info)
            if source is not None:
                with source:
                    yield stored(name, source, folder / str(number))
        budget.members -= count
        budget.total -= total


def _name(name: str) -> str:
    return decoded(name.encode("utf-8", "surrogateescape")) or name


def unpack_single(path: Path, kind: str, folder: Path, budget: Budget, name: str) -> Member:
    """A single compressed file, called as the container without its last ending."""
    own = name.rpartition("/")[2]
    stem = own.rpartition(".")[0] if own.lower().endswith(f".{kind}") else own
    limit = min(budget.total, max(HARMLESS, MAX_RATIO * path.stat().st_size))
    source: IO[bytes]
    with _OPENERS[kind](path) as source:
        member = stored(stem or own, source, folder / "0", limit)
    budget.claim(1, member.size, path.stat().st_size)
    return member
