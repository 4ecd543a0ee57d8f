"""Order inside groups: who stands before whom (article 58, and article 26 for evidence)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from archive_check.arranged import Group, Pair, Relation
from archive_check.model import Material

_REPLIES = ("reply", "plan-approval", "programme-approval")
_JUDGED = ("attachment", "draft", "original")


def pairs(
    materials: Sequence[Material],
    relations: Sequence[Relation],
    groups: Mapping[str, Group],
    marks: tuple[re.Pattern[str], re.Pattern[str]],
) -> tuple[Pair, ...]:
    """Every relation that has an order, whether it is kept or not.

    `marks` find 重要 and 次要 in a catalogue's remarks. Where a member or its main document lies
    in a wrong section, CQ57.1 speaks of it and not these.
    """
    by_path = {m.path: m for m in materials}
    return (*_related(relations, by_path), *_by_importance(groups, marks))


def _related(relations: Sequence[Relation], by_path: Mapping[str, Material]) -> Iterator[Pair]:
    together: dict[tuple[str, str], list[Material]] = {}
    for relation in relations:
        member, main = by_path[relation.member], by_path[relation.main]
        if _place(member) != _place(main):
            continue
        if relation.kind in _JUDGED:
            together.setdefault((relation.kind, main.path), []).append(member)
        elif relation.kind == "request" and main.type in _REPLIES:
            together.setdefault(("request", main.path), []).append(member)
        elif relation.kind == "instruction":
            together.setdefault(("instruction", member.path), []).append(main)
        elif relation.kind in ("evidence", "receipt"):
            yield _pair(relation.kind, main, [member])
    for (kind, path), members in together.items():
        yield _pair(kind, by_path[path], members)


def _pair(kind: str, main: Material, members: Sequence[Material]) -> Pair:
    early = tuple(m for m in members if m.position < main.position)
    return Pair(kind, early, main, tuple(members))


def _place(material: Material) -> str:
    """Where a material counts: the section it was filed in, or its own in a flat layout."""
    if material.filed_section is None:
        return material.section
    misfiled = material.filed_section != material.section
    return f"wrong:{material.path}" if misfiled else material.section


def _by_importance(
    groups: Mapping[str, Group], marks: tuple[re.Pattern[str], re.Pattern[str]]
) -> Iterator[Pair]:
    important, unimportant = marks
    for group in dict.fromkeys(groups.values()):
        more = [m for m in group.members if _marked(m, important)]
        less = [m for m in group.members if _marked(m, unimportant)]
        for material in more:
            early = tuple(m for m in less if m.position < material.position)
            if less:
                yield Pair("importance", early, material, tuple(less))


def _marked(material: Material, mark: re.Pattern[str]) -> bool:
    remarks = material.entry.remarks if material.entry else None
    return bool(remarks and mark.search(remarks))
