"""Which case is which project of the annual plan (articles 5 and 11).

Plans call projects by other words than cases do: unit, subject, person and type are weighed
together, and no two cases are the same project unless the plan means several units at once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from archive_check.planned import CaseInBrief, Planned

ENOUGH = 60.0
"""From this on a case and a planned project are the same."""
_SAME_UNIT, _SAME_PERSON = 50.0, 30.0
_OTHER_TYPE = 25.0
_BODY_ALIKE = 84.0
_UNKNOWN_SUBJECT, _UNIT_UNKNOWN = 45.0, 25.0


@dataclass(frozen=True, slots=True)
class Matching:
    """What the comparison goes by: the vocabulary's patterns, how alike two texts are (0-100)."""

    likeness: Callable[[str, str], float]
    several_units: re.Pattern[str]
    filler: re.Pattern[str]
    body: re.Pattern[str]
    project_types: Sequence[tuple[str, re.Pattern[str]]]

    def type_of(self, text: str) -> str:
        return next((kind for kind, pattern in self.project_types if pattern.search(text)), "")


def assign(
    planned: Sequence[Planned], cases: Sequence[CaseInBrief], matching: Matching
) -> Mapping[int, int]:
    """The planned project of each case, by their places: the surest pairs first, each once.

    A project that the plan means for several units may have a case for each of them.
    """
    scored = sorted(
        (
            (-score(project, case, matching), c, p)
            for c, case in enumerate(cases)
            for p, project in enumerate(planned)
        )
    )
    found: dict[int, int] = {}
    taken: set[int] = set()
    for negative, c, p in scored:
        if -negative < ENOUGH or c in found:
            continue
        if p not in taken or matching.several_units.search(planned[p].unit + planned[p].name):
            found[c] = p
            taken.add(p)
    # What is left of a unit on both sides is the same under other words, where its type is.
    for negative, c, p in scored:
        if -negative >= _SAME_UNIT and c not in found and p not in taken:
            found[c] = p
            taken.add(p)
    return found


def mentioned(text: str, planned: Planned, matching: Matching) -> bool:
    """Whether an adjustment's sentence speaks of a planned project."""
    return _told_of(text, Planned(text), planned.name, planned.unit, planned.person, matching)


def told_of(text: str, case: CaseInBrief, matching: Matching) -> bool:
    """Whether an adjustment's sentence speaks of a case's project."""
    return _told_of(text, Planned(text), case.project, case.unit, case.person, matching)


def _told_of(
    text: str, said: Planned, project: str, unit: str, person: str, matching: Matching
) -> bool:
    if project and _plain(project) in _plain(text):
        return True
    case = CaseInBrief("", project, unit, person, matching.type_of(project))
    return score(said, case, matching) >= ENOUGH


def score(project: Planned, case: CaseInBrief, matching: Matching) -> float:
    """How surely a case is a planned project, about 0 to 150."""
    name, theirs = _plain(project.name), _plain(case.project)
    if name and name == theirs:
        return 150.0
    if _other_person(project, case):
        return 0.0
    person = _SAME_PERSON if case.person and _plain(case.person) in name + project.person else 0.0
    unit = _unit_score(project, case, matching)
    if unit is None:
        return 0.0
    subject = _subject_score(project, case, matching)
    if not unit and not person:
        return max(subject, matching.likeness(name, theirs)) - _UNIT_UNKNOWN
    return unit + person + 0.5 * subject - _type_penalty(project, case, matching)


def _unit_score(project: Planned, case: CaseInBrief, matching: Matching) -> float | None:
    """Points for the same unit; 0 where one of them is not known, None where they differ."""
    ours = _plain(case.unit)
    if not ours:
        return 0.0
    theirs = _plain(project.unit)
    if matching.several_units.search(theirs or project.name):
        return 0.0
    if theirs:
        return _SAME_UNIT if _same_body(ours, theirs, matching) else None
    name = _plain(project.name)
    if ours in name or _begins_alike(ours, name):
        return _SAME_UNIT
    return None if matching.body.search(name) else 0.0


def _same_body(a: str, b: str, matching: Matching) -> bool:
    short, long = sorted((a, b), key=len)
    if short in long or _abbreviates(short, long):
        return True
    return abs(len(a) - len(b)) <= 2 and matching.likeness(a, b) >= _BODY_ALIKE and a[-1] == b[-1]


def _abbreviates(short: str, long: str) -> bool:
    """Whether the characters of a short name stand in the long one in this order."""
    rest = iter(long)
    return len(short) >= 3 and all(character in rest for character in short)


def _begins_alike(unit: str, name: str) -> bool:
    """A plan's name for a project begins with its unit, often a shorter one.

    Where the rest still holds the unit's last characters, it goes on to name another unit.
    """
    heads = (name[:end] for end in range(len(name), 2, -1))
    head = next((head for head in heads if _abbreviates(head, unit)), "")
    return bool(head) and unit[-2:] not in name[len(head) :]


def _subject_score(project: Planned, case: CaseInBrief, matching: Matching) -> float:
    """How alike the subjects are, without unit, person, years and words that all projects have."""
    ours = _subject(case.project, (case.unit, case.person), matching)
    names = (project.name, project.kind) if project.kind else (project.name,)
    drop = (project.unit, project.person, case.unit, case.person)
    theirs = [text for name in names if (text := _subject(name, drop, matching))]
    if not ours or not theirs:
        return _UNKNOWN_SUBJECT
    return max(matching.likeness(ours, text) for text in theirs)


def _subject(name: str, without: Sequence[str], matching: Matching) -> str:
    text = _plain(name)
    for part in sorted((_plain(part) for part in without if part), key=len, reverse=True):
        text = text.replace(part, "")
    return matching.filler.sub("", text)


def _other_person(project: Planned, case: CaseInBrief) -> bool:
    theirs, ours = _plain(project.person), _plain(case.person)
    return bool(theirs and ours) and theirs not in ours and ours not in theirs


def _type_penalty(project: Planned, case: CaseInBrief, matching: Matching) -> float:
    theirs = matching.type_of(project.name + project.kind)
    ours = case.project_type if case.project_type != "general" else ""
    return _OTHER_TYPE if theirs != ours else 0.0


def _plain(text: str) -> str:
    return re.sub(r"[\W_]", "", text)
