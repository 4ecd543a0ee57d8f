"""Which document each material goes with (contract, "Groups and roles"; article 58).

A relation ties a member to its main document. The kinds are those of the contract's table:
attachment, draft, request, instruction, original, receipt, evidence, note, approval.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from archive_check.arranged import Relation, RelationKind
from archive_check.model import Material

REPORTS = (
    "audit-report", "follow-up-report", "audit-result-report", "corrected-report",
    "interim-report", "audit-opinion", "transfer-letter",
)  # fmt: skip
_ALIKE = 88.0
_TELLING = 4
"""Least characters of a title by which a record names what it holds."""
RECORDS = ("evidence-record", "interview-record", "stocktake-record")
EVIDENCE = (
    *RECORDS, "confirmation", "expert-appraisal", "electronic-evidence", "evidence-attachment",
    "electronic-evidence-note",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wording:
    """The pack's patterns that tell relations between titles."""

    summary: re.Pattern[str]
    detail: re.Pattern[str]
    about: re.Pattern[str]
    consultation: re.Pattern[str]
    prefix: re.Pattern[str]
    result_report: re.Pattern[str]
    likeness: Callable[[str, str], float]


@dataclass(frozen=True, slots=True)
class _Papers:
    """The case's materials in order, and by type: a case has thousands."""

    all: Sequence[Material]
    by_type: Mapping[str, Sequence[Material]]
    records: Sequence[Material]


def _papers(materials: Sequence[Material]) -> _Papers:
    by_type: dict[str, list[Material]] = {}
    for material in materials:
        by_type.setdefault(material.type, []).append(material)
    records = [m for kind in RECORDS for m in by_type.get(kind, ())]
    return _Papers(materials, by_type, records)


def relations(materials: Sequence[Material], wording: Wording) -> tuple[Relation, ...]:
    """Every member's relation to its main document; materials come in the case's order."""
    found = []
    papers = _papers(materials)
    for material in materials:
        relation = _relation(material, papers, wording)
        if relation is not None and relation.main != material.path:
            found.append(relation)
    return tuple(_without_circles(found))


def originals(materials: Sequence[Material], wording: Wording) -> tuple[Relation, ...]:
    """Details and vouchers with the summary or list of the same thing (article 58, item 6)."""
    supporting = [m for m in materials if m.type in ("evidence-attachment", "report-attachment")]
    summaries = [m for m in supporting if wording.summary.search(_base(m.title))]
    found = []
    for material in supporting:
        if not wording.detail.search(_base(material.title)) or material in summaries:
            continue
        own = _stem(material.title, wording)
        same = [s for s in summaries if _same_thing(own, _stem(s.title, wording), wording)]
        if nearest := _nearest(material, same):
            found.append(Relation("original", material.path, nearest.path))
    return tuple(found)


def _relation(m: Material, all_: _Papers, wording: Wording) -> Relation | None:
    for kind, main in _candidates(m, all_, wording):
        if main is not None:
            return Relation(kind, m.path, main.path)
    return None


def _candidates(
    m: Material, all_: _Papers, wording: Wording
) -> Iterator[tuple[RelationKind, Material | None]]:
    if m.document.outer is not None:
        yield "attachment", next((x for x in all_.all if x.path == m.document.outer), None)
    elif m.type == "report-attachment":
        yield "attachment", _attached_to(m, all_, wording) or _report(m, all_)
    elif m.type == "consultation-letter" and _is_draft_for_comment(m):
        letters = [x for x in _of(all_, "consultation-letter") if not _is_draft_for_comment(x)]
        yield "attachment", _nearest(m, letters)
    elif m.type == "report-draft":
        yield "draft", _drafted(m, all_, wording)
    elif m.draft:
        yield "draft", _likest(m, _finals(all_, m.type), wording)
    elif m.type in EVIDENCE:
        yield from _evidence(m, all_, wording)
    elif m.type in ("report-delivery-receipt", "notice-delivery-receipt"):
        yield "receipt", _delivered(m, all_)
    elif m.type == "plan-request":
        yield "request", _nearest(m, _of(all_, "plan-approval") or _of(all_, "annual-plan"))
    elif m.type == "plan-approval":
        if not any(_adjusts(m, x, wording) for x in _of(all_, "plan-adjustment")):
            yield "approval", _nearest(m, _finals(all_, "annual-plan"))
    elif m.type == "plan-adjustment":
        replies = [x for x in _of(all_, "reply", "plan-approval") if _adjusts(x, m, wording)]
        yield "request", _nearest(m, replies)
    elif m.type in ("programme-approval", "programme-adjustment"):
        yield "approval", _nearest(m, _finals(all_, "audit-programme"))
    elif m.type == "leader-instruction":
        yield "instruction", _report(m, all_)
    elif m.type == "start-instruction":
        yield "instruction", _instructed(m, all_, wording)
    elif m.type in ("request", "report-submission"):
        yield "request", _replied(m, all_, wording)
    elif m.attachment:
        yield "attachment", _attached_to(m, all_, wording)


def _is_draft_for_comment(m: Material) -> bool:
    return m.fields.get("draft_for_comment") == "yes"


def _of(papers: _Papers, *types: str) -> Sequence[Material]:
    if len(types) == 1:
        return papers.by_type.get(types[0], ())
    return [m for kind in types for m in papers.by_type.get(kind, ())]


def _finals(all_: _Papers, *types: str) -> list[Material]:
    return [m for m in _of(all_, *types) if not m.draft and not m.attachment]


def _nearest(m: Material, among: Sequence[Material]) -> Material | None:
    """The nearest before the material, else the nearest behind it."""
    return min(
        (x for x in among if x is not m),
        key=lambda x: (x.position > m.position, abs(x.position - m.position)),
        default=None,
    )


def _likest(m: Material, among: Sequence[Material], wording: Wording) -> Material | None:
    return max(
        (x for x in among if x.path != m.path),
        key=lambda x: (wording.likeness(m.title, x.title), -abs(x.position - m.position)),
        default=None,
    )


def _drafted(m: Material, all_: _Papers, wording: Wording) -> Material | None:
    """The final version of a report's draft; the result report only where the draft is called one,
    a corrected report only where there is no other."""
    kinds = [("audit-report", "follow-up-report"), ("audit-result-report",)]
    if wording.result_report.search(m.title):
        kinds.reverse()
    for types in (*kinds, ("corrected-report",)):
        if main := _likest(m, _finals(all_, *types), wording):
            return main
    return None


def _report(m: Material, all_: _Papers) -> Material | None:
    for types in (("audit-report", "follow-up-report"), ("corrected-report",), REPORTS):
        if main := _nearest(m, _finals(all_, *types)):
            return main
    return None


def _attached_to(m: Material, all_: _Papers, wording: Wording) -> Material | None:
    """What an attachment is attached to: by number, by the title it names, else what precedes."""
    others = [x for x in all_.all if not x.attachment and x.path != m.path]
    number = m.place.number
    if number and len(number) > 1:
        for x in others:
            if x.place.number == number[:-1] and x.place.levels[:-1] == m.place.levels[:-1]:
                return x
    if m.type == "report-attachment":
        if wording.consultation.search(m.title):
            return _nearest(m, _of(_papers(others), "consultation-letter"))
        return _report(m, all_)
    base = _plain(wording.prefix.sub("", m.title))
    named = [x for x in others if len(base) >= 4 and base in _plain(x.fields.get("annexes", ""))]
    if named:
        return _nearest(m, named)
    same = (
        _finals(_papers(others), m.type) if m.type not in ("other", "evidence-attachment") else []
    )
    if same:
        return _nearest(m, same)
    near = [x for x in others if x.filed_section == m.filed_section and x.position < m.position]
    return _nearest(m, [x for x in near if x.section != "apparatus"])


def _evidence(
    m: Material, all_: _Papers, wording: Wording
) -> Iterator[tuple[RelationKind, Material | None]]:
    papers = _of(all_, "workpaper")
    if m.type == "electronic-evidence-note":
        yield "note", _nearest(m, _of(all_, "electronic-evidence"))
    if m.type == "evidence-attachment":
        yield "attachment", _record_of(m, all_)
    yield "evidence", _workpaper_of(m, papers, wording)


def _record_of(m: Material, all_: _Papers) -> Material | None:
    """The record that an attachment supports: named by index, by its title in the catalogue or its
    own, else right before it."""
    own = m.fields.get("index_no") or m.fields.get("workpaper_ref")
    if own:
        named = [r for r in all_.records if r.fields.get("index_no") == own]
        if named:
            return _nearest(m, named)
    titles = (_plain(m.entry.title) if m.entry else "", _plain(_base(m.title)))
    for title in dict.fromkeys(titles):
        if len(title) < _TELLING:
            continue
        naming = [r for r in all_.records if title in _plain(r.fields.get("attachments", ""))]
        if naming:
            return _nearest(m, naming)
    for x in reversed(all_.all[: m.position - 1]):
        if x.type in RECORDS:
            return x
        if x.type not in ("evidence-attachment", "electronic-evidence", "electronic-evidence-note"):
            return None
    return None


def _workpaper_of(m: Material, papers: Sequence[Material], wording: Wording) -> Material | None:
    """By index number, by matter, or by the place behind it."""
    index = m.fields.get("workpaper_ref") or m.fields.get("index_no")
    by_index = [
        p for p in papers if index and (own := p.fields.get("index_no")) and _belongs(index, own)
    ]
    if by_index:
        best = max(len(p.fields["index_no"]) for p in by_index)
        return _nearest(m, [p for p in by_index if len(p.fields["index_no"]) == best])
    before = [p for p in papers if p.position < m.position]
    nearest = before[-1] if before else None
    if nearest is not None and not nearest.document.text_read:
        return nearest
    matter = _plain(m.fields.get("matter", ""))
    by_matter = [p for p in papers if matter and _same_matter(p, matter, wording)]
    if by_matter:
        return _nearest(m, by_matter)
    return nearest


def _same_matter(paper: Material, matter: str, wording: Wording) -> bool:
    own = _plain(paper.fields.get("matter", ""))
    if own == matter:
        return True
    shorter, longer = sorted((own, matter), key=len)
    return len(shorter) >= 4 and (shorter in longer or wording.likeness(own, matter) >= _ALIKE)


def _belongs(index: str, paper: str) -> bool:
    """Whether an evidence's index number is, or extends, the workpaper's: A-03-1 of A-03."""
    return index == paper or (index.startswith(paper) and index[len(paper)] in "-./_(")


def _delivered(m: Material, all_: _Papers) -> Material | None:
    what = m.fields.get("delivers")
    if m.type == "notice-delivery-receipt" or what == "notice":
        return _nearest(m, _of(all_, "audit-notice"))
    if what == "consultation":
        letters = _of(all_, "consultation-letter")
        return _nearest(m, [x for x in letters if not _is_draft_for_comment(x)] or letters)
    return _report(m, all_)


def _instructed(m: Material, all_: _Papers, wording: Wording) -> Material | None:
    """The request or submission that a starting instruction speaks of: named, or beside it."""
    papers = _of(all_, "request", "report-submission")
    named = [x for x in papers if _speak_of_the_same(m, x, wording)]
    if named:
        return _nearest(m, named)
    beside = [x for x in papers if abs(x.position - m.position) == 1]
    return beside[0] if beside else None


def _replied(m: Material, all_: _Papers, wording: Wording) -> Material | None:
    replies = _of(all_, "reply", "plan-approval", "programme-approval")
    named = [x for x in replies if _speak_of_the_same(x, m, wording)]
    return _nearest(m, named)


def _adjusts(reply: Material, adjustment: Material, wording: Wording) -> bool:
    """Whether a reply is to the request to adjust the plan, not to that for the plan itself."""
    if not reply.date or not adjustment.date or reply.date < adjustment.date:
        return False
    return _speak_of_the_same(reply, adjustment, wording)


def _speak_of_the_same(reply: Material, request: Material, wording: Wording) -> bool:
    """Whether a reply names the request: by number, by title, or by the same subject."""
    text = reply.document.text[:3000]
    if any(number in text.replace(" ", "") for number in request.doc_nos):
        return True
    subject = _subject(request.title, wording)
    if len(subject) < 4:
        return False
    if subject in _plain(text):
        return True
    ours = _subject(reply.title, wording)
    # A reply on the plan itself says less than the request that changes it.
    if request.type == "plan-adjustment" and ours != subject and ours in subject:
        return False
    return wording.likeness(ours, subject) >= 80


def _subject(title: str, wording: Wording) -> str:
    return wording.about.sub("", _base(title))


def _base(title: str) -> str:
    return re.sub(r"[(（][^()（）]*[)）]|\s", "", title)


@lru_cache(maxsize=16384)
def _plain(text: str) -> str:
    return "".join(c for c in text if c.isalnum())


def _stem(title: str, wording: Wording) -> str:
    base = _base(wording.prefix.sub("", title))
    return wording.detail.sub("", wording.summary.sub("", base))


def _same_thing(a: str, b: str, wording: Wording) -> bool:
    if len(a) < 2 or len(b) < 2:
        return False
    return a == b or (min(len(a), len(b)) >= 3 and wording.likeness(a, b) >= 85)


def _without_circles(found: Sequence[Relation]) -> Iterator[Relation]:
    mains: Mapping[str, str] = {r.member: r.main for r in found}
    for relation in found:
        seen, at = {relation.member}, relation.main
        while at in mains and at not in seen:
            seen.add(at)
            at = mains[at]
        if at != relation.member:
            yield relation
