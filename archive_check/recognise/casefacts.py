"""The facts of the case: project, unit, dates, filing, read where the case itself states them.

Case information that a person gave wins; the report says so where the documents speak otherwise.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date

from archive_check.model import APPARATUS, CaseInfo, Material, Said, Stated, said
from archive_check.recognise.dates import dates_in
from archive_check.recognise.fields import filled
from archive_check.recognise.numbers import clean, names_closed_up
from archive_check.recognise.words import words

_PROJECT_TITLES = ("audit-notice", "audit-report", "audit-programme", "follow-up-report")


def case_facts(
    materials: Sequence[Material], info: CaseInfo
) -> tuple[Mapping[str, Stated], tuple[Said, ...]]:
    """The facts, and a note for each that case information states against the documents."""
    read = {key: stated for key, stated in _read(materials) if stated is not None}
    facts: dict[str, Stated] = dict(read)
    notes = []
    for key, value in info.values.items():
        if value is None:
            continue
        if key in read and _text(read[key].value) != _text(value):
            notes.append(
                said("case.overridden", key=key, stated=_text(value), read=_text(read[key].value))
            )
        facts[key] = Stated(value, said("case.stated"), info.source)
    return facts, tuple(notes)


def _read(materials: Sequence[Material]) -> Iterator[tuple[str, Stated | None]]:
    project = _agreed(materials, "project", ("audit-notice", "audit-programme", "audit-report"))
    yield "project", project or _from_apparatus(materials, "volume_title", _whole)
    yield "unit", _agreed(materials, "unit", ("audit-notice", "audit-report", "workpaper"))
    kind = _project_type(materials, project)
    yield "project_type", kind
    person = _agreed(materials, "person", ("audit-notice", "audit-report"))
    yield "person", person or _person_in_titles(materials, project, kind)
    yield "started", _started(materials)
    yield "ended", _ended(materials)
    yield "filed", _filed(materials)
    yield "year", _filing_year(materials)
    yield "filer", _from_apparatus(materials, "filer", _name)
    yield "retention", _from_apparatus(materials, "retention", _whole)
    yield "classification", _from_apparatus(materials, "classification", _whole)
    yield "leader", _agreed(materials, "team_leader", ("audit-notice", "audit-programme"))


def _agreed(materials: Sequence[Material], key: str, preferred: tuple[str, ...]) -> Stated | None:
    """The value that most materials state, those of the preferred types counting more."""
    votes: Counter[str] = Counter()
    first: dict[str, tuple[str, Material]] = {}
    for material in materials:
        value = material.fields.get(key, "").strip()
        plain = clean(value)
        if len(plain) < 2 or not filled(value):
            continue
        votes[plain] += 3 if material.type in preferred else 1
        first.setdefault(plain, (value, material))
    if not votes:
        return None
    best = max(votes, key=lambda plain: (votes[plain], -list(first).index(plain)))
    value, material = first[best]
    return Stated(value, said("case.read", type=material.type), material.path)


def _project_type(materials: Sequence[Material], project: Stated | None) -> Stated:
    titles = [str(project.value)] if project else []
    titles += [m.title for m in materials if m.type in _PROJECT_TITLES]
    for kind, pattern in words().project_types:
        named = sum(1 for title in titles if pattern.search(clean(title)))
        if named and ((project is not None and pattern.search(clean(titles[0]))) or named >= 2):
            return Stated(kind, said("case.project_type"))
    return Stated("general", said("case.project_type"))


def _person_in_titles(
    materials: Sequence[Material], project: Stated | None, kind: Stated
) -> Stated | None:
    """Whom an economic-responsibility audit is about, by the names of project and papers."""
    if kind.value != "economic-responsibility":
        return None
    w = words().phrases
    names = [(str(project.value), project.source, project.path)] if project else []
    names += [
        (m.title, said("case.read", type=m.type), m.path)
        for m in materials
        if m.type in _PROJECT_TITLES
    ]
    for name, source, path in names:
        found = w["person_audited"].match(clean(name))
        if found and w["surname"].match(found["person"]):
            return Stated(found["person"], source, path)
    return None


def _started(materials: Iterable[Material]) -> Stated | None:
    """The first day that notice or programme may mean, not far from the day they were made."""
    for kind in ("audit-notice", "audit-programme"):
        for material in materials:
            if material.type != kind or material.draft:
                continue
            for text in material.fields.get("starts", "").split():
                day = date.fromisoformat(text)
                if material.date is None or _NEAR[0] <= (day - material.date).days <= _NEAR[1]:
                    return Stated(day, said("case.read", type=kind), material.path)
    return None


_NEAR = (-92, 366)
"""An audit starts so many days from its notice; what lies further off is an audited period."""


def _ended(materials: Iterable[Material]) -> Stated | None:
    """Delivery of the final report, else its own date (contract: `ended`); a correction that is
    delivered later ends nothing anew."""
    materials = tuple(materials)
    receipts = [
        m
        for m in materials
        if m.type == "report-delivery-receipt" and m.fields.get("delivers") in ("report", "")
    ]
    if any(m.date is None and not m.document.text_read for m in receipts):
        return None
    corrected = words().phrases["corrected_note"]
    receipts = [m for m in receipts if not corrected.search(m.title)] or receipts
    reports = [m for m in materials if m.type in ("audit-report", "follow-up-report")]
    for group in (receipts, reports):
        dated = [m for m in group if m.date is not None and not m.draft]
        if dated:
            last = max(dated, key=lambda m: m.date or date.min)
            return Stated(last.date, said("case.read", type=last.type), last.path)
    return None


def _filed(materials: Iterable[Material]) -> Stated | None:
    materials = tuple(materials)
    for kind in ("closing-note", "acceptance-record"):
        dated = [m for m in materials if m.type == kind and m.date is not None]
        if dated:
            last = max(dated, key=lambda m: m.date or date.min)
            return Stated(last.date, said("case.read", type=kind), last.path)
    return None


def _filing_year(materials: Sequence[Material]) -> Stated | None:
    year = words().phrases["year_in_number"]
    for key in ("filing_year", "archive_no"):
        for material in materials:
            if material.type not in APPARATUS:
                continue
            value = clean(material.fields.get(key, ""))
            dated = {found.value.year for found in dates_in(value)}
            if (found := year.search(value)) and not dated:
                return Stated(
                    int(found["year"]), said("case.read", type=material.type), material.path
                )
    return None


def _from_apparatus(
    materials: Sequence[Material], key: str, read: Callable[[str], str | None]
) -> Stated | None:
    for kind in APPARATUS:
        for material in materials:
            if material.type == kind and filled(material.fields.get(key, "")):
                value = read(material.fields[key])
                if value:
                    return Stated(value, said("case.read", type=kind), material.path)
    return None


def _whole(value: str) -> str | None:
    return re.sub(r"\s+", " ", value).strip() or None


def _name(value: str) -> str | None:
    """A name without a date beside it or a mark of the signature."""
    for found in reversed(dates_in(value)):
        value = value[: found.start] + " " + value[found.end :]
    name = re.split(r"[\s,，;；()（）]+", names_closed_up(value.strip()))[0]
    return name if re.search(r"[\u4e00-\u9fff]{2}", clean(name)) else None


def _text(value: object) -> str:
    if isinstance(value, (list, tuple)):
        return "、".join(map(str, value))
    return clean(str(value))
