"""What one document tells by itself, before any catalogue or neighbour is looked at.

This is nearly all the work of recognition; it knows one document only, so that workers can do it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from archive_check.model import Document, Said, Section
from archive_check.recognise import places
from archive_check.recognise.catalogue import Catalogue, read_catalogue, section_named
from archive_check.recognise.contents import contents
from archive_check.recognise.dates import dates_in
from archive_check.recognise.elements import look
from archive_check.recognise.fields import labelled
from archive_check.recognise.label import Labelled
from archive_check.recognise.matters import matter_lists
from archive_check.recognise.misread import mended
from archive_check.recognise.numbers import clean, doc_numbers
from archive_check.recognise.own_date import date_inside
from archive_check.recognise.signing import signed
from archive_check.recognise.titles import file_title, title_lines
from archive_check.recognise.types import Heard, Recognised, hear, recognise_type
from archive_check.recognise.words import words
from archive_check.required import Looked

_HEAD_LINES = 12
_DATE_LINE = 60


@dataclass(frozen=True, slots=True)
class Told:
    """What is read of a document once its type is known."""

    type: str
    date: tuple[date, Said] | None
    signed: bool | None
    fields: Mapping[str, str]
    matter_lists: tuple[tuple[str, ...], ...]
    elements: Mapping[str, Looked]


@dataclass(frozen=True, slots=True)
class Alone:
    """A document, its labelled values and what it is taken for by itself."""

    document: Document
    heard: Heard
    labels: tuple[Labelled, ...]
    section: Section | None
    recognised: Recognised
    told: Told
    titles: tuple[str, ...]
    doc_nos: tuple[str, ...]
    dates: frozenset[date]
    catalogue: Catalogue | None


def alone(document: Document) -> Alone:
    """Everything that the document tells without its case."""
    document = mended(document)
    under = document.properties.get("filed_under")
    section = places.section_of_path(document.path) or (section_named(under) if under else None)
    labels = labelled(document, words().field_of)
    heard = hear(document, tuple(title_lines(document)))
    recognised = recognise_type(heard, None, section)
    return Alone(
        document=document,
        heard=heard,
        labels=labels,
        section=section,
        recognised=recognised,
        told=told(document, labels, recognised.type),
        titles=_titles(document, labels, recognised.title),
        doc_nos=_doc_numbers(document),
        dates=_field_dates(document, labels),
        catalogue=read_catalogue(document) if recognised.type == "volume-catalogue" else None,
    )


def told(document: Document, labels: Sequence[Labelled], type_id: str) -> Told:
    """What a document of this type states: its own date, its signature, its named values."""
    kind = words().types[type_id]
    fields = dict(contents(document, type_id, labels))
    # What nobody has approved yet bears the days of those who passed it on, not its own.
    unapproved = type_id == "leader-instruction" and fields.get("approved") == "no"
    dated = None if unapproved else date_inside(document, type_id, labels)
    is_signed = signed(document, kind, labels) if kind.signed else None
    return Told(
        type=type_id,
        date=dated,
        signed=is_signed,
        fields=fields,
        matter_lists=matter_lists(document) if type_id == "audit-programme" else (),
        elements=look(document, type_id, labels, is_signed, dated),
    )


def _titles(document: Document, labels: Sequence[Labelled], title: str) -> tuple[str, ...]:
    """What a catalogue may call the document: its own title, its name's, with its subject."""
    name = file_title(document)
    found = [title, name if re.search(r"[\u4e00-\u9fff]{2}", name) else ""]
    subjects = [label.value for label in labels if label.field in ("matter", "project")]
    found += [f"{title}{subject}" for subject in subjects[:2] if subject.strip()]
    return tuple(dict.fromkeys(text for text in found if text))


def _doc_numbers(document: Document) -> tuple[str, ...]:
    """The document's own numbers: those that stand alone in a line of its head."""
    found: list[str] = []
    for line in [line for line in document.lines if line.text.strip()][:_HEAD_LINES]:
        text = clean(line.text)
        numbers = doc_numbers(text)
        if numbers and len(text) <= len(numbers[0]) + 12 and _NUMBER_ENDS.search(text):
            found += numbers
    return tuple(dict.fromkeys(found))


def _field_dates(document: Document, labels: Sequence[Labelled]) -> frozenset[date]:
    """Every date of a field or a short line: what a catalogue may rightly give as the date."""
    texts = [label.value for label in labels]
    texts += [line.text for line in document.lines if len(line.text) <= _DATE_LINE]
    return frozenset(
        found.value for text in texts if _MAY_DATE.search(text) for found in dates_in(text)
    )


_NUMBER_ENDS = re.compile(r"\u53f7\)?$")
_MAY_DATE = re.compile(r"[\d〇○零一二]\s*[\d〇○零一二三四五六七八九]")
