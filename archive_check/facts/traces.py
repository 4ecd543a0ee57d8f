"""Traces of what the procedure asks to happen: whether papers show it (articles 5 to 53)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from archive_check.facts.context import Context, at, titled, unknown, unread
from archive_check.facts.procedure import AUTHORITIES, finals, reports
from archive_check.model import UNCERTAIN, Material, Said, said
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
    """A paper's text without white space."""
    return "".join(paper.document.text.split())


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
    """Whether the plan names the project, or another authority does in its place."""
    if context.case.of_type(*AUTHORITIES):
        return True
    if unread(plan):
        return None
    names = [context.value(key) for key in ("unit", "person", "project")]
    known = [_bare(str(name)) for name in names if name]
    if not known:
        return None
    return any(_names(context, paper, known) for paper in (plan, *context.unit_plans))


def _names(context: Context, plan: Material, known: Sequence[str]) -> bool:
    text = _bare(plan.document.text)
    if any(len(name) >= 2 and name in text for name in known):
        return True
    return _named_otherwise(context, plan, known)


def _named_otherwise(context: Context, plan: Material, known: Sequence[str]) -> bool:
    """A unit under another form of its name: a cell or phrase that is nearly the same."""
    pieces = [_bare(cell) for table in plan.document.tables for row in table.rows for cell in row]
    pieces += [_bare(line.text) for line in plan.document.lines if len(line.text) < _SHORT]
    return any(
        len(piece) >= _LEAST and (piece in name or context.likeness(piece, name) >= _ALIKE)
        for piece in pieces
        for name in known
    )


_SHORT, _LEAST, _ALIKE = 60, 4, 88.0


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
    sentences = [s for line in result.document.lines for s in _sentences(line.text)]
    refused = [
        i for i, s in enumerate(sentences) if refuses.search(nothing.sub("", s)) and len(s) > 8
    ]
    if not refused:
        return
    explained = bool(context.case.of_type("rectification-explanation")) or all(
        reasons.search("".join(sentences[max(i - 1, 0) : i + 3])) for i in refused
    )
    yield Trace("refusal-explained", result, explained)


_QUOTED = re.compile('[\u201c"\u300c][^\u201d"\u300d]*[\u201d"\u300d]')
"""What stands in quotation marks, as the name of the problem that is spoken of."""


def _sentences(text: str) -> list[str]:
    plain = _QUOTED.sub("", "".join(text.split()))
    return [s for s in plain.replace("；", "。").split("。") if s]
