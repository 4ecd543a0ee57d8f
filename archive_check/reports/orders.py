"""The order of a case as it is and as it should be, from what the order findings say.

A finding of order carries what has to move and where to, in one of two forms: `files` behind
`behind` (to the front of their section where that is null), or `positions`, where the second
material is the main document that the others have to stand behind.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from archive_check.model import CaseReport, Finding, MaterialRow
from archive_check.reports.words import in_order

Kind = Literal["regulation", "catalogue"]

CATALOGUE_RULE = "AR03.4"
"""Asks for the order of the volume catalogue, which may be another than the regulation's."""

SECTION_RULE = "CQ57.1"
"""Names a material in a wrong section: its section is known, its place in it is not."""

CONTEXT = 2
"""Materials shown before and behind a move; what lies between is counted."""


@dataclass(frozen=True, slots=True)
class Step:
    """A line of both orders side by side; a material that moves stands on one side at a time.

    `then` and `now` are its places; `to` and `from_` where it goes and comes from. A line without
    a material stands for `skipped` materials that stay in their order.
    """

    row: MaterialRow | None = None
    then: int | None = None
    now: int | None = None
    to: int | None = None
    from_: int | None = None
    section_only: bool = False
    skipped: int = 0


def orders(case: CaseReport) -> list[tuple[Kind, list[Step]]]:
    """For each order that does not hold, its lines; nothing where all is in order."""
    found: list[tuple[Kind, list[Step]]] = []
    of_catalogue = [finding for finding in case.findings if finding.rule == CATALOGUE_RULE]
    others = [finding for finding in case.findings if finding.rule != CATALOGUE_RULE]
    for kind, findings in (("regulation", others), ("catalogue", of_catalogue)):
        lines = list(_compared(in_order(case), findings))
        if any(line.to for line in lines):
            found.append((kind, lines))  # type: ignore[arg-type]
    return found


def _compared(rows: Sequence[MaterialRow], findings: Sequence[Finding]) -> Iterator[Step]:
    should, moved, placed = list(rows), set[str](), set[str]()
    tails: dict[str, str] = {}
    # Whole groups move before members move inside them.
    for finding in sorted(findings, key=lambda finding: "positions" in finding.details):
        if files := _to_move(finding, should):
            should = _moved(finding, files, should, tails)
            moved.update(files)
            placed.update(files if finding.rule != SECTION_RULE else ())
    places = {row.path: place for place, row in enumerate(should, 1)}
    lines = list(_aligned(rows, should, moved, places, moved - placed))
    yield from _shortened(lines)


def _to_move(finding: Finding, rows: Sequence[MaterialRow]) -> set[str]:
    """The materials that a finding wants elsewhere; empty where it is not about order."""
    known = {row.path: row for row in rows}
    if "behind" in finding.details:
        files = finding.details.get("files")
        return known.keys() & set(files) if isinstance(files, list | tuple) else set()
    if "positions" in finding.details and len(finding.materials) > 1:
        main = finding.materials[1]
        return (known.keys() & set(finding.materials)) - {main} if main in known else set()
    if finding.rule == SECTION_RULE and finding.materials:
        row = known.get(finding.materials[0])
        return {row.path} if row and any(other.section == row.section for other in rows) else set()
    return set()


def _moved(
    finding: Finding, files: set[str], rows: Sequence[MaterialRow], tails: dict[str, str]
) -> list[MaterialRow]:
    """The rows with the files taken out and put where they belong, in the order they had.

    `tails` notes what went to each place last: what goes there next stands behind it.
    """
    taken = [row for row in rows if row.path in files]
    rest = [row for row in rows if row.path not in files]
    place = _place(finding, taken[0], rest)
    if "behind" in finding.details:
        target = str(finding.details["behind"] or taken[0].filed_section or taken[0].section)
        paths = [row.path for row in rest]
        if tails.get(target) in paths:
            place = paths.index(tails[target]) + 1
        tails[target] = taken[-1].path
    return [*rest[:place], *taken, *rest[place:]]


def _place(finding: Finding, leader: MaterialRow, rest: Sequence[MaterialRow]) -> int:
    """Before which of the rest the files go."""
    paths = [row.path for row in rest]
    if "behind" in finding.details:
        behind = finding.details["behind"]
        if behind in paths:
            return paths.index(str(behind)) + 1
        same = (number for number, row in enumerate(rest) if _lies_with(row, leader))
        inside = (number for number, row in enumerate(rest) if row.section != "apparatus")
        return next(same, next(inside, 0))
    if "positions" in finding.details:
        main = paths.index(finding.materials[1])
        return main + 1 if leader.role == "attachment" else _end_of_group(rest, main)
    last = [
        number
        for number, row in enumerate(rest)
        if leader.section in (row.section, row.filed_section)
    ]
    return last[-1] + 1 if last else len(rest)


def _lies_with(row: MaterialRow, leader: MaterialRow) -> bool:
    return (row.filed_section or row.section) == (leader.filed_section or leader.section)


def _end_of_group(rows: Sequence[MaterialRow], main: int) -> int:
    end = main + 1
    while end < len(rows) and rows[end].group == rows[main].group:
        end += 1
    return end


def _aligned(
    then: Sequence[MaterialRow],
    now: Sequence[MaterialRow],
    moved: set[str],
    places: dict[str, int],
    section_only: set[str],
) -> Iterator[Step]:
    """Both orders line by line: what stays stands on both sides, what moves on one at a time."""
    before = {row.path: place for place, row in enumerate(then, 1)}
    left, right = iter(then), iter(now)
    for stays in [*(row for row in then if row.path not in moved), None]:
        for row in left:
            if row is stays:
                break
            yield Step(row, then=before[row.path], to=places[row.path],
                       section_only=row.path in section_only)  # fmt: skip
        for row in right:
            if row is stays:
                break
            yield Step(row, now=places[row.path], from_=before[row.path],
                       section_only=row.path in section_only)  # fmt: skip
        if stays is not None:
            yield Step(stays, then=before[stays.path], now=places[stays.path])


def _shortened(lines: Sequence[Step]) -> Iterator[Step]:
    """The lines with long stretches of what stays counted instead of shown."""
    changes = [number for number, line in enumerate(lines) if line.to or line.from_]
    near = {n for change in changes for n in range(change - CONTEXT, change + CONTEXT + 1)}
    skipped = 0
    for number, line in enumerate([*lines, None]):
        if line is not None and number not in near:
            skipped += 1
            continue
        if skipped:
            yield Step(skipped=skipped)
            skipped = 0
        if line is not None:
            yield line
