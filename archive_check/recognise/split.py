"""A volume filed as one file becomes the materials in it, each with its pages.

Two things say where a material begins: the file's outline, where most of its entries name
materials (a long report's headings do not), and page numbers in the catalogue, where the pages
that they lead to bear the titles.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from archive_check.model import Document, Entry
from archive_check.recognise import places
from archive_check.recognise.alone import Alone
from archive_check.recognise.catalogue import section_named
from archive_check.recognise.numbers import after_place, clean
from archive_check.recognise.scoring import SURE, likeness
from archive_check.recognise.titles import name_title, read_title, title_lines

_LEAST = 3
"""Materials that a volume holds at least."""
_MOST = 2 / 3
"""Share of an outline's entries that must name materials."""
_BORNE = 0.5
"""Share of a catalogue's titles that must stand on the pages it gives."""
_FRONT = 30
"""Pages in front of page 1 that bear no number: cover, catalogue."""
_FRAME = frozenset({"volume-cover", "volume-catalogue", "closing-note", "acceptance-record"})


@dataclass(frozen=True, slots=True)
class Cut:
    """Where a material begins, what it is called there, and the section that it is put under."""

    title: str
    page: int
    under: str = ""


def split(read: Sequence[Alone], whole: Collection[str] = ()) -> Mapping[str, tuple[Document, ...]]:
    """The parts of every file that holds several materials, by its path; those in `whole` are one.

    Lines, tables and findings on pages go with their page; what concerns the file as such
    (scripts, signatures, attachments) stays with its first part.
    """
    listings = list(_listings(read))
    titles = [clean(entry.title) for listing in listings for entry in listing]
    found: dict[str, tuple[Document, ...]] = {}
    for one in read:
        document = one.document
        if document.path in whole or not _may_hold_several(document):
            continue
        cuts = _by_outline(one, titles) or _by_catalogue(one, read, listings)
        if cuts:
            found[document.path] = tuple(_parts(document, cuts))
    return found


def _may_hold_several(document: Document) -> bool:
    return (
        document.problem is None
        and document.fixed_pages
        and document.part_of is None
        and (document.pages or 0) >= _LEAST
    )


def _listings(read: Sequence[Alone]) -> Iterator[tuple[Entry, ...]]:
    """The entries of each volume of each catalogue."""
    for one in read:
        if one.catalogue is not None:
            own = places.volume_of_path(one.document.path)
            for volume, entries in groupby(one.catalogue.entries, lambda entry: entry.volume):
                yield tuple(replace(entry, volume=volume or own) for entry in entries)


def _by_outline(one: Alone, titles: Sequence[str]) -> list[Cut]:
    """The entries of the level on which most name materials, unless the file is one itself."""
    outline = one.document.outline
    if len(outline) < _LEAST or _is_one(one, titles):
        return []
    named = [level for title, _, level in outline if _names_material(title, titles)]
    if len(named) < _LEAST:
        return []
    level = max(sorted(set(named)), key=named.count)
    cuts: list[Cut] = []
    under = ""
    for title, page, depth in outline:
        if depth < level:
            under = title if section_named(title) else ""
        elif depth == level:
            cuts.append(Cut(after_place(title) or title, page, under))
    pages = {cut.page for cut in cuts}
    enough = named.count(level) >= max(_LEAST, _MOST * len(cuts)) and len(pages) >= _LEAST
    return cuts if enough else []


def _is_one(one: Alone, titles: Sequence[str]) -> bool:
    """Whether the file's name, or a catalogue, says that it is one material."""
    name = name_title(one.document.path)
    if _is_strong(read_title(name).kind):
        return True
    return bool(name) and any(likeness(name, listed) >= SURE for listed in titles)


def _is_strong(kind: str | None) -> bool:
    return kind is not None and not kind.startswith("?")


def _names_material(title: str, titles: Sequence[str]) -> bool:
    text = after_place(title) or title
    if _is_strong(read_title(text).kind):
        return True
    return any(likeness(text, listed) >= SURE for listed in titles)


def _by_catalogue(
    one: Alone, read: Sequence[Alone], listings: Sequence[tuple[Entry, ...]]
) -> list[Cut]:
    """The pages that a volume's catalogue gives, counted from where its titles stand on them."""
    document = one.document
    if one.recognised.type == "volume-catalogue" or document.pages is None:
        return []
    own = places.volume_of_path(f"{document.path}#page=1")
    heads: dict[int, tuple[str, ...]] = {}
    best: tuple[int, list[Cut]] = (0, [])
    for entries in listings:
        listed = _paged(entries)
        same = own is None or entries[0].volume in (None, own)
        if not (same and listed and listed[-1][1] <= document.pages):
            continue
        last = max(listed[-1][1], listed[-1][0].last_page or 0)
        for front in range(min(document.pages - last, _FRONT) + 1):
            cuts = [Cut(entry.title, page + front) for entry, page in listed]
            borne = sum(_bears(document, cut, heads) for cut in cuts)
            if borne >= max(_LEAST, _BORNE * len(cuts)) and borne > best[0]:
                best = (borne, cuts)
        exact = listed[-1][0].last_page == document.pages
        if not best[1] and exact and not document.lines and _only_one(one, read):
            best = (0, [Cut(entry.title, page) for entry, page in listed])
    return best[1]


def _paged(entries: Sequence[Entry]) -> list[tuple[Entry, int]]:
    """The entries with their first pages; none where those do not go upwards or files are named."""
    listed = [(entry, entry.first_page) for entry in entries if entry.first_page is not None]
    pages = [page for _, page in listed]
    upwards = all(a < b for a, b in pairwise(pages))
    named = any(entry.file_name for entry, _ in listed)
    if len(listed) < _LEAST or not upwards or named or pages[0] < 1:
        return []
    return listed


def _bears(document: Document, cut: Cut, heads: dict[int, tuple[str, ...]]) -> bool:
    """Whether a page begins with a title; `heads` remembers what pages begin with."""
    if cut.page not in heads:
        lines = tuple(line for line in document.lines if line.page == cut.page)
        heads[cut.page] = tuple(title_lines(replace(document, lines=lines))) if lines else ()
    return any(likeness(head, cut.title) >= SURE for head in heads[cut.page][:8])


def _only_one(one: Alone, read: Sequence[Alone]) -> bool:
    """Whether the file lies alone beside the papers that frame a volume."""
    folder = places.parts(one.document.path)[:-1]
    return not any(
        other is not one
        and places.parts(other.document.path)[:-1] == folder
        and other.recognised.type not in _FRAME
        for other in read
    )


def _parts(document: Document, cuts: Sequence[Cut]) -> Iterator[Document]:
    firsts: dict[int, Cut] = {}
    for cut in sorted(cuts, key=lambda cut: cut.page):
        firsts.setdefault(cut.page, cut)
    starts = sorted({1, *firsts})
    last = document.pages or 1
    for number, first in enumerate(starts):
        end = starts[number + 1] - 1 if number + 1 < len(starts) else last
        yield _part(document, first, end, firsts.get(first), whole_file=number == 0)


def _part(document: Document, first: int, last: int, cut: Cut | None, whole_file: bool) -> Document:
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
    properties = {"unread_pages": ",".join(map(str, unread))} if unread else {}
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
        properties={**document.properties, **properties} if whole_file else properties,
        signatures=document.signatures if whole_file else (),
        traits=document.traits if whole_file else document.traits & {"scan", "grey", "recognised"},
        text_read=bool(lines) and (document.text_read or not (unread or doubtful)),
        page_faults=tuple(replace(fault, page=fault.page - first + 1)
                          for fault in document.page_faults if inside(fault.page)),
        sealed_pages=frozenset(page - first + 1 for page in document.sealed_pages if inside(page)),
        outline=((cut.title, 1, 0), *below) if cut else (),
        expected_type=document.expected_type if whole_file else None,
    )  # fmt: skip
