"""What papers of the procedure state of themselves: the plan's year, the audit's start, periods."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise

from archive_check.model import Document
from archive_check.recognise.dates import Found, dates_in
from archive_check.recognise.fields import filled
from archive_check.recognise.label import Labelled
from archive_check.recognise.names import names_person
from archive_check.recognise.numbers import clean, compatible, number
from archive_check.recognise.titles import file_title, title_lines
from archive_check.recognise.words import words

_PLANS = ("annual-plan", "plan-approval", "plan-request")
_STARTING = ("audit-notice", "audit-programme")
_WITH_PERIODS = (*_STARTING, "audit-report", "engagement-letter")
_APPROVED = ("annual-plan", "audit-programme", "plan-adjustment", "programme-adjustment")
_RECEIPTS = ("notice-delivery-receipt", "report-delivery-receipt")
_ADDRESSED = (*_RECEIPTS, "audit-notice", "consultation-letter", "feedback")
_PLANNED = ("annual-plan", "plan-adjustment")
_RECEIVING = ("addressee", "recipient", "received_by")
_HEAD = 400
_HEAD_LINES = 12
_BEFORE, _BEHIND = 12, 4


def procedural(
    document: Document, kind: str, labels: Sequence[Labelled]
) -> Iterator[tuple[str, str]]:
    """(name, value) of what a paper of this type states of the procedure.

    `starts` are the days on which the audit may start, ISO dates, the likeliest first.
    """
    if kind in _PLANS and (year := _plan_year(document)):
        yield "plan_year", str(year)
    if kind == "audit-notice" and words().phrases["special_notice"].search(clean(document.text)):
        yield "special", "yes"
    if kind in _ADDRESSED and (parties := list(_parties(document, kind, labels))):
        yield "parties", " ".join(dict.fromkeys(parties))
    if kind in _APPROVED and (said := _approval(document, kind, labels)):
        yield "approved", said
    if kind == "leader-instruction":
        yield from _sheet(document, labels)
    if kind in _WITH_PERIODS:
        text = compatible(document.text)
        found = dates_in(text)
        if period := _backwards(text, found):
            yield "backwards", period
        if kind in _STARTING and (days := list(_starts(text, found, labels))):
            yield "starts", " ".join(dict.fromkeys(day.isoformat() for day in days))


def _plan_year(document: Document) -> int | None:
    year = words().phrases["plan_year"]
    for text in (*title_lines(document), file_title(document), document.text[:_HEAD]):
        if found := year.search(clean(text)):
            return number(found["year"])
    return None


def _starts(text: str, found: Sequence[Found], labels: Sequence[Labelled]) -> Iterator[date]:
    """The days that labels name, then those that a sentence says the audit begins on."""
    for field in ("started", "audit_period"):
        for label in labels:
            if label.field == field:
                yield from (day.value for day in dates_in(label.value)[:1])
    w = words().phrases
    for day in found:
        clause = re.split(r"[。;\n]", text[: day.start])[-1]
        before, behind = clean(clause)[-_BEFORE:], clean(text[day.end : day.end + _BEHIND])
        opens = w["before_start"].search(before) and w["behind_start"].match(behind)
        if opens and not w["audited_scope"].search(clean(clause)):
            yield day.value


def _backwards(text: str, found: Sequence[Found]) -> str | None:
    """A period that ends before it begins, as it is written."""
    between = words().phrases["between_days"]
    for first, second in pairwise(found):
        if second.value < first.value and between.fullmatch(clean(text[first.end : second.start])):
            return clean(text[first.start : second.end])
    return None


def _approval(document: Document, kind: str, labels: Sequence[Labelled]) -> str:
    """`yes` or `no` by the fields that hold the approval, or `yes` where the text tells of it.

    Where one asks for who approves, the name has to be there; else a consent is enough. The audit
    body approves its programmes (article 13), never its plans (article 7).
    """
    w = words().phrases
    fields = [label for label in labels if label.field == "approver"]
    if kind in _PLANNED:
        fields = [label for label in fields if not w["reviewing_label"].search(label.label)]
    persons = [label for label in fields if w["approving_person"].search(label.label)]
    consents = [x for x in fields if filled(x.value) and w["consents"].search(clean(x.value))]
    if any(names_person(label.whole) for label in fields) or (consents and not persons):
        return "yes"
    if w["approved_in_text"].search(clean(document.text)):
        return "yes"
    return "no" if fields else ""


def _sheet(document: Document, labels: Sequence[Labelled]) -> Iterator[tuple[str, str]]:
    """Who reviewed and who approved on the sheet that takes a report to the leader."""
    review = words().phrases["reviewing_label"]
    fields = [x for x in labels if x.field in ("approver", "reviewer", "review_opinion", "leader")]
    if any(review.search(x.label) and filled(x.value) for x in fields):
        yield "reviewed", "yes"
    approving = [x for x in fields if x.field == "approver" and not review.search(x.label)]
    signing = [x for x in labels if x.field == "signature"] if approving else []
    if approving:
        named = any(names_person(x.whole) for x in (*approving, *signing))
        yield "approved", "yes" if named or document.signatures else "no"


def _parties(document: Document, kind: str, labels: Sequence[Labelled]) -> Iterator[str]:
    """Whom a letter addresses or copies, who received a delivery, who answers for himself."""
    w = words().phrases
    text = clean(document.text)
    if kind in _RECEIPTS:
        yield from (clean(x.value) for x in labels if x.field in _RECEIVING and filled(x.value))
        yield from _rows_of_receivers(document)
    elif kind == "feedback":
        if found := w["answers_in_person"].search(text):
            yield found[0]
    else:
        lines = [clean(line.text) for line in document.lines if line.text.strip()]
        yield from (x for x in lines[:_HEAD_LINES] if w["salutation"].match(x))
        yield from (x for x in lines if w["addressing"].match(x))
        if found := w["asks_the_person"].search(_QUOTED.sub("", text)):
            yield found[0]


def _rows_of_receivers(document: Document) -> Iterator[str]:
    """Who stands in the further rows of a table of deliveries, under the label that heads them."""
    field_of = words().field_of
    for table in document.tables:
        for r, row in enumerate(table.rows):
            for c in (c for c, cell in enumerate(row) if field_of(clean(cell)) in _RECEIVING):
                below = (clean(under[c]) for under in table.rows[r + 2 :] if c < len(under))
                yield from (text for text in below if filled(text) and field_of(text) is None)


_QUOTED = re.compile("\u300a[^\u300b]*\u300b")
