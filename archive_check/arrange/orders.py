"""Order between groups (article 57): what has to move in each section, and no more than that."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from archive_check.arrange.moves import smallest_moves
from archive_check.arranged import Group, Move
from archive_check.model import Material, Section

Key = tuple[Any, ...]
KeyOf = Callable[[Group], Key | None]


@dataclass(frozen=True, slots=True)
class _Piece:
    """Consecutive materials of one group."""

    group: Group
    materials: tuple[Material, ...]
    key: Key

    @property
    def has_main(self) -> bool:
        return any(m.path == self.group.main.path for m in self.materials)


def moves_between_groups(
    of: str, materials: Sequence[Material], group_of: Mapping[str, Group], key_of: KeyOf
) -> tuple[Move, ...]:
    """The smallest set of pieces of groups to move so that groups are whole and in order.

    `materials` are those of one section in their order, without what another rule reports; a
    group whose key is None is passed over.
    """
    pieces = _pieces(materials, group_of, key_of)
    moved = set(smallest_moves([p.key for p in pieces], [len(p.materials) for p in pieces]))
    kept = [piece for i, piece in enumerate(pieces) if i not in moved]
    found: list[Move] = []
    for i in sorted(moved):
        piece = pieces[i]
        found += _moves(of, piece, _behind(piece, kept))
    return tuple(found)


def _moves(of: str, piece: _Piece, behind: Material | None) -> Iterator[Move]:
    if piece.has_main:
        yield Move(of, piece.materials[0], _paths(piece.materials), behind)
        return
    runs: list[list[Material]] = []
    for material in piece.materials:
        if runs and piece.group.follows(material, runs[-1][0]):
            runs[-1].append(material)
        else:
            runs.append([material])
    for run in runs:
        yield Move(of, run[0], _paths(run), behind, stray=True)


def _paths(materials: Sequence[Material]) -> tuple[str, ...]:
    return tuple(m.path for m in materials)


def _behind(piece: _Piece, kept: Sequence[_Piece]) -> Material | None:
    before = [other for other in kept if other.key <= piece.key]
    return before[-1].materials[-1] if before else None


def _pieces(
    materials: Sequence[Material], group_of: Mapping[str, Group], key_of: KeyOf
) -> list[_Piece]:
    runs: list[tuple[Group, list[Material]]] = []
    for material in materials:
        group = group_of[material.path]
        if key_of(group) is None:
            continue
        if runs and runs[-1][0] is group:
            runs[-1][1].append(material)
        else:
            runs.append((group, [material]))
    # Groups of equal key keep the order they have, so that each is whole.
    return [
        _Piece(group, tuple(run), (*(key_of(group) or ()), group.main.position))
        for group, run in runs
    ]


def section_moves(
    materials: Sequence[Material], whole_folders: bool, order: Sequence[Section]
) -> tuple[Move, ...]:
    """Sections that do not follow the regulation's order (CQ57.2).

    Whole folders or catalogue units move as one; in flat layouts each run of materials of one
    section that stands among another's.
    """
    runs: list[list[Material]] = []
    for material in materials:
        if runs and runs[-1][0].section == material.section:
            runs[-1].append(material)
        else:
            runs.append([material])
    if whole_folders:
        runs = _merged(runs)
    keys = [(order.index(run[0].section),) for run in runs]
    moved = smallest_moves(keys, [len(run) for run in runs])
    kept = [run for i, run in enumerate(runs) if i not in moved]
    found = []
    for i in moved:
        rank = order.index(runs[i][0].section)
        before = [run for run in kept if order.index(run[0].section) <= rank]
        behind = before[-1][-1] if before else None
        found.append(Move("sections", runs[i][0], _paths(runs[i]), behind))
    return tuple(found)


def _merged(runs: Sequence[list[Material]]) -> list[list[Material]]:
    """One run a section: the place of a section is where most of it lies."""
    by_section: dict[Section, list[list[Material]]] = {}
    for run in runs:
        by_section.setdefault(run[0].section, []).append(run)
    largest = {id(max(group, key=len)) for group in by_section.values()}
    return [run for run in runs if id(run) in largest]
