"""HTML pages, and XML files such as the catalogues that electronic hand-overs bring along."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from archive_check.model import PICTURE, Line, Table
from archive_check.readers.content import Content, UnreadableError, within_limit
from archive_check.readers.media import HTML
from archive_check.readers.text import load

_BREAKS = frozenset(
    {"address", "article", "aside", "blockquote", "body", "br", "center", "dd", "div", "dl", "dt",
     "fieldset", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "head", "header", "hr",
     "li", "main", "nav", "ol", "option", "p", "section", "table", "title", "tr", "ul"}
)  # fmt: skip
_UNSHOWN = frozenset({"script", "style", "noscript", "template"})
_MAX_SPAN = 200
_RUNS = re.compile(r"\s*(javascript|vbscript):(?!\s*(void\(0\))?;?\s*$)", re.IGNORECASE)
"""An address that runs something; that of a link that does nothing is written so as well."""


def read(path: Path, media_type: str) -> Content:
    """Shown text and tables of HTML; of XML the records as a table, or else every text.

    Raises UnreadableError.
    """
    text = _bare(load(path))
    if media_type == HTML:
        return page(text)
    lines: list[Line] = []
    tables: list[Table] = []
    _records(_root(text, html=False), lines, tables)
    return _content(lines, tables)


def page(text: str) -> Content:
    """The same of HTML that is no file of its own, such as a mail's. Raises UnreadableError."""
    root = _root(_bare(text), html=True)
    lines: list[Line] = []
    tables: list[Table] = []
    _shown(root, lines, tables)
    return _content(lines, tables, frozenset({"script"}) if _scripted(root) else frozenset())


def _bare(text: str) -> str:
    return re.sub(r"^\s*<\?xml[^>]*\?>", "", text)


def _content(
    lines: list[Line], tables: list[Table], traits: frozenset[str] = frozenset()
) -> Content:
    if not lines:
        raise UnreadableError("empty", "no-text")
    kept, problem = within_limit(lines)
    return Content(lines=kept, tables=tuple(tables), traits=traits, text_read=True, problem=problem)


def _scripted(root: Any) -> bool:
    """Whether a page runs something: scripts (not data blocks), event handlers, `javascript:`."""
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        if element.tag == "script":
            kind = element.get("type", "").strip().lower()
            if not kind or "script" in kind or kind == "module":
                return True
        for name, value in element.attrib.items():
            if name.lower().startswith("on") and value.strip():
                return True
            if name in ("href", "src", "action", "formaction") and _RUNS.match(value):
                return True
    return False


def _root(text: str, html: bool) -> Any:
    from lxml import etree
    from lxml import html as lxml_html

    try:
        if html:
            return lxml_html.document_fromstring(text)
        parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True)
        return etree.fromstring(text.strip(), parser)
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise UnreadableError("damaged", "broken-markup", detail=error) from error


def _shown(root: Any, lines: list[Line], tables: list[Table]) -> None:
    """Text of HTML by its blocks; a table that holds no other is a table, the rest layout."""
    words: list[str] = []

    def end() -> None:
        text = " ".join("".join(words).split())
        if text:
            lines.append(Line(text))
        words.clear()

    def walk(element: Any) -> None:
        name = element.tag if isinstance(element.tag, str) else ""
        if name in _UNSHOWN or not name:
            return
        if name == "table" and element.find(".//table") is None:
            end()
            _html_table(element, lines, tables)
            return
        if name in _BREAKS:
            end()
        if name == "img":
            words.append(PICTURE)
        if name == "pre":
            end()
            lines.extend(
                Line(text.rstrip()) for text in element.text_content().splitlines() if text.strip()
            )
            return
        words.append(element.text or "")
        for child in element:
            walk(child)
            words.append(child.tail or "")
        if name in _BREAKS:
            end()
        elif name in ("td", "th"):
            words.append(" ")

    walk(root)
    end()


def _html_table(element: Any, lines: list[Line], tables: list[Table]) -> None:
    rows: list[list[str]] = []
    covered: Counter[int] = Counter()
    for row in element.iter("tr"):
        cells: list[str] = []
        for cell in row.iterchildren("td", "th"):
            while covered[len(cells)]:
                covered[len(cells)] -= 1
                cells.append("")
            down, across = _span(cell, "rowspan"), _span(cell, "colspan")
            text = " ".join(cell.text_content().split())
            if cell.find(".//img") is not None:
                text = f"{text} {PICTURE}".strip()
            for column in range(len(cells), len(cells) + across):
                covered[column] += down - 1
            cells += [text] + [""] * (across - 1)
        rows.append(cells)
    _add_table(rows, lines, tables)


def _span(cell: Any, name: str) -> int:
    value = cell.get(name, "1").strip()
    return max(1, min(int(value), _MAX_SPAN)) if value.isdecimal() else 1


def _records(root: Any, lines: list[Line], tables: list[Table]) -> None:
    """Elements of one name that have fields are the rows of a table, under the fields' names."""
    kinds = Counter(
        (element.getparent(), element.tag)
        for element in root.iter()
        if isinstance(element.tag, str) and len(element) and element.getparent() is not None
    )
    (parent, tag), _ = kinds.most_common(1)[0] if kinds else ((None, None), 0)
    if parent is None:
        lines += [Line(text) for text in _texts(root)]
        return
    records = [dict(_fields(record)) for record in parent.iterchildren(tag)]
    names = list(dict.fromkeys(name for record in records for name in record))
    for child in root:
        if child is not parent and child.tag != tag:
            lines += [Line(text) for text in _texts(child)]
    rows = [names, *([record.get(name, "") for name in names] for record in records)]
    _add_table(rows, lines, tables)


def _fields(record: Any) -> Iterator[tuple[str, str]]:
    for key, value in record.attrib.items():
        yield str(key), " ".join(value.split())
    for field in record:
        if isinstance(field.tag, str):
            yield field.tag.rpartition("}")[2], " ".join("".join(field.itertext()).split())


def _texts(element: Any) -> Iterator[str]:
    for text in element.itertext():
        plain = " ".join(text.split())
        if plain:
            yield plain


def _add_table(rows: list[list[str]], lines: list[Line], tables: list[Table]) -> None:
    width = max((len(row) for row in rows), default=0)
    table = Table(tuple((*row, *[""] * (width - len(row))) for row in rows))
    if any(map(any, table.rows)):
        lines += [Line("\t".join(row), table=len(tables)) for row in table.rows if any(row)]
        tables.append(table)
