"""A document with what was read of its pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from archive_check.model import Document, Line, PageFault, Problem, said
from archive_check.ocr import PageText
from archive_check.readers.content import relative, within_limit

_SAME_SIZE = 1.09
"""Sizes measured on a picture that differ by no more are one size."""


def merged(document: Document, read: Mapping[int, PageText | Problem]) -> Document:
    """Lines and tables of the pages take their places among those that were there.

    A page that could not be read stays unread, so that nothing is judged by what is left.
    """
    failed = {number: page for number, page in read.items() if isinstance(page, Problem)}
    pages = {number: page for number, page in read.items() if isinstance(page, PageText)}
    if "image" in document.traits and not any(page.paper for page in pages.values()):
        return document  # a photograph, whatever signs are on it
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
    properties = {k: v for k, v in document.properties.items() if k != "unread_pages"}
    traits = document.traits
    if failed:
        properties["unread_pages"] = ",".join(map(str, sorted(failed)))
    if "image" in traits:
        traits = traits - {"image"} | {"scan"}
    if any(page.sealed is None for page in pages.values()):
        traits = traits | {"grey"}
    return replace(
        document,
        lines=kept,
        tables=tuple(tables),
        properties=properties,
        traits=traits,
        text_read=bool(kept) and not failed,
        page_faults=(*document.page_faults, *_faults(pages, failed)),
        sealed_pages=document.sealed_pages | {n for n, page in pages.items() if page.sealed},
        problem=document.problem or problem,
    )


def _faults(pages: Mapping[int, PageText], failed: Mapping[int, Problem]) -> Iterable[PageFault]:
    for number in sorted({*pages, *failed}):
        if number in failed:
            yield PageFault(number, "unreadable", failed[number].detail)
            continue
        page = pages[number]
        yield from page.faults
        if page.paper and not page.lines and not page.faults:
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
