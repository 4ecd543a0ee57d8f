"""Some pages of a document as a document of its own, and several documents as pages of one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from archive_check.model import Document, Line, Table


@dataclass(frozen=True, slots=True)
class Cut:
    """Where a material begins, what it is called there (empty where nothing says it), and the
    section that it is put under."""

    title: str
    page: int
    under: str = ""


def parts_at(document: Document, cuts: Sequence[Cut]) -> Iterator[Document]:
    """The whole of a document in parts: what stands before the first cut, then one from each."""
    firsts: dict[int, Cut] = {}
    for cut in sorted(cuts, key=lambda cut: cut.page):
        firsts.setdefault(cut.page, cut)
    starts = sorted({1, *firsts})
    last = document.pages or 1
    for number, first in enumerate(starts):
        end = starts[number + 1] - 1 if number + 1 < len(starts) else last
        yield part(document, first, end, firsts.get(first), whole_file=number == 0)


def part(
    document: Document, first: int, last: int, cut: Cut | None = None, whole_file: bool = False
) -> Document:
    """The pages from `first` to `last`.

    Lines, tables and findings on pages go with their page; what concerns the file as such
    (scripts, signatures, attachments) goes with the part that stands for the `whole_file`.
    """

    def inside(page: int) -> bool:
        return first <= page <= last

    kept = [n for n, table in enumerate(document.tables) if inside(table.page)]
    index = {old: new for new, old in enumerate(kept)}
    unread = [int(n) for n in document.properties.get("unread_pages", "").split(",") if n]
    unread = [n - first + 1 for n in unread if inside(n)]
    doubtful = any(x.kind == "doubtful" and inside(x.page) for x in document.page_faults)
    lines = tuple(
        replace(line, page=line.page - first + 1, table=index.get(line.table))
        if line.table is not None
        else replace(line, page=line.page - first + 1)
        for line in document.lines
        if inside(line.page)
    )
    kept_properties = {k: v for k, v in document.properties.items() if k != "unread_pages"}
    properties = kept_properties if whole_file else {}
    if unread:
        properties["unread_pages"] = ",".join(map(str, unread))
    if cut and cut.under:
        properties["filed_under"] = cut.under
    below = [(t, page - first + 1, level) for t, page, level in document.outline if inside(page)]
    pages = f"{first}-{last}" if last > first else str(first)
    return replace(
        document,
        path=f"{document.path}#page={pages}",
        part_of=document.path,
        pages=last - first + 1,
        lines=lines,
        tables=tuple(replace(document.tables[n], page=document.tables[n].page - first + 1)
                     for n in kept),
        properties=properties,
        signatures=document.signatures if whole_file else (),
        traits=document.traits if whole_file else document.traits & {"scan", "grey", "recognised"},
        text_read=bool(lines) and (document.text_read or not (unread or doubtful)),
        page_faults=tuple(replace(fault, page=fault.page - first + 1)
                          for fault in document.page_faults if inside(fault.page)),
        sealed_pages=frozenset(page - first + 1 for page in document.sealed_pages if inside(page)),
        outline=((cut.title, 1, 0), *below) if cut and cut.title else (),
        expected_type=document.expected_type if whole_file else None,
    )  # fmt: skip


def joined(pages: Sequence[Document]) -> Document:
    """The pages as one document under the path, size and digest of the first."""
    lines: list[Line] = []
    tables: list[Table] = []
    for number, page in enumerate(pages, 1):
        before = len(tables)
        tables += (replace(table, page=number) for table in page.tables)
        lines += (
            replace(line, page=number, table=None if line.table is None else before + line.table)
            for line in page.lines
        )
    return replace(
        pages[0],
        pages=len(pages),
        lines=tuple(lines),
        tables=tuple(tables),
        traits=frozenset().union(*(page.traits for page in pages)),
        text_read=any(page.text_read for page in pages)
        and not any("image" in page.traits and not page.text_read for page in pages)
        and not any(fault.kind == "doubtful" for page in pages for fault in page.page_faults),
        page_faults=tuple(
            replace(fault, page=number)
            for number, page in enumerate(pages, 1)
            for fault in page.page_faults
        ),
        sealed_pages=frozenset(number for number, page in enumerate(pages, 1) if page.sealed_pages),
    )
