"""Compound files ([MS-CFB]), in which older Office programs keep everything, read with care."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Any

from archive_check.readers.content import UnreadableError

BROKEN = (
    OSError, struct.error, IndexError, ValueError, KeyError, TypeError, OverflowError,
    RecursionError,
)  # fmt: skip
"""What such files raise where they are damaged, or records in them say what is not there."""


def stream(storage: Any, name: str | Sequence[str]) -> bytes:
    """The bytes of a stream. Raises UnreadableError where it claims more than the file has, which
    the library would go round in circles to find, and OSError where there is none."""
    size, whole = storage.get_size(name), storage.fp.seek(0, 2)
    if size > whole:
        raise UnreadableError("damaged", "cut-off", stated=size, size=whole)
    return bytes(storage.openstream(name).read())
