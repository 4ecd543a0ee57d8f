"""The report as SARIF 2.1.0 (OASIS), for code hosts and viewers of analysis results.

A finding is a result; a rule that could not be checked is a result of kind `open`, which SARIF
has for what could not be decided. Accepted findings are suppressed results; where there is a
baseline, `baselineState` tells what is new from what was there.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from archive_check.model import CaseReport, Finding, Lang, Report, RuleOutcome, Severity
from archive_check.reports import words
from archive_check.reports.json_report import dumps
from archive_check.reports.words import plain
from archive_check.texts import tell

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"

_LEVELS: dict[Severity, str] = {"error": "error", "warning": "warning", "info": "note"}


def render(report: Report) -> bytes:
    """One run with the results of all cases; each case is a base of its materials' paths."""
    rules = _rules(report)
    index = {rule["id"]: number for number, rule in enumerate(rules)}
    results: list[dict[str, Any]] = []
    for number, case in enumerate(report.cases, 1):
        results += _results(case, f"CASE{number}", index, report.lang)
    run = {
        "tool": {
            "driver": {
                "name": report.tool["name"],
                "version": report.tool["version"],
                "rules": rules,
            }
        },
        "originalUriBaseIds": {
            f"CASE{number}": {"description": {"text": plain(case.path)}}
            for number, case in enumerate(report.cases, 1)
        },
        "columnKind": "unicodeCodePoints",
        "results": results,
        "properties": {
            "as_of": report.as_of.isoformat(),
            "packs": [dict(pack) for pack in report.packs],
            "verdicts": {f"CASE{n}": case.verdict for n, case in enumerate(report.cases, 1)},
        },
    }
    return dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]})


def _rules(report: Report) -> list[dict[str, Any]]:
    """Every rule once, in the order of the report."""
    rules: dict[str, dict[str, Any]] = {}
    for case in report.cases:
        for rule in case.rules:
            described: dict[str, Any] = {"id": rule.rule}
            if rule.title:
                described["shortDescription"] = {"text": plain(rule.title)}
            if rule.remedy or rule.cites:
                described["help"] = {"text": _help(rule, report.lang)}
                described["properties"] = {"cites": [plain(cite) for cite in rule.cites]}
            if rule.severity:
                described["defaultConfiguration"] = {"level": _LEVELS[rule.severity]}
            rules.setdefault(rule.rule, described)
        accepted = (entry.finding for entry in case.accepted)
        for finding in (*case.findings, *accepted, *(case.known or ())):
            rules.setdefault(finding.rule, {"id": finding.rule})
    return list(rules.values())


def _help(rule: RuleOutcome, lang: Lang) -> str:
    """What a rule asks, its provision, and how to mend what it finds."""
    provisions = tell(lang, "report.and").join(rule.cites)
    lines = [
        rule.title,
        tell(lang, "report.provision", provision=provisions) if provisions else "",
        tell(lang, "report.remedy", remedy=rule.remedy) if rule.remedy else "",
    ]
    return plain("\n".join(line for line in lines if line))


def _results(
    case: CaseReport, base: str, index: dict[str, int], lang: Lang
) -> list[dict[str, Any]]:
    results = [_finding(finding, base, index, lang) for finding in case.findings]
    for entry in case.accepted:
        suppression = {"kind": "external", "status": "accepted",
                       "justification": plain(entry.reason)}  # fmt: skip
        result = _finding(entry.finding, base, index, lang)
        results.append({**result, "suppressions": [suppression]})
    if case.known is not None:
        results = [{**result, "baselineState": "new"} for result in results]
        results += [
            {**_finding(finding, base, index, lang), "baselineState": "unchanged"}
            for finding in case.known
        ]
    for rule in words.not_checked(case):
        text = plain(f"{rule.title} ({rule.why})" if rule.why else rule.title or rule.rule)
        results.append(
            {
                "ruleId": rule.rule,
                "ruleIndex": index[rule.rule],
                "kind": "open",
                "level": "none",
                "message": {"text": text},
                "locations": [_location("", base)],
            }
        )
    return results


def _finding(finding: Finding, base: str, index: dict[str, int], lang: Lang) -> dict[str, Any]:
    first, *others = finding.materials or ("",)
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": index[finding.rule],
        "level": _LEVELS[finding.severity],
        "message": {"text": plain("\n".join(words.told(finding, lang)))},
        "locations": [_location(first, base)],
        "partialFingerprints": {"archiveCheck/v1": finding.fingerprint},
        "properties": {"cites": list(finding.cites), "details": dict(finding.details)},
    }
    if others:
        result["relatedLocations"] = [_location(path, base) for path in others]
    return result


def _location(path: str, base: str) -> dict[str, Any]:
    # A lone surrogate has no UTF-8; the bytes still tell one path from another.
    uri = quote(path.encode("utf-8", "surrogatepass"))
    return {"physicalLocation": {"artifactLocation": {"uri": uri or "./", "uriBaseId": base}}}
