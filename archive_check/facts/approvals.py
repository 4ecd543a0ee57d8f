"""What has to be approved, and by which papers it is (articles 7, 11, 13 and 41)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from archive_check.facts.context import Context, at, titled, unknown, unread
from archive_check.facts.procedure import finals, reports
from archive_check.model import Material, Said, said
from archive_check.vocabulary import Fact, Value

_RULING = ("start-resolution", "start-instruction", "reply")
"""Papers of the unit's heads that may approve a plan, its adjustment or a programme."""
_BY = {"annual-plan": "plan-approval", "audit-programme": "programme-approval"}
_SETTLING = ("leader-instruction", "report-approval-minutes")


def approval_facts(context: Context) -> Iterator[Fact]:
    for kind in _BY:
        for paper in finals(context, kind):
            yield _approval(kind, paper, _approved(context, paper))
    for adjustment in finals(context, "plan-adjustment"):
        yield _approval("plan-adjustment", adjustment, _adjustment_approved(context, adjustment))
    for report in reports(context)[:1]:
        yield from _report(context, report)


def speaks_for(context: Context, paper: Material) -> bool:
    """Whether what a paper approves stands unapproved for want of this paper's signature.

    A paper that approves nothing, or nothing that is not approved by another, has to be signed for
    its own sake.
    """
    if paper.type in _SETTLING:
        return bool(reports(context)) and _settled(context) is not True
    if paper.type == "review-opinion":
        return bool(reports(context)) and _reviewed(context) is not True
    approved = {by: kind for kind, by in _BY.items()}.get(paper.type)
    if approved is None:
        return True
    return any(_approved(context, target) is not True for target in finals(context, approved))


def _any(answers: Sequence[bool | None]) -> bool | None:
    """True where one is, None where one may be."""
    return True if True in answers else None if None in answers else False


def _signed(paper: Material) -> bool | None:
    return None if unread(paper) and not paper.signed else paper.signed


def _approved(context: Context, paper: Material) -> bool | None:
    """By a field of its own, by its reply or form of approval, or by what its heads resolved."""
    papers = finals(context, _BY[paper.type])
    approves = context.phrases[f"approves_{paper.type}"]
    rulings = [m for m in finals(context, *_RULING) if approves.search(_text(m))]
    return _any([_noted(paper, "approved"), *(_signed(m) for m in (*papers, *rulings))])


def _adjustment_approved(context: Context, paper: Material) -> bool | None:
    adjusts, approves = context.phrases["adjusts_plan"], context.phrases["approves_adjustment"]
    replies = [
        m
        for m in finals(context, "plan-approval", *_RULING)
        if adjusts.search(m.title) or approves.search(_text(m))
    ]
    later = [m for m in replies if not (m.date and paper.date and m.date < paper.date)]
    return _any([_noted(paper, "approved"), *(_signed(m) for m in later)])


def _text(paper: Material) -> str:
    return "".join(paper.document.text.split())


def _reviewed(context: Context) -> bool | None:
    """By the review opinion, or in a field of the sheet on which the report is approved."""
    opinions = [_signed(m) for m in finals(context, "review-opinion")]
    sheets = [_noted(m, "reviewed") for m in finals(context, "leader-instruction")]
    return _any([*opinions, *sheets])


def _settled(context: Context) -> bool | None:
    papers = finals(context, *_SETTLING)
    return _any([_noted(m, "approved") if "approved" in m.fields else _signed(m) for m in papers])


def _noted(sheet: Material, field: str) -> bool | None:
    if sheet.fields.get(field) == "yes":
        return True
    return None if unread(sheet) else False


def _report(context: Context, report: Material) -> Iterator[Fact]:
    """The review and the approval of the report; papers that are wholly missing are another
    deficiency and say nothing here."""
    asked = {
        "review": (finals(context, "review-opinion"), _reviewed(context)),
        "approval": (finals(context, *_SETTLING), _settled(context)),
    }
    filed = {name: answer for name, (papers, answer) in asked.items() if papers}
    missing = [name for name, answer in filed.items() if answer is False]
    if not missing and len(filed) < len(asked):
        return
    answers = list(filed.values())
    given = False if missing else None if None in answers else True
    blank = [m for name in missing for m in asked[name][0]]
    yield _approval("report", report, given, missing, blank)


def _approval(
    of: str,
    paper: Material,
    given: bool | None,
    missing: Sequence[str] = (),
    blank: Sequence[Material] = (),
) -> Fact:
    values: dict[str, Value] = {"of": of, "given": given}
    names: list[Said] = [said(f"facts.approval.{name}") for name in missing]
    return Fact(
        kind="approval",
        id=f"approval:{of}:{paper.path}",
        values=values,
        subjects=(paper.path, *(m.path for m in blank)),
        words={
            "title": titled(paper),
            "missing": said(f"facts.approval.{'_'.join(missing)}") if names else "",
        },
        evidence=(at(paper), *(at(m) for m in blank)),
        details={"missing": list(missing) or ["approval"]} if given is False else {},
        unknown=unknown(values, {"given": said("facts.approval_unread", title=titled(paper))}),
    )
