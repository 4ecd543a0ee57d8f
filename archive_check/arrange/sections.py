"""The four sections (article 57): where each material counts, and the order inside each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from archive_check.arrange.orders import Key, moves_between_groups, section_moves
from archive_check.arranged import Group, Move, Pair, Relation
from archive_check.model import SECTIONS, UNCERTAIN, Material, Section, said

MAIN_SECTIONS: tuple[Section, ...] = SECTIONS[:4]
_RANK_3 = (
    "feedback-verification", "feedback", "no-feedback-note", "consultation-letter", "report-draft",
)  # fmt: skip
_REPORT_RECEIPT = "report-delivery-receipt"
_TITLED = 4
"""A title of fewer characters (材料三) tells nothing."""


@dataclass(frozen=True, slots=True)
class Ranks:
    """The table of materials: allowed sections, and ranks in conclusion and evidence."""

    sections: Mapping[str, tuple[Section, ...]]
    conclusion: Mapping[str, int]
    evidence: Mapping[str, int]


def settled(materials: Sequence[Material], ranks: Ranks) -> tuple[Material, ...]:
    """In a flat layout a type that may lie in several sections counts where it lies."""
    found: list[Material] = []
    for i, material in enumerate(materials):
        allowed = ranks.sections[material.type]
        if _among_evidence(material, found, materials[i + 1 :], ranks):
            found.append(
                replace(
                    material,
                    type="evidence-attachment",
                    section="evidence",
                    confidence=UNCERTAIN,
                    why=(*material.why, said("recognise.section", section="evidence")),
                )
            )
            continue
        if material.filed_section is not None or len(allowed) < 2:
            found.append(material)
            continue
        before, after = _fixed(reversed(found), ranks), _fixed(materials[i + 1 :], ranks)
        near = [section for section in (before, after) if section in allowed]
        home = near[0] if near else allowed[0]
        goes_back = len(set(near)) == 2 and _goes_back(material, found, before)
        if goes_back and not _goes_ahead(material, materials[i + 1 :], after):
            home = near[1]
        found.append(replace(material, section=home))
    return tuple(found)


def _among_evidence(
    material: Material, before: Sequence[Material], after: Sequence[Material], ranks: Ranks
) -> bool:
    """A paper in a flat layout that its title names but no type fits, with evidence around it."""
    if material.filed_section is not None or material.type != "other":
        return False
    if material.confidence > UNCERTAIN or len(material.title) < _TITLED:
        return False
    return _fixed(reversed(before), ranks) == _fixed(after, ranks) == "evidence"


def _fixed(neighbours: Iterable[Material], ranks: Ranks) -> Section | None:
    """The section of the nearest neighbour that can lie in one only."""
    return next(
        (
            m.section
            for m in neighbours
            if m.section != "apparatus" and len(ranks.sections[m.type]) == 1
        ),
        None,
    )


def _goes_back(material: Material, before: Sequence[Material], section: Section | None) -> bool:
    """Whether a paper at the border of two sections is too early to end the first of them."""
    dates = [m.date for m in before if m.section == section and m.date is not None]
    return material.date is not None and bool(dates) and material.date < max(dates)


def _goes_ahead(material: Material, after: Sequence[Material], section: Section | None) -> bool:
    """Whether a paper at the border of two sections is too late to begin the second of them."""
    dates = (m.date for m in after if m.section == section and m.date is not None)
    first = next(dates, None)
    return material.date is not None and first is not None and material.date > first


def with_their_mains(
    materials: Sequence[Material], relations: Sequence[Relation], ranks: Ranks
) -> tuple[Material, ...]:
    """An attachment without a type of its own belongs where its main document does, and so does,
    in a flat layout, a member that may lie there."""
    by_path = {m.path: m for m in materials}
    main_of = {r.member: (r.kind, by_path[r.main]) for r in relations}
    return tuple(
        _inside(m, main_of[m.path][1])
        if m.path in main_of and m.document.outer is not None
        else replace(m, section=main_of[m.path][1].section)
        if m.path in main_of and _goes_along(m, *main_of[m.path], ranks)
        else m
        for m in materials
    )


def _inside(member: Material, main: Material) -> Material:
    """What travels in a document lies where that does."""
    return replace(member, section=main.section, filed_section=main.filed_section)


def _goes_along(member: Material, kind: str, main: Material, ranks: Ranks) -> bool:
    if kind == "attachment" and member.type == "other":
        return True
    return member.filed_section is None and main.section in ranks.sections[member.type]


def order_moves(
    materials: Sequence[Material],
    groups: Mapping[str, Group],
    pairs: Sequence[Pair],
    matter_of: Mapping[str, frozenset[int]],
    ranks: Ranks,
) -> tuple[tuple[Move, ...], frozenset[str]]:
    """All moves between groups and between sections, and which orders could be judged."""
    filed = [m for m in materials if m.section != "apparatus"]
    flat = all(m.filed_section is None for m in filed)
    right = [m for m in filed if flat or m.filed_section in (None, m.section)]
    judged = {"conclusion", "evidence", "initiation", "reference"}
    between: tuple[Move, ...] = ()
    if flat or _units_have_an_order(right):
        judged.add("sections")
        between = section_moves(right, not flat, MAIN_SECTIONS)
    if flat:
        away = {path for move in between for path in move.files}
        right = [m for m in right if m.path not in away]
    skipped = _spoken_of(pairs, groups)
    found = list(between)
    for section in MAIN_SECTIONS:
        own = [m for m in right if m.section == section and m.path not in skipped]
        if section == "conclusion":
            found += _conclusion_moves(own, groups, ranks)
        elif section == "evidence":
            key = partial(_evidence_key, matter_of=_all_placed(own, groups, matter_of), ranks=ranks)
            found += moves_between_groups(section, own, groups, key)
        else:
            found += moves_between_groups(section, own, groups, _date_key)
    return tuple(found), frozenset(judged)


def _units_have_an_order(materials: Sequence[Material]) -> bool:
    """Folders without a number of their own show no order of sections; catalogue units do."""
    return all(m.place.section_folder is None or m.place.section_numbered for m in materials)


def _spoken_of(pairs: Sequence[Pair], groups: Mapping[str, Group]) -> set[str]:
    """Materials that a rule inside their group reports, and a main that they stand away from."""
    early: dict[int, set[str]] = {}
    for pair in pairs:
        if not pair.early or pair.kind == "importance":
            continue
        wrong = [pair.main] if pair.kind == "instruction" else pair.early
        group = groups[pair.main.path]
        early.setdefault(id(group), set()).update(m.path for m in wrong)
        for member in group.members:
            if any(group.follows(member, m) and m.path != group.main.path for m in wrong):
                early[id(group)].add(member.path)
    found: set[str] = set()
    for group in {id(g): g for g in groups.values()}.values():
        wrong_paths = early.get(id(group), set())
        found |= wrong_paths
        if wrong_paths and len(wrong_paths) >= len(group.members) - 1:
            found.add(group.main.path)
    return found


def _date_key(group: Group) -> Key | None:
    return None if group.date is None else (group.date.toordinal(),)


def _all_placed(
    materials: Sequence[Material],
    groups: Mapping[str, Group],
    matter_of: Mapping[str, frozenset[int]],
) -> Mapping[str, frozenset[int]]:
    """A workpaper whose matter is unknown counts with the one before it: it is passed over among
    the matters, but not among commitment, workpapers and regulations."""
    found, last = dict(matter_of), frozenset({0})
    for material in materials:
        main = groups[material.path].main
        if main.type == "workpaper" and main.document.text_read:
            last = found.get(main.path) or last
            found[main.path] = last
    return found


def _evidence_key(
    group: Group, matter_of: Mapping[str, frozenset[int]], ranks: Ranks
) -> Key | None:
    rank = ranks.evidence.get(group.main.type, 0)
    if not rank:
        return None
    if group.main.type != "workpaper":
        return None if rank == ranks.evidence["workpaper"] else (rank, 0)
    places = matter_of.get(group.main.path)
    return (rank, min(places)) if places else None


def _touches_main(
    materials: Sequence[Material], i: int, step: int, groups: Mapping[str, Group], group: Group
) -> bool:
    """Whether only papers of its group lie between a material and the group's main document."""
    at = i + step
    while 0 <= at < len(materials) and groups[materials[at].path] is group:
        if materials[at].path == group.main.path:
            return True
        at += step
    return False


def _conclusion_moves(
    materials: Sequence[Material], groups: Mapping[str, Group], ranks: Ranks
) -> tuple[Move, ...]:
    """Reverse procedure. A receipt counts with its group where it lies right behind it, else as
    a paper of its own behind rank 4; so does an instruction that other papers of rank 1 part from
    its report."""
    dated = all(
        groups[m.path].date is not None
        for m in materials
        if groups[m.path].rank(ranks.conclusion) == 3
    )
    own = dict(groups)
    for i, material in enumerate(materials):
        group = groups[material.path]
        step = {_REPORT_RECEIPT: -1, "leader-instruction": 1}.get(material.type)
        if step is None or material.path == group.main.path:
            continue
        if not _touches_main(materials, i, step, own, group):
            own[material.path] = Group(material, (material,), ())

    def key(group: Group) -> Key | None:
        rank = group.rank(ranks.conclusion)
        if not rank:
            return None
        if rank == 3:
            kind = group.main.type
            inner = _RANK_3.index(kind) if kind in _RANK_3 else len(_RANK_3)
            newest = -group.date.toordinal() if dated and group.date else 0
            return (rank, newest, inner)
        if group.main.type == _REPORT_RECEIPT:
            if groups[group.main.path] is group:
                # What it delivers is not filed, so nothing tells where it belongs.
                return None
            behind = [
                m
                for m in materials
                if m.position < group.main.position and groups[m.path].rank(ranks.conclusion) == 6
            ]
            return (6 if behind else 5, 0, 0)
        return (rank, 0, 0)

    return moves_between_groups("conclusion", materials, own, key)
