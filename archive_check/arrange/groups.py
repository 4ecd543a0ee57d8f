"""Groups of documents: a main document with what relates to it (contract, article 58)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from archive_check.arranged import Group, Relation
from archive_check.model import Material, Role

_MEMBER_ROLE: Mapping[str, Role | None] = {
    "attachment": "attachment",
    "draft": "draft",
    "request": "request",
    "instruction": "instruction",
    "original": "original",
}
_MAIN_ROLE: Mapping[str, Role] = {
    "instruction": "report",
    "request": "reply",
    "draft": "final",
    "original": "summary",
    "attachment": "main",
}


def grouped(materials: Sequence[Material], relations: Sequence[Relation]) -> Mapping[str, Group]:
    """Path of each material -> its group; a material without relations is a group of its own."""
    main_of = {r.member: r.main for r in relations}
    by_path = {m.path: m for m in materials}
    roots: dict[str, list[Material]] = {}
    for material in materials:
        root = material.path
        while root in main_of:
            root = main_of[root]
        roots.setdefault(root, []).append(material)
    root_of = {m.path: root for root, members in roots.items() for m in members}
    own: dict[str, list[Relation]] = {}
    for relation in relations:
        own.setdefault(root_of[relation.member], []).append(relation)
    found: dict[str, Group] = {}
    for root, members in roots.items():
        group = Group(by_path[root], tuple(members), tuple(own.get(root, ())))
        for member in members:
            found[member.path] = group
    return found


def roles(relations: Sequence[Relation]) -> Mapping[str, Role | None]:
    """The role of each material that has one: members by relation, mains by their strongest."""
    found: dict[str, Role | None] = {}
    for kind, role in _MAIN_ROLE.items():
        for relation in relations:
            if relation.kind == kind:
                found.setdefault(relation.main, role)
    for relation in relations:
        if relation.kind in _MEMBER_ROLE:
            found[relation.member] = _MEMBER_ROLE[relation.kind]
        else:
            found.setdefault(relation.member, None)
            found.setdefault(relation.main, "main")
    return found
