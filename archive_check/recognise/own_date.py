"""The document's own date: the one in its date field or signature block, not one in passing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from archive_check.model import Document, Entry, Line, Said, said
from archive_check.recognise.dates import dates_in, first_date, is_only_a_date, last_date
from archive_check.recognise.fields import filled
from archive_check.recognise.label import Labelled
from archive_check.recognise.numbers import clean
from archive_check.recognise.titles import name_title
from archive_check.recognise.words import words

_SIGNATURE_LINE = 44
_LAST, _LAST_WORDS = 4, 40
_OPENING = 8
_SIGNING = frozenset(
    {"date", "signature", "unit_sign", "approver", "issued", "leader", "team_leader", "recipient",
     "provider", "recorder", "auditor", "reviewer", "principal", "receiver", "giver",
     "meeting_date", "obtained", "prepared", "handover_date", "accepted_date", "approved",
     "report_date", "person_sign"}
)  # fmt: skip


def date_inside(
    document: Document, type_id: str, labels: Sequence[Labelled]
) -> tuple[date, Said] | None:
    """The date that the document states of itself and where; None where it states none."""
    if own := _in_fields(type_id, labels):
        return own
    approving = frozenset({"approver"})
    decided = approving if _is_a_decision(type_id) else frozenset[str]()
    other = (
        _in_signing_field(labels, decided)
        or _in_signature_block(document.lines)
        # What was made and then approved bears the day on which it was made.
        or _in_signing_field(labels, _SIGNING - approving)
        or _in_signing_field(labels, approving)
        or _in_last_words(document.lines)
        or _when_held(type_id, document.lines)
        or _when_sent(document)
    )
    left_blank = _blank_field(type_id, labels)
    if other is None or left_blank is None:
        return other
    return other[0], said("date.instead", label=left_blank.label, page=left_blank.page)


def _blank_field(type_id: str, labels: Sequence[Labelled]) -> Labelled | None:
    """The field that is there for the document's date and holds none."""
    fields = words().types[type_id].dates
    return next((x for x in labels if x.field in fields and not filled(x.value)), None)


def date_outside(path: str, entry: Entry | None) -> tuple[date, Said] | None:
    """The date that the file's name or its catalogue entry gives it."""
    return _in_name(path) or _in_entry(entry)


def _when_sent(document: Document) -> tuple[date, Said] | None:
    sent = document.properties.get("sent")
    return (date.fromisoformat(sent), said("date.sent")) if sent else None


def _in_fields(type_id: str, labels: Sequence[Labelled]) -> tuple[date, Said] | None:
    for field in words().types[type_id].dates:
        for label in labels:
            if label.field != field:
                continue
            found = first_date(label.value) or first_date(label.beside)
            if found is not None:
                return found, said("date.field", label=label.label, page=label.page)
    return None


def _is_a_decision(type_id: str) -> bool:
    """Whether a paper is of the day on which somebody decides in it, as a sheet for approval is."""
    kind = words().types[type_id]
    return kind.signed == "signature" and kind.sign[:1] == ("approver",)


def _in_signing_field(
    labels: Sequence[Labelled], fields: frozenset[str]
) -> tuple[date, Said] | None:
    for label in reversed(labels):
        if label.field in fields and (found := last_date(label.value)) is not None:
            return found, said("date.field", label=label.label, page=label.page)
    return None


def _in_signature_block(lines: Sequence[Line]) -> tuple[date, Said] | None:
    """The last line that is a date, alone or behind the name that signs."""
    printed = words().phrases["printed_note"]
    for accept in (is_only_a_date, _ends_with_date):
        for line in reversed(lines):
            for text in reversed(line.text.split("\n")):
                if len(text) > 120 or not accept(text) or printed.search(clean(text)):
                    continue
                found = last_date(text)
                if found is not None:
                    return found, said("date.signature_block", page=line.page)
    return None


def _ends_with_date(text: str) -> bool:
    plain = clean(text)
    if len(plain) > _SIGNATURE_LINE or any(mark in plain for mark in "。,;、"):
        return False
    found = dates_in(text)
    if len(found) != 1 or text[found[0].end :].strip(" \t)）日"):
        return False
    head, colon, _ = plain.partition(":")
    return not colon or words().field_of(head) in _SIGNING


def _in_last_words(lines: Sequence[Line]) -> tuple[date, Said] | None:
    """A date at the very end that the page breaks over two lines."""
    ends = [line for line in lines if line.text.strip()][-_LAST:]
    text = clean("".join(line.text for line in ends))[-_LAST_WORDS:]
    found = last_date(text)
    if found is None or not words().phrases["date_end"].search(text):
        return None
    return found, said("date.signature_block", page=ends[-1].page)


def _when_held(type_id: str, lines: Sequence[Line]) -> tuple[date, Said] | None:
    """The day of a meeting that its minutes begin with: 2023年9月25日,审计组召开…"""
    if "meeting_date" not in words().types[type_id].dates:
        return None
    held = words().phrases["meeting_held"]
    for line in lines[:_OPENING]:
        sentence = clean(line.text).partition("。")[0]
        if held.search(sentence) and (found := first_date(sentence)) is not None:
            return found, said("date.field", label=sentence[:_SIGNATURE_LINE], page=line.page)
    return None


def _in_name(path: str) -> tuple[date, Said] | None:
    found = first_date(name_title(path))
    return None if found is None else (found, said("date.name"))


def _in_entry(entry: Entry | None) -> tuple[date, Said] | None:
    if entry is None or entry.date is None:
        return None
    return entry.date, said("date.entry")
