"""Documents become materials: the step `recognise` of the pipeline."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from archive_check.model import (
    ArchiveCheckError,
    CaseInfo,
    Entry,
    Ignored,
    Material,
    Place,
    Recognition,
    Said,
    said,
)
from archive_check.recognise import places
from archive_check.recognise.alone import Alone, told
from archive_check.recognise.casefacts import case_facts
from archive_check.recognise.catalogue import Catalogue, head_values
from archive_check.recognise.comparing import names_document
from archive_check.recognise.contents import WITH_MATTER, stated_matter
from archive_check.recognise.matching import match_entries
from archive_check.recognise.numbers import clean
from archive_check.recognise.own_date import date_outside
from archive_check.recognise.remarks import remarks
from archive_check.recognise.scoring import Listed
from archive_check.recognise.several import several_cases
from archive_check.recognise.titles import name_title
from archive_check.recognise.types import Recognised, recognise_type
from archive_check.recognise.words import words
from archive_check.recognise.written import as_written, why_written


def recognise(read: Sequence[Alone], info: CaseInfo) -> Recognition:
    """Recognise every document. Raises ArchiveCheckError where the case information names a file
    that is not in the case."""
    paths = [r.document.path for r in read]
    if unknown := sorted(set(info.materials) - set(paths)):
        raise ArchiveCheckError(f"{info.source}: materials: {unknown[0]} is not a file of the case")
    notices = [r for r in read if _tells_of_hand_over(r)]
    read = [r for r in read if r not in notices]
    catalogues = {r.document.path: c for r in read if (c := r.catalogue) and c.entries}
    entries = [entry for path, c in catalogues.items() for entry in _with_volume(c.entries, path)]
    where = places.places_of(paths)
    by_place = sorted(read, key=lambda r: where[r.document.path].levels)
    listed = [_listed(r, i, where[r.document.path]) for i, r in enumerate(by_place)]
    filed = [x for x in listed if x.kind not in places.FRAMES and x.document.outer is None]
    matched = match_entries(filed, entries)
    notes: list[Said] = []
    materials = []
    for r in read:
        path = r.document.path
        material = _material(r, matched.get(path), r.catalogue, where[path])
        materials.append(_stated(material, info, notes))
    facts, overridden = case_facts(materials, info)
    return Recognition(
        materials=tuple(materials),
        catalogues={
            path: tuple(entry for entry in entries if entry.catalogue == path)
            for path in catalogues
        },
        facts=facts,
        notes=(*several_cases(materials), *notes, *overridden, *remarks(materials)),
        ignored=(
            *(Ignored(r.document.path, said("recognise.hand_over")) for r in notices),
            *_in_parts(read),
        ),
    )


def _in_parts(read: Sequence[Alone]) -> Iterator[Ignored]:
    """The files of which only the parts are materials."""
    parts = Counter(r.document.part_of for r in read)
    for path, count in parts.items():
        if path is not None:
            yield Ignored(path, said("recognise.parts", count=count))


def _tells_of_hand_over(read: Alone) -> bool:
    """Whether a file only says what the medium or folder holds, as an electronic hand-over does."""
    if read.recognised.type != "other" or read.document.media_type != "text/plain":
        return False
    name = clean(name_title(read.document.path))
    return words().phrases["handover_note"].match(name) is not None


def _with_volume(entries: Sequence[Entry], path: str) -> Iterator[Entry]:
    """The entries of a catalogue, in the volume that its path names where they name none."""
    volume = places.volume_of_path(path)
    for entry in entries:
        if entry.volume is None and volume is not None:
            yield replace(entry, volume=volume)
        else:
            yield entry


def _listed(read: Alone, order: int, place: Place) -> Listed:
    recognised = read.recognised
    return Listed(
        document=read.document,
        titles=read.titles,
        kind=recognised.type if recognised.confidence > 0.6 else None,
        date=_day_of(read),
        doc_no=read.doc_nos[0] if read.doc_nos else None,
        number=place.number,
        volume=place.volume,
        order=order,
    )


def _day_of(read: Alone) -> date | None:
    """The document's own date, else the only one that stands in its fields."""
    if read.told.date is not None:
        return read.told.date[0]
    return next(iter(read.dates)) if len(read.dates) == 1 else None


def _material(
    read: Alone, entry: Entry | None, catalogue: Catalogue | None, place: Place
) -> Material:
    document = read.document
    filed = read.section or (entry.section if entry else None)
    recognised = (
        read.recognised
        if entry is None and filed == read.section
        else recognise_type(read.heard, entry, filed)
    )
    kind = words().types[recognised.type]
    says = read.told if read.told.type == kind.id else told(document, read.labels, kind.id)
    dated = says.date or date_outside(document.path, entry)
    fields = dict(says.fields)
    if recognised.for_comment:
        fields["draft_for_comment"] = "yes"
    if catalogue is not None:
        fields = {**fields, **_column_values(catalogue), **head_values(read.labels)}
        if catalogue.of_volumes:
            fields["of_volumes"] = "yes"
    home = filed if filed in kind.sections else kind.sections[0]
    return Material(
        document=document,
        type=kind.id,
        section=home,
        filed_section=filed,
        title=recognised.title,
        written=as_written(document, recognised.title),
        date=dated[0] if dated else None,
        date_from=dated[1] if dated else None,
        doc_no=read.doc_nos[0] if read.doc_nos else (entry.doc_no if entry else None),
        confidence=recognised.confidence,
        why=tuple(why_written(document, reason) for reason in recognised.why),
        entry=entry,
        entry_agrees=_agrees(read, recognised, entry),
        signed=says.signed,
        draft=recognised.draft,
        attachment=recognised.attachment or document.outer is not None,
        fields=fields,
        matter_lists=says.matter_lists,
        elements=says.elements,
        dates=read.dates,
        doc_nos=read.doc_nos,
        place=place,
    )


def _agrees(read: Alone, recognised: Recognised, entry: Entry | None) -> bool | None:
    if entry is None:
        return None
    text = read.document.text if read.document.text_read else None
    sure = any(reason.key == "recognise.inside" for reason in recognised.why)
    subject = stated_matter(read.labels) if recognised.type in WITH_MATTER else ""
    return names_document(entry.title, read.titles, recognised.type, sure, subject, text)


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
        elif key == "title":
            changes |= {"title": value, "written": ""}
        elif key == "date":
            changes |= {"date": value, "date_from": said("date.stated")}
        else:
            changes[key] = value
    return replace(material, **changes)  # type: ignore[arg-type]
