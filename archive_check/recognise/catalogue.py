"""The volume catalogue (卷内文件目录): its rows, sections, volumes and what its head states."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from archive_check.model import Document, Entry, Section, Table
from archive_check.recognise.dates import first_date
from archive_check.recognise.label import Labelled
from archive_check.recognise.numbers import clean, doc_no, number
from archive_check.recognise.unruled import columns_of, unruled
from archive_check.recognise.words import words

_RANGE = re.compile(r"(\d+)\s*[-—–~～至到]+\s*(\d+)")
_IN_ONE_LINE = ("number", "date", "page", "pages")
_EMPTY = ("", "nan", "None", "NaN", "NaT")
_LABEL = 3
"""Characters by which what stands in the numbers' column is a label of the head, repeated."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The entries of one catalogue file in their order."""

    path: str
    entries: tuple[Entry, ...]
    of_volumes: bool = False
    """It lists volumes, not files."""

    @property
    def has_sections(self) -> bool:
        return any(entry.section is not None for entry in self.entries)


def read_catalogue(document: Document) -> Catalogue | None:
    """The catalogue that a document is; None where nothing in it has a catalogue's columns."""
    found = _read(document.path, document.tables) or _read(document.path, unruled(document))
    if found:
        return Catalogue(document.path, tuple(found))
    if any(_lists_volumes(table) for table in document.tables):
        return Catalogue(document.path, (), of_volumes=True)
    return None


def _read(path: str, tables: Sequence[Table]) -> list[Entry]:
    entries: list[Entry] = []
    columns: Mapping[str, int] | None = None
    written: list[int] = []
    section: Section | None = None
    for table in _mended(tables):
        found = _header(table)
        own: Mapping[str, int] | None = None
        if found is not None:
            start, own = found
            columns = own
            written = [c for c, cell in enumerate(table.rows[start]) if cell.strip()]
        elif columns is not None and table.rows:
            start, own = -1, _continued(table, columns, written)
        if own is None:
            continue
        volume = _volume(table, start)
        if volume is None and entries and found is None:
            volume = entries[-1].volume
        rows, section = _entries(path, table, start, own, section, volume, len(entries))
        entries += rows
    return entries


def _mended(tables: Sequence[Table]) -> list[Table]:
    """The tables with the rows in one piece that the end of a page broke in two."""
    found: list[Table] = []
    columns: Mapping[str, int] = {}
    for table in tables:
        start, columns = _header(table) or (-1, columns)
        first = table.rows[start + 1] if start + 1 < len(table.rows) else ()
        if found and found[-1].rows and _runs_on(first, found[-1].rows[-1], columns):
            *above, last = found[-1].rows
            whole = tuple(a + b for a, b in zip(last, first, strict=True))
            found[-1] = replace(found[-1], rows=(*above, whole))
            table = replace(table, rows=(*table.rows[: start + 1], *table.rows[start + 2 :]))
        found.append(table)
    return found


def _runs_on(row: Sequence[str], before: Sequence[str], columns: Mapping[str, int]) -> bool:
    """Whether a page's first row and the last one before it are one entry: one of them is numbered
    and the other bears none of what stands in one line."""
    if "number" not in columns or len(row) != len(before) or max(columns.values()) >= len(row):
        return False
    numbered, rest = (before, row) if before[columns["number"]].strip() else (row, before)
    short = [rest[columns[name]] for name in _IN_ONE_LINE if name in columns]
    text = clean("".join(rest))
    if any(map(str.strip, short)) or not text or not re.search(r"\d", numbered[columns["number"]]):
        return False
    return _section_of(text) is None and not words().phrases["total_row"].match(text)


def _header(table: Table) -> tuple[int, Mapping[str, int]] | None:
    """The row that names the columns of files, and where each column stands."""
    for r, row in enumerate(table.rows[:30]):
        columns = columns_of(row)
        if "title" in columns and len(columns) >= 2 and not _names_volume(row):
            return r, columns
    return None


def _lists_volumes(table: Table) -> bool:
    return _header(table) is None and any(_names_volume(row) for row in table.rows[:30])


def _names_volume(row: Sequence[str]) -> bool:
    """Whether the title that a row speaks of is a volume's: in a form's head, or in a list of
    volumes."""
    place = columns_of(row).get("title")
    pattern = words().phrases["lists_volumes"]
    return place is not None and pattern.match(clean(row[place])) is not None


def _continued(
    table: Table, columns: Mapping[str, int], written: Sequence[int]
) -> Mapping[str, int] | None:
    """The columns in a table that goes on without a header of its own, as on a next page; cells
    that only the head's own rows divided are gone there."""
    width = len(table.rows[0])
    if width > max(columns.values()):
        return columns
    if width == len(written):
        return {name: written.index(c) for name, c in columns.items()}
    return None


def _volume(table: Table, header: int) -> str | None:
    """The volume that a sheet or its head names, as a plain number."""
    w = words()
    head = clean(" ".join(cell for row in table.rows[: max(header, 0)] for cell in row))
    if found := w.phrases["volume_in_head"].search(head):
        value = number(found["n"] or found["m"])
        return None if value is None else str(value)
    if table.name and (found := w.phrases["volume"].search(clean(table.name))):
        digits = re.search(r"[一二三四五六七八九十百\d]+", found[0])
        value = number(digits[0]) if digits else None
        return None if value is None else str(value)
    return None


def _entries(
    path: str,
    table: Table,
    header: int,
    columns: Mapping[str, int],
    section: Section | None,
    volume: str | None,
    offset: int,
) -> tuple[list[Entry], Section | None]:
    found: list[Entry] = []
    for cells in _filled_rows(table, header):
        texts = {clean(cell) for cell in cells if cell}
        if "title" in (repeated := columns_of(cells)) and len(repeated) >= 2:
            continue
        if len(texts) == 1 and (named := _section_of(next(iter(texts)))) is not None:
            section = named
            continue
        entry = _entry(path, cells, columns, section, volume, offset + len(found))
        if entry is None:
            if len(texts) <= 2 and (named := _section_of(" ".join(texts))) is not None:
                section = named
            continue
        found.append(entry)
    return [*_with_last_pages(found)], section


def _filled_rows(table: Table, header: int) -> Iterator[tuple[str, ...]]:
    """The rows below the header with their cells stripped; rows of blanks are left out."""
    import pandas as pd

    frame = pd.DataFrame(list(table.rows[header + 1 :]), dtype=object).fillna("")
    if frame.empty:
        return
    frame = frame.apply(lambda column: column.str.strip()).replace(list(_EMPTY), "")
    yield from frame[frame.ne("").any(axis=1)].itertuples(index=False, name=None)


def _section_of(text: str) -> Section | None:
    if not words().phrases["section_row"].match(text):
        return None
    return section_named(text)


def section_named(text: str) -> Section | None:
    """The section that a folder's or a catalogue row's words name; the kind over the ordinal."""
    plain = clean(text)
    best: tuple[int, Section] | None = None
    for section, pattern in words().sections.items():
        for found in pattern.finditer(plain):
            weight = 0 if found[0].startswith("第") else 1
            if best is None or weight > best[0]:
                best = (weight, section)
    return best[1] if best else None


def _entry(
    path: str,
    cells: Sequence[str],
    columns: Mapping[str, int],
    section: Section | None,
    volume: str | None,
    row: int,
) -> Entry | None:
    def cell(name: str) -> str:
        index = columns.get(name)
        return cells[index] if index is not None and index < len(cells) else ""

    title = "".join(map(str.strip, cell("title").split("\n")))
    if invented := words().phrases["invented"].match(title):
        title = invented["title"] or title
    has_number = bool(re.search(r"\d|[一二三四五六七八九十]", cell("number")))
    if not title or words().phrases["total_row"].match(clean(title)):
        return None
    if "number" in columns and not has_number:
        names_itself = len(clean(cell("number"))) >= _LABEL
        if names_itself or _section_of(clean(title)) is not None:
            return None
    first, last = _pages(cell("page"))
    if until := re.search(r"\d+", cell("last_page")):
        last = int(until[0])
    count = re.search(r"\d+", cell("pages"))
    own_section = section_named(cell("section")) if cell("section") else None
    own_volume = number(re.sub(r"\D*(\d+|[一二三四五六七八九十]+).*", r"\1", cell("volume") or "x"))
    return Entry(
        catalogue=path,
        row=row,
        number=_plain_number(cell("number")),
        title=title,
        doc_no=_doc_no(cell("doc_no")),
        date=_date(cell("date")),
        first_page=first,
        last_page=last,
        pages=int(count[0]) if count else None,
        responsible=cell("responsible") or None,
        remarks=cell("remarks") or None,
        section=own_section or section,
        volume=str(own_volume) if own_volume is not None else volume,
        retention=cell("retention") or None,
        classification=cell("classification") or None,
        file_name=cell("file_name") or None,
    )


def _plain_number(text: str) -> str | None:
    text = clean(text)
    text = re.sub(r"\.0$", "", text)
    return text or None


def _doc_no(text: str) -> str | None:
    if not re.search(r"\d", text):
        return None
    return doc_no(text) or clean(text)


def _date(text: str) -> date | None:
    return first_date(clean(re.sub(r"\.0$|\s+\d\d:\d\d(:\d\d)?$", "", text.strip())))


def _pages(text: str) -> tuple[int | None, int | None]:
    plain = clean(text)
    if found := _RANGE.search(plain):
        return int(found[1]), int(found[2])
    single = re.search(r"\d+", re.sub(r"\.0$", "", plain))
    return (int(single[0]), None) if single else (None, None)


def _with_last_pages(entries: Sequence[Entry]) -> Iterator[Entry]:
    for entry in entries:
        if entry.first_page is not None and entry.last_page is None and entry.pages:
            yield replace(entry, last_page=entry.first_page + entry.pages - 1)
        else:
            yield entry


def head_values(labels: Sequence[Labelled]) -> Mapping[str, str]:
    """Labelled values of a catalogue such as the retention period, that stand above the rows."""
    found: dict[str, str] = {}
    for item in labels:
        if item.value.strip() and item.field not in found:
            found[item.field] = item.value.strip()
    return found
