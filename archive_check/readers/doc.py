"""Word 97-2003 documents, which is also what WPS writes ([MS-DOC]): text and tables.

Offsets and names are those of [MS-DOC]; only what lines and tables need is looked at.
"""

from __future__ import annotations

import re
import struct
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from archive_check.model import PICTURE, Line, Table
from archive_check.readers.compound import BROKEN, stream
from archive_check.readers.content import Content, UnreadableError, within_limit
from archive_check.readers.doc_styles import (
    ROW_CELLS,
    Style,
    centred,
    half_points,
    properties,
    styles,
)
from archive_check.readers.tabular import aligned

_STYLES, _CHPX, _PAPX, _CLX, _DRAWINGS = 1, 12, 13, 33, 50
"""Places in FibRgFcLcb97 (2.5.6) of the style sheet, of the formatting of characters and of
paragraphs, of the piece table, and of the drawings."""
_IN_TABLE, _ROW_END = 0x2416, 0x2417
_DELETED, _INSERTED = 0x0800, 0x0801
_OLD = (0xA5DC, 0xA697, 0xA698, 0xA699)
"""What Word 6 and 95 begin with, and their editions for East Asia."""
_WIDE = 0x1000
_FIELD = re.compile("\x13[^\x13-\x15]*(?:\x14|(?=\x15))")
"""The code of a field, before its result."""
_BODY_HALF_POINTS = 21.0
"""Size 5, Word's default in Chinese, where no run says its size."""
_MAX_PIECE = 2**26


@dataclass(frozen=True, slots=True)
class _Paragraph:
    text: str
    end: str
    in_table: bool = False
    row_end: bool = False
    edges: tuple[int, ...] = ()
    centred: bool = False
    size: float = 0.0


@dataclass(slots=True)
class _Lines:
    lines: list[Line] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    page: int = 1


@dataclass(frozen=True, slots=True)
class _Formatting:
    """Properties by file offset: `starts[i]` to `starts[i + 1]` have `groups[i]`."""

    starts: tuple[int, ...]
    groups: tuple[bytes, ...]

    def at(self, offset: int) -> bytes:
        place = bisect_right(self.starts, offset) - 1
        return self.groups[place] if 0 <= place < len(self.groups) else b""


def read(path: Path, media_type: str) -> Content:
    """Body, text boxes, notes, then headers and footers. Raises UnreadableError."""
    import olefile

    try:
        with olefile.OleFileIO(path) as storage:
            return _read(storage)
    except (UnreadableError, PermissionError, MemoryError):
        raise
    except BROKEN as error:
        raise UnreadableError("damaged", "broken-word", detail=error) from error


def _read(storage: Any) -> Content:
    main = stream(storage, "WordDocument")
    ident, version = struct.unpack_from("<HH", main, 0)
    flags = struct.unpack_from("<H", main, 10)[0]
    if flags & 0x100:
        raise UnreadableError("encrypted", "password")
    if ident != 0xA5EC and ident not in _OLD:
        raise UnreadableError("damaged", "broken-word", detail=f"FIB {ident:#x}")
    if version < 0xC1 or ident in _OLD:
        return _content(_old_text(main))
    table = stream(storage, "1Table" if flags & 0x200 else "0Table")
    data = stream(storage, "Data") if storage.exists("Data") else b""
    counts, places = _header(main)
    text, offsets = _characters(main, table, places[_CLX])
    start, length = places[_DRAWINGS] if len(places) > _DRAWINGS else (0, 0)
    # A drawing character may be a text box or a line: only with an image file block
    # (OfficeArtFBSE, [MS-ODRAW] 2.2.32) does the document show any picture.
    looks = _Looks(
        papx=_formatting(main, table, places[_PAPX], paragraphs=True),
        chpx=_formatting(main, table, places[_CHPX], paragraphs=False),
        styles=styles(table[places[_STYLES][0] : sum(places[_STYLES])]),
        data=data,
        pictures=b"\x07\xf0" in table[start : start + length],
    )
    if counts[4]:
        looks.traits.add("comments")
    if storage.exists("ObjectPool") and any(e[0] == "ObjectPool" for e in storage.listdir()):
        looks.traits.add("embedded")
    body, notes, headers, _, _, ends, boxes, _ = counts
    found = _Lines()
    position = 0
    for count, aside in ((body, False), (notes, True), (headers, True)):
        part = slice(position, position + count)
        position += count
        _write(list(_paragraphs(text[part], offsets[part], looks)), found, aside)
    position += counts[3] + counts[4]
    for count in (ends, boxes):
        part = slice(position, position + count)
        position += count
        _write(list(_paragraphs(text[part], offsets[part], looks)), found, True)
    return _content(found, frozenset(looks.traits))


def _content(found: _Lines, traits: frozenset[str] = frozenset()) -> Content:
    weights: Counter[float] = Counter()
    for line in found.lines:
        weights[line.size] += len(line.text)
    body = (weights.most_common(1)[0][0] if weights else 0.0) or _BODY_HALF_POINTS
    lines, problem = within_limit(
        [
            Line(line.text, line.page, round(line.size / body, 2), line.centred, line.table)
            for line in found.lines
        ]
    )
    if not lines:
        raise UnreadableError("empty", "no-text", traits=traits)
    return Content(
        lines=lines, tables=tuple(found.tables), traits=traits, text_read=True, problem=problem
    )


def _header(main: bytes) -> tuple[tuple[int, ...], list[tuple[int, int]]]:
    """Character counts of the parts (FibRgLw97, 2.5.4) and places in the table stream."""
    words = struct.unpack_from("<H", main, 32)[0]
    at = 34 + 2 * words
    longs = struct.unpack_from("<H", main, at)[0]
    counts = struct.unpack_from(f"<{longs}i", main, at + 2)[3:11]
    at += 2 + 4 * longs
    pairs = struct.unpack_from("<H", main, at)[0]
    flat = struct.unpack_from(f"<{2 * pairs}I", main, at + 2)
    return tuple(max(0, count) for count in counts), list(zip(flat[::2], flat[1::2], strict=True))


def _characters(main: bytes, table: bytes, place: tuple[int, int]) -> tuple[str, list[int]]:
    """The text and each character's offset in the stream, through the piece table (2.8.35)."""
    clx = table[place[0] : sum(place)]
    at = 0
    while at < len(clx) and clx[at] == 1:
        at += 3 + struct.unpack_from("<H", clx, at + 1)[0]
    if at >= len(clx) or clx[at] != 2:
        raise UnreadableError("damaged", "broken-word", detail="CLX")
    length = struct.unpack_from("<I", clx, at + 1)[0]
    pieces = clx[at + 5 : at + 5 + length]
    count = (len(pieces) - 4) // 12
    ends = struct.unpack_from(f"<{count + 1}I", pieces, 0)
    text: list[str] = []
    offsets: list[int] = []
    for number in range(count):
        characters = ends[number + 1] - ends[number]
        if not 0 <= characters <= _MAX_PIECE:
            raise UnreadableError("damaged", "broken-word", detail="PlcPcd")
        packed = struct.unpack_from("<I", pieces, 4 * (count + 1) + 8 * number + 2)[0]
        start, step = packed & 0x3FFFFFFF, 2
        if packed & 0x40000000:
            start, step = start // 2, 1
        raw = main[start : start + step * characters]
        piece = raw.decode("cp1252" if step == 1 else "utf-16-le", "replace")
        if step == 2 and len(piece) != characters:
            # Characters outside the basic plane take two places in all counts of the format.
            units = struct.unpack(f"<{len(raw) // 2}H", raw[: len(raw) // 2 * 2])
            piece = "".join(map(chr, units))
        text.append(piece)
        offsets += range(start, start + step * len(piece), step)
    return "".join(text), offsets


def _formatting(main: bytes, table: bytes, place: tuple[int, int], paragraphs: bool) -> _Formatting:
    """Property groups from the formatted disk pages (2.9.33 ChpxFkp, 2.9.174 PapxFkp).

    Those of paragraphs begin with the two bytes of their style's index.
    """
    index = table[place[0] : sum(place)]
    count = max(0, (len(index) - 4) // 8)
    starts: list[int] = []
    groups: list[bytes] = []
    for page in struct.unpack_from(f"<{count}I", index, 4 * (count + 1)) if count else ():
        fkp = main[(page & 0x3FFFFF) * 512 :][:512]
        if len(fkp) < 512:
            continue
        runs = fkp[511]
        starts += struct.unpack_from(f"<{runs}I", fkp, 0)
        for run in range(runs):
            at = 2 * fkp[4 * (runs + 1) + run * (13 if paragraphs else 1)]
            if not at:
                groups.append(b"")
            elif not paragraphs:
                groups.append(fkp[at + 1 : at + 1 + fkp[at]])
            elif fkp[at]:
                groups.append(fkp[at + 1 : at + 2 * fkp[at]])
            else:
                groups.append(fkp[at + 2 : at + 2 + 2 * fkp[at + 1]])
    order = sorted(range(len(starts)), key=starts.__getitem__)
    return _Formatting(tuple(starts[i] for i in order), tuple(groups[i] for i in order))


@dataclass(frozen=True, slots=True)
class _Looks:
    """How paragraphs and characters are formatted, and what they show where they are pictures."""

    papx: _Formatting
    chpx: _Formatting
    styles: tuple[Style, ...]
    data: bytes
    pictures: bool
    known: dict[bytes, dict[int, bytes]] = field(default_factory=dict)
    traits: set[str] = field(default_factory=set)

    def properties(self, group: bytes) -> dict[int, bytes]:
        if group not in self.known:
            self.known[group] = properties(group, self.data)
        return self.known[group]

    def style(self, group: bytes) -> Style:
        index = int.from_bytes(group[:2], "little")
        return self.styles[index] if index < len(self.styles) else Style()


def _paragraphs(text: str, offsets: list[int], looks: _Looks) -> Iterator[_Paragraph]:
    fields: list[bool] = []  # of each open field, whether its result is being read
    for found in re.finditer(r"[^\r\x07\x0c]*([\r\x07\x0c]|$)", text):
        start, stop = found.span()
        if start == stop:
            continue
        shown: list[str] = []
        sizes: Counter[int] = Counter()
        for place in range(start, found.start(1)):
            character = text[place]
            if character == "\x13":
                fields.append(False)
            elif character == "\x14" and fields:
                fields[-1] = True
            elif character == "\x15" and fields:
                fields.pop()
            elif all(fields):
                own = looks.properties(looks.chpx.at(offsets[place]))
                if own.get(_DELETED, b"\0") == b"\1":
                    looks.traits.add("changes")
                    continue
                if own.get(_INSERTED, b"\0") == b"\1":
                    looks.traits.add("changes")
                shown.append(character)
                sizes[half_points(own) or 0] += 1
        group = looks.papx.at(offsets[min(found.start(1), len(offsets) - 1)])
        own, style = looks.properties(group[2:]), looks.style(group)
        aligned = centred(own)
        in_table = own.get(_IN_TABLE, b"\0") == b"\1"
        # Writers that leave the properties out still end cells, and rows with one mark more.
        marked = not in_table and found[1] == "\x07"
        yield _Paragraph(
            _shown("".join(shown), looks.pictures),
            found[1],
            in_table or marked,
            own.get(_ROW_END, b"\0") == b"\1"
            or (marked and start == found.start(1) and text[max(0, start - 1)] == "\x07"),
            _edges(own.get(ROW_CELLS, b"")),
            style.centred if aligned is None else aligned,
            float((sizes.most_common(1)[0][0] if sizes else 0) or style.size),
        )


def _edges(operand: bytes) -> tuple[int, ...]:
    """Cell edges in twips (TDefTableOperand, 2.9.315)."""
    if len(operand) < 3 or len(operand) < 3 + 2 * (operand[2] + 1):
        return ()
    return struct.unpack_from(f"<{operand[2] + 1}h", operand, 3)


def _shown(text: str, pictures: bool) -> str:
    text = text.replace("\x01", PICTURE).replace("\x08", PICTURE if pictures else "")
    text = text.replace("\x0b", "\n").replace("\x1e", "-").replace("\xa0", " ")
    text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return re.sub(r"[\x00-\x08\x0c-\x1f\xad]", "", text)


def _write(paragraphs: list[_Paragraph], found: _Lines, aside: bool) -> None:
    """Adds paragraphs and table rows; what stands aside comes once and without pictures."""
    before = {line.text for line in found.lines} if aside else set()
    rows: list[tuple[tuple[int, ...], list[str]]] = []
    sizes: list[float] = []
    cells: list[str] = []
    cell: list[str] = []
    page = found.page
    for paragraph in paragraphs:
        if paragraph.row_end:
            if cell:
                cells.append("\n".join(cell))
            rows.append((paragraph.edges, cells))
            sizes.append(paragraph.size)
            cells, cell = [], []
        elif paragraph.in_table:
            cell += [" ".join(t.split()) for t in paragraph.text.split("\n") if t.strip()]
            if paragraph.end == "\x07":
                cells.append("\n".join(cell))
                cell = []
        else:
            _write_table(rows, found, page)
            page = found.page
            for text in paragraph.text.split("\n"):
                plain = text.replace(PICTURE, "").strip() if aside else text.rstrip()
                if plain.strip() and plain not in before:
                    found.lines.append(Line(plain, found.page, paragraph.size, paragraph.centred))
            if paragraph.end == "\x0c" and not aside:
                found.page += 1
                page = found.page
    _write_table(rows, found, page)


def _write_table(rows: list[tuple[tuple[int, ...], list[str]]], found: _Lines, page: int) -> None:
    if not rows:
        return
    table = Table(aligned(rows), page=page)
    rows.clear()
    for row in table.rows:
        if any(row):
            text = "\t".join(cell.replace("\n", " ") for cell in row)
            found.lines.append(Line(text, page, table=len(found.tables)))
    found.tables.append(table)


def _old_text(main: bytes) -> _Lines:
    """Word 6 and 95: one run of text, in the code page of the system or, in editions for East
    Asia, in UTF-16."""
    start, stop = struct.unpack_from("<II", main, 0x18)
    raw = main[start:stop]
    if struct.unpack_from("<H", main, 10)[0] & _WIDE:
        text = raw.decode("utf-16-le", "replace")
    else:
        try:
            text = raw.decode("gb18030")
        except UnicodeDecodeError:
            text = raw.decode("cp1252", "replace")
    text = _FIELD.sub("", text).replace("\x07\x07", "\r").replace("\x07", "\t")
    lines = [
        Line(line.rstrip(), page)
        for page, body in enumerate(text.split("\f"), 1)
        for paragraph in body.split("\r")
        for line in _shown(paragraph, pictures=False).split("\n")
        if line.strip()
    ]
    return _Lines(lines)
