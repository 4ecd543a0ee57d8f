"""The report as text for a terminal or a file, wrapped to a width in character cells."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from archive_check.model import CaseReport, Finding, Lang, MaterialRow, Report
from archive_check.reports import words
from archive_check.reports.layout import indented, table, wrap
from archive_check.reports.words import flat, plain
from archive_check.texts import tell

WIDTH = 100
"""Cells a line where no terminal says otherwise, so that a file does not depend on one."""

NARROWEST = 60
"""Below this the table of findings can't be read; a narrower terminal breaks its lines itself."""

_COLOURS = {
    "error": 31, "warning": 33, "info": 36,
    "deficient": 31, "incomplete": 33, "compliant": 32,
}  # fmt: skip
_Paint = Callable[[str, str], str]


def render(report: Report, width: int = WIDTH, colour: bool = False) -> bytes:
    """The whole report: verdict, findings, what could not be checked, what was recognised.

    `width` is in cells; `colour` adds SGR sequences for a terminal.
    """
    width, lang = max(width, NARROWEST), report.lang
    paint = _painter(colour)
    lines: list[str] = []
    many = len(report.cases) > 1
    for number, case in enumerate(report.cases, start=1):
        count = tell(lang, "report.case-of", number=number, total=len(report.cases)) if many else ""
        lines += [tell(lang, "report.title") + count, "=" * width]
        lines += _facts(words.case_facts(case, lang), width)
        lines += ["", *_verdict(case, lang, width, paint), ""]
        lines += _findings(case, lang, width, paint)
        lines += _set_aside(case, lang, width)
        lines += _not_checked(case, lang, width)
        lines += _materials(case, lang, width)
        lines += _ignored(case, lang, width)
        lines += _notes(case, lang, width)
    if many:
        lines += _overview(report, width)
    lines += ["-" * width, *_facts(words.run_facts(report), width)]
    return _encoded(lines)


def render_materials(report: Report, width: int = WIDTH, colour: bool = False) -> bytes:
    """What was recognised alone, and why, without a verdict; `colour` changes nothing."""
    width, lang = max(width, NARROWEST), report.lang
    lines: list[str] = []
    for case in report.cases:
        lines += [*_facts(words.case_facts(case, lang), width), ""]
        lines += _materials(case, lang, width, why=True)
        lines += _ignored(case, lang, width)
        lines += _notes(case, lang, width)
    return _encoded(lines)


def _encoded(lines: Iterable[str]) -> bytes:
    return "\n".join([*lines, ""]).encode("utf-8", "backslashreplace")


def _painter(colour: bool) -> _Paint:
    def paint(text: str, code: str) -> str:
        return f"\x1b[1;{_COLOURS[code]}m{text}\x1b[0m" if colour else text

    return paint


def _facts(rows: Sequence[tuple[str, str]], width: int) -> list[str]:
    return [line for block in table((), rows, width) for line in block]


def _heads(lang: Lang, *names: str) -> list[str]:
    return [tell(lang, f"column.{name}") for name in names]


def _verdict(case: CaseReport, lang: Lang, width: int, paint: _Paint) -> list[str]:
    verdict = words.code_name(lang, "verdict", case.verdict)
    text = tell(lang, "report.verdict-line", verdict=verdict, tally=words.tally(case, lang))
    return [paint(line, case.verdict) for line in wrap(text, width)]


def _findings(case: CaseReport, lang: Lang, width: int, paint: _Paint) -> list[str]:
    headers = _heads(lang, "rule", "provision", "material", "message", "remedy")
    lines: list[str] = []
    for severity, findings in words.by_severity(case):
        title = tell(lang, f"severity.{severity}s", number=len(findings))
        lines += [*(paint(line, severity) for line in wrap(title, width)), ""]
        head, *blocks = table(headers, [_row(finding, lang) for finding in findings], width)
        lines += head
        for finding, block in zip(findings, blocks, strict=True):
            lines += [*block, *_beneath(finding, lang, width), ""]
    return lines


def _row(finding: Finding, lang: Lang) -> list[str]:
    return [
        finding.rule,
        words.cited(finding, lang),
        words.offender(finding, lang),
        plain(finding.message),
        plain(finding.remedy),
    ]


def _beneath(finding: Finding, lang: Lang, width: int) -> list[str]:
    """Evidence and the other files of a finding, under its row."""
    lines: list[str] = []
    if finding.evidence.strip():
        evidence = plain(finding.evidence).strip()
        lines += indented(tell(lang, "report.evidence", evidence=evidence), width)
    if finding.materials[1:]:
        paths = tell(lang, "report.and").join(flat(path) for path in finding.materials[1:])
        lines += indented(tell(lang, "report.related", paths=paths), width)
    return lines


def _set_aside(case: CaseReport, lang: Lang, width: int) -> list[str]:
    headers = _heads(lang, "rule", "material", "message", "remark")
    lines: list[str] = []
    for kind, found in words.set_aside(case, lang):
        lines.append(_counted(lang, f"aside.{kind}", len(found)))
        lines += [*wrap(tell(lang, f"aside.{kind}-remark"), width), ""]
        rows = [
            [finding.rule, words.offender(finding, lang), plain(finding.message), remark]
            for finding, remark in found
        ]
        lines += _listed(headers, rows, width)
    return lines


def _not_checked(case: CaseReport, lang: Lang, width: int) -> list[str]:
    rules, left_out = words.not_checked(case), words.left_out(case, lang)
    if not rules:
        return [*wrap(left_out, width), ""] if left_out else []
    rows = [(rule.rule, flat(rule.title), plain(rule.why or "")) for rule in rules]
    remark = wrap(f"{tell(lang, 'report.not-checked-remark')} {left_out}".rstrip(), width)
    body = _listed(_heads(lang, "rule", "asks", "why"), rows, width)
    return [_counted(lang, "report.not-checked", len(rules)), *remark, "", *body]


def _materials(case: CaseReport, lang: Lang, width: int, why: bool = False) -> list[str]:
    headers = _heads(lang, "position", "type", "title", "date", "file")
    lines = [_counted(lang, "report.materials", len(case.materials)), ""]
    for section, found in words.by_section(case):
        lines.append(_counted(lang, f"section.{section}", len(found)))
        head, *blocks = table(headers, [_material(row, lang) for row in found], width)
        lines += head
        for row, block in zip(found, blocks, strict=True):
            lines += block + (_reasons(row, lang, width) if why else [])
        lines.append("")
    return lines


def _material(row: MaterialRow, lang: Lang) -> list[str]:
    name = words.type_name(row)
    if row.filed_section not in (None, row.section):
        section = words.section_name(lang, row.filed_section)
        name += tell(lang, "report.in-section", section=section)
    return [str(row.position), name, flat(row.title), row.date or "", flat(row.path)]


def _reasons(row: MaterialRow, lang: Lang, width: int) -> list[str]:
    text = tell(
        lang,
        "report.why",
        type=row.type,
        confidence=f"{row.confidence:.0%}",
        reasons=tell(lang, "report.and").join(flat(reason) for reason in row.why),
    )
    return indented(text, width)


def _ignored(case: CaseReport, lang: Lang, width: int) -> list[str]:
    if not case.ignored:
        return []
    rows = [(flat(path), plain(why)) for path, why in case.ignored]
    body = _listed(_heads(lang, "file", "why"), rows, width)
    return [_counted(lang, "report.ignored", len(rows)), "", *body]


def _notes(case: CaseReport, lang: Lang, width: int) -> list[str]:
    if not case.notes:
        return []
    lines = [tell(lang, "report.notes")]
    for note in case.notes:
        first, *rest = indented(plain(note), width, indent=2)
        lines += [f"- {first[2:]}", *rest]
    return [*lines, ""]


def _overview(report: Report, width: int) -> list[str]:
    lang = report.lang
    rows = [
        (flat(case.path), words.code_name(lang, "verdict", case.verdict), words.tally(case, lang))
        for case in report.cases
    ]
    body = _listed(_heads(lang, "case", "verdict", "number"), rows, width)
    return ["=" * width, tell(lang, "report.cases", number=len(rows)), "", *body]


def _listed(headers: list[str], rows: Sequence[Sequence[str]], width: int) -> list[str]:
    return [*(line for block in table(headers, rows, width) for line in block), ""]


def _counted(lang: Lang, key: str, number: int) -> str:
    return tell(lang, "report.count", title=tell(lang, key), number=number)
