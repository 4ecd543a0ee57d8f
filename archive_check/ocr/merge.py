"""A document with what was read of its pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from rapidfuzz.distance.Indel import normalized_similarity as ratio

from archive_check.model import PICTURE, Document, Line, PageFault, Problem, said
from archive_check.ocr import PageText, unread_pages
from archive_check.readers.content import relative, within_limit

_SAME_SIZE = 1.09
"""Sizes measured on a picture that differ by no more are one size."""
_PICTURES = PICTURE + "\t\n "
_ENOUGH = 60
"""Characters by which a page can be told from another."""
_ALIKE = 8
"""Bits of 64 in which pictures of one page differ."""
_SAME_TEXT = 0.97


def merged(document: Document, read: Mapping[int, PageText | Problem]) -> Document:
    """Lines and tables of the pages take their places among those that were there.

    A page that could not be read stays unread, so that nothing is judged by what is left.
    """
    failed = {number: page for number, page in read.items() if isinstance(page, Problem)}
    seen = {number: page for number, page in read.items() if isinstance(page, PageText)}
    pages = {number: page for number, page in seen.items() if page.read}
    if "image" in document.traits and pages and not any(p.paper for p in pages.values()):
        return replace(document, traits=document.traits | {"photograph"})
    # Where pages are no property of the file, a picture stands in a line: now its text does.
    lines = [x for x in document.lines if document.fixed_pages or x.text.strip(_PICTURES)]
    tables = list(document.tables)
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
    unread = sorted(set(unread_pages(document)) - set(pages))
    properties = {k: v for k, v in document.properties.items() if k != "unread_pages"}
    if unread and "image" not in document.traits:
        properties["unread_pages"] = ",".join(map(str, unread))
    return replace(
        document,
        lines=kept,
        tables=tuple(tables),
        properties=properties,
        traits=_traits(document, seen),
        text_read=bool(kept) and not unread and not any(map(_doubtful, pages.values())),
        page_faults=(*document.page_faults, *_faults(seen, failed)),
        sealed_pages=document.sealed_pages | {n for n, page in seen.items() if page.sealed},
        problem=document.problem or problem,
    )


def _doubtful(page: PageText) -> bool:
    """Whether much of a page may say something else than was read."""
    return any(fault.kind == "doubtful" for fault in page.faults)


def _traits(document: Document, pages: Mapping[int, PageText]) -> frozenset[str]:
    traits = document.traits
    if "image" in traits and any(page.read for page in pages.values()):
        traits = traits - {"image"} | {"scan"}
    if any(page.read and page.lines for page in pages.values()):
        traits = traits | {"recognised"}
    if any(page.sealed is None and page.paper for page in pages.values()):
        traits = traits | {"grey"}
    return traits


def _faults(pages: Mapping[int, PageText], failed: Mapping[int, Problem]) -> Iterable[PageFault]:
    for number in sorted({*pages, *failed}):
        if number in failed:
            yield PageFault(number, "unreadable", failed[number].detail)
        else:
            yield from pages[number].faults
            yield from _repeated(number, pages)


def _repeated(number: int, pages: Mapping[int, PageText]) -> Iterator[PageFault]:
    """A page that says and looks like one before it."""
    own, text = pages[number], _text(pages[number])
    if len(text) < _ENOUGH:
        return
    for before in (pages[other] for other in sorted(pages) if other < number):
        alike = bin(own.look ^ before.look).count("1") <= _ALIKE
        if alike and ratio(text, _text(before)) > _SAME_TEXT:
            yield PageFault(number, "repeated", said("page.repeated", other=before.page))
            return


def _text(page: PageText) -> str:
    return "".join(line.text for line in page.lines)


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
