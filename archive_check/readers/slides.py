"""Presentations (ECMA-376 part 1, PresentationML): the text, tables and notes of each slide."""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from archive_check.model import PICTURE, Line, Table
from archive_check.readers import office_parts
from archive_check.readers.content import MAX_PAGES, Content, UnreadableError, within_limit
from archive_check.readers.opc_signatures import signatures_of
from archive_check.readers.package import open_package, part, parts, xml

_DRAWN = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_REFERENCE = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT = (
    (b"http://purl.oclc.org/ooxml/drawingml/main", _DRAWN[1:-1].encode()),
    (b"http://purl.oclc.org/ooxml/officeDocument/relationships",
     _REFERENCE[1:].partition("}")[0].encode()),
)  # fmt: skip
_TITLES = frozenset({"title", "ctrTitle"})
_TITLE_SIZE = 1.5
_UNSAID = frozenset({"sldNum", "dt", "ftr", "hdr", "sldImg"})
"""Placeholders of notes and slides that say the same on each."""
_MAIN = "ppt/presentation.xml"


@dataclass(slots=True)
class _Slides:
    package: zipfile.ZipFile
    found: dict[str, zipfile.ZipInfo]
    lines: list[Line] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    hidden: bool = False

    def tree(self, name: str) -> Any:
        if name not in self.found:
            return None
        data = part(self.package, self.found[name])
        for strict, usual in _STRICT:
            data = data.replace(strict, usual)
        return xml(data)

    def related(self, name: str) -> dict[str, tuple[str, str]]:
        """Kind and place of the parts that a part names, by reference."""
        folder, base = posixpath.split(name)
        root = self.tree(f"{folder}/_rels/{base}.rels")
        return {
            item.get("Id") or "": (
                (item.get("Type") or "").rpartition("/")[2],
                posixpath.normpath(
                    posixpath.join("/", folder, (item.get("Target") or "").strip())
                ).lstrip("/"),
            )
            for item in (root if root is not None else ())
            if item.get("TargetMode") != "External"
        }


def read(path: Path, media_type: str) -> Content:
    """Slides are pages, each with its notes behind it. Raises UnreadableError."""
    with open_package(path) as package:
        slides = _Slides(package, parts(package))
        names = list(_order(slides))
        for number, name in enumerate(names[:MAX_PAGES], 1):
            _slide(name, number, slides)
        traits = set(office_parts.traits(package, slides.found, _MAIN))
        inner = tuple(office_parts.inside(package, slides.found))
        signatures = signatures_of(package, slides.found, _MAIN, *names)
    lines, problem = within_limit(slides.lines)
    if not lines and not inner:
        raise UnreadableError("empty", "no-text", traits=frozenset(traits))
    wordless = not any(line.text.strip(PICTURE + "\t ") for line in lines)
    traits |= ({"hidden"} if slides.hidden else set()) | ({"scan"} if wordless else set())
    return Content(
        pages=len(names),
        fixed_pages=True,
        lines=lines,
        tables=tuple(slides.tables),
        signatures=signatures,
        traits=frozenset(traits),
        text_read=not wordless,
        inner=inner,
        problem=problem,
    )


def _order(slides: _Slides) -> Iterator[str]:
    """The slides as they are shown, by the list in the main part."""
    root = slides.tree(_MAIN)
    if root is None:
        raise UnreadableError("damaged", "no-main-part")
    related = slides.related(_MAIN)
    for item in root.iter("{*}sldId"):
        _, place = related.get(item.get(_REFERENCE) or "", ("", ""))
        if place in slides.found:
            yield place


def _slide(name: str, number: int, slides: _Slides) -> None:
    root = slides.tree(name)
    if root is None:
        raise UnreadableError("damaged", "broken-part", part=name, detail="XML")
    slides.hidden = slides.hidden or root.get("show") in ("0", "false")
    related = slides.related(name)
    for tree in root.iter("{*}spTree"):
        _shapes(tree, number, slides)
    for kind, place in related.values():
        if kind == "diagramData":
            _paragraphs(slides.tree(place), number, False, slides)
    for kind, place in related.values():
        if kind == "notesSlide":
            notes = slides.tree(place)
            for tree in notes.iter("{*}spTree") if notes is not None else ():
                _shapes(tree, number, slides)


def _shapes(parent: Any, number: int, slides: _Slides) -> None:
    for shape in parent:
        kind = shape.tag.rpartition("}")[2] if isinstance(shape.tag, str) else ""
        if kind == "sp":
            role = next((item.get("type") or "body" for item in shape.iter("{*}ph")), "")
            if role not in _UNSAID:
                _paragraphs(shape, number, role in _TITLES, slides)
        elif kind == "pic":
            slides.lines.append(Line(PICTURE, number))
        elif kind == "graphicFrame":
            for table in shape.iter(f"{_DRAWN}tbl"):
                _table(table, number, slides)
        elif kind in ("grpSp", "AlternateContent", "Choice"):
            _shapes(shape, number, slides)


def _paragraphs(parent: Any, number: int, title: bool, slides: _Slides) -> None:
    for text in _texts(parent):
        if text.strip():
            size = _TITLE_SIZE if title else 1.0
            slides.lines.append(Line(text.rstrip(), number, size, centred=title))


def _texts(parent: Any) -> Iterator[str]:
    for paragraph in parent.iter(f"{_DRAWN}p") if parent is not None else ():
        pieces = []
        for item in paragraph.iter(f"{_DRAWN}t", f"{_DRAWN}br", f"{_DRAWN}tab"):
            pieces.append((item.text or "") if item.tag == f"{_DRAWN}t" else " ")
        yield "".join(pieces)


def _table(element: Any, number: int, slides: _Slides) -> None:
    rows = [
        [
            ""
            if cell.get("hMerge") in ("1", "true") or cell.get("vMerge") in ("1", "true")
            else "\n".join(" ".join(text.split()) for text in _texts(cell) if text.strip())
            for cell in row.iterchildren(f"{_DRAWN}tc")
        ]
        for row in element.iterchildren(f"{_DRAWN}tr")
    ]
    width = max(map(len, rows), default=0)
    if not width:
        return
    table = Table(tuple((*row, *[""] * (width - len(row))) for row in rows), page=number)
    for cells in table.rows:
        if any(cells):
            text = "\t".join(cell.replace("\n", " ") for cell in cells)
            slides.lines.append(Line(text, number, 1.0, table=len(slides.tables)))
    slides.tables.append(table)
