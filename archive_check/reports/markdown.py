"""The report as GitHub-flavoured Markdown."""

from __future__ import annotations

import re
from collections.abc import Sequence

from archive_check.model import CaseReport, Lang, Report
from archive_check.reports import words
from archive_check.reports.words import flat, plain
from archive_check.texts import tell

_MEANS_SOMETHING = re.compile(r"([\\`*_{}\[\]()#+!|~^$:@-])")


def render(report: Report) -> bytes:
    """Verdict, findings, what was not checked, materials, in UTF-8."""
    lines: list[str] = []
    for case in report.cases:
        lines += _case(case, report.lang)
    lines += ["---", "", *_pairs(words.run_facts(report))]
    return "\n".join([*lines, ""]).encode()


def escaped(text: str) -> str:
    """Text that shows as it is: no markup, no HTML, on one line of Markdown."""
    text = plain(text).strip()
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _MEANS_SOMETHING.sub(r"\\\1", text).replace("\n", "<br>")


def _case(case: CaseReport, lang: Lang) -> list[str]:
    verdict = words.code_name(lang, "verdict", case.verdict)
    line = tell(lang, "report.verdict-line", verdict=verdict, tally=words.tally(case, lang))
    lines = [f"# {tell(lang, 'report.title')}", "", *_pairs(words.case_facts(case, lang))]
    lines += ["", f"**{escaped(line)}**", ""]
    for severity, findings in words.by_severity(case):
        lines += [f"## {escaped(tell(lang, f'severity.{severity}s', number=len(findings)))}", ""]
        rows = [
            (
                finding.rule,
                words.cited(finding, lang),
                words.offender(finding, lang),
                finding.message,
                finding.evidence,
                finding.remedy,
                "\n".join(finding.materials[1:]),
            )
            for finding in findings
        ]
        names = ("rule", "provision", "material", "message", "evidence", "remedy", "files")
        lines += _table(lang, names, rows)
    for kind, found in words.set_aside(case, lang):
        title = tell(lang, "report.count", title=tell(lang, f"aside.{kind}"), number=len(found))
        lines += [f"## {title}", "", tell(lang, f"aside.{kind}-remark"), ""]
        aside = [
            (
                finding.rule,
                words.cited(finding, lang),
                words.offender(finding, lang),
                finding.message,
                finding.evidence,
                finding.remedy,
                remark,
            )
            for finding, remark in found
        ]
        names = ("rule", "provision", "material", "message", "evidence", "remedy", "remark")
        lines += _table(lang, names, aside)
    rules = [(rule.rule, rule.title, rule.why or "") for rule in words.not_checked(case)]
    if rules:
        lines += [*_head(lang, "not-checked", len(rules)), tell(lang, "report.not-checked-remark")]
        lines += ["", *_table(lang, ("rule", "asks", "why"), rules)]
    if left_out := words.left_out(case, lang):
        lines += [escaped(left_out), ""]
    lines += _head(lang, "materials", len(case.materials))
    for section, filed in words.by_section(case):
        lines += [f"### {words.section_name(lang, section)}", ""]
        materials = [
            (str(row.position), words.type_name(row), row.title, row.date or "", row.path)
            for row in filed
        ]
        lines += _table(lang, ("position", "type", "title", "date", "file"), materials)
    if case.ignored:
        lines += _head(lang, "ignored", len(case.ignored))
        lines += _table(lang, ("file", "why"), case.ignored)
    if case.notes:
        lines += [f"## {tell(lang, 'report.notes')}", ""]
        lines += [*(f"- {escaped(note)}" for note in case.notes), ""]
    return lines


def _head(lang: Lang, key: str, number: int) -> list[str]:
    title = tell(lang, "report.count", title=tell(lang, f"report.{key}"), number=number)
    return [f"## {title}", ""]


def _pairs(rows: Sequence[tuple[str, str]]) -> list[str]:
    return [f"- {escaped(label)}: {escaped(value)}" for label, value in rows]


def _table(lang: Lang, names: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    heads = [flat(tell(lang, f"column.{name}")) for name in names]
    cells = [heads, ["---"] * len(heads), *([escaped(cell) for cell in row] for row in rows)]
    return [*(f"| {' | '.join(row)} |" for row in cells), ""]
