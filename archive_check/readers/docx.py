"""Word documents (ECMA-376 part 1, WordprocessingML): lines in reading order, tables, pictures."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from archive_check.model import PICTURE, Line, Table
from archive_check.readers import office_parts
from archive_check.readers.content import Content, UnreadableError, relative, unread, within_limit
from archive_check.readers.docx_styles import (
    VAL,
    Style,
    Styles,
    W,
    first_child,
    number,
    styles_of,
    tree,
)
from archive_check.readers.opc_signatures import signatures_of
from archive_check.readers.package import open_package, part, parts, xml
from archive_check.readers.pictures import package_pictures

_MAIN = ("document.main+xml", "template.main+xml", "macroEnabled.main+xml",
         "macroEnabledTemplate.main+xml")  # fmt: skip
_BOXES = {"\uf0fe": "☑", "\uf052": "☑", "\uf0a8": "□", "\uf06f": "□", "\uf0fd": "☒"}
"""Tick boxes of the Wingdings fonts, whose codes mean nothing outside the font."""


# Written out once: building these names at each comparison would cost a tenth of the time.
# fmt: off
(
    _BR, _CHAR, _CR, _DEL, _DRAWING, _GRID_BEFORE, _GRID_SPAN, _H_MERGE,
    _JC, _LAST_RENDERED_PAGE_BREAK, _NO_BREAK_HYPHEN, _P, _P_PR, _P_STYLE, _PAGE_BREAK_BEFORE,
    _PICT, _R, _R_PR, _R_STYLE, _SECT_PR, _SYM, _SZ, _T, _TAB, _TBL, _TC_PR,
    _TC, _TR, _TR_PR, _TXBX_CONTENT, _TYPE, _V_MERGE,
) = (
    f"{W}{name}" for name in (
        "br", "char", "cr", "del", "drawing", "gridBefore", "gridSpan",
        "hMerge", "jc", "lastRenderedPageBreak", "noBreakHyphen", "p", "pPr", "pStyle",
        "pageBreakBefore", "pict", "r", "rPr", "rStyle", "sectPr", "sym",
        "sz", "t", "tab", "tbl", "tcPr", "tc", "tr", "trPr", "txbxContent", "type", "vMerge",
    )
)
# fmt: on


@dataclass(slots=True)
class _Flow:
    """The state of a walk: what was written, and the page it stands on."""

    styles: Styles
    lines: list[Line] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    page: int = 1
    fresh: bool = True
    """Nothing was written since the last page break, so that the next mark repeats it."""

    def turn(self) -> None:
        if not self.fresh:
            self.page += 1
            self.fresh = True


@dataclass(slots=True)
class _Paragraph:
    text: str
    size: int
    centred: bool
    page: int
    boxes: list[Any]

    @property
    def cell_text(self) -> str:
        if "\n" not in self.text:
            return " ".join(self.text.split())
        lines = (" ".join(piece.split()) for piece in self.text.split("\n"))
        return "\n".join(line for line in lines if line)


def read(path: Path, media_type: str) -> Content:
    """Text of body, text boxes, notes, headers and footers, in this order; deletions left out.

    `pages` is what the last program that laid the document out noted, where its note of the
    character count fits the text. Raises UnreadableError.
    """
    with open_package(path) as package:
        found = parts(package)
        main = _main_part(found, lambda name: part(package, found[name]))
        root = tree(part(package, found[main]))
        if root is None:
            raise UnreadableError("damaged", "broken-part", part=main, detail="XML")
        folder = posixpath.dirname(main)
        styles = styles_of(package, found.get(posixpath.join(folder, "styles.xml")))
        flow = _Flow(styles)
        _blocks(root, flow)
        last = flow.page
        for prefix in ("footnotes", "endnotes", "header", "footer"):
            start = posixpath.join(folder, prefix)
            for name in sorted(n for n in found if n.startswith(start) and n.endswith(".xml")):
                _append_part(tree(part(package, found[name])), flow, prefix, last)
        app = found.get("docProps/app.xml")
        noted = xml(part(package, app)) if app else None
        traits = set(office_parts.traits(package, found, main))
        inner = tuple(office_parts.inside(package, found))
        signatures = signatures_of(package, found, main)
    lines, problem = within_limit(relative(flow.lines))
    if not lines and not inner:
        raise UnreadableError("empty", "no-text", traits=frozenset(traits))
    pictured = any(PICTURE in line.text for line in lines)
    wordless = pictured and not any(line.text.strip(PICTURE + "\t \n") for line in lines)
    scans = package_pictures(path) if wordless else []
    return Content(
        pages=_noted_pages(noted, lines),
        lines=lines,
        tables=tuple(flow.tables),
        signatures=signatures,
        properties=unread(range(1, len(scans) + 1)),
        traits=frozenset(traits | ({"scan"} if wordless else set())),
        text_read=not wordless,
        inner=inner,
        problem=problem,
    )


def _main_part(found: dict[str, Any], load: Any) -> str:
    if "word/document.xml" in found:
        return "word/document.xml"
    types = xml(load("[Content_Types].xml")) if "[Content_Types].xml" in found else None
    for override in types if types is not None else ():
        name = (override.get("PartName") or "").lstrip("/")
        if name in found and (override.get("ContentType") or "").endswith(_MAIN):
            return name
    raise UnreadableError("damaged", "no-main-part")


def _blocks(parent: Any, flow: _Flow) -> None:
    """Writes the paragraphs and tables below an element, in order."""
    for element in parent:
        tag = element.tag
        if tag == _P:
            _write(_paragraph(element, flow), flow)
        elif tag == _TBL:
            _write_table(element, flow)
        elif isinstance(tag, str) and tag not in _SKIPPED:
            _blocks(element, flow)


def _write(paragraph: _Paragraph, flow: _Flow) -> None:
    for text in paragraph.text.split("\n"):
        if text.strip():
            flow.lines.append(
                Line(text.rstrip(), paragraph.page, paragraph.size, paragraph.centred)
            )
    for box in paragraph.boxes:
        _blocks(box, flow)


_SKIPPED = frozenset(
    f"{W}{name}" for name in ("del", "moveFrom", "delText", "instrText", "rPr", "pPr", "sectPr",
                               "tblPr", "tblGrid", "trPr", "tcPr", "sdtPr", "sdtEndPr", "rt")
) | {"{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"}  # fmt: skip


def _paragraph(element: Any, flow: _Flow) -> _Paragraph:
    properties = first_child(element, _P_PR)
    style, section = flow.styles.plain, False
    if properties is not None:
        for item in properties:
            tag = item.tag
            if tag == _P_STYLE:
                style = flow.styles.of(item.get(VAL))
            elif tag == _JC:
                style = Style(style.size, item.get(VAL) == "center")
            elif tag == _PAGE_BREAK_BEFORE and item.get(VAL) not in ("0", "false", "off"):
                flow.turn()
            elif tag == _SECT_PR:
                kind = item.find(_TYPE)
                section = kind is None or kind.get(VAL) not in ("continuous", "nextColumn")
    pieces: list[str] = []
    weights: dict[int, int] = {}
    boxes: list[Any] = []
    start = _runs(element, style.size, flow, pieces, weights, boxes)
    text = "".join(pieces)
    size = max(weights, key=weights.__getitem__) if weights else style.size
    if section:
        flow.fresh = False
        flow.turn()
    return _Paragraph(text, size, style.centred, start, boxes)


def _runs(
    parent: Any,
    size: int,
    flow: _Flow,
    pieces: list[str],
    weights: dict[int, int],
    boxes: list[Any],
) -> int:
    """Collects what the runs below an element say; returns the page on which they begin."""
    begun = 0
    for element in parent:
        tag = element.tag
        if tag == _T:
            text = element.text
            if text:
                pieces.append(text)
                weights[size] = weights.get(size, 0) + len(text.strip())
                flow.fresh = False
                begun = begun or flow.page
        elif tag == _R_PR:
            size = _run_size(element, size, flow.styles)
        elif tag == _TAB:
            pieces.append("\t" if parent.tag == _R else "")
        elif tag in (_BR, _CR):
            if element.get(_TYPE) == "page":
                flow.fresh = False
                flow.turn()
            pieces.append("\n")
        elif tag == _LAST_RENDERED_PAGE_BREAK:
            flow.turn()
        elif tag == _NO_BREAK_HYPHEN:
            pieces.append("-")
        elif tag == _SYM:
            pieces.append(_symbol(element.get(_CHAR)))
        elif tag in (_DRAWING, _PICT):
            if _shows_picture(element):
                pieces.append(PICTURE)
                flow.fresh = False
            boxes.extend(_text_boxes(element))
        elif isinstance(tag, str) and tag not in _SKIPPED:
            first = _runs(element, size, flow, pieces, weights, boxes)
            begun = begun or first
    return begun or flow.page


def _run_size(properties: Any, size: int, styles: Styles) -> int:
    """The type size that a run's properties give, those of the paragraph given."""
    named = own = None
    for item in properties:
        tag = item.tag
        if tag == _SZ:
            own = number(item)
        elif tag == _R_STYLE:
            named = styles.of(item.get(VAL)).size
    return own or (size if named in (None, styles.plain.size) else named)


def _symbol(code: str | None) -> str:
    try:
        character = chr(int(code or "20", 16))
    except (ValueError, OverflowError):
        return ""
    return _BOXES.get(character, character)


def _shows_picture(element: Any) -> bool:
    """Whether a drawing holds an image; the empty line Word offers for signing is none."""
    image = False
    for item in element.iter():
        name = item.tag.rpartition("}")[2] if isinstance(item.tag, str) else ""
        if name == "signatureline":
            return False
        image = image or name in ("blip", "imagedata")
    return image


def _text_boxes(element: Any) -> list[Any]:
    return [
        box
        for box in element.iter(_TXBX_CONTENT)
        if not any(up.tag in _SKIPPED for up in box.iterancestors())
    ]


def _write_table(element: Any, flow: _Flow) -> None:
    page = flow.page
    boxes: list[Any] = []
    found = _table_rows(element, flow, boxes)
    width = max((len(row) for row, _, _ in found), default=0)
    if not width:
        return
    index = len(flow.tables)
    rows = []
    for row, row_page, size in found:
        cells = tuple(row + [""] * (width - len(row)))
        rows.append(cells)
        if any(cells):
            text = "\t".join(cell.replace("\n", " ") for cell in cells)
            flow.lines.append(Line(text, row_page, size, table=index))
    flow.tables.append(Table(tuple(rows), page=page))
    for box in boxes:
        _blocks(box, flow)


def _table_rows(element: Any, flow: _Flow, boxes: list[Any]) -> list[tuple[list[str], int, int]]:
    """Rows of cell texts with page and size; a nested table's rows follow the row that holds it."""
    rows: list[tuple[list[str], int, int]] = []
    for row in _children(element, _TR):
        properties = first_child(row, _TR_PR)
        cells: list[str] = []
        nested: list[tuple[list[str], int, int]] = []
        begun, size = 0, 0
        if properties is not None:
            if properties.find(_DEL) is not None:
                continue
            cells += [""] * (number(properties.find(_GRID_BEFORE)) or 0)
        for cell in _children(row, _TC):
            span, covered = _merged(first_child(cell, _TC_PR))
            paragraphs: list[_Paragraph] = []
            _cell_blocks(cell, flow, paragraphs, nested, boxes)
            text = "\n".join(filter(None, (paragraph.cell_text for paragraph in paragraphs)))
            cells += ["" if covered else text] + [""] * (span - 1)
            if text and not begun:
                begun, size = paragraphs[0].page, paragraphs[0].size
        rows.append((cells, begun or flow.page, size or flow.styles.plain.size))
        rows.extend(nested)
    return rows


def _merged(properties: Any) -> tuple[int, bool]:
    """How many columns a cell covers, and whether it only continues one above or before it."""
    span, covered = 1, False
    for item in properties if properties is not None else ():
        tag = item.tag
        if tag == _GRID_SPAN:
            span = min(number(item) or 1, 200)
        elif tag in (_V_MERGE, _H_MERGE):
            covered = covered or item.get(VAL, "continue") == "continue"
    return span, covered


def _children(element: Any, wanted: str) -> list[Any]:
    """The rows or cells of a table, also those inside content controls and insertions."""
    found: list[Any] = []
    for child in element:
        tag = child.tag
        if tag == wanted:
            found.append(child)
        elif isinstance(tag, str) and tag not in _SKIPPED:
            found.extend(_children(child, wanted))
    return found


def _cell_blocks(
    parent: Any,
    flow: _Flow,
    paragraphs: list[_Paragraph],
    nested: list[tuple[list[str], int, int]],
    boxes: list[Any],
) -> None:
    for element in parent:
        tag = element.tag
        if tag == _P:
            paragraph = _paragraph(element, flow)
            paragraphs.append(paragraph)
            boxes.extend(paragraph.boxes)
        elif tag == _TBL:
            nested.extend(_table_rows(element, flow, boxes))
        elif isinstance(tag, str) and tag not in _SKIPPED:
            _cell_blocks(element, flow, paragraphs, nested, boxes)


def _append_part(root: Any, flow: _Flow, prefix: str, page: int) -> None:
    """Notes, headers and footers: their text once, without pictures, which are no one's seal."""
    if root is None:
        return
    said_before = {line.text for line in flow.lines} if prefix in ("header", "footer") else set()
    aside = _Flow(flow.styles)
    _blocks(root, aside)
    for line in aside.lines:
        text = line.text.replace(PICTURE, "").replace("\t", " ").strip()
        if text and text not in said_before:
            flow.lines.append(replace(line, text=text, page=page, table=None))


def _noted_pages(root: Any, lines: tuple[Line, ...]) -> int | None:
    """Word's own note of the pages; templates carry that of another text, which tells itself."""
    if root is None:
        return None
    noted = {e.tag.rpartition("}")[2]: e.text or "" for e in root if isinstance(e.tag, str)}
    pages, characters = noted.get("Pages", ""), noted.get("Characters", "")
    if not (pages.isdigit() and characters.isdigit()) or not int(pages):
        return None
    counted = sum(len("".join(line.text.split())) for line in lines)
    return int(pages) if abs(int(characters) - counted) <= 0.2 * counted else None
