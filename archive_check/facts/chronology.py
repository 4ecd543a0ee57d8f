"""Which dates contradict the procedure or lie in the future (AR06.1).

Papers that must follow one another are compared pair by pair. Where pairs contradict, the fewest
papers that explain every contradiction are those with the impossible date; between two that explain
it alike it is the one that should have come later.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date

from archive_check.facts.context import Context, dated, day, titled, unknown, unread
from archive_check.facts.procedure import consultations, finals, notices, receipts_of, reports
from archive_check.model import Material, Said, said
from archive_check.vocabulary import Fact, Value

Conflict = tuple[Material, Material]
"""Two papers whose dates contradict each other, the one that is suspected first behind."""

_FIELDWORK = ("workpaper", "evidence-record", "interview-record", "stocktake-record")
_AFTER: dict[str, tuple[str, ...]] = {
    "entry-meeting": ("audit-notice",),
    "consultation-letter": ("audit-notice", "audit-programme"),
    "feedback": ("audit-notice", "consultation-letter"),
    "feedback-verification": ("audit-notice", "consultation-letter", "feedback"),
    "no-feedback-note": ("audit-notice", "consultation-letter"),
    "review-opinion": ("audit-notice", "audit-programme"),
    "report-approval-minutes": ("audit-notice", "audit-programme"),
    "leader-instruction": ("audit-notice", "audit-programme"),
    "audit-report": (
        "audit-notice", "audit-programme", "consultation-letter", "review-opinion",
        "report-approval-minutes",
    ),
    "audit-result-report": ("audit-notice", "audit-programme"),
    "audit-opinion": ("audit-notice", "audit-programme"),
    "transfer-letter": ("audit-notice", "audit-programme"),
    "corrected-report": ("audit-notice", "audit-report"),
    "exit-confirmation": ("audit-notice", "audit-programme"),
    "dossier-receipt": ("audit-report", "audit-result-report"),
    "filing-receipt": ("audit-report",),
    "acceptance-record": ("audit-report",),
    "rectification-report": ("audit-notice", "audit-report"),
    "rectification-explanation": ("audit-notice", "audit-report"),
    "closing-note": ("audit-report",),
}  # fmt: skip
"""What each paper must not be older than: the first there is of each of these types."""
_OF_THE_FIRST_AUDIT = (
    "rectification-report", "rectification-explanation", "audit-opinion", "transfer-letter",
    "dossier-receipt", "filing-receipt",
)  # fmt: skip
"""What a follow-up case may hold of the audit that it follows."""
_DATED_ON_ITS_DAY = frozenset(
    {*_AFTER, *_FIELDWORK, "audit-notice", "audit-programme", "follow-up-report",
     "audit-result-report", "corrected-report", "interim-report", "audit-opinion",
     "transfer-letter", "notice-delivery-receipt", "report-delivery-receipt", "annual-plan",
     "plan-request", "plan-approval", "plan-adjustment", "programme-approval",
     "programme-adjustment", "engagement-letter", "start-resolution", "start-instruction",
     "pre-audit-survey", "team-minutes", "commitment-letter", "handover-list",
     "exit-confirmation", "acceptance-record", "dossier-receipt", "filing-receipt",
     "report-draft", "workpaper-summary", "request", "reply", "report-submission"}
)  # fmt: skip
"""Papers of the procedure, each made on the day it bears."""
_MAY_LIE_AHEAD = frozenset(
    {"subject-qualification", "evidence-attachment", "regulation-list", "long-term-plan",
     "expert-engagement", "volume-cover", "volume-catalogue"}
)  # fmt: skip
"""What states terms and spans of time: its latest date need not be the day it was made."""


def chronology_facts(context: Context) -> Iterator[Fact]:
    """One fact a paper of the procedure: what its date contradicts, if anything."""
    papers = [
        m
        for m in context.case.materials
        if m.type in _DATED_ON_ITS_DAY or (m.date and m.type not in _MAY_LIE_AHEAD)
    ]
    future = {m.path for m in papers if m.date and m.date > context.as_of}
    early = _before_the_start(context)
    conflicts = [
        pair for pair in _conflicts(context) if not {m.path for m in pair} & (future | set(early))
    ]
    order = _explained(conflicts)
    for paper in papers:
        if paper.path in future:
            yield _chronology(paper, "future", (said("facts.today", date=day(context.as_of)),))
        elif paper.path in early:
            yield _chronology(paper, "order", (early[paper.path],))
        elif paper.path in order:
            yield _chronology(paper, "order", tuple(dated(m) for m in order[paper.path]))
        elif backwards := paper.fields.get("backwards"):
            yield _chronology(paper, "backwards", (said("facts.backwards", period=backwards),))
        else:
            yield _chronology(paper, None if _open(paper) else "none", ())


def _open(paper: Material) -> bool:
    return paper.date is None and unread(paper)


def _conflicts(context: Context) -> Iterator[Conflict]:
    first = {kind: _first(_of_kind(context, kind)) for kinds in _AFTER.values() for kind in kinds}
    for kind, before in _AFTER.items():
        for later in _of_kind(context, kind):
            yield from _contradictions([first[other] for other in before], later)
    for paper in (*notices(context), *consultations(context), *_reports(context)):
        for receipt in receipts_of(context, paper):
            yield from _contradictions([paper], receipt)
    for report in _reports(context):
        for work, late in _contradictions(finals(context, *_FIELDWORK), report):
            yield late, work
    if context.day("started") is None:
        for work in finals(context, *_FIELDWORK):
            yield from _contradictions([first["audit-notice"]], work)


def _of_kind(context: Context, kind: str) -> Sequence[Material]:
    if kind == "audit-report":
        return _reports(context)
    if kind == "consultation-letter":
        return consultations(context)
    if kind in _OF_THE_FIRST_AUDIT and context.value("project_type") == "follow-up":
        return ()
    if kind == "filing-receipt":
        named = ((m, m.fields.get("names", "").split()) for m in finals(context, kind))
        return [m for m, papers in named if "report" in papers and "plan" not in papers]
    return notices(context) if kind == "audit-notice" else finals(context, kind)


def _reports(context: Context) -> list[Material]:
    """The reports of this audit; a follow-up case may hold the report that it follows."""
    found = reports(context)
    own = [m for m in found if m.type == "follow-up-report"]
    return own if own and context.value("project_type") == "follow-up" else found


def _first(papers: Sequence[Material]) -> Material | None:
    known = [m for m in papers if m.date is not None]
    return min(known, key=lambda m: m.date or date.max, default=None)


def _contradictions(before: Sequence[Material | None], later: Material) -> Iterator[Conflict]:
    for earlier in before:
        if earlier and earlier.date and later.date and later.date < earlier.date:
            yield earlier, later


def _before_the_start(context: Context) -> dict[str, Said]:
    """Workpapers older than the audit's start, and records older than start and notice.

    Where most of them are, it is the start that was misread or misstated.
    """
    started = context.day("started")
    if started is None:
        return {}
    first = _first(notices(context))
    served = min(started, first.date) if first and first.date else started
    works = [m for m in finals(context, *_FIELDWORK) if m.date is not None]
    early = [m for m in works if (m.date or started) < _begun(m, started, served)]
    if len(early) * 2 >= len(works):
        return {}
    stated = context.stated("started")
    source = said("facts.started", date=day(started), path=(stated and stated.path) or "-")
    return {m.path: source for m in early}


def _begun(work: Material, started: date, served: date) -> date:
    return started if work.type == "workpaper" else served


def _explained(conflicts: Sequence[Conflict]) -> dict[str, list[Material]]:
    """The papers with the impossible dates, each with those that it contradicts."""
    found: dict[str, list[Material]] = {}
    left = list(conflicts)
    while left:
        count = Counter(m.path for pair in left for m in pair)
        suspected = {second.path: place for place, (_, second) in enumerate(left)}
        worst = max(count, key=lambda path: (count[path], suspected.get(path, -1)))
        found[worst] = [m for pair in left if worst in _paths(pair) for m in pair
                        if m.path != worst]  # fmt: skip
        left = [pair for pair in left if worst not in _paths(pair)]
    return found


def _paths(pair: Conflict) -> tuple[str, str]:
    return pair[0].path, pair[1].path


def _chronology(paper: Material, contradiction: str | None, evidence: tuple[Said, ...]) -> Fact:
    values: dict[str, Value] = {"contradiction": contradiction}
    return Fact(
        kind="chronology",
        id=f"chronology:{paper.path}",
        values=values,
        subjects=(paper.path,),
        words={
            "title": titled(paper),
            "date": day(paper.date),
            "why": said(f"facts.contradiction.{contradiction or 'none'}"),
            "against": evidence[0] if evidence else said("facts.none"),
        },
        evidence=(dated(paper), *evidence),
        details={"problem": contradiction} if contradiction not in (None, "none") else {},
        unknown=unknown(values, {"contradiction": said("facts.not_read", title=titled(paper))}),
    )
