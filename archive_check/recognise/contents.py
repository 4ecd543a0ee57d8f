"""Named values of a material: its matter, index number, unit, project, what it delivers …"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from archive_check.model import Document
from archive_check.recognise.fields import filled
from archive_check.recognise.indexes import citing, normal_index
from archive_check.recognise.label import Labelled
from archive_check.recognise.numbers import clean
from archive_check.recognise.outside import outside
from archive_check.recognise.procedural import procedural
from archive_check.recognise.team import team
from archive_check.recognise.titles import file_title, read_title, title_lines
from archive_check.recognise.words import words

_PLAIN = (
    "unit", "person", "project", "matter", "index_no", "workpaper_ref", "team_leader", "filer",
    "checker", "retention", "classification", "filing_year", "archive_no", "volume_title",
    "filed_date", "audit_period", "started", "ended", "reviewer", "auditor",
)  # fmt: skip
_NAMES_TEAM = ("audit-notice", "audit-programme")
_RECEIPTS = ("report-delivery-receipt", "notice-delivery-receipt")
_INDEX = re.compile(r"[A-Za-z]{1,4}[-—–]?\d{1,4}(?:[-—–.]\d{1,3})*|取证\d+[-—–]\d+")
_RECORDS = ("evidence-record", "interview-record", "stocktake-record")
WITH_MATTER = ("workpaper", *_RECORDS)
_IN_TEXT = 4000


def contents(
    document: Document, kind: str, labels: Sequence[Labelled]
) -> Iterator[tuple[str, str]]:
    """(name, value) of everything that the document states under a label or in a set phrase."""
    values: dict[str, str] = {}
    audited = words().phrases["audited_label"]
    for label in labels:
        if label.field in _PLAIN and filled(label.value):
            values.setdefault(label.field, _single_line(label.value))
    if kind == "workpaper" and "workpaper_ref" in values:
        values.setdefault("index_no", values.pop("workpaper_ref"))
    if "workpaper_ref" in values:
        values["workpaper_ref"] = normal_index(values["workpaper_ref"])
    if kind in _RECORDS:
        values["attachments"] = clean(document.text)[:_IN_TEXT]
        if not any(x.field == "unit" and audited.match(x.label) for x in labels):
            values.pop("unit", None)
    number = next((x.value for x in labels if x.field == "number" and filled(x.value)), None)
    if kind == "workpaper" or kind in _RECORDS:
        index = values.pop("index_no", None) or number or _index_in_title(document)
        if index:
            values["index_no"] = normal_index(index)
    if kind == "workpaper":
        values |= dict(citing(document, labels, values.get("index_no", "")))
    if kind == "evidence-attachment" and (index := _record_named(document)):
        values["index_no"] = normal_index(index)
    if kind in _RECEIPTS:
        values["delivers"] = _delivers(document, labels)
    if kind == "audit-notice":
        values |= _from_notice(document, values)
    values = _persons_apart(values)
    if kind in ("closing-note", "volume-cover"):
        values |= _counts(document, labels)
    if annexes := words().phrases["annexes"].search(clean(document.text)):
        values["annexes"] = annexes["annexes"]
    values |= dict(procedural(document, kind, labels))
    values |= dict(outside(document, kind))
    if kind in _NAMES_TEAM:
        values["team"] = " ".join(team(document))
    yield from values.items()


def stated_matter(labels: Sequence[Labelled]) -> str:
    """The matter that a workpaper or record states, "" where it states none."""
    return next((label.value for label in labels if label.field == "matter"), "")


def _single_line(value: str) -> str:
    return "".join(map(str.strip, value.split("\n")))


def _index_in_title(document: Document) -> str | None:
    for text in (next(title_lines(document), ""), file_title(document)):
        found = re.search(r"[A-Za-z]{1,3}[-—]?\d{1,3}(?:[-—.]\d{1,3})*", text)
        if found:
            return found[0]
    return None


def _record_named(document: Document) -> str | None:
    """The record that an attachment's head line says it belongs to (QZ-03 号取证材料所附)."""
    for line in [line for line in document.lines if line.text.strip()][:4]:
        text = clean(line.text)
        if words().phrases["refers_elsewhere"].search(text) and (found := _INDEX.search(text)):
            return found[0]
    return None


def _delivers(document: Document, labels: Sequence[Labelled]) -> str:
    """What a receipt delivers: `notice`, `consultation` or `report` (contract, groups)."""
    stated = [label.value for label in labels if label.field == "delivered"]
    titles = [next(title_lines(document), ""), file_title(document)]
    if any(_named_delivery(title) == "consultation" for title in titles):
        return "consultation"
    told = (_named_delivery(text) for text in [*stated, *titles, document.text[:_IN_TEXT]])
    return next((kind for kind in told if kind), "")


def _named_delivery(text: str) -> str:
    plain, w = clean(text), words()
    kinds = ("consultation", "report", "notice")
    return next((kind for kind in kinds if w.phrases[f"delivers_{kind}"].search(plain)), "")


def _from_notice(document: Document, known: Mapping[str, str]) -> dict[str, str]:
    """The unit of a notice that has no label for it: its salutation."""
    found: dict[str, str] = {}
    w = words()
    lines = [clean(line.text) for line in document.lines if line.text.strip()]
    if "unit" not in known:
        address = next(
            (line for line in lines[:_HEAD] if w.phrases["salutation"].match(line)), None
        )
        if address and read_title(address[:-1]).kind is None:
            found["unit"] = re.split(r"[(:]", address)[0]
    return found


def _persons_apart(values: dict[str, str]) -> dict[str, str]:
    """An address or field that names the audited person beside the unit, as one of each."""
    named = words().phrases["person_named"]
    parts = words().phrases["parties_apart"].split(values.get("unit", ""))
    persons = [found["person"] for part in parts if (found := named.match(clean(part)))]
    if not persons:
        return values
    bodies = [part for part in parts if not named.match(clean(part))]
    apart = {"person": persons[0], **values, "unit": bodies[0] if bodies else ""}
    return {key: value for key, value in apart.items() if value}


_HEAD = 10


def _counts(document: Document, labels: Sequence[Labelled]) -> dict[str, str]:
    """The counts of items and pages that a closing note or cover states."""
    found: dict[str, str] = {}
    for label in labels:
        number = re.search(r"\d+", label.value)
        if label.field in ("items", "total_pages") and number:
            found.setdefault("pages" if label.field == "total_pages" else "items", number[0])
    w = words()
    lines = (clean(line.text) for line in document.lines)
    text = "".join(line for line in lines if not w.phrases["page_footer"].match(line))
    if "items" not in found and (m := w.phrases["closing_items"].search(text)):
        found["items"] = m["items"]
    if "pages" not in found and (m := w.phrases["closing_pages"].search(text)):
        found["pages"] = m["pages"]
    return found
