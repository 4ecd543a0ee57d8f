"""Sound and film: how long, how large and when, as far as headers tell; never transcribed."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from archive_check.readers.content import Content, UnreadableError

_BOXED = frozenset({"video/mp4", "video/quicktime", "video/3gpp", "video/x-m4v", "audio/mp4"})
_RIFF = frozenset({"audio/wav", "video/x-msvideo"})
_HOLDERS = frozenset({b"moov", b"trak"})
_OPEN_ENDED = (0, 0xFFFFFFFF)
"""Sizes that a recorder writes that never came back to fill them in."""
_MISSING = 0.01
"""Share of the stated size that may be missing: writers count their own headers differently."""
_MOST_BOXES = 10_000


def read(path: Path, media_type: str) -> Content:
    """`properties` hold `duration` in seconds, `width` and `height` in pixels, `title` and `year`.

    Raises UnreadableError where the file ends before its headers say.
    """
    found: dict[str, str] = {}
    with path.open("rb") as file:
        size = path.stat().st_size
        if media_type in _BOXED:
            found |= _boxes(file, size)
        elif media_type in _RIFF:
            found |= _riff(file, size)
    return Content(properties={**_tags(path), **found})


def _tags(path: Path) -> dict[str, str]:
    from tinytag import TinyTag, TinyTagException

    # What this library can't read may still be played, so that it is no fault of the file.
    with suppress(TinyTagException, ValueError, struct.error, IndexError, KeyError, OverflowError):
        tag = TinyTag.get(path)
        stated = {"title": tag.title, "year": tag.year}
        found = {key: " ".join(str(value).split()) for key, value in stated.items() if value}
        if tag.duration:
            found["duration"] = f"{tag.duration:.1f}"
        return found
    return {}


def _cut(stated: int, size: int) -> bool:
    return stated not in _OPEN_ENDED and stated - size > max(16, _MISSING * stated)


def _riff(file: BinaryIO, size: int) -> dict[str, str]:
    """The main header of a RIFF file (AVI: `avih` with frames, their distance and size)."""
    head = file.read(4096)
    stated = struct.unpack_from("<I", head, 4)[0] if len(head) >= 12 else 0
    if head[:4] == b"RIFF" and _cut(stated, size):
        raise UnreadableError("damaged", "cut-off", stated=stated, size=size)
    at = head.find(b"avih")
    if at < 0 or len(head) < at + 48:
        return {}
    distance, frames = struct.unpack_from("<I12xI", head, at + 8)
    width, height = struct.unpack_from("<II", head, at + 40)
    return _dimensions(width, height, distance * frames / 1_000_000)


def _boxes(file: BinaryIO, size: int) -> dict[str, str]:
    """Movie and track headers (ISO/IEC 14496-12, 8.2.2 and 8.3.2)."""
    width = height = 0
    seconds = 0.0
    for kind, data in _headers(file, 0, size, [_MOST_BOXES]):
        wide = data[:1] == b"\1"
        if kind == b"mvhd" and len(data) >= 32:
            scale, length = struct.unpack_from(">IQ" if wide else ">II", data, 20 if wide else 12)
            seconds = length / scale if scale and length not in _OPEN_ENDED else 0.0
        elif kind == b"tkhd" and len(data) >= (96 if wide else 84):
            across, down = struct.unpack_from(">II", data, 88 if wide else 76)
            width, height = max(width, across >> 16), max(height, down >> 16)
    return _dimensions(width, height, seconds)


def _headers(
    file: BinaryIO, start: int, end: int, left: list[int]
) -> Iterator[tuple[bytes, bytes]]:
    at = start
    while at + 8 <= end and left[0] > 0:
        left[0] -= 1
        file.seek(at)
        length, kind = struct.unpack(">I4s", file.read(8))
        head = 8
        if length == 1 and at + 16 <= end:
            length, head = struct.unpack(">Q", file.read(8))[0], 16
        if length == 0:
            length = end - at
        if length < head or not kind.isalnum():
            return  # no box: padding, or what some recorder left behind the last
        if at + length > end:
            if not start:
                raise UnreadableError("damaged", "cut-off", stated=at + length, size=end)
            return
        if kind in _HOLDERS:
            yield from _headers(file, at + head, at + length, left)
        elif kind in (b"mvhd", b"tkhd"):
            yield kind, file.read(min(length - head, 256))
        at += length


def _dimensions(width: int, height: int, seconds: float) -> dict[str, str]:
    found = {"width": str(width), "height": str(height)} if width and height else {}
    return {**found, "duration": f"{seconds:.1f}"} if seconds else found
