"""Listings without ruled lines: rows of text whose cells stand under the words of a head.

A reader divides cells by tabs where the gap is wide, but an empty cell leaves no trace; what each
cell is has to be told by what it says and by the order of the columns.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from archive_check.model import Document, Line, Table
from archive_check.recognise.dates import first_date
from archive_check.recognise.numbers import clean, doc_no
from archive_check.recognise.words import words

_LEAST_COLUMNS = 3
_HOPELESS = -100.0
_FITTING = 1.5
"""What a row's cells fit their columns by on average where it is a row of the listing."""


def columns_of(cells: Sequence[str]) -> Mapping[str, int]:
    """The columns that cells of a head name, and where each stands."""
    columns: dict[str, int] = {}
    for place, cell in enumerate(cells):
        text = clean(cell)
        if not text or len(text) > 14:
            continue
        name = _column(text)
        if name is not None and name not in columns:
            columns[name] = place
    return columns


@lru_cache(maxsize=4096)
def _column(text: str) -> str | None:
    """The column that a cleaned cell of a head names."""
    return next((name for name, pattern in words().columns if pattern.fullmatch(text)), None)


def unruled(document: Document) -> tuple[Table, ...]:
    """The listings among the lines that belong to no table, one a head; pages flow on."""
    lines = [line for line in document.lines if line.table is None and line.text.strip()]
    starts = [place for place, line in enumerate(lines) if _head(line)]
    found: list[Table] = []
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=False):
        head = _head(lines[start])
        rows = list(_rows(lines[start + 1 : end], head))
        if rows:
            found.append(Table((tuple(head), *rows), page=lines[start].page))
    return tuple(found)


def _head(line: Line) -> list[str]:
    """The cells of a line that names columns; none where it is no such line."""
    for cells in (line.text.split(), _cells(line)):  # words of a head often stand close together
        columns = columns_of(cells)
        if "title" in columns and _LEAST_COLUMNS <= len(columns) == len(cells):
            return cells
    return []


def _cells(line: Line) -> list[str]:
    parts = [part.strip() for part in re.split(r"\t|\s{2,}", line.text.strip())]
    # A number stands so close to its title that the gap is no wide one.
    if glued := re.match(r"(\d{1,3})[\s.、]+(?=\D)", parts[0]):
        parts[:1] = [glued[1], parts[0][glued.end() :].strip()]
    return [part for part in parts if part]


def _rows(lines: Sequence[Line], head: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Rows as wide as the head; a line that only goes on with a title joins the row before."""
    columns = {place: name for name, place in columns_of(head).items()}
    names = [columns.get(place, "") for place in range(len(head))]
    title = names.index("title")
    waiting: list[str] | None = None
    page = lines[0].page if lines else 1
    for line in lines:
        cells = _cells(line)
        if words().phrases["page_footer"].search(clean(line.text)):
            continue
        row = _fitted(cells, names)
        if row is not None:
            if waiting is not None:
                yield tuple(waiting)
            waiting, page = row, line.page
        elif len(cells) == 1 and words().phrases["section_row"].match(clean(cells[0])):
            if waiting is not None:
                yield tuple(waiting)
            waiting = None
            yield tuple(cells[0] if place == title else "" for place in range(len(head)))
        elif line.page != page:
            continue  # what stands above the rows of a next page
        elif len(cells) == 1 and waiting is not None and not re.search(r"[:：。]", cells[0]):
            waiting[title] += cells[0]
        else:
            break
    if waiting is not None:
        yield tuple(waiting)


def _fitted(cells: Sequence[str], names: Sequence[str]) -> list[str] | None:
    """The cells under the columns that they fit best, in their order; None where they are no row:
    without a title, or without a number where numbers are given."""
    if not 2 <= len(cells) <= len(names):
        return None
    best: list[list[tuple[float, tuple[int, ...]]]] = [[(0.0, ())] * (len(names) + 1)]
    for count, cell in enumerate(cells, 1):
        row: list[tuple[float, tuple[int, ...]]] = [(_HOPELESS, ())]
        for place, name in enumerate(names):
            score, taken = best[count - 1][place]
            row.append(max(row[-1], (score + _fit(cell, name), (*taken, place))))
        best.append(row)
    score, taken = best[-1][-1]
    filled = ["" for _ in names]
    for place, cell in zip(taken, cells, strict=False):
        filled[place] = cell
    there = dict(zip(names, filled, strict=True))
    if len(taken) < len(cells) or score < _FITTING * len(cells):
        return None
    return filled if there["title"] and there.get("number", "-") else None


def _fit(cell: str, name: str) -> float:
    """How well a text fits a column: above 0 where it may be one, far below where it can't."""
    plain = clean(cell)
    chinese = len(re.findall(r"[\u4e00-\u9fff]", plain))
    if name == "number":
        return (
            3.0 if re.fullmatch(r"\d{1,3}(-\d{1,3})?|[一二三四五六七八九十]{1,3}", plain) else -9.0
        )
    if name == "date":
        return (
            3.0
            if first_date(plain) or re.fullmatch(r"(19|20)\d{2}([.\-年]\d*月?)?", plain)
            else -9.0
        )
    if name in ("page", "last_page", "pages"):
        return 2.5 if re.fullmatch(r"\d{1,4}([-—–~至]\d{1,4})?", plain) else -9.0
    if name == "doc_no":
        return 3.5 if doc_no(plain) else (0.5 if re.search(r"\d+号$", plain) else -9.0)
    if name == "title":
        return 2.5 + 0.1 * min(chinese, 10) if chinese >= 2 else -9.0
    if name == "responsible":
        return 2.0 if 2 <= chinese == len(plain) else -9.0
    return 1.0 if chinese else 0.5
