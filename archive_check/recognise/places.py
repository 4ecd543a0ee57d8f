"""What folders say: the section and the volume a file was put in, the numbers it bears."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import PurePosixPath

from archive_check.model import SECTIONS, LevelKey, Place, Section
from archive_check.recognise.catalogue import section_named
from archive_check.recognise.numbers import after_place, clean, compatible, number, place_number
from archive_check.recognise.words import words

FRAMES = frozenset({"volume-cover", "volume-catalogue", "closing-note"})
"""The types by which a folder is known as a case: no other folder has what they are."""


@lru_cache(maxsize=16384)
def parts(path: str) -> tuple[str, ...]:
    """The folders and the name of a path; a container counts as a folder, and so does a file of
    which the path names pages."""
    plain = path.replace("!/", "/")
    return PurePosixPath(_PAGES.sub(r"/\1", plain) if "#" in plain else plain).parts


_PAGES = re.compile(r"(?:\.[A-Za-z0-9]{1,5})?#page=(\d+(?:-\d+)?)$")


@lru_cache(maxsize=4096)
def folder_section(name: str) -> Section | None:
    """The section that a folder's name names, None where it is no section folder."""
    whole, rest = clean(name), clean(after_place(name))
    row, folder = words().phrases["section_row"], words().phrases["section_folder"]
    named = row.match(whole) or row.match(rest) or folder.search(whole)
    return section_named(name) if named else None


@lru_cache(maxsize=4096)
def folder_volume(name: str) -> str | None:
    """The volume that a folder's name names, as a plain number."""
    found = words().phrases["volume"].match(clean(name))
    if found is None:
        return None
    digits = re.search(r"[一二三四五六七八九十百\d]+", found[0])
    value = number(digits[0]) if digits else None
    return None if value is None else str(value)


def is_part(folder: str) -> bool:
    """Whether a folder is a section or volume of a case; a volume called like a case is one."""
    called = words().phrases["case_folder"]
    return folder_section(folder) is not None or (
        folder_volume(folder) is not None and not called.search(clean(folder))
    )


def section_of_path(path: str) -> Section | None:
    found = (folder_section(name) for name in reversed(parts(path)[:-1]))
    return next((section for section in found if section is not None), None)


def volume_of_path(path: str) -> str | None:
    found = (folder_volume(name) for name in reversed(parts(path)[:-1]))
    return next((volume for volume in found if volume is not None), None)


def places_of(paths: Sequence[str]) -> Mapping[str, Place]:
    """Where each file's name puts it. A number at the end of a name counts where nearly all names
    begin alike, as a scanner's do (`SJ2023-0007`)."""
    ending = _numbered_at_the_end(paths)
    like_years = _numbered_into_the_years(paths)
    return {path: _place(path, ending, like_years) for path in paths}


def _place(path: str, ending: bool, like_years: bool) -> Place:
    *folders, name = parts(path)
    stem = _stem(name)
    own = place_number(stem, like_years)
    if own is None and ending and (tail := _TAIL.search(stem)):
        own = (int(tail[1]),)
    number = own if own is not None else _group_folder_number(folders)
    index = next((i for i in reversed(range(len(folders))) if folder_section(folders[i])), None)
    return Place(
        levels=(*(_level(folder, place_number(folder)) for folder in folders), _level(stem, own)),
        numbered=number is not None,
        number=number,
        section_folder=None if index is None else "/".join(folders[: index + 1]),
        section_numbered=index is not None and place_number(folders[index]) is not None,
        volume=volume_of_path(path),
    )


def _level(name: str, numbers: tuple[int, ...] | None) -> LevelKey:
    if numbers is not None:
        return 0, numbers, _natural(name)
    section = folder_section(name)
    if section is not None:
        return 1, (SECTIONS.index(section),), ()
    return 2, (), _natural(name)


def _natural(name: str) -> tuple[tuple[int, int, str], ...]:
    chunks = re.findall(r"\d+|\D+", compatible(name).casefold())
    return tuple((0, int(c), c) if c.isascii() and c.isdigit() else (1, 0, c) for c in chunks)


def _group_folder_number(folders: Sequence[str]) -> tuple[int, ...] | None:
    """The number of a folder made for one group of documents."""
    if not folders or folder_section(folders[-1]) or folder_volume(folders[-1]):
        return None
    return place_number(folders[-1])


def _numbered_at_the_end(paths: Sequence[str]) -> bool:
    heads = Counter(_TAIL.sub("", stem) for p in paths if _TAIL.search(stem := _stem(parts(p)[-1])))
    if not heads:
        return False
    head, count = heads.most_common(1)[0]
    return bool(head) and count >= 4 and count >= 0.8 * len(paths)


def _numbered_into_the_years(paths: Sequence[str]) -> bool:
    """Whether so many files are numbered through that 1900 is the next number, and no year."""
    found = filter(None, (place_number(_stem(parts(path)[-1])) for path in paths))
    return sum(number < _FIRST_YEAR for number in {first for first, *_ in found}) >= _MANY


_FIRST_YEAR = 1900
_MANY = 1500
"""Different numbers below that."""
_TAIL = re.compile(r"(?:(?<=[-_ .])|(?<=[A-Za-z]))(\d{2,6})$")


def _stem(name: str) -> str:
    """A file's name without its ending and without the number of a page of it."""
    stem = re.sub(r"\.[A-Za-z0-9]{1,5}$", "", name)
    page = words().phrases["page_name"].match(stem)
    return page["head"] if page and page["head"] else stem
