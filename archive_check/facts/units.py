"""Facts of a unit's archive: its own papers, its plan against its cases, its filed auditors.

(Chongqing articles 5, 11 and 54, Liaocheng opinion parts 3 and 4.)
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from archive_check.facts.context import Context, at, titled, unknown, unread
from archive_check.facts.outside import names_paper
from archive_check.facts.planning import Matching, assign, mentioned, told_of
from archive_check.facts.procedure import finals
from archive_check.model import Material, Said, said
from archive_check.planned import CaseInBrief, Planned, unpack
from archive_check.vocabulary import Fact, Value

_FOOT = 12


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit's archive: its own papers, its cases in brief, the register where one is given.

    `names` is what the folder or the case information calls the unit; `registered` are names
    with their units.
    """

    papers: Context
    cases: Sequence[CaseInBrief]
    matching: Matching
    names: Sequence[str] = ()
    registered: Sequence[tuple[str, str]] | None = None


def unit_facts(unit: Unit) -> tuple[Fact, ...]:
    """The facts of the unit's archive itself."""
    register = [_register(unit, unit.registered)] if unit.registered is not None else []
    return (*_plans(unit), _summary(unit), _receipts(unit), *register)


def planning_facts(unit: Unit) -> Mapping[str, Fact]:
    """For each case by its path, whether the plan or an approved adjustment lists its project."""
    planned, why = _listed(unit)
    found = assign(planned, unit.cases, unit.matching)
    added = [text for text in _adjusting(unit, "plan_added") if text]
    facts = {}
    for number, case in enumerate(unit.cases):
        known = bool(case.project or case.unit)
        listed: bool | None = number in found
        if not listed and known:
            listed = any(told_of(text, case, unit.matching) for text in added)
        if not listed and (why is not None or not known):
            listed = None
        values: dict[str, Value] = {"listed": listed}
        facts[case.path] = Fact(
            kind="planning",
            id="planning",
            values=values,
            words={"project": case.project or case.unit or case.path},
            evidence=tuple(at(plan) for plan in _plan_papers(unit)),
            details={"planned": [project.name for project in planned]} if listed is False else {},
            unknown=unknown(values, {"listed": why or said("facts.no_project", path=case.path)}),
        )
    return facts


def _plan_papers(unit: Unit) -> list[Material]:
    return finals(unit.papers, "annual-plan")


def _listed(unit: Unit) -> tuple[list[Planned], Said | None]:
    """The projects of all plans, and why there may be more of them than could be read."""
    plans = _plan_papers(unit)
    planned = [p for plan in plans for p in unpack(plan.fields.get("projects", ""))]
    closed = [plan for plan in plans if unread(plan)]
    if closed:
        return planned, said("facts.not_read", title=titled(closed[0]))
    if not plans:
        return planned, said("facts.no_plan")
    return planned, None if planned else said("facts.no_projects", title=titled(plans[0]))


def _adjusting(unit: Unit, key: str) -> list[str]:
    """The sentences of approved adjustments that drop or add projects."""
    papers = unit.papers.case.of_type("plan-adjustment", "plan-approval", "reply")
    return [
        text
        for paper in papers
        if _approved(unit, paper)
        for text in paper.fields.get(key, "").split("\n")
    ]


def _approved(unit: Unit, paper: Material) -> bool:
    """An adjustment that is signed, or that another paper approves; a reply approves itself."""
    if paper.type != "plan-adjustment":
        return paper.signed is not False
    replies = unit.papers.case.of_type("plan-approval", "reply")
    adjusting = unit.papers.phrases["adjusts_plan"]
    return paper.signed is not False or any(
        adjusting.search(reply.title) and reply.signed is not False for reply in replies
    )


def _plans(unit: Unit) -> Iterator[Fact]:
    """Each plan with its projects that have no case; without a plan, that there is none."""
    plans = _plan_papers(unit)
    _, why = _listed(unit)
    unnamed = [case.path for case in unit.cases if not (case.project or case.unit)]
    for plan, missing in _without_case(unit, plans).items():
        number: int | None = len(missing)
        if why is not None or (missing and unnamed):
            number = None
        values: dict[str, Value] = {"unfiled_projects": number}
        reason = why or said("facts.no_project", path=next(iter(unnamed), "-"))
        yield Fact(
            kind="unit_plan",
            id=f"unit_plan:{plan}",
            values=values,
            subjects=(plan,),
            words={"title": titled(_at(plans, plan)), "projects": "；".join(missing)},
            evidence=(at(_at(plans, plan)), said("facts.cases", number=len(unit.cases))),
            details={"projects": missing} if missing else {},
            unknown=unknown(values, {"unfiled_projects": reason}),
        )
    if not plans:
        values = {"unfiled_projects": None}
        yield Fact(
            kind="unit_plan",
            id="unit_plan",
            values=values,
            unknown=unknown(values, {"unfiled_projects": said("facts.no_plan")}),
        )


def _at(papers: Sequence[Material], path: str) -> Material:
    return next(paper for paper in papers if paper.path == path)


def _without_case(unit: Unit, plans: Sequence[Material]) -> Mapping[str, list[str]]:
    """The projects of each plan that have no case and that no approved adjustment drops.

    A project that several papers list, as a plan and its table do, counts once.
    """
    planned = [(plan, p) for plan in plans for p in unpack(plan.fields.get("projects", ""))]
    found = assign([project for _, project in planned], unit.cases, unit.matching)
    told = {planned[number][1].name for number in found.values()}
    dropped = [text for text in _adjusting(unit, "plan_dropped") if text]
    missing: dict[str, list[str]] = {plan.path: [] for plan in plans}
    for plan, project in planned:
        if project.name in told:
            continue
        told.add(project.name)
        if not any(mentioned(text, project, unit.matching) for text in dropped):
            missing[plan.path].append(project.name)
    return missing


def _summary(unit: Unit) -> Fact:
    papers = unit.papers.case.of_type("annual-summary")
    found: bool | None = any("rectification" in m.fields.get("sums_up", "") for m in papers)
    if not found and any(unread(m) for m in unit.papers.case.materials):
        found = None
    values: dict[str, Value] = {"present": found}
    return Fact(
        kind="unit_summary",
        id="unit_summary",
        values=values,
        evidence=tuple(at(m) for m in papers),
        unknown=unknown(values, {"present": _closed(unit)}),
    )


def _receipts(unit: Unit) -> Fact:
    receipts = unit.papers.case.of_type("filing-receipt")
    named = {"annual-plan": "plan", "work-summary": "summary"}
    filed = {key: names_paper(receipts, paper) for key, paper in named.items()}
    closed = any(unread(m) for m in unit.papers.case.materials)
    missing = [key for key, found in filed.items() if found is False]
    complete = None if closed and False in filed.values() else not missing
    if None in filed.values() and not missing:
        complete = None
    values: dict[str, Value] = {"complete": complete}
    return Fact(
        kind="unit_filing",
        id="unit_filing",
        values=values,
        words={"missing": said(f"facts.unit_unfiled.{'.'.join(missing) or 'none'}")},
        evidence=tuple(at(m) for m in receipts),
        details={"missing": missing} if missing else {},
        unknown=unknown(values, {"complete": _closed(unit)}),
    )


def _closed(unit: Unit) -> Said:
    files = [m.path for m in unit.papers.case.materials if unread(m)]
    return said("facts.unread_papers", files="、".join(files[:5]) or "-")


def _register(unit: Unit, registered: Sequence[tuple[str, str]]) -> Fact:
    """Whether the register names anybody for this unit, by the name that its papers give it."""
    ours = [_plain(name) for name in _own_names(unit)]
    units = {_plain(name) for _, name in registered if name}
    named: bool | None
    if units:
        named = any(_means(theirs, name) for theirs in units for name in ours) if ours else None
    else:
        teams = {member for case in unit.cases for member in case.team}
        named = True if teams & {name for name, _ in registered} else None
    values: dict[str, Value] = {"named": named}
    return Fact(
        kind="unit_register",
        id="unit_register",
        values=values,
        words={"unit": next(iter(_own_names(unit)), "")},
        unknown=unknown(values, {"named": said("facts.unit_unknown")}),
    )


def _own_names(unit: Unit) -> list[str]:
    """What the unit calls itself: as stated, then as its plans and summaries are signed."""
    found = [name for name in unit.names if name]
    for paper in finals(unit.papers, "annual-plan", "annual-summary", "plan-request"):
        found += [name for name in (unit.papers.named_in_title(paper.title),) if name]
        lines = [line.text for line in paper.document.lines if line.text.strip()]
        found += [
            name for line in lines[-_FOOT:] if (name := unit.papers.named_in_title(_plain(line)))
        ]
    return list(dict.fromkeys(found))


def _means(registered: str, own: str) -> bool:
    return len(registered) >= 3 and (registered in own or own in registered)


def _plain(text: str) -> str:
    return re.sub(r"[\W_]", "", text)
