"""OFD (GB/T 33190-2016), the Chinese format for fixed-layout electronic documents.

Lengths of the format are millimetres with y downwards; they become points with y upwards, so that
lines and ruled tables come about as for PDF.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from archive_check.model import PICTURE, Line, Problem, Signature, Table, said
from archive_check.readers.content import (
    MAX_PAGES,
    Content,
    UnreadableError,
    relative,
    within_limit,
)
from archive_check.readers.package import open_package, part, parts, xml
from archive_check.readers.pdf_grid import Stroke, grids
from archive_check.readers.pdf_layout import Piece, page_lines
from archive_check.readers.text import is_chinese

_POINTS = 72 / 25.4
_PAGE_SIZED = 0.5
_SMALLEST_PICTURE = 12.0
_A4 = (0.0, 0.0, 210.0, 297.0)
_THIN = 3.0

Matrix = tuple[float, float, float, float, float, float]


def read(path: Path, media_type: str) -> Content:
    """Lines and ruled tables of every page, templates included. Raises UnreadableError."""
    with open_package(path) as package:
        found = {name.lower(): info for name, info in parts(package).items()}
        root = _part(package, found, "OFD.xml")
        if root is None:
            raise UnreadableError("damaged", "no-main-part")
        lines: list[Line] = []
        tables: list[Table] = []
        unread: list[int] = []
        signatures: list[Signature] = []
        count = 0
        for body in _all(root, "DocBody"):
            name = _resolve(found, "", _word(body, "DocRoot"))
            document = _part(package, found, name)
            if document is None:
                raise UnreadableError("damaged", "no-main-part")
            listed = _part(package, found, _resolve(found, "", _word(body, "Signatures")))
            signatures += [Signature() for _ in _all(listed, "Signature")]
            for page in _pages(package, found, document, posixpath.dirname(name)):
                count += 1
                if count > MAX_PAGES:
                    continue
                own, ruled, pictured = _page(page, document)
                if not own[0] and pictured:
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
    return Content(
        pages=count,
        fixed_pages=True,
        lines=kept,
        tables=tuple(tables),
        properties={"unread_pages": ",".join(map(str, unread))} if unread else {},
        signatures=tuple(signatures),
        traits=frozenset({"scan"}) if unread else frozenset(),
        text_read=bool(kept),
        problem=problem,
    )


def _all(element: Any, name: str) -> Iterator[Any]:
    """Elements of a local name; writers disagree on the namespace."""
    return iter(()) if element is None else element.iter(f"{{*}}{name}")


def _word(element: Any, name: str) -> str:
    found = next(_all(element, name), None)
    return (found.text or "").strip() if found is not None else ""


def _resolve(found: dict[str, zipfile.ZipInfo], folder: str, place: str) -> str:
    """A part's name: places are relative to the part that names them, or to the package."""
    place = place.strip().replace("\\", "/")
    for start in (folder, ""):
        name = posixpath.normpath(posixpath.join("/", start, place)).lstrip("/")
        if place and name.lower() in found:
            return name
    return ""


def _part(package: zipfile.ZipFile, found: dict[str, zipfile.ZipInfo], name: str) -> Any:
    info = found.get(name.lower())
    return xml(part(package, info)) if info is not None else None


def _pages(
    package: zipfile.ZipFile, found: dict[str, zipfile.ZipInfo], document: Any, folder: str
) -> Iterator[list[Any]]:
    """For each page the trees to draw: its templates, then itself. Raises UnreadableError."""
    templates = {
        item.get("ID"): item.get("BaseLoc") or "" for item in _all(document, "TemplatePage")
    }
    loaded: dict[str, Any] = {}
    for entry in _all(document, "Page"):
        place = entry.get("BaseLoc")
        if place is None:
            continue
        page = _part(package, found, _resolve(found, folder, place))
        if page is None:
            raise UnreadableError("damaged", "broken-part", part=place, detail="XML")
        trees = []
        for used in _all(page, "Template"):
            name = _resolve(found, folder, templates.get(used.get("TemplateID"), ""))
            if name not in loaded:
                loaded[name] = _part(package, found, name)
            if loaded[name] is not None:
                trees.append(loaded[name])
        yield [*trees, page]


def _page(
    trees: list[Any], document: Any
) -> tuple[tuple[list[Piece], float], tuple[list[Stroke], list[Stroke]], bool]:
    """Pieces and page width, strokes across and down, and whether an image fills the page."""
    boxes = [*_all(trees[-1], "PhysicalBox"), *_all(document, "PhysicalBox")]
    _, _, width, height = _numbers(boxes[0].text if boxes else None, 4) or _A4
    width, height = width * _POINTS, height * _POINTS
    pieces: list[Piece] = []
    across: list[Stroke] = []
    down: list[Stroke] = []
    pictured = False
    for tree in trees:
        for item in _all(tree, "TextObject"):
            pieces += _text(item, height)
        for item in _all(tree, "ImageObject"):
            left, top, wide, high = _boundary(item)
            if wide * high >= _PAGE_SIZED * width * height:
                pictured = True
            elif min(wide, high) >= _SMALLEST_PICTURE:
                box = (left, height - top - high, left + wide, height - top)
                pieces.append(Piece(PICTURE, *box, 0.0))
        for item in _all(tree, "PathObject"):
            for x0, y0, x1, y1 in _segments(item):
                if abs(y1 - y0) <= _THIN < abs(x1 - x0):
                    across.append(Stroke(height - (y0 + y1) / 2, min(x0, x1), max(x0, x1)))
                elif abs(x1 - x0) <= _THIN < abs(y1 - y0):
                    ends = sorted((height - y0, height - y1))
                    down.append(Stroke((x0 + x1) / 2, ends[0], ends[1]))
    return (pieces, width), (across, down), pictured


def _boundary(item: Any) -> tuple[float, float, float, float]:
    left, top, wide, high = _numbers(item.get("Boundary"), 4) or (0.0, 0.0, 0.0, 0.0)
    return left * _POINTS, top * _POINTS, wide * _POINTS, high * _POINTS


def _placed(item: Any) -> tuple[float, float, Matrix]:
    left, top, _, _ = _numbers(item.get("Boundary"), 4) or (0.0, 0.0, 0.0, 0.0)
    a, b, c, d, e, f = _numbers(item.get("CTM"), 6) or (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
    return left, top, (a, b, c, d, e, f)


def _text(item: Any, height: float) -> Iterator[Piece]:
    """Pieces of a text object; a step wider than a character begins another."""
    left, top, (a, b, c, d, e, f) = _placed(item)
    own = (_numbers(item.get("Size"), 1) or (4.0,))[0]
    size = own * max(abs(d), abs(b), 0.01) * _POINTS
    x = y = 0.0
    for code in _all(item, "TextCode"):
        x = (_numbers(code.get("X"), 1) or (x,))[0]
        y = (_numbers(code.get("Y"), 1) or (y,))[0]
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
    for word in words:
        repeat = 1
        if word == "g":
            repeat = int(next(words, "0")) if (value or "").split() else 0
            word = next(words, "0")
        number = _numbers(word, 1)
        steps += [number[0]] * min(repeat, 10_000) if number else []
    return steps


def _segments(item: Any) -> Iterator[tuple[float, float, float, float]]:
    """The straight segments of a path in points (GB/T 33190, 9.1)."""
    left, top, (a, b, c, d, e, f) = _placed(item)
    data = next(_all(item, "AbbreviatedData"), None)
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
            values += _numbers(tokens[at], 1) or (0.0,)
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


def _numbers(text: str | None, count: int) -> tuple[float, ...] | None:
    try:
        numbers = tuple(float(word) for word in (text or "").split())
    except ValueError:
        return None
    return numbers[:count] if len(numbers) >= count else None
