"""A small writer of Word 97-2003 documents ([MS-DOC]), enough for what the reader looks at."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass

from compound import compound

IN_TABLE, CENTRED, DELETED, INSERTED = b"\x16\x24\1", b"\x61\x24\1", b"\x00\x08\1", b"\x01\x08\1"
_TEXT = 1024


@dataclass(frozen=True)
class P:
    """A paragraph: its runs with their character properties, its end, properties and style."""

    runs: Sequence[tuple[str, bytes]]
    end: str = "\r"
    properties: bytes = b""
    style: int = 0


def size(half_points: int) -> bytes:
    return struct.pack("<HH", 0x4A43, half_points)


def row_end(edges: Sequence[int]) -> bytes:
    """The properties of a row's last mark, with the edges of its cells in twips."""
    cells = len(edges) - 1
    operand = bytes((cells,)) + struct.pack(f"<{len(edges)}h", *edges) + bytes(20 * cells)
    return IN_TABLE + b"\x17\x24\1" + struct.pack("<HH", 0xD608, len(operand) + 1) + operand


def _page(starts: Sequence[int], groups: Sequence[bytes], paragraphs: bool) -> bytes:
    """A formatted disk page of 512 bytes: offsets, places of the groups, the groups."""
    width = 13 if paragraphs else 1
    page = bytearray(512)
    struct.pack_into(f"<{len(starts)}I", page, 0, *starts)
    at = 510
    for number, group in enumerate(groups):
        if paragraphs:
            padded = group + b"\0" * (len(group) % 2)
            block = bytes((0, len(padded) // 2)) + padded
        else:
            block = bytes((len(group),)) + group
        at = (at - len(block)) & ~1
        page[at : at + len(block)] = block
        page[4 * len(starts) + number * width] = at // 2 if group else 0
    page[511] = len(groups)
    return bytes(page)


def _sheet(styles: Sequence[tuple[int, bytes, bytes]]) -> bytes:
    """A style sheet of paragraph styles: based on, paragraph and character properties."""
    head = struct.pack("<HH", len(styles), 10) + bytes(14)
    sheet = struct.pack("<H", len(head)) + head
    for index, (above, paragraph, character) in enumerate(styles):
        body = struct.pack("<HHHHH", 0, 1 | above << 4, 2, 0, 0) + struct.pack("<HHH", 1, 65, 0)
        for skipped, group in ((struct.pack("<H", index), paragraph), (b"", character)):
            part = skipped + group
            body += struct.pack("<H", len(part)) + part + b"\0" * (len(part) % 2)
        sheet += struct.pack("<H", len(body)) + body + b"\0" * (len(body) % 2)
    return sheet


def word97(
    body: Sequence[P],
    headers: Sequence[P] = (),
    comments: Sequence[P] = (),
    styles: Sequence[tuple[int, bytes, bytes]] = ((0xFFF, b"", b""),),
    **streams: bytes,
) -> bytes:
    """A document of paragraphs; `styles` are (based on, paragraph, character properties)."""
    text, marks, groups, run_marks, run_groups = "", [_TEXT], [], [_TEXT], []
    counts = []
    for part in (body, headers, comments):
        begun = len(text)
        for paragraph in part:
            for words, properties in (*paragraph.runs, (paragraph.end, b"")):
                text += words
                run_marks.append(_TEXT + 2 * len(text))
                run_groups.append(properties)
            marks.append(_TEXT + 2 * len(text))
            groups.append(struct.pack("<H", paragraph.style) + paragraph.properties)
        counts.append(len(text) - begun)
    pages = -(-(2 * len(text)) // 512) + _TEXT // 512
    pieces = struct.pack("<II", 0, len(text)) + struct.pack("<HIH", 0, _TEXT, 0)
    sheet = _sheet(styles)
    clx = b"\2" + struct.pack("<I", len(pieces)) + pieces
    chpx = struct.pack("<III", _TEXT, run_marks[-1], pages)
    papx = struct.pack("<III", _TEXT, marks[-1], pages + 1)
    table, places = b"", [(0, 0)] * 93
    for number, data in ((1, sheet), (12, chpx), (13, papx), (33, clx)):
        places[number] = (len(table), len(data))
        table += data
    longs = [0] * 22
    longs[3], longs[5], longs[7] = counts
    main = struct.pack("<HH6xH20x", 0xA5EC, 0xC1, 0x200) + struct.pack("<H28x", 14)
    main += struct.pack("<H22i", 22, *longs) + struct.pack("<H", 93)
    main += b"".join(struct.pack("<II", *place) for place in places)
    main = main.ljust(_TEXT, b"\0") + text.encode("utf-16-le")
    main = main.ljust(512 * pages, b"\0")
    main += _page(run_marks, run_groups, False) + _page(marks, groups, True)
    return compound({"WordDocument": main.ljust(4096, b"\0"), "1Table": table, **streams})
