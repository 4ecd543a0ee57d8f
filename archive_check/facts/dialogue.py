"""What passes between team, unit and audited person, and what experts and recordings need.

Delivery to the person (articles 14 and 39), answers and objections (40), corrections (43), the
engagement of experts (23) and notes on recordings (26).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from archive_check.facts.context import Context, unread
from archive_check.facts.procedure import consultations, finals, notices, receipts_of, reports
from archive_check.facts.traces import ECONOMIC, Trace, filed, says, text_of, told
from archive_check.model import Material, said
from archive_check.vocabulary import Fact

_NOTED = ("method", "time", "maker", "environment", "storage")
"""What a note on a recording or a database tells (article 26)."""


def dialogue_facts(context: Context) -> Iterator[Fact]:
    if context.value("project_type") == ECONOMIC:
        yield from map(told, _to_the_person(context))
    yield from map(told, _answers(context))
    yield from map(told, _corrections(context))
    yield from map(told, _experts(context))
    yield from map(told, _recordings(context))


def _to_the_person(context: Context) -> Iterator[Trace]:
    person = "".join(str(context.value("person") or "").split())
    nobody = said("facts.no_person")
    served = notices(context)
    if delivered := [r for m in served for r in receipts_of(context, m)]:
        found = _reaches(context, person, delivered)
        yield Trace("served-on-person", served[0], found, why=None if person else nobody)
    letters = consultations(context)
    if letters:
        receipts = [r for m in letters for r in receipts_of(context, m)]
        answers = finals(context, "feedback")
        found = _reaches(context, person, [*letters, *receipts, *answers])
        yield Trace("person-consulted", letters[0], found, why=None if person else nobody)


def _reaches(context: Context, person: str, papers: Sequence[Material]) -> bool | None:
    """Whether a paper is addressed to, received by or signed by the person."""
    addressed = ["".join(m.fields.get("parties", "").split()) for m in papers]
    to_person = context.phrases["to_a_person"]
    if any((person and person in text) or to_person.search(text) for text in addressed):
        return True
    return None if not person or any(unread(m) for m in papers) else False


def _answers(context: Context) -> Iterator[Trace]:
    """Feedback or a note that none came; an objection and what became of it."""
    letters, answers = consultations(context), finals(context, "feedback")
    concluding = [*reports(context), *context.case.of_type("review-opinion", "closing-note")]
    if letters:
        found = filed(context, "feedback", "no-feedback-note")
        if not found and _remarked(context):
            found = True
        if not found:
            said_so = says(context, "says_nobody_answered", concluding)
            found = said_so if said_so or found is not None else None
        yield Trace("answered", letters[0], found)
    verified = bool(context.case.of_type("feedback-verification")) or says(
        context, "takes_up", [*concluding, *context.case.of_type("report-approval-minutes")]
    )
    for answer in answers:
        objects = _objects(context, answer)
        if objects is not False:
            yield Trace("objection-verified", answer, verified if verified or objects else None)


def _remarked(context: Context) -> bool:
    """Whether the catalogue's remarks say that nobody answered."""
    pattern = context.phrases["says_nobody_answered"]
    remarks = [e.remarks for entries in context.case.catalogues.values() for e in entries]
    return any(pattern.search(text) for text in remarks if text)


def _objects(context: Context, answer: Material) -> bool | None:
    if unread(answer):
        return None
    rest = context.phrases["no_objection"].sub("", text_of(answer))
    return context.phrases["objects"].search(rest) is not None


def _corrections(context: Context) -> Iterator[Trace]:
    """A receipt on or after the day of the correction, and not of the report before it."""
    receipts = finals(context, "report-delivery-receipt")
    for report in finals(context, "corrected-report"):
        answers = [_delivers_correction(context, report, m) for m in receipts]
        found = True if True in answers else None if None in answers else False
        yield Trace("correction-delivered", report, found)


def _delivers_correction(context: Context, report: Material, receipt: Material) -> bool | None:
    if receipt.fields.get("delivers") not in ("report", "", None):
        return False
    if receipt.date is None or report.date is None:
        return None
    return receipt.date >= report.date


def _experts(context: Context) -> Iterator[Trace]:
    for appraisal in finals(context, "expert-appraisal"):
        yield Trace("expert-engaged", appraisal, filed(context, "expert-engagement"))


def _recordings(context: Context) -> Iterator[Trace]:
    """A note on each recording, database or photograph that is evidence of its own."""
    notes = context.case.of_type("electronic-evidence-note")
    for recording in context.case.of_type("electronic-evidence"):
        if recording.document.problem is not None:
            continue
        own = [m for m in notes if _describes(context, m, recording)] or list(notes)
        asked = [x for x in _NOTED if x != "environment" or "image" not in
                 recording.document.traits]  # fmt: skip
        missing = [name for name in asked if says(context, f"notes_{name}", own) is False]
        if not own:
            found = filed(context, "electronic-evidence-note")
            yield Trace("recording-explained", recording, found, ["note"])
        elif any(unread(m) for m in own):
            yield Trace("recording-explained", recording, None, others=own)
        else:
            yield Trace("recording-explained", recording, not missing, missing, own)


def _describes(context: Context, note: Material, recording: Material) -> bool:
    group = context.case.groups[note.path]
    return any(r.member == note.path and r.main == recording.path for r in group.relations)
