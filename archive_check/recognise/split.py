"""A volume filed as one file becomes the materials in it, each with its pages.

Two things say where a material begins: the file's outline, where most of its entries name
materials (a long report's headings do not), and page numbers in the catalogue, where the pages
that they lead to bear the titles. The catalogue may stand in the file itself, before its papers.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby, pairwise

from archive_check.model import APPARATUS, Document, Entry, Line
from archive_check.recognise import places
from archive_check.recognise.alone import Alone
from archive_check.recognise.catalogue import read_catalogue, section_named
from archive_check.recognise.numbers import after_place, clean
from archive_check.recognise.parts import Cut, joined, part, parts_at
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
_LONGEST = 60
"""Pages of a catalogue before its papers."""
_HEADS = 8
"""Lines that may be a page's title."""
_CATALOGUE, _CLOSING = "volume-catalogue", "closing-note"


@dataclass(frozen=True, slots=True)
class _Pages:
    """A document page by page; what a page begins with is found when it is asked for."""

    document: Document
    lines: Mapping[int, tuple[Line, ...]]
    known: dict[int, tuple[str, ...]] = field(default_factory=dict)

    def heads(self, page: int) -> tuple[str, ...]:
        """The lines that may be the title of what begins on a page, the likeliest first."""
        if page not in self.known:
            only = replace(self.document, lines=self.lines.get(page, ()))
            self.known[page] = tuple(title_lines(only))[:_HEADS] if only.lines else ()
        return self.known[page]

    def bears(self, page: int, title: str) -> bool:
        return any(likeness(head, title) >= SURE for head in self.heads(page))

    def kinds(self, page: int) -> list[str]:
        """The types of material that the heads of a page name."""
        kinds = (read_title(head).kind for head in self.heads(page))
        return [kind for kind in kinds if kind is not None and _is_strong(kind)]


@dataclass(frozen=True, slots=True)
class _Front:
    """The catalogue that stands in a file before the papers that it lists: its title, its first
    and last page there, its entries."""

    title: str
    first: int
    last: int
    entries: tuple[Entry, ...]


def split(read: Sequence[Alone], whole: Collection[str] = ()) -> Mapping[str, tuple[Document, ...]]:
    """The parts of every file that holds several materials, by its path; `whole` files are one."""
    listings = [listing for one in read for listing in _listings(one)]
    titles = [clean(entry.title) for listing in listings for entry in listing]
    found: dict[str, tuple[Document, ...]] = {}
    for one in read:
        if one.document.path in whole or not _may_hold_several(one.document):
            continue
        pages = _Pages(one.document, _by_page(one.document.lines))
        front = _front(pages)
        cuts = (
            _by_outline(one, titles)
            or (front and _by_own_catalogue(one, pages, front))
            or _by_catalogue(one, pages, read, listings)
        )
        if cuts:
            found[one.document.path] = tuple(parts_at(one.document, _framed(cuts, pages, front)))
    return found


def _by_page(lines: Sequence[Line]) -> Mapping[int, tuple[Line, ...]]:
    found: dict[int, list[Line]] = {}
    for line in lines:
        found.setdefault(line.page, []).append(line)
    return {page: tuple(own) for page, own in found.items()}


def _may_hold_several(document: Document) -> bool:
    return (
        document.problem is None
        and document.fixed_pages
        and document.part_of is None
        and (document.pages or 0) >= _LEAST
    )


def _listings(one: Alone) -> Iterator[tuple[Entry, ...]]:
    """The entries of each volume of the catalogue that a document is."""
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


def _front(pages: _Pages) -> _Front | None:
    """The catalogue among the first pages of a file, where there is one.

    It goes on over pages that add entries to it, as long as nothing else begins there.
    """
    count = pages.document.pages or 0
    for first in range(1, min(_FRONT, count) + 1):
        title = next((x for x in pages.heads(first) if read_title(x).kind == _CATALOGUE), None)
        if title is None or not (entries := _entries(part(pages.document, first, first))):
            continue
        last = first
        while last < min(count, first + _LONGEST) and _goes_on(pages, first, last + 1, entries):
            last += 1
        return _Front(title, first, last, _entries(part(pages.document, first, last)))
    return None


def _goes_on(pages: _Pages, first: int, page: int, entries: Sequence[Entry]) -> bool:
    """Whether a page goes on with the catalogue, the entries of its first page being known."""
    others = set(pages.kinds(page)) - {_CATALOGUE}
    if others or any(pages.bears(page, entry.title) for entry in entries):
        return False
    both = joined([part(pages.document, number, number) for number in (first, page)])
    return len(_entries(both)) > len(entries)


def _entries(document: Document) -> tuple[Entry, ...]:
    found = read_catalogue(document)
    return found.entries if found else ()


def _by_own_catalogue(one: Alone, pages: _Pages, front: _Front) -> list[Cut]:
    """The pages that a file's own catalogue gives; none where it is the contents of one paper."""
    name = read_title(name_title(one.document.path)).kind
    if name is not None and _is_strong(name) and name not in APPARATUS:
        return []
    if sum(map(_lists_material, front.entries)) < _BORNE * len(front.entries):
        return []
    return _counted(pages, front.entries, after=front.last)[1]


def _lists_material(entry: Entry) -> bool:
    """Whether an entry is of a paper, and not of a chapter: it tells whose or of when it is, or
    what kind of paper."""
    told = entry.doc_no or entry.date or entry.responsible
    return bool(told) or _is_strong(read_title(entry.title).kind)


def _framed(cuts: Sequence[Cut], pages: _Pages, front: _Front | None) -> list[Cut]:
    """The cuts, with those at the catalogue before the first paper and at the note behind the
    last one."""
    framed = list(cuts)
    first, last = min(cut.page for cut in cuts), max(cut.page for cut in cuts)
    if front is not None and first > front.last:
        framed.append(Cut(front.title, front.first))
        framed.append(Cut("", front.last + 1))
    for page in range(last + 1, (pages.document.pages or 0) + 1):
        if _CLOSING in pages.kinds(page):
            framed.append(Cut("", page))
            break
    return framed


def _by_catalogue(
    one: Alone, pages: _Pages, read: Sequence[Alone], listings: Sequence[tuple[Entry, ...]]
) -> list[Cut]:
    """The pages that the catalogue of a volume gives, which is a file of its own."""
    document = one.document
    if one.recognised.type == _CATALOGUE or document.pages is None:
        return []
    own = places.volume_of_path(f"{document.path}#page=1")
    best: tuple[int, list[Cut]] = (0, [])
    for entries in listings:
        if own is not None and entries[0].volume not in (None, own):
            continue
        counted = _counted(pages, entries)
        if counted[0] > best[0]:
            best = counted
        listed = _paged(entries)
        exact = bool(listed) and listed[-1][0].last_page == document.pages
        if not best[1] and exact and not document.lines and _only_one(one, read):
            best = (0, [Cut(entry.title, page) for entry, page in listed])
    return best[1]


def _counted(pages: _Pages, entries: Sequence[Entry], after: int = 0) -> tuple[int, list[Cut]]:
    """The pages of a catalogue's entries, all behind the page `after`, counted from where most of
    their titles stand on them, and how many do."""
    count = pages.document.pages or 0
    best: tuple[int, list[Cut]] = (0, [])
    listed = _paged(entries)
    if not listed:
        return best
    # Of what a file lists of itself the last may be gone; another file's papers must all fit in.
    last = listed[0][1] if after else max(listed[-1][1], listed[-1][0].last_page or 0)
    for front in range(min(count - last, _FRONT) + 1):
        cuts = [Cut(entry.title, page + front) for entry, page in listed if page + front <= count]
        borne = sum(pages.bears(cut.page, cut.title) for cut in cuts)
        enough = borne >= max(_LEAST, _BORNE * len(listed)) and cuts[0].page > after
        if enough and borne > best[0]:
            best = (borne, cuts)
    return best


def _paged(entries: Sequence[Entry]) -> list[tuple[Entry, int]]:
    """The entries with their first pages; none where those do not go upwards or files are named."""
    listed = [(entry, entry.first_page) for entry in entries if entry.first_page is not None]
    pages = [page for _, page in listed]
    upwards = all(a < b for a, b in pairwise(pages))
    named = any(entry.file_name for entry, _ in listed)
    if len(listed) < _LEAST or not upwards or named or pages[0] < 1:
        return []
    return listed


def _only_one(one: Alone, read: Sequence[Alone]) -> bool:
    """Whether the file lies alone beside the papers that frame a volume."""
    folder = places.parts(one.document.path)[:-1]
    return not any(
        other is not one
        and places.parts(other.document.path)[:-1] == folder
        and other.recognised.type not in APPARATUS
        for other in read
    )
