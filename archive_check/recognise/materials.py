"""Documents become materials: the step `recognise` of the pipeline."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from archive_check.model import (
    ArchiveCheckError,
    CaseInfo,
    Document,
    Entry,
    Material,
    Place,
    Recognition,
    Said,
    Section,
    said,
)
from archive_check.recognise import places
from archive_check.recognise.casefacts import case_facts
from archive_check.recognise.catalogue import Catalogue, read_catalogue
from archive_check.recognise.comparing import names_document
from archive_check.recognise.contents import WITH_MATTER, contents, stated_matter
from archive_check.recognise.dates import dates_in
from archive_check.recognise.fields import Labelled, labelled
from archive_check.recognise.matching import Listed, match_entries
from archive_check.recognise.matters import matter_lists
from archive_check.recognise.numbers import clean, doc_numbers
from archive_check.recognise.own_date import own_date
from archive_check.recognise.signing import signed
from archive_check.recognise.titles import name_title
from archive_check.recognise.types import Recognised, recognise_type
from archive_check.recognise.words import words

_FRAME = ("volume-cover", "volume-catalogue", "closing-note", "acceptance-record")
_HEAD_LINES = 12
_DATE_LINE = 60


@dataclass(frozen=True, slots=True)
class _Read:
    """A document with what is told by itself alone, before any catalogue is looked at."""

    document: Document
    labels: tuple[Labelled, ...]
    folder_section: Section | None
    alone: Recognised


def recognise(documents: Sequence[Document], info: CaseInfo) -> Recognition:
    """Recognise every document. Raises ArchiveCheckError where the case information names a file
    that is not in the case."""
    known = {document.path for document in documents}
    if unknown := sorted(set(info.materials) - known):
        raise ArchiveCheckError(f"{info.source}: materials: {unknown[0]} is not a file of the case")
    read = [_read(document) for document in documents]
    catalogues = {r.document.path: c for r in read if (c := _catalogue(r)) is not None}
    entries = [_with_volume(entry, path) for path, c in catalogues.items() for entry in c.entries]
    where = places.places_of([document.path for document in documents])
    listed = [_listed(r, i, where[r.document.path]) for i, r in enumerate(read)]
    matched = match_entries([x for x in listed if x.kind not in _FRAME], entries)
    notes: list[Said] = []
    materials = []
    for r in read:
        material = _material(r, matched.get(r.document.path), catalogues.get(r.document.path))
        material = replace(material, place=where[material.path])
        materials.append(_stated(material, info, notes))
    facts, overridden = case_facts(materials, info)
    return Recognition(
        materials=tuple(materials),
        catalogues={
            path: tuple(entry for entry in entries if entry.catalogue == path)
            for path in catalogues
        },
        facts=facts,
        notes=(*notes, *overridden),
    )


def _read(document: Document) -> _Read:
    section = places.section_of_path(document.path)
    labels = labelled(document, words().field_of)
    return _Read(document, labels, section, recognise_type(document, None, section))


def _catalogue(read: _Read) -> Catalogue | None:
    if read.alone.type != "volume-catalogue":
        return None
    return read_catalogue(read.document)


def _with_volume(entry: Entry, path: str) -> Entry:
    if entry.volume is not None:
        return entry
    return replace(entry, volume=places.volume_of_path(path))


def _listed(read: _Read, order: int, place: Place) -> Listed:
    document, kind = read.document, read.alone.type
    found = own_date(document, kind, read.labels, None)
    numbers = _doc_numbers(document)
    return Listed(
        document=document,
        titles=_titles(read),
        kind=kind if read.alone.confidence > 0.6 else None,
        date=found[0] if found else None,
        doc_no=numbers[0] if numbers else None,
        number=place.number,
        volume=place.volume,
        order=order,
    )


def _titles(read: _Read) -> tuple[str, ...]:
    name = name_title(read.document.path)
    told = [read.alone.title, name if re.search(r"[\u4e00-\u9fff]{2}", name) else ""]
    subjects = [label.value for label in read.labels if label.field in ("matter", "project")]
    told += [f"{read.alone.title}{subject}" for subject in subjects[:2] if subject.strip()]
    return tuple(dict.fromkeys(text for text in told if text))


def _material(read: _Read, entry: Entry | None, catalogue: Catalogue | None) -> Material:
    document = read.document
    filed = read.folder_section or (entry.section if entry else None)
    recognised = (
        read.alone
        if entry is None and filed == read.folder_section
        else recognise_type(document, entry, filed)
    )
    kind = words().types[recognised.type]
    dated = own_date(document, kind.id, read.labels, entry)
    numbers = _doc_numbers(document)
    fields = dict(contents(document, kind.id, read.labels))
    if recognised.for_comment:
        fields["draft_for_comment"] = "yes"
    if catalogue is not None:
        fields = {**fields, **_column_values(catalogue), **catalogue.head}
    home = filed if filed in kind.sections else kind.sections[0]
    return Material(
        document=document,
        type=kind.id,
        section=home,
        filed_section=filed if home != "apparatus" or filed else None,
        title=recognised.title,
        date=dated[0] if dated else None,
        date_from=dated[1] if dated else None,
        doc_no=numbers[0] if numbers else (entry.doc_no if entry else None),
        confidence=recognised.confidence,
        why=recognised.why,
        entry=entry,
        entry_agrees=_agrees(read, recognised, entry),
        signed=signed(document, kind, read.labels) if kind.signed else None,
        draft=recognised.draft,
        attachment=recognised.attachment,
        fields=fields,
        matter_lists=matter_lists(document) if kind.id == "audit-programme" else (),
        dates=_field_dates(read),
        doc_nos=tuple(numbers),
    )


def _agrees(read: _Read, recognised: Recognised, entry: Entry | None) -> bool | None:
    if entry is None:
        return None
    text = read.document.text if read.document.text_read else None
    sure = any(reason.key == "recognise.inside" for reason in recognised.why)
    subject = stated_matter(read.labels) if recognised.type in WITH_MATTER else ""
    return names_document(entry.title, _titles(read), recognised.type, sure, subject, text)


def _column_values(catalogue: Catalogue) -> Mapping[str, str]:
    """Retention and classification out of the catalogue's columns, where they stand there."""
    found: dict[str, str] = {}
    for entry in catalogue.entries:
        for key, value in (
            ("retention", entry.retention),
            ("classification", entry.classification),
        ):
            if value:
                found.setdefault(key, value)
    return found


def _doc_numbers(document: Document) -> list[str]:
    """The document's own numbers: those that stand alone in a line of its head."""
    found = []
    for line in [line for line in document.lines if line.text.strip()][:_HEAD_LINES]:
        text = clean(line.text)
        numbers = doc_numbers(text)
        if numbers and len(text) <= len(numbers[0]) + 12 and text.rstrip(")").endswith("号"):
            found += numbers
    return list(dict.fromkeys(found))


def _field_dates(read: _Read) -> frozenset[date]:
    """Every date of a field or a short line: what a catalogue may rightly give as the date."""
    texts = [label.value for label in read.labels]
    texts += [line.text for line in read.document.lines if len(line.text) <= _DATE_LINE]
    return frozenset(found.value for text in texts for found in dates_in(text))


def _stated(material: Material, info: CaseInfo, notes: list[Said]) -> Material:
    """The material with what the case information says of it; it wins, and that is noted."""
    stated = info.materials.get(material.path)
    if not stated:
        return material
    changes: dict[str, object] = {"why": (said("recognise.stated"), *material.why)}
    for key, value in stated.items():
        before = getattr(material, "filed_section" if key == "section" else key)
        if before is not None and str(before) != str(value):
            notes.append(
                said(
                    "case.material_overridden",
                    path=material.path,
                    key=key,
                    stated=value,
                    read=before,
                )
            )
        if key == "type":
            sections = words().types[str(value)].sections
            home = material.filed_section
            changes |= {
                "type": value,
                "confidence": 1.0,
                "section": home if home in sections else sections[0],
                "draft": False,
            }
        elif key == "section":
            changes["filed_section"] = value
        elif key == "date":
            changes |= {"date": value, "date_from": said("date.stated")}
        else:
            changes[key] = value
    return replace(material, **changes)  # type: ignore[arg-type]
