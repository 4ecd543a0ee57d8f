"""The comparison as JSON: findings in the form of the report, by what became of them."""

from __future__ import annotations

from typing import Any

from archive_check.diffs.compare import CaseDiff, Diff
from archive_check.model import CaseReport, Report
from archive_check.reports.json_report import as_accepted, as_finding, dumps

SCHEMA = "archive-check/diff/1"


def render(diff: Diff) -> bytes:
    """The comparison in UTF-8, deterministic to the byte.

    `cases[]` has `old` and `new` (path and verdict, null where that report lacks the case), and
    the lists `added`, `open`, `unjudged`, `accepted`, `remedied`.
    """
    return dumps(
        {
            "schema": SCHEMA,
            "old": _run(diff.old),
            "new": _run(diff.new),
            "cases": [_case(case) for case in diff.cases],
        }
    )


def _run(report: Report) -> dict[str, Any]:
    return {
        "tool": dict(report.tool),
        "packs": [dict(pack) for pack in report.packs],
        "as_of": report.as_of.isoformat(),
    }


def _case(case: CaseDiff) -> dict[str, Any]:
    return {
        "project": case.case.case.get("project"),
        "old": _side(case.old),
        "new": _side(case.new),
        "added": [as_finding(finding) for finding in case.added],
        "open": [as_finding(finding) for finding in case.open],
        "unjudged": [as_finding(finding) for finding in case.unjudged],
        "accepted": [as_accepted(entry) for entry in case.accepted],
        "remedied": [as_finding(finding) for finding in case.remedied],
    }


def _side(case: CaseReport | None) -> dict[str, Any] | None:
    return {"path": case.path, "verdict": case.verdict} if case else None
