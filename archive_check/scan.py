"""What files a case has, in natural order: folders as they lie, containers as if unpacked.

Nothing is ever written into the case. Links are never followed, so that a scan neither leaves the
case nor runs in circles. Members of containers are unpacked into a temporary folder that lives
as long as the `Scan`.
"""

from __future__ import annotations

import os
import re
import stat
import tempfile
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from archive_check import containers
from archive_check.model import (
    ArchiveCheckError,
    Ignored,
    Problem,
    Said,
    SourceFile,
    said,
)
from archive_check.saying import some_of

CASE_INFO = "archive-check.yaml"
"""The case information's name at the root of a case."""

_JUNK = re.compile(
    r"(thumbs\.db|ehthumbs\.db|desktop\.ini|\.ds_store|\.localized|icon\r|\._.*|~\$.*|\.~.*"
    r"|.*\.tmp|\.~lock\..*#)",
    re.IGNORECASE | re.DOTALL,
)
_JUNK_FOLDERS = frozenset(
    {"__macosx", "$recycle.bin", "system volume information", ".spotlight-v100", ".trashes",
     ".fseventsd", ".temporaryitems", "@eadir", ".git", ".svn"}
)  # fmt: skip

_NAMED = 20
"""Links that a note names."""


@dataclass(frozen=True, slots=True)
class Scan:
    """The files of a case and what is no material. Keep it while the files are being read."""

    case: Path
    files: tuple[SourceFile, ...]
    ignored: tuple[Ignored, ...]
    case_info: Path | None = None
    """The case information at the root of the case, or of the only folder in a container."""
    unpacked: tempfile.TemporaryDirectory[str] | None = field(default=None, repr=False)


@dataclass(slots=True)
class _Found:
    files: list[SourceFile] = field(default_factory=list)
    ignored: list[Ignored] = field(default_factory=list)
    case_info: Path | None = None
    unpacked: tempfile.TemporaryDirectory[str] | None = None
    budget: containers.Budget = field(default_factory=containers.Budget)

    def folder(self) -> Path:
        if self.unpacked is None:
            self.unpacked = tempfile.TemporaryDirectory(
                prefix="archive-check-", ignore_cleanup_errors=True
            )
        return Path(tempfile.mkdtemp(dir=self.unpacked.name))


def scan(case: Path, without: Collection[str] = ()) -> Scan:
    """The files of a case folder, or of a ZIP, 7z, RAR or TAR of one; without some paths of it.

    Raises ArchiveCheckError where there is no such case, or it can't be opened.
    """
    found = _Found()
    try:
        mode = case.stat().st_mode
    except (FileNotFoundError, NotADirectoryError) as error:
        raise ArchiveCheckError(said("scan.no-case", path=shown(str(case)))) from error
    except OSError as error:
        raise _not_opened(case, _cause(error)) from error
    if stat.S_ISDIR(mode):
        try:
            entries = list(os.scandir(case))
        except OSError as error:
            raise _not_opened(case, _cause(error)) from error
        _folder(entries, "", found, without)
    else:
        _case_container(case, found)
    files = tuple(sorted(found.files, key=lambda file: natural_key(file.path)))
    ignored = tuple(sorted(found.ignored, key=lambda item: natural_key(item.path)))
    return Scan(case, files, ignored, found.case_info, found.unpacked)


def shown(path: str) -> str:
    r"""A path that can be encoded: bytes that are no UTF-8 as `\xNN`, lone surrogates as `\uNNNN`.

    A backslash that would read as such an escape becomes `\x5c`, so that the name can be told.
    """
    path = re.sub(r"\\(?=x[0-9a-f]{2}|u[0-9a-f]{4})", r"\\x5c", path)
    return re.sub(
        "[\ud800-\udfff]",
        lambda found: (
            f"\\x{ord(found[0]) - 0xDC00:02x}"
            if "\udc80" <= found[0] <= "\udcff"
            else f"\\u{ord(found[0]):04x}"
        ),
        path,
    )


def natural_key(path: str) -> tuple[object, ...]:
    """Sorts paths level by level, numbers by value, composed and decomposed names as equal."""
    levels = tuple(
        tuple(
            (0, len(number), number, "") if chunk.isdecimal() else (1, 0, "", chunk)
            for chunk in re.split(r"(\d+)", unicodedata.normalize("NFKC", level).casefold())
            if chunk
            for number in (chunk.lstrip("0"),)
        )
        for level in path.split("/")
    )
    return (levels, path)


def link_notes(ignored: Collection[Ignored]) -> Iterator[Said]:
    """Tells which links were left alone, since what they lead to was not checked."""
    links = [item.path for item in ignored if item.why.key == "scan.link"]
    if links:
        yield said("scan.links", files=some_of(links, _NAMED))


def is_junk(name: str) -> bool:
    """Whether a file of this name is the system's or a program's, not the archivist's (AR01.8)."""
    return _JUNK.fullmatch(name) is not None


def _folder(
    entries: list[os.DirEntry[str]],
    prefix: str,
    found: _Found,
    without: Collection[str] = (),
    junk: bool = False,
) -> None:
    """One pass over a folder and those below; a stat for each file is all that it costs."""
    waiting = [(entries, prefix, False)]
    while waiting:
        entries, prefix, junk = waiting.pop()
        for entry in entries:
            path = prefix + shown(entry.name)
            if path in without:
                continue
            if entry.is_symlink() or _is_junction(entry):
                found.ignored.append(Ignored(path, said("scan.link")))
            elif entry.is_dir(follow_symlinks=False):
                inner_junk = junk or entry.name.lower() in _JUNK_FOLDERS
                try:
                    with os.scandir(entry.path) as below:
                        waiting.append((list(below), f"{path}/", inner_junk))
                except OSError as error:
                    problem = Problem("unreadable", _refused("reading.refused-folder", error))
                    found.files.append(SourceFile(path, entry.path, 0, problem))
            else:
                _entry(entry, path, found, junk)


def _entry(entry: os.DirEntry[str], path: str, found: _Found, junk: bool) -> None:
    if path == CASE_INFO:
        found.ignored.append(Ignored(path, said("scan.case-info")))
        found.case_info = Path(entry.path)
        return
    if junk or is_junk(entry.name):
        found.ignored.append(Ignored(path, said("scan.junk"), junk=True))
        return
    try:
        status = entry.stat(follow_symlinks=False)
    except OSError as error:
        problem = Problem("unreadable", _refused("reading.refused", error))
        found.files.append(SourceFile(path, entry.path, 0, problem))
        return
    if not stat.S_ISREG(status.st_mode):
        found.ignored.append(Ignored(path, said("scan.special")))
    else:
        _file(SourceFile(path, entry.path, status.st_size), found, depth=0)


def _is_junction(entry: os.DirEntry[str]) -> bool:
    return bool(getattr(entry, "is_junction", bool)())


def _refused(key: str, error: OSError) -> Said:
    # Without the path: reports must not tell where on this machine the case lies.
    return said(key, detail=_cause(error))


def _cause(error: OSError) -> str:
    return error.strerror or type(error).__name__


def _not_opened(case: Path, why: Said | str) -> ArchiveCheckError:
    return ArchiveCheckError(said("scan.no-access", path=shown(str(case)), detail=why))


def _file(file: SourceFile, found: _Found, depth: int) -> None:
    """Takes a file in, or the members of a container in its place."""
    name = file.path.rpartition("/")[2]
    kind = containers.kind(Path(file.location), name) if file.size else None
    if kind is None:
        found.files.append(file)
        return
    if depth >= containers.MAX_DEPTH:
        problem = Problem("limit", said("scan.deep", limit=containers.MAX_DEPTH))
        found.files.append(SourceFile(file.path, file.location, file.size, problem))
        return
    try:
        members = containers.unpack(Path(file.location), kind, found.folder(), found.budget, name)
    except containers.ContainerError as error:
        found.files.append(SourceFile(file.path, file.location, file.size, error.problem))
        return
    except OSError as error:
        problem = Problem("unreadable", _refused("reading.refused", error))
        found.files.append(SourceFile(file.path, file.location, file.size, problem))
        return
    found.ignored.append(Ignored(file.path, said("scan.container", count=len(members))))
    _members(members, file.path, found, depth)


def _members(members: list[containers.Member], outer: str, found: _Found, depth: int) -> None:
    for member, name in zip(members, _unique(members), strict=True):
        path = f"{outer}!/{shown(name)}"
        levels = name.split("/")
        if member.link:
            found.ignored.append(Ignored(path, said("scan.link")))
        elif is_junk(levels[-1]) or any(level.lower() in _JUNK_FOLDERS for level in levels[:-1]):
            found.ignored.append(Ignored(path, said("scan.junk"), junk=True))
        else:
            file = SourceFile(path, member.location, member.size, member.problem)
            if member.problem:
                found.files.append(file)
            else:
                _file(file, found, depth + 1)


def _unique(members: list[containers.Member]) -> Iterator[str]:
    """Names; a container may hold the same name twice, and both are files of the case."""
    seen: dict[str, int] = {}
    for member in members:
        count = seen[member.name] = seen.get(member.name, 0) + 1
        yield member.name if count == 1 else f"{member.name} ({count})"


def _case_container(case: Path, found: _Found) -> None:
    kind = containers.kind(case, case.name)
    if kind is None:
        raise ArchiveCheckError(said("scan.no-container", path=shown(str(case))))
    try:
        members = containers.unpack(case, kind, found.folder(), found.budget, case.name)
    except containers.ContainerError as error:
        raise _not_opened(case, error.problem.detail) from error
    except OSError as error:
        raise _not_opened(case, _cause(error)) from error
    # People pack a case with or without the folder it lies in.
    tops = {member.name.partition("/")[0] for member in members}
    root = f"{min(tops)}/" if len(tops) == 1 and CASE_INFO not in tops else ""
    for member in members:
        if member.name == root + CASE_INFO and not member.problem and not member.link:
            path = f"{shown(case.name)}!/{shown(member.name)}"
            found.ignored.append(Ignored(path, said("scan.case-info")))
            found.case_info = Path(member.location)
            members = [other for other in members if other is not member]
    _members(members, shown(case.name), found, 0)
