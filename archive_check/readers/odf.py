"""OpenDocument texts and presentations (ISO/IEC 26300): lines, tables, notes, what is open."""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from archive_check.model import PICTURE, Line, Table
from archive_check.readers.content import Content, UnreadableError, relative, unread, within_limit
from archive_check.readers.media import ODP
from archive_check.readers.odf_styles import STYLE, Styles
from archive_check.readers.package import open_package, part, parts, xml
from archive_check.readers.pictures import package_pictures

_NAMES = "{urn:oasis:names:tc:opendocument:xmlns:"
_TEXT, _TABLE, _DRAW = f"{_NAMES}text:1.0}}", f"{_NAMES}table:1.0}}", f"{_NAMES}drawing:1.0}}"
_OFFICE, _META = f"{_NAMES}office:1.0}}", f"{_NAMES}meta:1.0}}"
_SHOW = f"{_NAMES}presentation:1.0}}"
_SKIPPED = frozenset(
    {f"{_TEXT}tracked-changes", f"{_TEXT}note-citation", f"{_TEXT}ruby-text",
     f"{_TEXT}sequence-decls", f"{_TEXT}variable-decls", f"{_TEXT}user-field-decls",
     f"{_OFFICE}annotation", f"{_OFFICE}forms", f"{_NAMES}svg-compatible:1.0}}desc",
     f"{_NAMES}svg-compatible:1.0}}title"}
)  # fmt: skip
_SHAPES = frozenset(
    {f"{_DRAW}text-box"} | {f"{_DRAW}{name}" for name in (
        "custom-shape", "rect", "ellipse", "circle", "line", "polygon", "path", "connector",
        "caption", "regular-polygon", "polyline", "measure")}
)  # fmt: skip
_MOST = 200
"""Repeated cells and rows that are written out; sheets repeat empty ones a million times."""
_FITS = 0.2


@dataclass(slots=True)
class _Flow:
    """The state of a walk: what was written, and the page it stands on."""

    styles: Styles
    lines: list[Line] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    notes: list[Any] = field(default_factory=list)
    page: int = 1
    counts_pages: bool = True
    """Breaks turn the page: so in texts, while a presentation's slides are its pages."""

    def turn(self) -> None:
        if self.counts_pages and any(line.page == self.page for line in self.lines[-1:]):
            self.page += 1


@dataclass(slots=True)
class _Words:
    """What the runs of a paragraph say, and the shapes anchored in it."""

    pieces: list[str] = field(default_factory=list)
    weights: Counter[float] = field(default_factory=Counter)
    boxes: list[Any] = field(default_factory=list)


def read(path: Path, media_type: str) -> Content:
    """Body, notes, headers and footers; deletions left out. Slides are pages.

    Raises UnreadableError.
    """
    with open_package(path) as package:
        found = parts(package)
        if b"encryption-data" in _bytes(package, found, "META-INF/manifest.xml"):
            raise UnreadableError("encrypted", "password")
        root = _tree(package, found, "content.xml")
        body = root.find(f"{_OFFICE}body") if root is not None else None
        if root is None or body is None or not len(body):
            raise UnreadableError("damaged", "no-main-part")
        styled = _tree(package, found, "styles.xml")
        noted = _tree(package, found, "meta.xml")
    flow = _Flow(Styles(tree for tree in (styled, root) if tree is not None))
    slides = body.findall(f".//{_DRAW}page") if media_type == ODP else []
    if slides:
        _slides(slides, flow)
    else:
        _blocks(body, flow)
        _aside(flow.notes, flow)
        _aside(_margins(styled), flow)
    lines, problem = within_limit(relative(flow.lines))
    traits = frozenset(_traits(root, slides))
    if not lines:
        raise UnreadableError("empty", "no-text", traits=traits)
    wordless = not any(line.text.strip(PICTURE + "\t \n") for line in lines)
    scans = package_pictures(path) if wordless else []
    return Content(
        pages=len(slides) or _noted_pages(noted, lines),
        fixed_pages=bool(slides),
        lines=lines,
        tables=tuple(flow.tables),
        properties=unread(range(1, len(scans) + 1)),
        traits=traits | ({"scan"} if wordless else set()),
        text_read=not wordless,
        problem=problem,
    )


def _bytes(package: zipfile.ZipFile, found: dict[str, zipfile.ZipInfo], name: str) -> bytes:
    return part(package, found[name]) if name in found else b""


def _tree(package: zipfile.ZipFile, found: dict[str, zipfile.ZipInfo], name: str) -> Any:
    data = _bytes(package, found, name)
    return xml(data) if data else None


def _traits(root: Any, slides: list[Any]) -> Iterator[str]:
    if next(root.iter(f"{_TEXT}changed-region"), None) is not None:
        yield "changes"
    if next(root.iter(f"{_OFFICE}annotation"), None) is not None:
        yield "comments"
    if next(root.iter(f"{_DRAW}object-ole"), None) is not None:
        yield "embedded"
    hidden = {
        style.get(f"{STYLE}name")
        for style in root.iter(f"{STYLE}style")
        if any(item.get(f"{_SHOW}visibility") == "hidden" for item in style)
    }
    if any(slide.get(f"{_DRAW}style-name") in hidden for slide in slides):
        yield "hidden"


def _slides(slides: list[Any], flow: _Flow) -> None:
    flow.counts_pages = False
    for number, slide in enumerate(slides, 1):
        flow.page = number
        notes = [item for item in slide if item.tag == f"{_SHOW}notes"]
        for item in slide:
            if item.tag != f"{_SHOW}notes":
                _blocks([item], flow)
        for note in notes:
            _blocks(note, flow)


def _blocks(parent: Any, flow: _Flow) -> None:
    """Writes the paragraphs, tables and shapes below an element, in order."""
    for element in parent:
        tag = element.tag
        if tag in (f"{_TEXT}p", f"{_TEXT}h"):
            _write(element, flow)
        elif tag == f"{_TABLE}table":
            _write_table(element, flow)
        elif tag == f"{_DRAW}frame":
            shows, boxes = _frame(element)
            if shows:
                flow.lines.append(Line(PICTURE, flow.page))
            for box in boxes:
                _blocks(box, flow)
        elif tag == f"{_TEXT}soft-page-break":
            flow.turn()
        elif isinstance(tag, str) and tag not in _SKIPPED:
            _blocks(element, flow)


def _write(element: Any, flow: _Flow) -> None:
    style = flow.styles.of("paragraph", element.get(f"{_TEXT}style-name"))
    if style.breaks:
        flow.turn()
    words = _Words()
    page = flow.page
    _runs(element, style.size, flow, words)
    size = max(words.weights, key=words.weights.__getitem__) if words.weights else style.size
    for text in "".join(words.pieces).split("\n"):
        if text.strip():
            flow.lines.append(Line(text.rstrip(), page, size, style.centred))
    for box in words.boxes:
        _blocks(box, flow)


def _runs(element: Any, size: float, flow: _Flow, words: _Words) -> None:
    """Collects what a paragraph or span says, in order."""
    _say(element.text, size, words)
    for child in element:
        tag = child.tag
        if tag == f"{_TEXT}s":
            words.pieces.append(" " * min(_count(child, f"{_TEXT}c"), _MOST))
        elif tag == f"{_TEXT}tab":
            words.pieces.append("\t")
        elif tag == f"{_TEXT}line-break":
            words.pieces.append("\n")
        elif tag == f"{_TEXT}soft-page-break":
            flow.turn()
        elif tag == f"{_TEXT}note":
            flow.notes += [item for item in child if item.tag == f"{_TEXT}note-body"]
        elif tag == f"{_DRAW}frame":
            shows, boxes = _frame(child)
            words.pieces.append(PICTURE if shows else "")
            words.boxes += boxes
        elif tag in _SHAPES:
            words.boxes.append(child)
        elif tag == f"{_TEXT}span":
            named = child.get(f"{_TEXT}style-name")
            plain = flow.styles.of("text", None).size
            own = flow.styles.of("text", named).size
            _runs(child, size if own == plain else own, flow, words)
        elif isinstance(tag, str) and tag not in _SKIPPED:
            _runs(child, size, flow, words)
        _say(child.tail, size, words)


def _say(text: str | None, size: float, words: _Words) -> None:
    if text:
        # White space is collapsed, as other spaces have elements of their own (6.1.2).
        plain = re.sub(r"[ \t\r\n]+", " ", text)
        words.pieces.append(plain)
        words.weights[size] += len(plain.strip())


def _frame(frame: Any) -> tuple[bool, list[Any]]:
    """Whether a frame shows a picture, and the boxes of text in it."""
    boxes = [item for item in frame if item.tag in _SHAPES or item.tag == f"{_TABLE}table"]
    holders = [[box] if box.tag == f"{_TABLE}table" else box for box in boxes]
    pictured = any(item.tag == f"{_DRAW}image" for item in frame)
    replaced = any(item.tag in (f"{_DRAW}object", f"{_TABLE}table") for item in frame)
    return pictured and not replaced, holders


def _count(element: Any, name: str) -> int:
    value = element.get(name) or "1"
    return int(value) if value.isdecimal() and len(value) < 8 else 1


def _write_table(element: Any, flow: _Flow) -> None:
    page = flow.page
    boxes: list[Any] = []
    found = _rows(element, flow, boxes)
    while found and not any(found[-1][0]):
        found.pop()
    width = max((len(row) for row, _ in found), default=0)
    if width:
        index = len(flow.tables)
        rows = [(tuple(row + [""] * (width - len(row))), size) for row, size in found]
        flow.tables.append(Table(tuple(row for row, _ in rows), page=page))
        for row, size in rows:
            if any(row):
                text = "\t".join(cell.replace("\n", " ") for cell in row)
                flow.lines.append(Line(text, page, size, table=index))
    for box in boxes:
        _blocks(box, flow)


def _rows(element: Any, flow: _Flow, boxes: list[Any]) -> list[tuple[list[str], float]]:
    """Rows of cell texts with a size; a nested table's rows follow the row that holds it."""
    found: list[tuple[list[str], float]] = []
    for child in element:
        if child.tag == f"{_TABLE}table-row":
            cells: list[str] = []
            nested: list[tuple[list[str], float]] = []
            size = 0.0
            for cell in child:
                if cell.tag not in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
                    continue
                text, own = _cell(cell, flow, nested, boxes)
                size = size or own
                times = min(_count(cell, f"{_TABLE}number-columns-repeated"), _MOST)
                cells += [text] * times
            while cells and not cells[-1]:
                cells.pop()
            times = _count(child, f"{_TABLE}number-rows-repeated") if cells else 1
            found += [(cells, size)] * min(times, _MOST)
            found += nested
        elif isinstance(child.tag, str) and child.tag.startswith(f"{_TABLE}table-"):
            found += _rows(child, flow, boxes)
    return found


def _cell(
    cell: Any, flow: _Flow, nested: list[tuple[list[str], float]], boxes: list[Any]
) -> tuple[str, float]:
    lines: list[str] = []
    size = 0.0

    def walk(parent: Any) -> None:
        nonlocal size
        for element in parent:
            if element.tag in (f"{_TEXT}p", f"{_TEXT}h"):
                style = flow.styles.of("paragraph", element.get(f"{_TEXT}style-name"))
                words = _Words()
                _runs(element, style.size, flow, words)
                boxes.extend(words.boxes)
                pieces = (" ".join(piece.split()) for piece in "".join(words.pieces).split("\n"))
                lines.extend(piece for piece in pieces if piece)
                size = size or style.size
            elif element.tag == f"{_TABLE}table":
                nested.extend(_rows(element, flow, boxes))
            elif isinstance(element.tag, str) and element.tag not in _SKIPPED:
                walk(element)

    walk(cell)
    return "\n".join(lines), size


def _margins(styled: Any) -> Iterator[Any]:
    """Headers and footers of the page styles."""
    if styled is not None:
        for kind in ("header", "footer"):
            for suffix in ("", "-left", "-first"):
                yield from styled.iter(f"{STYLE}{kind}{suffix}")


def _aside(parents: Iterator[Any] | list[Any], flow: _Flow) -> None:
    """Notes, headers and footers: their text once, without pictures, which are no one's seal."""
    said_before = {line.text for line in flow.lines}
    for parent in list(parents):
        aside = _Flow(flow.styles, counts_pages=False)
        _blocks(parent, aside)
        for line in aside.lines:
            text = line.text.replace(PICTURE, "").replace("\t", " ").strip()
            if text and text not in said_before:
                said_before.add(text)
                flow.lines.append(Line(text, flow.page, line.size, line.centred))


def _noted_pages(root: Any, lines: tuple[Line, ...]) -> int | None:
    """The writer's own note of the pages; templates carry that of another text."""
    noted = next(root.iter(f"{_META}document-statistic"), None) if root is not None else None
    if noted is None:
        return None
    pages = noted.get(f"{_META}page-count", "")
    characters = noted.get(f"{_META}non-whitespace-character-count", "")
    if not (pages.isdecimal() and characters.isdecimal()) or not int(pages):
        return None
    counted = sum(len("".join(line.text.split())) for line in lines)
    return int(pages) if abs(int(characters) - counted) <= _FITS * counted else None
