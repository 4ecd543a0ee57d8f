"""TAR files, plain and compressed, and single compressed files."""

from __future__ import annotations

import bz2
import gzip
import lzma
import sys
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
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

ZSTD = b"\x28\xb5\x2f\xfd"


@contextmanager
def _zstd(path: Path) -> Iterator[Any]:
    """What a Zstandard file holds (RFC 8878). What is broken raises ValueError while it is read."""
    if sys.version_info >= (3, 14):
        from compression import zstd
    else:
        from backports import zstd
    try:
        with zstd.open(path) as file:
            yield file
    except zstd.ZstdError as error:
        raise ValueError(error) from error


_OPENERS: dict[str, Callable[[Path], Any]] = {
    "gz": gzip.open, "bz2": bz2.open, "xz": lzma.open, "zst": _zstd,
}  # fmt: skip


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


@contextmanager
def _opened(path: Path) -> Iterator[tarfile.TarFile]:
    encoding, errors = "utf-8", "surrogateescape"
    with path.open("rb") as file:
        compressed = file.read(len(ZSTD)) == ZSTD
    if not compressed:
        with tarfile.open(path, "r:*", encoding=encoding, errors=errors) as container:
            yield container
        return
    # Before Python 3.14 the module knows nothing of this compression.
    with (
        _zstd(path) as source,
        tarfile.open(None, "r:", source, encoding=encoding, errors=errors) as container,
    ):
        yield container


def unpack(path: Path, folder: Path, budget: Budget) -> Iterator[Member]:
    """The members in their order; what is no regular file counts as a link."""
    packed = path.stat().st_size
    with _opened(path) as container:
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
