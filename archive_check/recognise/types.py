"""What a document is: the type out of the table of materials, how sure that is, and why.

The title inside the document speaks first, then the catalogue entry, the file name, and what the
text says; the section it was filed in decides only where all of them leave it open.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from archive_check.model import UNCERTAIN, Document, Entry, Said, Section, said
from archive_check.recognise.numbers import clean
from archive_check.recognise.titles import Title, file_title, read_title
from archive_check.recognise.words import words

REPORTS = frozenset({"audit-report", "follow-up-report", "audit-result-report", "interim-report"})
_KINDS_OF_REPORT = frozenset({"report-draft", "corrected-report"})
_CUE_TEXT = 6000


@dataclass(frozen=True, slots=True)
class Recognised:
    type: str
    confidence: float
    why: tuple[Said, ...]
    title: str
    draft: bool
    attachment: bool
    for_comment: bool = False
    """A report sent for comment, as against the letter that sends it."""


@dataclass(frozen=True, slots=True)
class _Signal:
    source: str
    title: Title
    type: str
    strong: bool


@dataclass(frozen=True, slots=True)
class Heard:
    """A document with the lines that may be its title, and the type that its cues speak for."""

    document: Document
    heads: tuple[str, ...]
    cues: tuple[str, int] | None


def hear(document: Document, heads: tuple[str, ...]) -> Heard:
    """Look for cues only where no title line settles the type."""
    settled = any((kind := read_title(text).kind) and not kind.startswith("?") for text in heads)
    return Heard(document, heads, None if settled else _by_cues(document))


def recognise_type(heard: Heard, entry: Entry | None, section: Section | None) -> Recognised:
    """Weigh all signals for one document. Never fails: the last resort is `other`, unsure."""
    document = heard.document
    inside = _inside(heard, entry, section)
    listed = _signal("entry", entry.title, document, entry, section) if entry else None
    named = _signal("name", file_title(document), document, entry, section)
    signals = [signal for signal in (inside, listed, named) if signal is not None]
    chosen = _most_special([s for s in signals if s.strong], section)
    frames = heard.cues is not None and _frames(heard.cues)
    if frames and not (chosen and words().types[chosen.type].sections == ("apparatus",)):
        chosen = None
    by_cues = heard.cues if chosen is None or chosen.source != "inside" else None
    if chosen is None and by_cues is not None and (inside is None or frames):
        return _from_cues(by_cues, heard, entry, signals)
    if chosen is None and signals:
        chosen = signals[0]
    if chosen is None:
        return _unknown(heard, entry, section)
    return Recognised(
        type=chosen.type,
        confidence=_confidence(chosen, signals, by_cues),
        why=_why(chosen, signals, by_cues),
        title=_own_title(heard, inside, entry),
        draft=any(s.title.draft for s in signals if s.type == chosen.type),
        attachment=any(s.title.attachment for s in signals),
        for_comment=_for_comment(chosen),
    )


def _frames(cues: tuple[str, int]) -> bool:
    """Whether a form says by its fields that it is a cover or the like, whatever words its title
    has: no paper of the case has three of them."""
    kind, found = cues
    return found >= _FIELDS_OF_A_FRAME and words().types[kind].sections == ("apparatus",)


def _most_special(strong: Sequence[_Signal], section: Section | None) -> _Signal | None:
    """The first signal, unless it speaks in general and another tells more: which report it is,
    what an annex belongs to, or that a paper of any kind is filed as the copy of one."""
    if not strong:
        return None
    first = strong[0]
    if first.type == "audit-report" and first.source == "inside":
        return next((s for s in strong if s.type in _KINDS_OF_REPORT or _for_comment(s)), first)
    if first.type == "report-attachment" and section is None:
        return next((s for s in strong if s.type == "evidence-attachment"), first)
    if first.type == "other" or (first.type in _OF_ANYBODY and section in ("evidence", None)):
        return next((s for s in strong if _copy_of(s, first)), first)
    return first


_FIELDS_OF_A_FRAME = 3
_OF_ANYBODY = ("reply", "request", "report-submission")
"""Papers that the audited unit writes and gets as well, which are filed in copies."""


def _copy_of(signal: _Signal, other: _Signal) -> bool:
    """Whether a title speaks of the same paper as evidence (a diary, and the diary's copy)."""
    return signal.type == "evidence-attachment" and other.title.text in signal.title.text


def _for_comment(signal: _Signal) -> bool:
    """Whether a title speaks of the report that is sent for comment, not of the letter."""
    return signal.title.consultation_draft and signal.title.kind in REPORTS | {None}


def _inside(heard: Heard, entry: Entry | None, section: Section | None) -> _Signal | None:
    weak = None
    for text in heard.heads:
        signal = _signal("inside", text, heard.document, entry, section)
        # An annex may name its report below its title, and is none for that.
        annexed = weak is not None and weak.title.attachment
        if signal is not None and signal.strong and not (annexed and signal.type in REPORTS):
            return signal
        weak = weak or signal
    return weak


def _signal(
    source: str, text: str, document: Document, entry: Entry | None, section: Section | None
) -> _Signal | None:
    title = read_title(text)
    kind = _kind(title, section)
    if kind is None:
        return None
    if not kind.startswith("?"):
        return _Signal(source, title, _outside(kind, document, section), strong=True)
    beside = " ".join([text, entry.title if entry else "", file_title(document)])
    return _Signal(source, title, _refined(kind, beside, document, section), kind != "?support")


def _kind(title: Title, section: Section | None) -> str | None:
    """The type that a title names, with what its brackets and prefix add."""
    w = words()
    if title.consultation_draft and title.kind in REPORTS | {None}:
        return "consultation-letter"
    if title.draft and title.kind in REPORTS | {None} and _speaks_of_report(title, section):
        return "report-draft"
    if title.kind in REPORTS and w.phrases["corrected_note"].search(title.note):
        return "corrected-report"
    if title.attachment and title.kind in {None, "?support", "evidence-attachment"}:
        return {
            "conclusion": "report-attachment",
            "evidence": "evidence-attachment",
            None: "report-attachment" if title.kind is None else "?support",
        }.get(section, "other")
    return title.kind


def _speaks_of_report(title: Title, section: Section | None) -> bool:
    return title.kind in REPORTS or section in ("conclusion", None)


def _refined(kind: str, beside: str, document: Document, section: Section | None) -> str:
    beside = clean(beside)
    text = beside + "。" + clean(document.text[:_CUE_TEXT])
    for row in words().refine[kind]:
        if row.beside is not None and not row.beside.search(beside):
            continue
        if row.section is not None and row.section != section:
            continue
        if row.text is not None and not row.text.search(text):
            continue
        if row.without is not None and row.without.search(text):
            continue
        return row.type
    return "other"


def _outside(kind: str, document: Document, section: Section | None) -> str:
    """An accountant's report among the evidence is evidence, not the report of this audit."""
    if kind in REPORTS and section == "evidence":
        outside = words().phrases["outside_report"].search(document.text[:_CUE_TEXT])
        return "evidence-attachment" if outside else kind
    return kind


def _by_cues(document: Document) -> tuple[str, int] | None:
    """The type whose cues the text fits best: (type, cues found), where two at least fit."""
    text = document.text[:_CUE_TEXT]
    if len(text) < 8:
        return None
    text += "\n" + clean(text)
    best: tuple[str, int] | None = None
    for kind, row in words().types.items():
        found = sum(1 for cue in row.cues if cue.search(text))
        if found >= 2 and found * 2 > len(row.cues) and (best is None or found > best[1]):
            best = (kind, found)
    return best


def _from_cues(
    cues: tuple[str, int], heard: Heard, entry: Entry | None, signals: list[_Signal]
) -> Recognised:
    return Recognised(
        type=cues[0],
        confidence=min(0.85, 0.45 + 0.12 * cues[1]),
        why=(said("recognise.cues", type=cues[0], count=cues[1]),),
        title=_own_title(heard, None, entry),
        draft=False,
        attachment=any(s.title.attachment for s in signals),
    )


def _confidence(chosen: _Signal, signals: list[_Signal], by_cues: tuple[str, int] | None) -> float:
    others = [s for s in signals if s is not chosen and s.strong]
    agree = sum(1 for s in others if s.type == chosen.type)
    agree += by_cues is not None and by_cues[0] == chosen.type
    base = {"inside": 0.93, "entry": 0.85, "name": 0.8}[chosen.source] if chosen.strong else 0.55
    conflict = any(s.type != chosen.type for s in others)
    return round(min(0.99, base + 0.03 * agree) - (0.12 if conflict else 0), 2)


def _why(
    chosen: _Signal, signals: list[_Signal], by_cues: tuple[str, int] | None
) -> tuple[Said, ...]:
    told = [said(f"recognise.{chosen.source}", title=chosen.title.text, type=chosen.type)]
    for signal in signals:
        if signal is chosen:
            continue
        if signal.type == chosen.type:
            told.append(said(f"recognise.agrees.{signal.source}", title=signal.title.text))
        elif signal.strong:
            told.append(
                said(
                    f"recognise.conflict.{signal.source}",
                    title=signal.title.text,
                    type=signal.type,
                )
            )
    if by_cues is not None and by_cues[0] == chosen.type:
        told.append(said("recognise.agrees.cues", count=by_cues[1]))
    return tuple(told)


def _own_title(heard: Heard, inside: _Signal | None, entry: Entry | None) -> str:
    if inside is not None:
        return inside.title.text
    if entry is not None:
        return entry.title
    name = file_title(heard.document)
    if re.search(r"[\u4e00-\u9fff]{2}", name):
        return name
    return next(iter(heard.heads), name)


def _says_something(own: str | None, entry: Entry | None) -> bool:
    empty = words().phrases["says_nothing"]
    return any(text and not empty.match(clean(text)) for text in (own, entry and entry.title))


def _unknown(heard: Heard, entry: Entry | None, section: Section | None) -> Recognised:
    """No signal at all: only the section or the entry may still explain the document."""
    document = heard.document
    own = next(iter(heard.heads), None)
    kind, confidence, why = "other", 0.3, said("recognise.nothing")
    if document.outer is not None:
        confidence, why = UNCERTAIN, said("recognise.attached", path=document.outer)
    elif document.traits & {"sound", "film"}:
        kind, confidence, why = "electronic-evidence", 0.7, said("recognise.recording")
    elif "image" in document.traits:
        confidence, why = UNCERTAIN, said("recognise.picture")
    elif section == "reference":
        confidence, why = UNCERTAIN, said("recognise.section", section=section)
    elif section == "evidence" and _says_something(own, entry):
        kind, confidence, why = (
            "evidence-attachment", UNCERTAIN, said("recognise.section", section=section),
        )  # fmt: skip
    elif entry is not None and not words().phrases["says_nothing"].match(clean(entry.title)):
        confidence, why = UNCERTAIN, said("recognise.entry_only", title=entry.title)
    title = entry.title if entry else own or file_title(document)
    return Recognised(kind, confidence, (why,), title, draft=False, attachment=False)
