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
        raise UnreadableError("empty", "no-text", traits=traits)
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
        # As bytes: a declaration that stands where none may, and names an encoding, is refused
        # in text.
        data = text.strip().encode("utf-8", "replace")
        if html:
            return lxml_html.document_fromstring(data, lxml_html.HTMLParser(encoding="utf-8"))
        parser = etree.XMLParser(
            encoding="utf-8", resolve_entities=False, no_network=True, remove_comments=True
        )
        return etree.fromstring(data, parser)
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
            within: list[Line] = []
            _shown(cell, within, tables)
            text = "\n".join(line.text for line in within)
            for column in range(len(cells), len(cells) + across):
                covered[column] += down - 1
            cells += [text] + [""] * (across - 1)
        rows.append(cells)
    _add_table(rows, lines, tables)


def _span(cell: Any, name: str) -> int:
    value = cell.get(name, "1").strip()
    return max(1, min(int(value), _MAX_SPAN)) if value.isdecimal() else 1


def _records(root: Any, lines: list[Line], tables: list[Table]) -> None:
    """Elements of one name that have fields are the rows of a table; what the elements around
    them state (a volume's number) stands in further columns."""
    cells = _named_cells(root)
    kind = _record_kind(root, cells)
    records = [element for element in _elements(root) if element.tag == kind]
    if not records:
        lines += [Line(text) for text in _texts(root)]
        return
    for element in _elements(root):
        if not _within(element, kind):
            stated = _stated(element)
            lines += [Line(f"{name}：{value}") for name, value in stated if value]
    rows = [dict(_fields(record, cells)) for record in records]
    by_place = all(name.isdecimal() for row in rows for name in row)
    if not by_place and len({record.getparent() for record in records}) > 1:
        pairs = zip(rows, records, strict=True)
        rows = [{**row, **_around(record), **row} for row, record in pairs]
    names = list(dict.fromkeys(name for row in rows for name in row))
    grid = [[row.get(name, "") for name in names] for row in rows if row]
    _add_table(grid if by_place else [names, *grid], lines, tables)


def _elements(root: Any) -> Iterator[Any]:
    return (element for element in root.iter() if isinstance(element.tag, str))


def _named_cells(root: Any) -> frozenset[str]:
    """The names of elements of which an attribute says what field each is: `<c name="…">`.

    They tell themselves by saying the same in every record and never twice in one.
    """
    said: dict[str, list[tuple[Any, str]]] = {}
    for element in _elements(root):
        if 1 <= len(element.attrib) <= 2 and not len(element):
            said.setdefault(element.tag, []).append((element.getparent(), _first(element)))
    return frozenset(
        tag
        for tag, pairs in said.items()
        if len(set(pairs)) == len(pairs) >= 2 * len({name for _, name in pairs})
    )


def _first(element: Any) -> str:
    return " ".join(next(iter(element.attrib.values())).split())


def _record_kind(root: Any, cells: frozenset[str]) -> str | None:
    """The name of the elements that hold the most fields in all."""
    fields: Counter[str] = Counter()
    for element in _elements(root):
        if element.getparent() is not None and element.tag not in cells:
            count = sum(1 for _ in _fields(element, cells))
            if count >= 2:
                fields[element.tag] += count
    return fields.most_common(1)[0][0] if fields else None


def _within(element: Any, kind: str | None) -> bool:
    return element.tag == kind or any(above.tag == kind for above in element.iterancestors())


def _fields(record: Any, cells: frozenset[str]) -> Iterator[tuple[str, str]]:
    """(name, value) of attributes and of elements that hold no others.

    Elements that are all called alike go by what an attribute calls each, or by their places.
    """
    inside = [child for child in record if isinstance(child.tag, str)]
    alike = len(inside) > 1 and len({child.tag for child in inside}) == 1
    if not alike or inside[0].tag in cells:
        yield from ((_local(key), " ".join(value.split())) for key, value in record.attrib.items())
    for place, child in enumerate(inside):
        if child.tag in cells and child.attrib:
            values = [" ".join(value.split()) for value in child.attrib.values()]
            yield values[0], _text(child) or " ".join(values[1:])
        elif not alike and not len(child):
            yield _name(child), _text(child)
        elif alike and (len(child) == 1 or not child.attrib):
            yield str(place), _text(child)


def _stated(element: Any) -> list[tuple[str, str]]:
    """(name, value) of an element's attributes and of the texts that it alone holds."""
    found = [(_local(key), " ".join(value.split())) for key, value in element.attrib.items()]
    leaves = [child for child in element if isinstance(child.tag, str) and not len(child)]
    once = Counter(child.tag for child in leaves)
    return [*found, *((_name(leaf), _text(leaf)) for leaf in leaves if once[leaf.tag] == 1)]


def _around(record: Any) -> dict[str, str]:
    """What the elements around a record state; the nearest holds."""
    found: dict[str, str] = {}
    for element in record.iterancestors():
        found = {**dict(_stated(element)), **found}
    return found


def _text(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())


def _name(element: Any) -> str:
    return _local(element.tag)


def _local(name: str) -> str:
    return str(name).rpartition("}")[2]


def _texts(element: Any) -> Iterator[str]:
    for text in element.itertext():
        plain = " ".join(text.split())
        if plain:
            yield plain


def _add_table(rows: list[list[str]], lines: list[Line], tables: list[Table]) -> None:
    width = max((len(row) for row in rows), default=0)
    table = Table(tuple((*row, *[""] * (width - len(row))) for row in rows))
    if any(map(any, table.rows)):
        texts = (
            "\t".join(cell.replace("\n", " ") for cell in row) for row in table.rows if any(row)
        )
        lines += [Line(text, table=len(tables)) for text in texts]
        tables.append(table)
