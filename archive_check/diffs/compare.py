"""Two reports of the same cases against each other: what was put right, what is left, what is new.

A finding is the same where its fingerprint is. Since putting a case right renames files, and a
fingerprint rests on the offender's path, what remains is compared by rule and the offender's
content, then by rule and its type and title.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from archive_check.findings import verdict
from archive_check.model import Accepted, CaseReport, Finding, Lang, MaterialRow, Report

Part = Literal["new", "open", "unjudged", "accepted", "remedied"]


@dataclass(frozen=True, slots=True)
class CaseDiff:
    """A case then and now; `old` or `new` is None where that report does not have the case.

    `unjudged` are earlier findings that are gone while their rules were not judged again: nobody
    knows whether they were remedied.
    """

    old: CaseReport | None
    new: CaseReport | None
    added: tuple[Finding, ...] = ()
    open: tuple[Finding, ...] = ()
    unjudged: tuple[Finding, ...] = ()
    accepted: tuple[Accepted, ...] = ()
    remedied: tuple[Finding, ...] = ()

    @property
    def case(self) -> CaseReport:
        """The case as it is now, or as it was where it was not checked again."""
        found = self.new or self.old
        assert found is not None
        return found

    @property
    def left(self) -> tuple[Finding, ...]:
        """What asks for work: one that nobody judged again is no better than an open one."""
        return (*self.added, *self.open, *self.unjudged)

    @property
    def parts(self) -> list[tuple[Part, tuple[Finding, ...]]]:
        """The findings by what became of them, what asks for work first."""
        return [
            ("new", self.added),
            ("open", self.open),
            ("unjudged", self.unjudged),
            ("accepted", tuple(entry.finding for entry in self.accepted)),
            ("remedied", self.remedied),
        ]


@dataclass(frozen=True, slots=True)
class Diff:
    """The whole comparison. Every format shows this and nothing else."""

    old: Report
    new: Report
    cases: tuple[CaseDiff, ...]
    lang: Lang


def compare(old: Report, new: Report, lang: Lang) -> Diff:
    """What became of the earlier findings, case by case in the order of the new report."""
    return Diff(old, new, tuple(_compare(*both) for both in _pairs(old.cases, new.cases)), lang)


def against_baseline(report: Report, baseline: Report) -> Report:
    """The report with the findings that the baseline has set apart as known.

    What the baseline accepted is not known: an acceptance ends on its day, a baseline never.
    """
    old = {id(new): old for old, new in _pairs(baseline.cases, report.cases) if new}
    return replace(report, cases=tuple(_less(case, old[id(case)]) for case in report.cases))


def _less(case: CaseReport, old: CaseReport | None) -> CaseReport:
    before = (*old.findings, *(old.known or ())) if old else ()
    same = _matches(before, case.findings, old, case)
    counted = tuple(found for n, found in enumerate(case.findings) if n not in same)
    known = tuple(found for n, found in enumerate(case.findings) if n in same)
    return replace(case, findings=counted, known=known, verdict=verdict(counted, case.rules))


def _compare(old: CaseReport | None, new: CaseReport | None) -> CaseDiff:
    before = _earlier(old) if old else ()
    if new is None:
        return CaseDiff(old, None, unjudged=before)
    now = (*new.findings, *(new.known or ()))
    accepted = tuple(entry.finding for entry in new.accepted)
    same = _matches(before, (*now, *accepted), old, new)
    left = set(same.values())
    gone = [finding for n, finding in enumerate(before) if n not in left]
    judged = {rule.rule for rule in new.rules if rule.outcome != "not-checked"}
    return CaseDiff(
        old,
        new,
        added=tuple(finding for n, finding in enumerate(now) if n not in same),
        open=tuple(finding for n, finding in enumerate(now) if n in same),
        unjudged=tuple(finding for finding in gone if finding.rule not in judged),
        accepted=new.accepted,
        remedied=tuple(finding for finding in gone if finding.rule in judged),
    )


def _earlier(case: CaseReport) -> tuple[Finding, ...]:
    accepted = (entry.finding for entry in case.accepted)
    return (*case.findings, *(case.known or ()), *accepted)


def _matches(
    before: Sequence[Finding],
    now: Sequence[Finding],
    old: CaseReport | None,
    new: CaseReport,
) -> dict[int, int]:
    """For each finding of now that was there before: which of those it was, by index."""
    rows_then = {row.path: row for row in old.materials} if old else {}
    rows_now = {row.path: row for row in new.materials}
    found: dict[int, int] = {}
    for key in _KEYS:
        waiting: dict[Hashable, list[int]] = defaultdict(list)
        taken = set(found.values())
        for n, finding in enumerate(before):
            if n not in taken:
                waiting[key(finding, rows_then)].append(n)
        waiting.pop(None, None)
        for n, finding in enumerate(now):
            left = waiting.get(key(finding, rows_now)) if n not in found else None
            if left:
                found[n] = left.pop(0)
    return found


_Rows = Mapping[str, MaterialRow]


def _row(finding: Finding, rows: _Rows) -> MaterialRow | None:
    return rows.get(finding.materials[0]) if finding.materials else None


def _by_content(finding: Finding, rows: _Rows) -> Hashable:
    row = _row(finding, rows)
    return (finding.rule, row.sha256) if row and row.sha256 else None


def _by_title(finding: Finding, rows: _Rows) -> Hashable:
    row = _row(finding, rows)
    return (finding.rule, row.type, row.title) if row else None


_KEYS: tuple[Callable[[Finding, _Rows], Hashable], ...] = (
    lambda finding, _: finding.fingerprint,
    _by_content,
    _by_title,
)


def _pairs(
    old: Sequence[CaseReport], new: Sequence[CaseReport]
) -> list[tuple[CaseReport | None, CaseReport | None]]:
    """Each case of now with what it was, then the cases that were not checked again.

    Cases are the same by path, else by the name of their folder, else by project, where no other
    has it; two reports of one case each speak of the same.
    """
    partner: dict[int, int] = {}
    for key in (_path, _name, _project):
        then = _unique(key, ((n, case) for n, case in enumerate(old) if n not in partner.values()))
        now = _unique(key, ((n, case) for n, case in enumerate(new) if n not in partner))
        partner |= {now[shared]: then[shared] for shared in now.keys() & then.keys()}
    if len(old) == len(new) == 1:
        partner = {0: 0}
    both: list[tuple[CaseReport | None, CaseReport | None]] = [
        (old[partner[n]] if n in partner else None, case) for n, case in enumerate(new)
    ]
    return both + [(case, None) for n, case in enumerate(old) if n not in partner.values()]


def _unique(
    key: Callable[[CaseReport], str], cases: Iterable[tuple[int, CaseReport]]
) -> dict[str, int]:
    keyed = [(key(case), n) for n, case in cases]
    times = Counter(shared for shared, _ in keyed)
    return {shared: n for shared, n in keyed if shared and times[shared] == 1}


def _path(case: CaseReport) -> str:
    return case.path.rstrip("/")


def _name(case: CaseReport) -> str:
    return _path(case).rsplit("/", 1)[-1]


def _project(case: CaseReport) -> str:
    return str(case.case.get("project") or "")
