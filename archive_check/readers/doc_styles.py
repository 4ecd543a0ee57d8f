"""Type size and alignment that the style sheet of a Word 97-2003 document gives ([MS-DOC] 2.9.271).

Also how properties are written down, in styles as well as in paragraphs and runs (2.6).
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass

HALF_POINTS, ALIGN, ALIGN_80 = 0x4A43, 0x2461, 0x2403
ROW_CELLS = 0xD608
_HUGE = 0x646B
_OPERAND = {0: 1, 1: 1, 2: 2, 3: 4, 4: 2, 5: 2, 7: 3}
"""Bytes of a property's operand by the upper three bits of its code (2.2.5.1)."""
_NO_STYLE, _PARAGRAPH = 0xFFF, 1
_DEFAULT_HALF_POINTS = 20
_MOST = 4096


@dataclass(frozen=True, slots=True)
class Style:
    """Size in half points, and whether the paragraph is centred."""

    size: int = _DEFAULT_HALF_POINTS
    centred: bool = False


def properties(group: bytes, data: bytes) -> dict[int, bytes]:
    """Operands by property code; a group that was too large lies in the data stream."""
    found: dict[int, bytes] = {}
    at = 0
    while at + 2 <= len(group):
        code = struct.unpack_from("<H", group, at)[0]
        at += 2
        size = _OPERAND.get(code >> 13)
        if size is None:
            if code == ROW_CELLS:
                size = struct.unpack_from("<H", group, at)[0] + 1 if at + 2 <= len(group) else 0
            else:
                size = group[at] + 1 if at < len(group) else 0
        operand = group[at : at + size]
        at += size
        if code == _HUGE and len(operand) == 4:
            start = struct.unpack("<I", operand)[0]
            length = struct.unpack_from("<H", data, start)[0] if start + 2 <= len(data) else 0
            found.update(properties(data[start + 2 : start + 2 + length], b""))
        else:
            found[code] = operand
    return found


def half_points(found: Mapping[int, bytes]) -> int | None:
    size = found.get(HALF_POINTS, b"")
    return int(struct.unpack("<H", size)[0]) if len(size) == 2 else None


def centred(found: Mapping[int, bytes]) -> bool | None:
    aligned = found.get(ALIGN) or found.get(ALIGN_80)
    return None if aligned is None else aligned == b"\1"


def styles(sheet: bytes) -> tuple[Style, ...]:
    """The paragraph styles by their index; other styles count as the default one."""
    if len(sheet) < 8:
        return ()
    head, count, base = struct.unpack_from("<HHH", sheet)
    stated: list[tuple[int, Mapping[int, bytes]] | None] = []
    at = 2 + head
    while at + 2 <= len(sheet) and len(stated) < min(count, _MOST):
        size = struct.unpack_from("<H", sheet, at)[0]
        stated.append(_stated(sheet[at + 2 : at + 2 + size], base))
        at += 2 + size + size % 2
    known: dict[int, Style] = {}
    return tuple(_style(index, stated, known, 0) for index in range(len(stated)))


def _stated(style: bytes, base: int) -> tuple[int, Mapping[int, bytes]] | None:
    """The style that a paragraph style is based on, and what it states itself."""
    if len(style) < base + 2 or base < 6:
        return None
    kind = struct.unpack_from("<H", style, 2)[0]
    if kind & 0xF != _PARAGRAPH:
        return None
    at = base + 2 + 2 * struct.unpack_from("<H", style, base)[0] + 2
    found: dict[int, bytes] = {}
    for skipped in (2, 0):  # paragraph properties, behind the style's own index; then characters'
        if at + 2 > len(style):
            break
        size = struct.unpack_from("<H", style, at)[0]
        found |= properties(style[at + 2 + skipped : at + 2 + size], b"")
        at += 2 + size + size % 2
    return kind >> 4, found


def _style(
    index: int,
    stated: list[tuple[int, Mapping[int, bytes]] | None],
    known: dict[int, Style],
    depth: int,
) -> Style:
    if index in known:
        return known[index]
    entry = stated[index] if index < len(stated) else None
    if entry is None or depth > 20:
        return Style()
    above, found = entry
    under = Style() if above == _NO_STYLE else _style(above, stated, known, depth + 1)
    aligned = centred(found)
    known[index] = Style(half_points(found) or under.size, under.centred if aligned is None
                         else aligned)  # fmt: skip
    return known[index]
