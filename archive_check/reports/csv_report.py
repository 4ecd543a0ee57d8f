"""Findings as CSV (RFC 4180) for spreadsheets: one row a finding or a rule that was not checked.

Findings that do not count stand there too: the outcome tells them apart, the remark says why.
"""

from __future__ import annotations

import csv
from io import StringIO

from archive_check.model import CaseReport, Finding, Lang, Report
from archive_check.reports import words
from archive_check.reports.words import flat, plain
from archive_check.texts import tell

COLUMNS = (
    "case", "outcome", "severity", "rule", "provision", "material", "message", "evidence",
    "remedy", "files", "fingerprint", "remark",
)  # fmt: skip

_FORMULA = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What makes a spreadsheet take text for a formula, in both widths."""


def render(report: Report) -> bytes:
    """The table in UTF-8 with a byte order mark, without which Excel takes it for ANSI."""
    stream = StringIO()
    writer = csv.writer(stream)
    writer.writerow([tell(report.lang, f"column.{name}") for name in COLUMNS])
    for case in report.cases:
        writer.writerows([_cell(text) for text in row] for row in _rows(case, report.lang))
    return stream.getvalue().encode("utf-8-sig")


def _rows(case: CaseReport, lang: Lang) -> list[list[str]]:
    failed, unchecked = (
        words.code_name(lang, "outcome", outcome) for outcome in ("failed", "not-checked")
    )
    rows = [
        _finding(case, finding, failed, "", lang)
        for _, findings in words.by_severity(case)
        for finding in findings
    ]
    rows += [
        _finding(case, finding, tell(lang, f"aside.outcome-{kind}"), remark, lang)
        for kind, findings in words.set_aside(case, lang)
        for finding, remark in findings
    ]
    for rule in words.not_checked(case):
        severity = words.code_name(lang, "severity", rule.severity) if rule.severity else ""
        row = [case.path, unchecked, severity, rule.rule, "", "", rule.title, rule.why or ""]
        rows.append([*row, "", "", "", ""])
    return rows


def _finding(
    case: CaseReport, finding: Finding, outcome: str, remark: str, lang: Lang
) -> list[str]:
    return [
        case.path,
        outcome,
        words.code_name(lang, "severity", finding.severity),
        finding.rule,
        words.cited(finding, lang),
        words.offender(finding, lang),
        finding.message,
        finding.evidence,
        finding.remedy,
        tell(lang, "report.and").join(flat(path) for path in finding.materials[1:]),
        finding.fingerprint,
        remark,
    ]


def _cell(text: str) -> str:
    """Text that no spreadsheet calculates: an apostrophe goes before what looks like a formula."""
    safe = plain(text)
    return f"'{safe}" if safe.lstrip().startswith(_FORMULA) else safe
