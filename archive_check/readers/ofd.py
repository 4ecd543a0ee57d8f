"""OFD (GB/T 33190-2016), the Chinese format for fixed-layout electronic documents.

Lengths of the format are millimetres with y downwards; they become points with y upwards, so that
lines and ruled tables come about as for PDF.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from archive_check.model import PICTURE, Line, Problem, Signature, Table, said
from archive_check.readers.content import (
    MAX_PAGES,
    Content,
    Inner,
    UnreadableError,
    relative,
    within_limit,
)
from archive_check.readers.ofd_attached import attached_to, notes_of
from archive_check.readers.ofd_parts import (
    Body,
    Page,
    bodies,
    each,
    numbers,
    pages,
    parts_of,
    word,
)
from archive_check.readers.ofd_signatures import signatures_of
from archive_check.readers.package import open_package
from archive_check.readers.pdf_grid import Stroke, grids
from archive_check.readers.pdf_layout import Piece
from archive_check.readers.pdf_lines import page_lines
from archive_check.readers.text import is_chinese

_POINTS = 72 / 25.4
_PAGE_SIZED = 0.5
_SMALLEST_PICTURE = 12.0
_A4 = (0.0, 0.0, 210.0, 297.0)
_THIN = 3.0

Matrix = tuple[float, float, float, float, float, float]


def read(path: Path, media_type: str) -> Content:
    """Lines and ruled tables of every page, templates included. Raises UnreadableError."""
    lines: list[Line] = []
    tables: list[Table] = []
    unread: list[int] = []
    signatures: list[Signature] = []
    sealed: set[int] = set()
    stated: dict[str, str] = {}
    inner: list[Inner] = []
    count = 0
    with open_package(path) as package:
        found = parts_of(package)
        for body in bodies(found):
            stated = {**_stated(body), **stated}
            stamped: dict[str, list[str]] = {}
            for signed in signatures_of(found, body):
                signatures.append(signed.signature)
                for page_id, boundary in signed.stamps:
                    stamped.setdefault(page_id, []).append(boundary)
            notes = notes_of(found, body)
            inner += attached_to(found, body)
            for page in pages(found, body):
                count += 1
                stamps = stamped.get(page.id, [])
                if stamps or any(note.get("Type") == "Stamp" for note in notes.get(page.id, ())):
                    sealed.add(count)
                if count > MAX_PAGES:
                    continue
                own, ruled, pictured = _page(page, body.tree, stamps, notes.get(page.id, ()))
                if pictured and not any(piece.text != PICTURE for piece in own[0]):
                    unread.append(count)
                more, new = page_lines(own[0], grids(*ruled), count, own[1], len(tables))
                lines += more
                tables += new
        if "encryptions.xml" in found and not lines:
            raise UnreadableError("encrypted", "password")
    if not count:
        raise UnreadableError("empty", "no-page")
    kept, problem = within_limit(relative(lines))
    if count > MAX_PAGES:
        problem = Problem("limit", said("reading.too-many-pages", limit=MAX_PAGES))
    if unread:
        stated["unread_pages"] = ",".join(map(str, unread))
    return Content(
        pages=count,
        fixed_pages=True,
        lines=kept,
        tables=tuple(tables),
        properties=stated,
        signatures=tuple(signatures),
        traits=frozenset({"scan"}) if unread else frozenset(),
        text_read=any(line.text.strip(PICTURE + "\t ") for line in kept),
        sealed_pages=frozenset(sealed),
        inner=tuple(inner),
        problem=problem,
    )


_STATED = {
    "Title": "title", "Author": "author", "Subject": "subject", "CreationDate": "created",
    "ModDate": "modified", "Creator": "creator",
}  # fmt: skip


def _stated(body: Body) -> dict[str, str]:
    """What the document says of itself (DocInfo, 7.4)."""
    info = next(each(body.entry, "DocInfo"), None)
    found = {key: word(info, name) for name, key in _STATED.items()}
    return {key: value for key, value in found.items() if value}


def _page(
    page: Page, document: Any, stamps: Sequence[str], notes: Sequence[Any]
) -> tuple[tuple[list[Piece], float], tuple[list[Stroke], list[Stroke]], bool]:
    """Pieces and page width, strokes across and down, and whether an image fills the page."""
    boxes = [*each(page.trees[-1], "PhysicalBox"), *each(document, "PhysicalBox")]
    _, _, width, height = numbers(boxes[0].text if boxes else None, 4) or _A4
    width, height = width * _POINTS, height * _POINTS
    pieces: list[Piece] = []
    across: list[Stroke] = []
    down: list[Stroke] = []
    pictured = False
    for tree in page.trees:
        for item in each(tree, "TextObject"):
            pieces += _text(item, height)
        for item in each(tree, "ImageObject"):
            box = _boundary(item.get("Boundary"))
            if box[2] * box[3] >= _PAGE_SIZED * width * height:
                pictured = True
            else:
                pieces += _picture(box, height)
        for item in each(tree, "PathObject"):
            for x0, y0, x1, y1 in _segments(item):
                if abs(y1 - y0) <= _THIN < abs(x1 - x0):
                    across.append(Stroke(height - (y0 + y1) / 2, min(x0, x1), max(x0, x1)))
                elif abs(x1 - x0) <= _THIN < abs(y1 - y0):
                    ends = sorted((height - y0, height - y1))
                    down.append(Stroke((x0 + x1) / 2, ends[0], ends[1]))
    for stamp in stamps:
        pieces += _picture(_boundary(stamp), height)
    for note in notes:
        pieces += _noted(note, height)
    return (pieces, width), (across, down), pictured


def _picture(box: tuple[float, float, float, float], height: float) -> list[Piece]:
    left, top, wide, high = box
    if min(wide, high) < _SMALLEST_PICTURE:
        return []
    return [Piece(PICTURE, left, height - top - high, left + wide, height - top, 0.0)]


def _noted(note: Any, height: float) -> Iterator[Piece]:
    """What an annotation shows: its objects stand relative to its own corner (table 79)."""
    for shown in each(note, "Appearance"):
        corner = _boundary(shown.get("Boundary"))
        for item in each(shown, "TextObject"):
            for piece in _text(item, height):
                left, down = corner[:2]
                yield Piece(piece.text, piece.left + left, piece.bottom - down,
                            piece.right + left, piece.top - down, piece.size)  # fmt: skip
        for item in each(shown, "ImageObject"):
            box = _boundary(item.get("Boundary"))
            yield from _picture((box[0] + corner[0], box[1] + corner[1], *box[2:]), height)


def _boundary(text: str | None) -> tuple[float, float, float, float]:
    """Left, top, width and height of a box in points."""
    left, top, wide, high = numbers(text, 4) or (0.0, 0.0, 0.0, 0.0)
    return left * _POINTS, top * _POINTS, wide * _POINTS, high * _POINTS


def _placed(item: Any) -> tuple[float, float, Matrix]:
    left, top, _, _ = numbers(item.get("Boundary"), 4) or (0.0, 0.0, 0.0, 0.0)
    a, b, c, d, e, f = numbers(item.get("CTM"), 6) or (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
    return left, top, (a, b, c, d, e, f)


def _text(item: Any, height: float) -> Iterator[Piece]:
    """Pieces of a text object; a step wider than a character begins another."""
    left, top, (a, b, c, d, e, f) = _placed(item)
    own = (numbers(item.get("Size"), 1) or (4.0,))[0]
    size = own * max(abs(d), abs(b), 0.01) * _POINTS
    x = y = 0.0
    for code in each(item, "TextCode"):
        x = (numbers(code.get("X"), 1) or (x,))[0]
        y = (numbers(code.get("Y"), 1) or (y,))[0]
        text = (code.text or "").replace("\xa0", " ").rstrip("\r\n")
        along, downwards = _steps(code.get("DeltaX")), _steps(code.get("DeltaY"))
        at, line, begun, start = x, y, "", x
        for index, character in enumerate(text):
            begun += character
            width = own if is_chinese(character) else own / 2
            step = along[index] if index < len(along) else (0.0 if downwards else width)
            fall = downwards[index] if index < len(downwards) else 0.0
            last = index == len(text) - 1
            if last or step > 1.6 * own or step < 0 or abs(fall) > own / 2:
                middle = left + a * start + c * line + e, top + b * start + d * line + f
                end = left + a * (at + width) + c * line + e
                low = height - middle[1] * _POINTS - 0.15 * size
                if begun.strip():
                    yield Piece(begun, middle[0] * _POINTS, low, end * _POINTS, low + size,
                                round(size, 1))  # fmt: skip
                begun, start = "", at + step
            at, line = at + step, line + fall


def _steps(value: str | None) -> list[float]:
    """Advances; `g 3 2.5` stands for three times 2.5 (GB/T 33190, 11.3)."""
    steps: list[float] = []
    words = iter((value or "").split())
    for step in words:
        repeat = 1
        if step == "g":
            stated = next(words, "0")
            repeat = int(stated) if stated.isdecimal() and len(stated) < 8 else 0
            step = next(words, "0")
        number = numbers(step, 1)
        steps += [number[0]] * min(repeat, 10_000) if number else []
    return steps


def _segments(item: Any) -> Iterator[tuple[float, float, float, float]]:
    """The straight segments of a path in points (GB/T 33190, 9.1)."""
    left, top, (a, b, c, d, e, f) = _placed(item)
    data = next(each(item, "AbbreviatedData"), None)
    here = start = (0.0, 0.0)
    tokens = (
        re.findall(r"[A-Za-z]|-?[\d.]+(?:[eE]-?\d+)?", data.text or "") if data is not None else []
    )
    at = 0
    while at < len(tokens):
        kind = tokens[at]
        at += 1
        values: list[float] = []
        while at < len(tokens) and not tokens[at].isalpha():
            values += numbers(tokens[at], 1) or (0.0,)
            at += 1
        if kind == "C":
            point = start
        elif len(values) >= 2:
            x, y = values[-2:]
            point = ((left + a * x + c * y + e) * _POINTS, (top + b * x + d * y + f) * _POINTS)
        else:
            continue
        if kind in ("L", "C"):
            yield (*here, *point)
        elif kind in ("M", "S"):
            start = point
        here = point
