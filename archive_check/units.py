"""Where the cases lie in a unit's archive, and what is the unit's own.

A folder is a case where it shows what only cases have: section or volume folders, what frames a
volume, or papers of several steps of an audit. All else is the unit's own: plans, summaries,
receipts. A container that holds a case is one.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from archive_check import containers
from archive_check.model import ArchiveCheckError, said
from archive_check.recognise.numbers import after_place, clean
from archive_check.recognise.places import FRAMES, folder_section, is_part
from archive_check.recognise.titles import name_title, read_title
from archive_check.recognise.words import words
from archive_check.scan import is_junk, natural_key, scan, shown

_OWN = frozenset(
    {"annual-plan", "plan-request", "plan-approval", "plan-adjustment", "long-term-plan",
     "annual-summary", "filing-receipt", "audit-bulletin", "supervision-notice",
     "rectification-report"}
)  # fmt: skip
"""What a unit may keep of its own, outside any case."""
_STEPS = frozenset({"conclusion", "evidence", "initiation"})
_DEEPEST = 12
_FEW, _MANY = 3, 8
_OPAQUE = 0.8


@dataclass(frozen=True, slots=True)
class Found:
    """A case: where it lies, and its path in the archive as reports show it."""

    location: Path
    path: str


@dataclass(frozen=True, slots=True)
class _Folder:
    location: Path
    path: str
    folders: tuple[_Folder, ...]
    files: tuple[tuple[Path, str], ...]

    def inside(self) -> Iterator[str]:
        """The names of all files at any depth, with the folders below this one."""
        for _, path in self.files:
            yield path.removeprefix(f"{self.path}/")
        for folder in self.folders:
            below = folder.path.removeprefix(f"{self.path}/")
            yield from (f"{below}/{path}" for path in folder.inside())


def cases(root: Path) -> tuple[Found, ...]:
    """The cases of a unit's archive in natural order.

    Raises ArchiveCheckError where the root is no folder, can't be opened, or is a case itself.
    """
    if not root.is_dir():
        raise ArchiveCheckError(said("unit.no-folder", path=shown(str(root))))
    try:
        tree = _folder(root, "", 0)
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise ArchiveCheckError(
            said("scan.no-access", path=shown(str(root)), detail=why)
        ) from error
    if len(_parts(tree)) > 1:
        raise ArchiveCheckError(said("unit.is-case", path=shown(str(root))))
    found = [case for folder in tree.folders for case in _cases(folder)]
    found += [case for file in tree.files for case in _contained(file)]
    return tuple(sorted(found, key=lambda case: natural_key(case.path)))


def _folder(location: Path, path: str, depth: int) -> _Folder:
    folders, files = [], []
    with os.scandir(location) as entries:
        for entry in entries:
            below = f"{path}/{shown(entry.name)}" if path else shown(entry.name)
            if entry.is_symlink() or is_junk(entry.name):
                continue
            if entry.is_dir(follow_symlinks=False):
                if depth < _DEEPEST:
                    folders.append(_readable(Path(entry.path), below, depth + 1))
            else:
                files.append((Path(entry.path), below))
    folders.sort(key=lambda folder: natural_key(folder.path))
    return _Folder(location, path, tuple(folders), tuple(sorted(files)))


def _readable(location: Path, path: str, depth: int) -> _Folder:
    """A folder that may not be opened is an empty one here; the check of what it is in tells."""
    try:
        return _folder(location, path, depth)
    except OSError:
        return _Folder(location, path, (), ())


def _cases(folder: _Folder) -> list[Found]:
    """The cases in a folder: itself, or those below it."""
    here = [Found(folder.location, folder.path)]
    if _parts(folder):
        return here
    inner = [case for below in folder.folders for case in _cases(below)]
    inner += [case for file in folder.files for case in _contained(file)]
    if inner:
        return here if _framed(folder) and not any(map(_framed, folder.folders)) else inner
    return here if is_case(list(folder.inside()), folder.location.name) else []


def _parts(folder: _Folder) -> list[str]:
    """Its folders that are sections or volumes of a case."""
    return list(filter(is_part, (shown(below.location.name) for below in folder.folders)))


def _framed(folder: _Folder) -> bool:
    """Whether cover, catalogue or closing note of one volume lie in it; a list of volumes not."""
    several = words().phrases["catalogue_of_cases"]
    names = [name_title(path) for _, path in folder.files]
    return any(_kind(name) in FRAMES and not several.search(clean(name)) for name in names)


def _contained(file: tuple[Path, str]) -> list[Found]:
    """The case that a container holds, if it is one; a broken one is a paper of the unit."""
    location, path = file
    if containers.kind(location, location.name) is None:
        return []
    try:
        found = scan(location)
    except ArchiveCheckError:
        return []
    name = re.sub(r"\.[A-Za-z0-9]{1,4}$", "", location.name)
    inside = [source.path for source in found.files]
    sections = any(folder_section(part) for path in inside for part in path.split("/")[:-1])
    return [Found(location, path)] if sections or is_case(inside, name) else []


def is_case(paths: Sequence[str], name: str) -> bool:
    """Whether the files of an undivided folder are those of a case, by the names they bear."""
    types = words().types
    kinds = {kind for path in paths if (kind := _kind(name_title(path)))}
    steps = {types[kind].sections[0] for kind in kinds - _OWN if kind in types}
    called = words().phrases["case_folder"].search(clean(after_place(shown(name)))) is not None
    if kinds & FRAMES and len(paths) >= _FEW:
        return True
    if len(steps & _STEPS) >= (1 if called else 2):
        return True
    opaque = sum(1 for path in paths if not re.search(r"[\u4e00-\u9fff]", path.split("/")[-1]))
    return len(paths) >= _MANY and opaque >= _OPAQUE * len(paths)


def _kind(title: str) -> str | None:
    return read_title(title).kind
