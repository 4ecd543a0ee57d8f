"""Traces of what the procedure asks to happen: whether papers show it (articles 5 to 53)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from archive_check.facts.context import Context, at, titled, unknown, unread
from archive_check.facts.planning import ENOUGH, score, told_of
from archive_check.facts.procedure import AUTHORITIES, finals, reports
from archive_check.model import UNCERTAIN, Material, Said, said
from archive_check.planned import CaseInBrief, unpack
from archive_check.vocabulary import Fact, Value

_PLANNING = (
    "annual-plan", "plan-request", "plan-approval", "start-resolution", "start-instruction",
    "request", "reply", "report-submission", "other", "team-minutes",
)  # fmt: skip
ECONOMIC, FOLLOW_UP = "economic-responsibility", "follow-up"


@dataclass(frozen=True, slots=True)
class Trace:
    """What is asked, of which paper (None: the case), whether it was found, and what lacks."""

    of: str
    paper: Material | None
    found: bool | None
    missing: Sequence[str] = ()
    others: Sequence[Material] = ()
    why: Said | None = None


def told(trace: Trace) -> Fact:
    """The trace as a fact."""
    papers = [m for m in (trace.paper, *trace.others) if m is not None]
    values: dict[str, Value] = {"of": trace.of, "found": trace.found}
    why = trace.why or said("facts.trace_unread", files="、".join(m.path for m in papers[:5]))
    return Fact(
        kind="trace",
        id=f"trace:{trace.of}:{trace.paper.path if trace.paper else ''}",
        values=values,
        subjects=tuple(dict.fromkeys(m.path for m in papers)),
        words={
            "title": titled(trace.paper) if trace.paper else "",
            "missing": _listing(trace.missing),
        },
        evidence=tuple(at(m) for m in papers),
        details={"missing": list(trace.missing)} if trace.found is False and trace.missing else {},
        unknown=unknown(values, {"found": why}),
    )


def _listing(names: Sequence[str]) -> Said:
    """What lacks, in words."""
    said_all = said("facts.none")
    for place, name in enumerate(names):
        word = said(f"facts.trace.{name}")
        said_all = said("facts.trace.two", first=said_all, second=word) if place else word
    return said_all


def trace_facts(context: Context) -> Iterator[Fact]:
    yield from map(told, _planning(context))
    yield from map(told, _meetings(context))
    yield from map(told, _following_up(context))


def text_of(paper: Material) -> str:
    """A paper's text without white space; a cell of a table ends like a sentence."""
    return "".join(
        "。".join("".join(cell.split()) for cell in line.text.split("\t")) + "。"
        if line.table is not None
        else "".join(line.text.split())
        for line in paper.document.lines
    )


def says(context: Context, phrase: str, papers: Sequence[Material]) -> bool | None:
    """Whether one of the papers says it; None where one was not read."""
    pattern = context.phrases[phrase]
    if any(pattern.search(text_of(m)) for m in papers):
        return True
    return None if any(unread(m) for m in papers) else False


def filed(context: Context, *types: str) -> bool | None:
    """Whether a paper of these types is there; None where a nameless file may be one."""
    if context.case.of_type(*types):
        return True
    hidden = any(unread(m) and m.confidence < UNCERTAIN for m in context.case.materials)
    return None if hidden else False


def _planning(context: Context) -> Iterator[Trace]:
    papers = [m for m in context.case.of_type(*_PLANNING) if m.section in ("initiation",)
              or m.type != "other"]  # fmt: skip
    plans = finals(context, "annual-plan")
    for plan in plans:
        yield Trace("listed", plan, _listed(context, plan))
        yield Trace("departments-asked", plan, says(context, "asked_departments", papers))
    if context.value("project_type") == ECONOMIC:
        settled = bool(context.case.of_type("engagement-letter")) or says(
            context, "settled_with_personnel", papers
        )
        yield Trace("settled-with-personnel", plans[0] if plans else None, settled)


def _listed(context: Context, plan: Material) -> bool | None:
    """Whether the plan or an adjustment lists the project, or another authority stands for it."""
    if context.case.of_type(*AUTHORITIES):
        return True
    project, unit, person, kind = (
        str(context.value(key) or "") for key in ("project", "unit", "person", "project_type")
    )
    case = CaseInBrief("", project, unit, person, kind)
    adjustments = finals(context, "plan-adjustment")
    added = [x for m in adjustments for x in m.fields.get("plan_added", "").split("\n") if x]
    if any(told_of(text, case, context.matching) for text in added):
        return True
    plans = (plan, *context.unit_plans)
    projects = [x for paper in plans for x in unpack(paper.fields.get("projects", ""))]
    if any(score(planned, case, context.matching) >= ENOUGH for planned in projects):
        return True
    if unread(plan) or not (project or unit):
        return None
    named = [_bare(name) for name in (unit, person) if name]
    texts = [_bare(paper.document.text) for paper in plans]
    told = any(name in text for name in named for text in texts)
    return False if projects else told or None


def _bare(text: str) -> str:
    return "".join(c for c in text if c.isalnum())


def _meetings(context: Context) -> Iterator[Trace]:
    """Survey, discussions of the team, confirmation on leaving the site."""
    yield Trace("survey", None, filed(context, "pre-audit-survey"))
    yield Trace("exit-confirmed", None, filed(context, "exit-confirmation"))
    minutes = context.case.of_type("team-minutes")
    for subject in ("programme", "report"):
        answers = [_discusses(context, m, subject) for m in minutes]
        found = True if True in answers else None if None in answers else False
        yield Trace(f"{subject}-discussed", None, found, others=())


def _discusses(context: Context, minutes: Material, subject: str) -> bool | None:
    """By the title where it names one subject alone, else by what was said."""
    title = minutes.title + (minutes.entry.title if minutes.entry else "") + minutes.path
    named = {of for of in ("programme", "report") if context.phrases[f"on_{of}"].search(title)}
    if len(named) == 1:
        return subject in named
    if unread(minutes):
        return None
    return context.phrases[f"discusses_{subject}"].search(text_of(minutes)) is not None


def _following_up(context: Context) -> Iterator[Trace]:
    """What article 51 and 53 ask of a follow-up, and articles 46 and 49 of the rectification."""
    if context.value("project_type") == FOLLOW_UP:
        yield Trace("follow-up-programme", None, filed(context, "audit-programme"))
        answers = {
            "workpaper": filed(context, "workpaper"),
            "follow-up-report": True if _followed(context) else filed(context, "follow-up-report"),
        }
        missing = [name for name, there in answers.items() if there is False]
        found = False if missing else None if None in answers.values() else True
        yield Trace("follow-up-papers", None, found, missing)
    for report in reports(context):
        if report.type == "audit-report" and _states_problems(context, report) is not False:
            known = _states_problems(context, report)
            there = filed(context, "rectification-report")
            yield Trace("rectified", report, there if there or known else None)
    for result in finals(context, "rectification-report"):
        yield from _explained(context, result)


def _followed(context: Context) -> bool:
    pattern = context.phrases["follow_up"]
    return any(pattern.search(_bare(m.document.text[:_HEAD])) for m in reports(context))


_HEAD = 1200


def _states_problems(context: Context, report: Material) -> bool | None:
    """Whether the section of problems says more than that there are none."""
    if unread(report):
        return None
    lines = ["".join(line.text.split()) for line in report.document.lines if line.text.strip()]
    section, after, none = (
        context.phrases[name] for name in ("problem_section", "next_section", "found_nothing")
    )
    starts = [i for i, line in enumerate(lines) if len(line) < 40 and section.match(line)]
    for start in starts:
        body = []
        for line in lines[start + 1 :]:
            if len(line) < 40 and after.match(line):
                break
            body.append(line)
        if any(not none.search(line) for line in body):
            return True
    if starts:
        return False
    text = "".join(lines)
    return context.phrases["states_problem"].search(none.sub("", text)) is not None


def _explained(context: Context, result: Material) -> Iterator[Trace]:
    """A matter that the unit does not rectify needs its reasons, there or in another paper."""
    if unread(result):
        yield Trace("refusal-explained", result, None)
        return
    refuses, nothing, reasons = (
        context.phrases[name] for name in ("refuses_to_rectify", "nothing_left", "gives_reasons")
    )
    sentences = _sentences(context, result)
    refused = [i for i, s in enumerate(sentences) if refuses.search(nothing.sub("", s))]
    if not refused:
        return
    explained = bool(context.case.of_type("rectification-explanation")) or all(
        reasons.search("".join(sentences[max(i - 1, 0) : i + 3])) for i in refused
    )
    yield Trace("refusal-explained", result, explained)


def _sentences(context: Context, paper: Material) -> list[str]:
    """The sentences of the running text, without headings, names of papers and quotations."""
    lines = ("".join(line.text.split()) for line in paper.document.lines)
    text = "".join(
        x for x in lines if not (len(x) < _HEADING and context.phrases["any_head"].match(x))
    )
    plain = context.phrases["quoted"].sub("", text)
    return [s for s in plain.replace("；", "。").split("。") if s]


_HEADING = 30
