"""Facts of what passes between the unit and bodies outside it (Liaocheng opinion, parts 2 to 6)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from archive_check.facts.context import Context, at, titled, unknown, unread
from archive_check.model import UNCERTAIN, Material, Said, said
from archive_check.vocabulary import Fact, Value

_REPORTS = ("audit-report", "audit-result-report", "follow-up-report", "corrected-report")
_STATING = ("audit-report", "audit-result-report", "corrected-report", "follow-up-report",
            "interim-report", "workpaper")  # fmt: skip
_APPROVING = ("plan-approval", "annual-plan", "plan-request", "reply")


def outside_facts(context: Context) -> Iterator[Fact]:
    if context.value("project_type") == "economic-responsibility":
        yield _dossier(context, "report", _finals(context, *_REPORTS))
        yield _dossier(context, "rectification", _finals(context, "rectification-report"))
    yield _state_approval(context)
    yield _state_filing(context)
    yield from _clue(context)
    for notice in context.case.of_type("supervision-notice"):
        yield _supervision(context, notice)
    if context.register is not None:
        yield from _teams(context, context.register)


def _finals(context: Context, *types: str) -> list[Material]:
    """The papers of the types themselves, the first type's first; no drafts or attachments."""
    return [
        material
        for kind in types
        for material in context.case.of_type(kind)
        if not material.draft and not material.attachment
    ]


def names_paper(receipts: Sequence[Material], paper: str) -> bool | None:
    """Whether one of the receipts names the paper; None where one that was not read may."""
    if any(paper in receipt.fields.get("names", "").split() for receipt in receipts):
        return True
    return None if any(unread(receipt) for receipt in receipts) else False


def _or_unread(context: Context, found: bool | None) -> bool | None:
    """False only where every file could be read or told by its name."""
    return None if found is False and _unnamed(context) else found


def _unnamed(context: Context) -> list[Material]:
    return [m for m in context.case.materials if unread(m) and m.confidence < UNCERTAIN]


def _not_read(context: Context, *types: str) -> Said:
    files = [*(m for m in context.case.of_type(*types) if unread(m)), *_unnamed(context)]
    return said("facts.unread_papers", files="、".join(m.path for m in files[:5]) or "-")


def _dossier(context: Context, of: str, papers: Sequence[Material]) -> Fact:
    receipts = context.case.of_type("dossier-receipt")
    values: dict[str, Value] = {"of": of, "filed": _or_unread(context, names_paper(receipts, of))}
    return Fact(
        kind="dossier",
        id=f"dossier:{of}",
        values=values,
        subjects=tuple(m.path for m in papers[:1]),
        words={"title": titled(papers[0]) if papers else said(f"facts.paper.{of}")},
        evidence=_shown(receipts, papers),
        unknown=unknown(values, {"filed": _not_read(context, "dossier-receipt")}),
    )


def _shown(receipts: Sequence[Material], papers: Sequence[Material]) -> tuple[Said, ...]:
    """What was looked at: the paper, and the receipts that there are."""
    none = () if receipts else (said("facts.no_receipt"),)
    return (*(at(m) for m in (*papers[:1], *receipts)), *none)


def _state_approval(context: Context) -> Fact:
    papers = context.case.of_type(*_APPROVING)
    approved: bool | None = any(m.fields.get("state_approval") == "yes" for m in papers)
    if not approved and any(unread(m) for m in papers):
        approved = None
    plans = _finals(context, "annual-plan")
    values: dict[str, Value] = {"given": _or_unread(context, approved)}
    return Fact(
        kind="state_approval",
        id="state_approval",
        values=values,
        subjects=tuple(m.path for m in plans[:1]),
        words={"title": titled(plans[0]) if plans else said("facts.paper.plan")},
        evidence=tuple(at(m) for m in papers),
        unknown=unknown(values, {"given": _not_read(context, *_APPROVING)}),
    )


def _state_filing(context: Context) -> Fact:
    receipts = context.case.of_type("filing-receipt")
    filed = {
        "audit-report": _or_unread(context, names_paper(receipts, "report")),
        "rectification": _or_unread(context, names_paper(receipts, "rectification")),
    }
    missing = [name for name, found in filed.items() if found is False]
    complete = False if missing else None if None in filed.values() else True
    reports = _finals(context, *_REPORTS)
    values: dict[str, Value] = {"complete": complete}
    return Fact(
        kind="state_filing",
        id="state_filing",
        values=values,
        subjects=tuple(m.path for m in reports[:1]),
        words={"missing": said(f"facts.unfiled.{'.'.join(missing) or 'none'}")},
        evidence=_shown(receipts, reports),
        details={"missing": missing} if missing else {},
        unknown=unknown(values, {"complete": _not_read(context, "filing-receipt")}),
    )


def _clue(context: Context) -> Iterator[Fact]:
    """The clue that report or workpapers state, once: the report speaks for its workpapers."""
    stating = [m for m in _finals(context, *_STATING) if m.fields.get("violation_clue")]
    if not stating:
        return
    deliveries = context.case.of_type("report-delivery-receipt", "notice-delivery-receipt")
    handed = bool(context.case.of_type("transfer-letter")) or any(
        m.fields.get("transfers") for m in deliveries
    )
    values: dict[str, Value] = {"transferred": _or_unread(context, handed)}
    first = stating[0]
    yield Fact(
        kind="clue",
        id="clue",
        values=values,
        subjects=tuple(m.path for m in stating),
        words={"title": titled(first), "clue": first.fields["violation_clue"]},
        evidence=(at(first), said("facts.clue", text=first.fields["violation_clue"])),
        unknown=unknown(values, {"transferred": _not_read(context)}),
    )


def _supervision(context: Context, notice: Material) -> Fact:
    reports = _finals(context, "rectification-report")
    answers = [_answers(report, notice) for report in reports]
    answered = True if True in answers else None if None in answers or unread(notice) else False
    values: dict[str, Value] = {"answered": _or_unread(context, answered)}
    return Fact(
        kind="supervision",
        id=f"supervision:{notice.path}",
        values=values,
        subjects=(notice.path,),
        words={"title": titled(notice)},
        evidence=tuple(at(m) for m in (notice, *reports)),
        unknown=unknown(
            values, {"answered": _not_read(context, "rectification-report", notice.type)}
        ),
    )


def _answers(report: Material, notice: Material) -> bool | None:
    """Whether a rectification report answers the audit body's notice.

    A notice on the quality of internal audit is not answered by what an audited unit reports of
    its own problems, unless that speaks to the audit body.
    """
    if report.date and notice.date and report.date < notice.date:
        return False
    if notice.doc_no and notice.doc_no in report.document.text:
        return True
    if unread(report):
        return None
    if not notice.fields.get("internal_audit"):
        return True
    return bool(report.fields.get("state_audit_body") or report.fields.get("internal_audit"))


def _teams(context: Context, register: frozenset[str]) -> Iterator[Fact]:
    """Members of the team against the register of filed auditors, each in the paper that names
    them first."""
    papers = _finals(context, "audit-notice", "audit-programme")
    naming = [paper for paper in papers if paper.fields.get("team")]
    told: set[str] = set()
    for paper in naming or papers[:1]:
        members = paper.fields.get("team", "").split()
        unfiled = [name for name in members if name not in register and name not in told]
        told |= set(members)
        values: dict[str, Value] = {"filed": not unfiled if members else None}
        why = said("facts.not_read" if unread(paper) else "facts.no_team", title=titled(paper))
        yield Fact(
            kind="team",
            id=f"team:{paper.path}",
            values=values,
            subjects=(paper.path,),
            words={"title": titled(paper), "names": "、".join(unfiled)},
            evidence=(at(paper), said("facts.team", names="、".join(members))),
            details={"names": unfiled} if unfiled else {},
            unknown=unknown(values, {"filed": why}),
        )
