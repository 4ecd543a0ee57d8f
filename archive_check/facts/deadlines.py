"""Facts of terms and of what has to wait for something (articles 7, 14 and 40)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from archive_check.facts.context import Context, at, dated, day, titled, unknown, unread
from archive_check.facts.procedure import (
    AUTHORITIES,
    Delivery,
    consultations,
    deliveries,
    finals,
    notices,
    reports,
    undated,
)
from archive_check.model import Material, Said, said
from archive_check.vocabulary import Fact, Value


def deadline_facts(context: Context) -> Iterator[Fact]:
    for plan in finals(context, "annual-plan"):
        yield _plan_in_time(context, plan)
    if context.value("special_notice") is not True:
        for delivery in deliveries(context, notices(context)):
            if delivery.paper.fields.get("special") != "yes":
                yield _notice_in_time(context, delivery)
    consulted = deliveries(context, consultations(context))
    answers = finals(context, "feedback")
    if consulted:
        for feedback in answers:
            yield _feedback_in_time(context, feedback, consulted)
    for notice in notices(context):
        if bases := _bases(context, notice):
            yield _behind(notice, "authority", bases)
    for report in reports(context):
        if consulted:
            yield _after_comment(context, report, answers, consulted)


def _days(context: Context, name: str) -> int:
    return int(str(context.parameters[name]))


def _plan_in_time(context: Context, plan: Material) -> Fact:
    year = plan.fields.get("plan_year")
    month, last = map(int, str(context.parameters["plan_deadline"]).split("-"))
    due = date(int(year) - 1, month, last) if year else None
    over = (plan.date - due).days if plan.date and due else None
    return _deadline(
        "plan",
        (plan,),
        over,
        {"due": day(due), "year": year or "-", "first": dated(plan)},
        {"date": day(plan.date), "due": day(due)},
        said("facts.no_plan_year", title=titled(plan)) if plan.date else _no_date(plan),
    )


def _notice_in_time(context: Context, delivery: Delivery) -> Fact:
    start, allowed = context.stated("started"), _days(context, "notice_days")
    begun = context.day("started")
    counted = (begun - delivery.day).days if begun and delivery.day else None
    over = None if counted is None else allowed - counted
    source = said("facts.started", date=day(begun), path=(start and start.path) or "-")
    return _deadline(
        "notice",
        (delivery.proof, delivery.paper),
        over,
        {"counted": str(counted), "allowed": str(allowed), "start": day(begun)},
        {"delivered": day(delivery.day), "started": day(begun), "days": counted,
         "allowed": allowed},
        said("facts.no_start") if begun is None else _no_date(delivery.proof),
        (dated(delivery.proof), source),
    )  # fmt: skip


def _feedback_in_time(context: Context, feedback: Material, consulted: Sequence[Delivery]) -> Fact:
    allowed = _days(context, "feedback_days")
    asked = _answered(feedback, consulted)
    counted = (feedback.date - asked.day).days if feedback.date and asked and asked.day else None
    lacking = feedback if feedback.date is None else undated([d.proof for d in consulted])
    proof = asked.proof if asked else consulted[0].proof
    return _deadline(
        "feedback",
        (feedback, proof),
        None if counted is None else counted - allowed,
        {"counted": str(counted), "allowed": str(allowed), "first": dated(proof)},
        {"received": day(proof.date), "answered": day(feedback.date), "days": counted,
         "allowed": allowed},
        _no_date(lacking or feedback),
        (dated(proof), dated(feedback)),
    )  # fmt: skip


def _answered(feedback: Material, consulted: Sequence[Delivery]) -> Delivery | None:
    """The delivery that a feedback answers: the last one before it, else the first there is.

    None where one of them is undated, so that the last one is not known.
    """
    if feedback.date is None or any(d.day is None for d in consulted):
        return None
    known = sorted(consulted, key=lambda d: d.day or date.min)
    before = [d for d in known if d.day and d.day <= feedback.date]
    return before[-1] if before else known[0]


def _deadline(
    of: str,
    papers: Sequence[Material],
    over: int | None,
    words: dict[str, str | Said],
    details: dict[str, object],
    why: Said,
    evidence: tuple[Said, ...] = (),
) -> Fact:
    values: dict[str, Value] = {"of": of, "days_over": over}
    first = papers[0]
    return Fact(
        kind="deadline",
        id=f"deadline:{of}:{first.path}:{papers[-1].path}",
        values=values,
        subjects=tuple(dict.fromkeys(m.path for m in papers)),
        words={"title": titled(first), "date": day(first.date), "days": str(over), **words},
        evidence=evidence or (dated(first),),
        details=details if over is not None and over > 0 else {},
        unknown=unknown(values, {"days_over": why}),
    )


def _no_date(material: Material) -> Said:
    reason = "facts.not_read" if unread(material) else "facts.no_date"
    return said(reason, title=titled(material))


def _bases(context: Context, notice: Material) -> list[Material]:
    """What the notice rests on: the plan of its year or an earlier one, and the authority."""
    plans = finals(context, "annual-plan", "plan-approval")
    if notice.date is not None:
        year = notice.date.year
        plans = [m for m in plans if int(m.fields.get("plan_year") or year) <= year]
    return [*plans, *finals(context, *AUTHORITIES)]


def _behind(paper: Material, of: str, bases: Sequence[Material]) -> Fact:
    """Whether a paper is not older than any of those it has to wait for."""
    known = [m for m in bases if m.date is not None]
    last = max(known, key=lambda m: m.date or date.min, default=None)
    kept: bool | None = True
    if paper.date and last and last.date and paper.date < last.date:
        kept = False
    elif lacking := undated([paper, *bases]):
        return _succession(of, paper, lacking, None)
    return _succession(of, paper, last or paper, kept)


def _after_comment(
    context: Context, report: Material, answers: Sequence[Material], consulted: Sequence[Delivery]
) -> Fact:
    """The final report waits for feedback that comes in time, else for the end of the term."""
    lacking = undated([report, *answers, *(d.proof for d in consulted)])
    if lacking is not None or report.date is None:
        return _succession("comment", report, lacking or report, None)
    last = max(consulted, key=lambda d: d.day or date.min)
    assert last.day is not None
    end = last.day + timedelta(days=_days(context, "feedback_days"))
    in_time = [m for m in answers if m.date and m.date <= end]
    if not in_time:
        return _succession("comment", report, last.proof, report.date >= end, end)
    latest = max(in_time, key=lambda m: m.date or date.min)
    return _succession("comment", report, latest, report.date >= (latest.date or end), end)


def _succession(
    of: str, paper: Material, other: Material, kept: bool | None, end: date | None = None
) -> Fact:
    values: dict[str, Value] = {"of": of, "kept": kept}
    return Fact(
        kind="succession",
        id=f"succession:{of}:{paper.path}",
        values=values,
        subjects=tuple(dict.fromkeys((paper.path, other.path))),
        words={
            "first.title": titled(paper),
            "first.date": day(paper.date),
            "second.title": titled(other),
            "second.date": day(other.date),
            "end": day(end),
        },
        evidence=(dated(paper), dated(other), at(paper)),
        details={"date": day(paper.date), "other": day(other.date)} if kept is False else {},
        unknown=unknown(values, {"kept": _no_date(other)}),
    )
