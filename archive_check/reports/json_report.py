"""The report as JSON, as `report.schema.json` describes it."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from typing import Any

from archive_check.model import CaseReport, Report

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
    text = json.dumps(content, ensure_ascii=False, indent=2, allow_nan=False)
    text = _ACTING.sub(lambda found: f"\\u{ord(found.group()):04x}", text)
    return f"{text}\n".encode()


def _case(case: CaseReport) -> dict[str, Any]:
    return {
        "path": case.path,
        "case": dict(case.case),
        "verdict": case.verdict,
        "materials": [_without(asdict(row), "type_name") for row in case.materials],
        "findings": [asdict(finding) for finding in case.findings],
        "rules": [_without(asdict(rule), "title", "severity") for rule in case.rules],
        "ignored": [{"path": path, "why": why} for path, why in case.ignored],
    }


def _without(fields: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if name not in names}
