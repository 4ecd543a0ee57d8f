"""Images that are the pages of one material become one (contract, "Groups and roles").

Names number them, in a folder or behind a head of their own; where one count runs through a whole
volume, the catalogue's page numbers say where each material begins, else the pages' own titles.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from archive_check.model import Entry, Ignored, said
from archive_check.recognise import places
from archive_check.recognise.alone import Alone, alone
from archive_check.recognise.numbers import after_place
from archive_check.recognise.parts import joined
from archive_check.recognise.titles import read_title
from archive_check.recognise.words import words

_NUMBER = re.compile(r"^(?P<head>.*?)(?P<apart>[-_. ]*)[(（]?(?P<n>\d{1,5})[)）]?$")
_FOLLOWS = 0.8
"""Share of a catalogue's entries that state their first page where it can tell of pages."""


@dataclass(frozen=True, slots=True)
class _Run:
    """Files of one folder whose names differ in one number alone, which counts without a gap.

    `called_pages`: the names say that they are pages. `set_apart`: something parts the number
    from the head that they share. `whole`: nothing else in the folder is numbered.
    """

    folder: str
    head: str
    numbers: tuple[int, ...]
    members: tuple[int, ...]
    called_pages: bool
    set_apart: bool
    whole: bool


def bound(
    read: Sequence[Alone], whole: Collection[str] = ()
) -> tuple[list[Alone], tuple[Ignored, ...]]:
    """The materials, images of pages joined under the path of the first; the others as ignored.

    A file in `whole` is a material, and no further page of one.
    """
    first: dict[int, list[int]] = {}
    for run in _runs(read):
        for begin, *others in _materials(run, read):
            pages = [begin, *(page for page in others if read[page].document.path not in whole)]
            if len(pages) > 1:
                first[begin] = pages
    further = {index: pages for pages in first.values() for index in pages[1:]}
    kept = [
        alone(joined([read[page].document for page in first[index]])) if index in first else one
        for index, one in enumerate(read)
        if index not in further
    ]
    ignored = (
        Ignored(
            read[index].document.path,
            said("scan.page", page=pages.index(index) + 1, first=read[pages[0]].document.path),
        )
        for index, pages in sorted(further.items())
    )
    return kept, tuple(ignored)


def _runs(read: Sequence[Alone]) -> Iterator[_Run]:
    named: dict[tuple[str, str, bool, bool], dict[int, list[int]]] = {}
    for index, one in enumerate(read):
        path = PurePosixPath(one.document.path)
        stem = path.stem
        if found := words().phrases["page_name"].match(stem):
            key = (str(path.parent), found["head"], True, True)
        elif found := _NUMBER.match(stem):
            key = (str(path.parent), found["head"], False, bool(found["apart"]))
        else:
            continue
        number = next(
            int(digits)
            for name, digits in found.groupdict().items()
            if name != "head" and digits and digits.isdigit()
        )
        named.setdefault(key, {}).setdefault(number, []).append(index)
    heads = Counter(folder for folder, *_ in named)
    for (folder, head, called_pages, set_apart), by_number in named.items():
        numbers = tuple(sorted(by_number))
        members = tuple(index for number in numbers for index in by_number[number])
        consecutive = numbers == tuple(range(numbers[0], numbers[0] + len(members)))
        if len(members) > 1 and consecutive and all(_is_image(read[i]) for i in members):
            whole = heads[folder] == 1
            yield _Run(folder, head, numbers, members, called_pages, set_apart, whole)


def _is_image(one: Alone) -> bool:
    return one.document.media_type.startswith("image/")


def _is_page(one: Alone, called: bool) -> bool:
    """Whether an image shows a page. Where names call images pages and the first is one, a page
    with next to nothing on it is one too, though by itself it could be a photograph."""
    document = one.document
    seen = called or "photograph" not in document.traits
    return document.pages == 1 and document.problem is None and seen


def _materials(run: _Run, read: Sequence[Alone]) -> list[list[int]]:
    """The pages of each material of a run."""
    called = run.called_pages and _is_page(read[run.members[0]], called=False)
    pages = [index for index in run.members if _is_page(read[index], called)]
    if not pages:
        return []
    begun = [index for index in pages if _begins(read[index])]
    if run.called_pages or (_one_name(run) and len(begun) < len(pages)):
        return [pages] if run.numbers[0] <= 1 else []
    listed = _by_catalogue(run, read)
    if listed:
        return listed
    looked_at = all("image" not in read[index].document.traits for index in pages)
    if not looked_at or not begun or _places_of_files(run, read):
        return []
    return _parted(pages, begun)


def _one_name(run: _Run) -> bool:
    """Whether a run's name, or its folder's, is that of one material among others."""
    if not run.whole:
        return run.set_apart and bool(run.head)
    folder = PurePosixPath(run.folder).name
    if places.folder_section(folder) or places.folder_volume(folder):
        return False
    return read_title(after_place(folder)).kind is not None or (
        run.set_apart and read_title(after_place(run.head)).kind is not None
    )


def _begins(one: Alone) -> bool:
    """Whether a page shows the title of a material."""
    return any(reason.key == "recognise.inside" for reason in one.recognised.why)


def _places_of_files(run: _Run, read: Sequence[Alone]) -> bool:
    """Whether the catalogue has as many entries as there are images: each is a material."""
    entries = _entries(run, read)
    return bool(entries) and abs(len(entries) - len(run.members)) <= 1


def _by_catalogue(run: _Run, read: Sequence[Alone]) -> list[list[int]]:
    """The run parted where the catalogue's entries have their first pages."""
    entries = _entries(run, read)
    firsts = sorted({entry.first_page for entry in entries if entry.first_page is not None})
    if len(firsts) < 2 or len(firsts) < _FOLLOWS * len(entries):
        return []
    last = max((entry.last_page or 0 for entry in entries), default=0) or firsts[-1]
    fits = firsts[0] == run.numbers[0] and firsts[-1] <= run.numbers[-1]
    if not fits or last > run.numbers[-1] or len(firsts) >= len(run.members):
        return []
    by_first: dict[int, list[int]] = {}
    for number, index in zip(run.numbers, run.members, strict=True):
        begin = max(first for first in firsts if first <= number)
        if read[index].document.problem is None:
            by_first.setdefault(begin, []).append(index)
    return list(by_first.values())


def _entries(run: _Run, read: Sequence[Alone]) -> list[Entry]:
    """The entries of the catalogue that speaks of a run: the only one, or that of its volume."""
    volume = places.volume_of_path(f"{run.folder}/x")
    found = []
    for one in read:
        if one.catalogue is None:
            continue
        own = places.volume_of_path(one.document.path)
        found += [
            entry
            for entry in one.catalogue.entries
            if volume is None or (entry.volume or own) in (None, volume)
        ]
    return found


def _parted(pages: Sequence[int], begun: Sequence[int]) -> list[list[int]]:
    """Pages from each title to the next."""
    groups: list[list[int]] = []
    for index in pages:
        if index in begun or not groups:
            groups.append([])
        groups[-1].append(index)
    return groups
