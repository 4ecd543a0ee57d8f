"""A small font in place of the large ones that PDF files leave to the reader's system.

Text with a Chinese, Japanese or Korean font that is not embedded needs no glyph to be read, but
pdfium loads the system's font for every such document anew: 20 MB and more, which takes longer than
all the rest. A font of boxes gives the same text, and the same on every machine.
"""

from __future__ import annotations

import ctypes
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

_CHARSETS = frozenset({128, 129, 134, 136})
"""Those of Japanese, Korean, simplified and traditional Chinese fonts (`FXFONT_*_CHARSET`)."""
_HANDLE = 1
"""What names the font of boxes to pdfium; the system's fonts are named by their addresses."""
_WIDE, _NARROW, _EMPTY = 1, 2, 3
_EM, _TOP, _BOTTOM = 1000, 880, -120
_wanted = False


@contextmanager
def boxes_for_missing_fonts() -> Iterator[None]:
    """Documents opened and pages loaded inside it show boxes: for reading, not for rendering."""
    global _wanted
    _installed()
    before, _wanted = _wanted, True
    try:
        yield
    finally:
        _wanted = before


@cache
def _installed() -> tuple[Any, ...]:
    """Puts itself between pdfium and the system's fonts, once a process; returns what must live."""
    import pypdfium2.raw as raw

    fonts = raw.FPDF_GetDefaultSystemFontInfo()
    if not fonts:
        return ()
    kinds = dict(raw.FPDF_SYSFONTINFO._fields_)
    kept = [fonts]

    def between(name: str, make: Callable[[Any], Callable[..., Any]]) -> None:
        # The field itself would follow what is set in its place.
        address = ctypes.cast(getattr(fonts.contents, name), ctypes.c_void_p).value
        system = kinds[name](address)
        own = kinds[name](make(system))
        kept.extend((system, own))
        setattr(fonts.contents, name, own)

    between("MapFont", _map_font)
    between("GetFontData", _font_data)
    between("GetFaceName", lambda system: _unless_own(system, 0))
    between("GetFontCharset", lambda system: _unless_own(system, 0))
    between("DeleteFont", lambda system: _unless_own(system, None))
    raw.FPDF_SetSystemFontInfo(fonts)
    return tuple(kept)


def _map_font(system: Any) -> Callable[..., Any]:
    def map_font(this: Any, weight: int, italic: int, charset: int, *rest: Any) -> Any:
        if _wanted and charset in _CHARSETS:
            return _HANDLE
        return system(this, weight, italic, charset, *rest)

    return map_font


def _font_data(system: Any) -> Callable[..., Any]:
    def font_data(this: Any, font: Any, table: int, buffer: Any, size: int) -> Any:
        if font != _HANDLE:
            return system(this, font, table, buffer, size)
        if table:
            return 0
        data = _font()
        if buffer and size >= len(data):
            ctypes.memmove(buffer, data, len(data))
        return len(data)

    return font_data


def _unless_own(system: Any, answer: int | None) -> Callable[..., Any]:
    return lambda this, font, *rest: answer if font == _HANDLE else system(this, font, *rest)


@cache
def _font() -> bytes:
    """A TrueType font (ISO/IEC 14496-22): ASCII in half boxes, spaces empty, the rest in boxes."""
    wide, narrow = _box(_EM), _box(_EM // 2)
    glyphs = wide + narrow
    widths = (_EM, _EM, _EM // 2, _EM // 2)
    count = len(widths)
    characters = [
        (0x20, 0x20, _EMPTY), (0x21, 0x7E, _NARROW), (0xA0, 0xA0, _EMPTY), (0xA1, 0x2FFF, _WIDE),
        (0x3000, 0x3000, _EMPTY), (0x3001, 0x10FFFF, _WIDE),
    ]  # fmt: skip
    groups = b"".join(struct.pack(">3L", *group) for group in characters)
    head = (0x10000, 0x10000, 0, 0x5F0F3CF5, 0, _EM, 0, 0, 0, _BOTTOM, _EM, _TOP, 0, 8, 2, 1, 0)
    tables = {
        b"cmap": struct.pack(">4HL2H3L", 0, 1, 3, 10, 12, 13, 0, 16 + len(groups), 0,
                             len(characters)) + groups,
        b"glyf": glyphs,
        b"head": struct.pack(">4L2H2Q4h2H3h", *head),
        b"hhea": struct.pack(">L3hH11hH", 0x10000, _TOP, _BOTTOM, 0, _EM, 0, 0, _EM, 1, *[0] * 7,
                             count),
        b"hmtx": b"".join(struct.pack(">Hh", width, 0) for width in widths),
        b"loca": struct.pack(">5L", 0, 0, len(wide), len(glyphs), len(glyphs)),
        b"maxp": struct.pack(">L14H", 0x10000, count, 4, 1, 0, 0, 1, *[0] * 8),
    }  # fmt: skip
    start = 12 + 16 * len(tables)
    directory, body = struct.pack(">L4H", 0x10000, len(tables), 64, 2, 48), b""
    for tag, data in tables.items():
        directory += struct.pack(">4s3L", tag, 0, start + len(body), len(data))
        body += data + b"\0" * (-len(data) % 4)
    return directory + body


def _box(width: int) -> bytes:
    """A glyph of one contour: a box as wide as told and as high as a line."""
    outline = struct.pack(">5h2H4B", 1, 0, _BOTTOM, width, _TOP, 3, 0, 1, 1, 1, 1)
    outline += struct.pack(">8h", 0, 0, width, 0, _BOTTOM, _TOP - _BOTTOM, 0, _BOTTOM - _TOP)
    return outline + b"\0" * (-len(outline) % 4)
