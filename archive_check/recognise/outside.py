"""What papers tell of bodies outside the unit: filed there, approved there, handed over.

The Liaocheng opinion asks for these ties: the state audit body approves plans and takes in
reports, personal dossiers take in results, clues of violations are handed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from archive_check.model import Document
from archive_check.planned import pack
from archive_check.recognise import plans
from archive_check.recognise.fields import filled, labelled
from archive_check.recognise.headings import texts
from archive_check.recognise.numbers import clean
from archive_check.recognise.titles import name_title, title_lines
from archive_check.recognise.words import words

RECEIPTS = ("filing-receipt", "dossier-receipt")
PAPERS = ("report", "rectification", "plan", "summary", "clue")
"""What a receipt of the audit body or of a dossier may name, as `names` lists them."""
_APPROVING = ("plan-approval", "annual-plan", "plan-request", "reply")
_STATING = ("audit-report", "audit-result-report", "follow-up-report", "interim-report",
            "corrected-report", "workpaper")  # fmt: skip
_SUPERVISED = ("supervision-notice", "rectification-report")
_DELIVERIES = ("report-delivery-receipt", "notice-delivery-receipt")
_PLANNING = ("annual-plan",)
_ADJUSTING = ("plan-adjustment", "plan-approval", "reply")
_HEAD, _FOOT = 4, 12
_HEADING = 30


def outside(document: Document, kind: str) -> Iterator[tuple[str, str]]:
    """(name, value) of what a document of this type tells of bodies outside the unit."""
    if kind in RECEIPTS:
        yield "names", " ".join(_papers_named(document))
    if kind in _APPROVING and (approved := _approved_by_state(document, kind)) is not None:
        yield "state_approval", "yes" if approved else "no"
    if kind in _STATING and (clue := violation_clue(document)):
        yield "violation_clue", clue
    if kind in _DELIVERIES and words().phrases["transfers"].search(clean(document.text)):
        yield "transfers", "yes"
    if kind in _PLANNING:
        yield "projects", pack(plans.projects(document))
    if kind in _ADJUSTING and words().phrases["adjusts_plan"].search(clean(document.text)):
        yield from zip(("plan_dropped", "plan_added"), plans.adjusted(document), strict=True)
    if kind == "annual-summary":
        yield "sums_up", " ".join(_summed_up(document))
    if kind in _SUPERVISED:
        text = clean(document.text)
        if words().phrases["state_audit_body"].search(text):
            yield "state_audit_body", "yes"
        if words().phrases["speaks_of_internal_audit"].search(text):
            yield "internal_audit", "yes"


def violation_clue(document: Document) -> str | None:
    """The sentence that states a clue of a major violation, None where none does.

    What is denied, supposed or quoted from a rule states nothing.
    """
    w = words().phrases
    for sentence in _sentences(document):
        said = w["no_clue"].sub("", w["quoted"].sub("", sentence))
        if w["violation_clue"].search(said):
            return sentence
    return None


def _papers_named(document: Document) -> list[str]:
    """The papers that a receipt says were taken in; its title tells where its text does not."""
    w = words().phrases
    titles = set(title_lines(document))
    told = [
        text
        for text in _sentences(document)
        if text not in titles and not w["not_received"].search(text)
    ]
    return _named("\n".join(told)) or _named("\n".join(titles) or clean(document.path))


def _named(text: str) -> list[str]:
    return [paper for paper in PAPERS if words().phrases[f"filed_{paper}"].search(text)]


def _approved_by_state(document: Document, kind: str) -> bool | None:
    """Whether the state audit body approves the annual plan here; None: it says nothing of it."""
    w = words().phrases
    text = clean(document.text)
    if kind != "annual-plan" and not w["speaks_of_plan"].search(text):
        return None
    if w["refuses"].search(text):
        return False
    asked = _state_opinions(document)
    if asked:
        return any(filled(value) and w["consents"].search(clean(value)) for value in asked)
    if kind != "plan-request" and w["consents"].search(text) and _issued_by_state(document):
        return True
    return True if w["state_approved"].search(text) else None


def _state_opinions(document: Document) -> list[str]:
    """What stands in the fields that ask for the state audit body's approval."""
    named = words().phrases["state_approval_label"]

    def field_of(label: str) -> str | None:
        return "state" if named.match(label) else words().field_of(label)

    return [found.value for found in labelled(document, field_of) if found.field == "state"]


def _issued_by_state(document: Document) -> bool:
    """Whether its head or its signature block bears the name of a state audit body."""
    w = words().phrases
    lines = [line.text for line in document.lines if line.text.strip()]
    foot = [text for text in lines[-_FOOT:] if not w["copied_to"].match(clean(text))]
    named = [clean(re.split(r"[:：\t]", text.strip())[-1]) for text in foot]
    named += [head for text in lines[:_HEAD] if not (head := clean(text)).endswith(":")]
    return any(w["state_audit_issuer"].match(text) for text in named)


def _summed_up(document: Document) -> Iterator[str]:
    """What a yearly summary sums up: the year's work, rectification and follow-up audits."""
    w = words().phrases
    titles = [*title_lines(document), name_title(document.path)]
    headings = [text for line in document.lines if len(text := clean(line.text)) <= _HEADING]
    if any(w["sums_up_work"].search(text) for text in titles):
        yield "work"
    if any(w["sums_up_rectification"].search(text) for text in (*titles, *headings)):
        yield "rectification"


def _sentences(document: Document) -> Iterator[str]:
    for line in texts(document):
        for sentence in re.split(r"[。;!?]", line.text.replace("|", "")):
            if sentence:
                yield sentence
