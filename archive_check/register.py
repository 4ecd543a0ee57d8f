"""The register of internal auditors filed with the audit body: a table of names and units."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from archive_check import readers
from archive_check.model import (
    ArchiveCheckError,
    Document,
    Problem,
    SourceFile,
    Table,
    said,
)
from archive_check.recognise.numbers import clean
from archive_check.recognise.team import is_name
from archive_check.recognise.words import words
from archive_check.workers import run

Row = tuple[str, ...]
_HEAD = 20
"""Rows among which the header stands, behind titles and remarks."""


@dataclass(frozen=True, slots=True)
class Registered:
    """An internal auditor filed with the audit body; `unit` is "" where none is told."""

    name: str
    unit: str = ""


def load(path: Path) -> tuple[Registered, ...]:
    """Everybody whom a CSV or workbook names, with the unit that its row or its head gives.

    The header may stand anywhere near the top; without one, a column of names counts. Raises
    ArchiveCheckError where the file can't be read or no names are found in it.
    """
    try:
        size = path.stat().st_size
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise ArchiveCheckError(said("register.unreadable", path=path, why=why)) from error
    source = SourceFile(path.name, str(path), size)
    ((_, read),) = run(readers.read, [source], 1)
    problem = read if isinstance(read, Problem) else read[0].problem
    if problem is not None:
        raise ArchiveCheckError(said("register.unreadable", path=path, why=problem.detail))
    found = () if isinstance(read, Problem) else tuple(dict.fromkeys(_people(read[0])))
    if not found:
        raise ArchiveCheckError(said("register.no-names", path=path))
    return found


def _people(document: Document) -> Iterator[Registered]:
    tables = document.tables or (Table(tuple(_cells(document))),)
    for table in tables:
        rows = [tuple(clean(cell) for cell in row) for row in table.rows]
        head = next(
            (r for r, row in enumerate(rows[:_HEAD]) if _column(row, "register_name")), None
        )
        yield from _without_header(rows) if head is None else _under(rows, head)


def _cells(document: Document) -> Iterator[Row]:
    for line in document.lines:
        yield tuple(re.split(r"[,，;；\t、]|\s{2,}", line.text))


def _column(row: Row, pattern: str) -> list[int]:
    named = words().phrases[pattern]
    return [c for c, cell in enumerate(row) if named.fullmatch(cell.lower())]


def _under(rows: Sequence[Row], head: int) -> Iterator[Registered]:
    """The rows under a header; a merged cell of the unit speaks for the rows below it too."""
    names, units = _column(rows[head], "register_name"), _column(rows[head], "register_unit")
    unit = _unit_above(rows[:head])
    for row in rows[head + 1 :]:
        if units and units[0] < len(row) and row[units[0]]:
            unit = row[units[0]]
        name = _plain(row[names[0]]) if names[0] < len(row) else ""
        if _may_be_name(name):
            yield Registered(name, unit)


def _without_header(rows: Sequence[Row]) -> Iterator[Registered]:
    width = max((len(row) for row in rows), default=0)
    for column in range(width):
        cells = [row[column] for row in rows if column < len(row) and row[column]]
        names = [cell for cell in cells if is_name(cell)]
        if names and 2 * len(names) > len(cells):
            yield from (Registered(name, "") for name in names)
            return


def _unit_above(rows: Sequence[Row]) -> str:
    """The unit that stands above the table: in a field of its own, or in the title."""
    w = words().phrases
    for cell in (cell for row in rows for cell in row if cell):
        if found := w["register_head_unit"].match(cell):
            return found["unit"]
        if found := w["body_in_title"].search(cell):
            return found["body"]
    return ""


def _may_be_name(text: str) -> bool:
    """Under a header nearly every short word is a name; totals and remarks are none."""
    return bool(
        re.fullmatch(r"[\u4e00-\u9fff·]{2,15}|[A-Za-z .]{2,40}", text)
    ) and not words().phrases["total_row"].match(text)


def _plain(name: str) -> str:
    return re.sub(r"\([^)]*\)", "", name)
