"""What the engine matched becomes findings in words; what was recognised becomes report rows."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from archive_check.arranged import Case
from archive_check.engine import Hit, Judgement
from archive_check.model import (
    ArchiveCheckError,
    CaseReport,
    Finding,
    Ignored,
    Lang,
    Material,
    MaterialRow,
    MaterialType,
    Recognition,
    RuleOutcome,
    Said,
    Verdict,
    said,
)
from archive_check.reports.orders import SECTION_RULE
from archive_check.reports.words import provision
from archive_check.rulebook import Rulebook, phrase
from archive_check.rulelanguage import PLACEHOLDER, Rule
from archive_check.texts import say

_CASE_KEYS = (
    "project", "project_type", "unit", "person", "started", "ended", "filed", "year",
    "retention", "classification", "filer",
)  # fmt: skip


def recognised(
    path: str,
    case: Case,
    recognition: Recognition,
    ignored: Sequence[Ignored],
    types: Mapping[str, MaterialType],
    lang: Lang,
) -> CaseReport:
    """The case as it was recognised, not judged."""
    return CaseReport(
        path=path,
        case={key: _plain(case, key) for key in _CASE_KEYS},
        verdict="compliant",
        materials=tuple(_row(material, types, lang) for material in case.materials),
        findings=(),
        rules=(),
        ignored=tuple(
            (item.path, say(lang, item.why)) for item in (*ignored, *recognition.ignored)
        ),
        notes=tuple(say(lang, note) for note in recognition.notes),
    )


def judged(
    report: CaseReport,
    hits: Sequence[Hit],
    judgements: Sequence[Judgement],
    rules: Rulebook,
    lang: Lang,
    select: frozenset[str],
    ignore: frozenset[str],
) -> CaseReport:
    """The same case with findings, outcomes and the verdict that follows from them."""
    found = tuple(
        _finding(hit, lang)
        for hit in _one_an_offender(hits)
        if _wanted(hit.rule.id, select, ignore)
    )
    by_id = {rule.id: rule for rule in rules.rules}
    outcomes = tuple(
        _outcome(judgement, by_id[judgement.rule_id], lang, select, ignore)
        for judgement in judgements
    )
    notes = (*report.notes, *(say(lang, note) for note in _unplaced(report.materials, outcomes)))
    said_of_it = verdict(found, outcomes)
    return replace(report, findings=found, rules=outcomes, notes=notes, verdict=said_of_it)


def _unplaced(rows: Sequence[MaterialRow], outcomes: Sequence[RuleOutcome]) -> Iterator[Said]:
    """A note where nothing tells which section papers were filed in: that no paper was found in a
    wrong one then means nothing."""
    idle = any(x.rule == SECTION_RULE and x.outcome == "not-applicable" for x in outcomes)
    if idle and any(row.section != "apparatus" for row in rows):
        yield said("judge.unplaced", rule=SECTION_RULE)


def verdict(found: Sequence[Finding], outcomes: Sequence[RuleOutcome]) -> Verdict:
    """Deficient with an error or warning; else incomplete where an error rule went unchecked.

    Rules that the run was told to leave out leave no gap.
    """
    if any(finding.severity in ("error", "warning") for finding in found):
        return "deficient"
    unchecked = any(
        rule.outcome == "not-checked" and rule.severity == "error" and not rule.left_out
        for rule in outcomes
    )
    return "incomplete" if unchecked else "compliant"


def refuse_unknown_rules(rules: Rulebook, names: Sequence[str]) -> None:
    """Raise ArchiveCheckError for a name that is neither a rule nor the beginning of one."""
    for name in names:
        if not any(rule.id.startswith(name) for rule in rules.rules):
            raise ArchiveCheckError(said("usage.no-rule", rule=name))


def _wanted(rule: str, select: frozenset[str], ignore: frozenset[str]) -> bool:
    chosen = not select or any(_names(name, rule) for name in select)
    return chosen and not any(_names(name, rule) for name in ignore)


def _names(name: str, rule: str) -> bool:
    """`CQ57` names all of its article, `CQ57.1` that rule alone."""
    return name == rule or ("." not in name and rule.startswith(name))


def _one_an_offender(hits: Sequence[Hit]) -> Iterator[Hit]:
    seen: set[tuple[str, str, str]] = set()
    for hit in hits:
        materials = hit.materials
        key = (hit.rule.id, materials[0] if materials else "", "" if materials else _about(hit))
        if key not in seen:
            seen.add(key)
            yield hit


def _about(hit: Hit) -> str:
    return "|".join(sorted(fact.id for fact in hit.facts.values()))


def _finding(hit: Hit, lang: Lang) -> Finding:
    rule = hit.rule
    name = rule.offender if rule.offender != "case" else next(iter(hit.facts))
    fact = hit.facts[name]
    materials = hit.materials
    return Finding(
        rule=rule.id,
        severity=rule.severity,
        message=phrase(rule.message, hit.facts, lang),
        cites=tuple(provision(cite, lang) for cite in rule.cites),
        materials=materials,
        evidence=_join(fact.evidence, lang),
        remedy=phrase(rule.remedy, hit.facts, lang),
        details=fact.details,
        fingerprint=_fingerprint(rule.id, materials, fact.id),
    )


def _join(sentences: Sequence[Said], lang: Lang) -> str:
    return ("；" if lang == "zh" else "; ").join(say(lang, sentence) for sentence in sentences)


def _fingerprint(rule: str, materials: Sequence[str], about: str) -> str:
    """Stable while the case moves and other findings come and go: rule and offender alone."""
    offender = materials[0] if materials else about
    return hashlib.sha256(f"{rule}\n{offender}".encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _outcome(
    judgement: Judgement, rule: Rule, lang: Lang, select: frozenset[str], ignore: frozenset[str]
) -> RuleOutcome:
    if _wanted(rule.id, select, ignore):
        outcome, why, left_out = judgement.outcome, _join(judgement.why, lang) or None, False
    else:
        outcome, why, left_out = "not-checked", say(lang, said("judge.not_selected")), True
    return RuleOutcome(
        rule=rule.id,
        outcome=outcome,
        why=why,
        title=rule.title[lang],
        severity=rule.severity,
        cites=tuple(provision(cite, lang) for cite in rule.cites),
        # What a message fills in differs from finding to finding.
        remedy=PLACEHOLDER.sub("…", rule.remedy[lang]),
        left_out=left_out,
    )


def _plain(case: Case, key: str) -> object:
    stated = case.facts.get(key)
    value = None if stated is None else stated.value
    return value.isoformat() if isinstance(value, date) else value


def _row(material: Material, types: Mapping[str, MaterialType], lang: Lang) -> MaterialRow:
    document = material.document
    return MaterialRow(
        path=material.path,
        position=material.position,
        type=material.type,
        section=material.section,
        filed_section=material.filed_section,
        group=material.group,
        role=material.role,
        title=material.written or material.title,
        date=material.date.isoformat() if material.date else None,
        doc_no=material.doc_no,
        pages=document.pages,
        media_type=document.media_type,
        bytes=document.size,
        sha256=document.sha256,
        confidence=material.confidence,
        why=tuple(say(lang, reason) for reason in material.why),
        type_name=types[material.type].called(material)[lang],
    )
