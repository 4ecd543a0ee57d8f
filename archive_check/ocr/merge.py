"""A document with what was read of its pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from archive_check.model import Document, Line, PageFault, said
from archive_check.ocr import PageText
from archive_check.readers.content import relative, within_limit

_SAME_SIZE = 1.09
"""Sizes measured on a picture that differ by no more are one size."""


def merged(document: Document, pages: Mapping[int, PageText]) -> Document:
    """Lines and tables of the pages take their places among those that were there."""
    lines, tables = list(document.lines), list(document.tables)
    own: list[Line] = []
    for page in (pages[number] for number in sorted(pages)):
        first = len(tables)
        tables += page.tables
        own += (
            replace(line, table=None if line.table is None else first + line.table)
            for line in page.lines
        )
    lines += relative(_snapped(own))
    lines.sort(key=lambda line: line.page)
    kept, problem = within_limit(lines)
    unread = [number for number in pages if not pages[number].lines]
    properties = {k: v for k, v in document.properties.items() if k != "unread_pages"}
    traits = document.traits
    if any(page.paper for page in pages.values()):
        traits = traits - {"image"} | {"scan"}
    return replace(
        document,
        lines=kept,
        tables=tuple(tables),
        properties=properties,
        traits=traits,
        text_read=bool(kept),
        page_faults=(*document.page_faults, *_faults(pages, unread)),
        sealed_pages=document.sealed_pages | {n for n, page in pages.items() if page.sealed},
        problem=document.problem or problem,
    )


def _faults(pages: Mapping[int, PageText], unread: Iterable[int]) -> Iterable[PageFault]:
    for number in sorted(pages):
        yield from pages[number].faults
    for number in unread:
        if pages[number].paper and not pages[number].faults:
            yield PageFault(number, "unreadable", said("page.unreadable"))


def _snapped(lines: list[Line]) -> list[Line]:
    """The lines with sizes that differ by the error of measuring made one."""
    weights: dict[float, int] = {}
    for line in lines:
        weights[line.size] = weights.get(line.size, 0) + len(line.text)
    names: dict[float, float] = {}
    for size in sorted(weights, key=lambda size: (-weights[size], size)):
        near = [name for name in names.values() if name / _SAME_SIZE <= size <= name * _SAME_SIZE]
        names[size] = min(near, key=lambda name: abs(name - size)) if near else size
    return [replace(line, size=names[line.size]) for line in lines]
