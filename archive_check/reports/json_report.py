"""The report as JSON, as `report.schema.json` describes it."""

from __future__ import annotations

import json
import re
from dataclasses import fields
from typing import Any

from archive_check.model import Accepted, CaseReport, Finding, MaterialRow, Report

SCHEMA = "archive-check/report/1"

_ACTING = re.compile(
    "[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufffe\uffff]"
)


def render(report: Report) -> bytes:
    """The report in UTF-8, deterministic to the byte."""
    return dumps(
        {
            "schema": SCHEMA,
            "tool": dict(report.tool),
            "packs": [dict(pack) for pack in report.packs],
            "as_of": report.as_of.isoformat(),
            "cases": [_case(case) for case in report.cases],
        }
    )


def dumps(content: object) -> bytes:
    """JSON in UTF-8 for people and programs: indented, Chinese as Chinese, a line feed behind.

    Lone surrogates have no UTF-8, and some characters could act on a terminal: they stand as
    JSON escapes, which mean the same.
    """
    text = json.dumps(content, ensure_ascii=False, indent=2, allow_nan=False, default=dict)
    text = _ACTING.sub(lambda found: f"\\u{ord(found.group()):04x}", text)
    return f"{text}\n".encode()


def _case(case: CaseReport) -> dict[str, Any]:
    told: dict[str, Any] = {
        "path": case.path,
        "case": dict(case.case),
        "verdict": case.verdict,
        "materials": [_fields(row, "type_name") for row in case.materials],
        "findings": [as_finding(finding) for finding in case.findings],
        "rules": [
            {"rule": rule.rule, "outcome": rule.outcome, "why": rule.why} for rule in case.rules
        ],
        "ignored": [{"path": path, "why": why} for path, why in case.ignored],
        "accepted": [as_accepted(entry) for entry in case.accepted],
        "notes": list(case.notes),
    }
    if case.known is not None:
        told["known"] = [as_finding(finding) for finding in case.known]
    return told


def as_finding(finding: Finding) -> dict[str, Any]:
    """A finding as JSON has it."""
    return _fields(finding)


def as_accepted(entry: Accepted) -> dict[str, Any]:
    """An accepted finding as JSON has it: the finding with its reason."""
    until = entry.until.isoformat() if entry.until else None
    return {
        "finding": as_finding(entry.finding), "reason": entry.reason, "by": entry.by, "until": until
    }  # fmt: skip


def _fields(row: MaterialRow | Finding, *left_out: str) -> dict[str, Any]:
    """A row as JSON has it; what only serves readers of other formats is left out."""
    values = {field.name: getattr(row, field.name) for field in fields(row)}
    return {name: value for name, value in values.items() if name not in left_out}
