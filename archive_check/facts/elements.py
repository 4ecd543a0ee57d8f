"""Facts of what papers hold: the elements that the regulation asks for and that are missing."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from archive_check.arranged import Case
from archive_check.facts.context import Context, at, titled, unknown, unread
from archive_check.model import UNCERTAIN, Lang, Material, Said, said
from archive_check.required import Element, Looked, Required
from archive_check.vocabulary import Fact, Value

_REPORTS = ("audit-report", "follow-up-report")


def element_facts(context: Context) -> Iterator[Fact]:
    """One fact for each set of elements and each paper that is asked for it."""
    finds: dict[str, Mapping[str, Looked]] = {}
    attached = _attached(context.case)
    asked_types = frozenset(kind for one in context.required.values() for kind in one.types)
    for material in context.case.materials:
        if _is_asked(material, asked_types):
            finds[material.path] = _found(context, material, attached.get(material.path, ()))
    for one in context.required.values():
        papers = [m for m in context.case.materials if m.path in finds and m.type in one.types]
        due = [e for e in one.elements if _is_due(context, e)] if papers else []
        for paper in papers:
            held = _together(one, papers, paper, finds)
            asked = [(e, held[name]) for e in due if (name := f"{one.id}.{e.id}") in held]
            yield from _fact(context, one, paper, asked)


def _is_asked(material: Material, asked: Collection[str]) -> bool:
    return (
        not material.draft
        and not material.attachment
        and material.role not in ("attachment", "draft")
        and material.confidence >= UNCERTAIN
        and material.type in asked
    )


def _found(
    context: Context, material: Material, attached: Sequence[Material]
) -> Mapping[str, Looked]:
    """What the paper holds, with what the papers attached to it hold."""
    found = dict(material.elements)
    if not attached or not any(looked.missing for looked in found.values()):
        return found
    for name, looked in found.items():
        element = _element(context, name)
        if any(part.attached for part in element.parts):
            found[name] = replace(looked, missing=())
    for member in attached:
        beside = context.look(member.document, material.type)
        for name in [name for name in found if context.required[name.split(".")[0]].annexed]:
            found[name] = _both(found[name], beside.get(name))
    return found


def _attached(case: Case) -> Mapping[str, list[Material]]:
    """What is attached to each paper, in the case's order."""
    found: dict[str, list[Material]] = {}
    for group in dict.fromkeys(case.groups.values()):
        mains = {r.member: r.main for r in group.relations if r.kind == "attachment"}
        for member in group.members:
            if main := mains.get(member.path):
                found.setdefault(main, []).append(member)
    return found


def _element(context: Context, name: str) -> Element:
    of, _, id_ = name.partition(".")
    return context.required[of].element(id_)


def _both(looked: Looked, other: Looked | None) -> Looked:
    """What neither of two papers holds; a label left blank in the first stays its own."""
    if other is None:
        return looked
    missing = tuple(part for part in looked.missing if part in other.missing)
    return replace(looked, missing=missing, blank=looked.blank if missing else "")


def _together(
    one: Required,
    papers: Sequence[Material],
    paper: Material,
    finds: Mapping[str, Mapping[str, Looked]],
) -> Mapping[str, Looked]:
    """What this paper holds of a set, with its fellows where they complete one another."""
    own = f"{one.id}."
    found = {name: looked for name, looked in finds[paper.path].items() if name.startswith(own)}
    if one.together:
        for other in papers:
            if other.path != paper.path:
                theirs = finds[other.path]
                found = {name: _both(looked, theirs.get(name)) for name, looked in found.items()}
    return found


def _fact(
    context: Context, one: Required, paper: Material, asked: Sequence[tuple[Element, Looked]]
) -> Iterator[Fact]:
    """What the paper lacks of the elements that it is asked for, each as it was looked for."""
    if not asked and not unread(paper):
        return
    spoken_for = _spoken_for(context, paper)
    lacking = [
        (element, looked)
        for element, looked in asked
        if looked.missing and not spoken_for.intersection(element.yields_to)
    ]
    open_ = unread(paper) or (not lacking and any(looked.unknown for _, looked in asked))
    values: dict[str, Value] = {"of": one.id, "missing": None if open_ else len(lacking)}
    yield Fact(
        kind="elements",
        id=f"elements:{one.id}:{paper.path}",
        values=values,
        subjects=(paper.path,),
        words={
            "title": titled(paper),
            "missing.zh": _names(lacking, "zh"),
            "missing.en": _names(lacking, "en"),
        },
        evidence=(at(paper), *_seen(lacking)),
        details={"missing": [element.id for element, _ in lacking]} if lacking else {},
        unknown=unknown(values, {"missing": said("facts.not_read", title=titled(paper))}),
    )


def _is_due(context: Context, element: Element) -> bool:
    """Whether the case is such that the element is asked for at all."""
    if element.supplied_by and context.case.of_type(*element.supplied_by):
        return False
    if not element.beside and element.reported is None:
        return True
    if context.case.of_type(*element.beside):
        return True
    pattern = element.reported
    reports = context.case.of_type(*_REPORTS)
    return pattern is not None and any(
        pattern.search(re.sub(r"\s", "", report.document.text)) for report in reports
    )


def _spoken_for(context: Context, paper: Material) -> set[str]:
    """The elements of this paper of which a more specific rule speaks."""
    missing = {name for name, looked in paper.elements.items() if looked.missing}
    if any(
        p.workpaper.path == paper.path and p.problem == "missing"
        for p in context.case.index_problems
    ):
        missing.add("index.number")
    return missing


def _names(lacking: Sequence[tuple[Element, Looked]], lang: Lang) -> str:
    return ("、" if lang == "zh" else "; ").join(element.name[lang] for element, _ in lacking)


def _seen(lacking: Sequence[tuple[Element, Looked]]) -> Iterator[Said]:
    """Where the elements were looked for: labels that are left blank, else the whole text."""
    blank = [looked.blank for _, looked in lacking if looked.blank]
    absent = [element for element, looked in lacking if not looked.blank]
    if blank:
        yield said("facts.elements.blank", labels="、".join(blank))
    if absent:
        yield said("facts.elements.absent")
