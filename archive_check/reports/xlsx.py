"""The report as a workbook: summary, findings, materials, rules, ignored files.

Findings lead to their materials by links; the tables have a frozen header and filters. Text from
documents is always text: a cell never calculates.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Literal

from archive_check.model import CaseReport, Report
from archive_check.reports import words
from archive_check.reports.layout import cells
from archive_check.reports.words import flat, plain
from archive_check.reports.zipped import settled
from archive_check.texts import tell

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

NARROWEST, WIDEST = 6, 36
"""Widths of columns in characters; longer text wraps."""

LINE, HIGHEST = 15, 409
"""Heights of a line and of the highest row that Excel allows, in points."""

MOST_CHARACTERS = 32_767
"""What a cell may hold (Excel specifications and limits)."""

_MARGINS = (0.4, 0.4, 0.5, 0.6, 0.3, 0.3)
"""Left, right, top, bottom, header and footer, in inches."""

_COLOURS = {
    "error": "FFC7CE", "warning": "FFEB9C", "info": "DDEBF7",
    "deficient": "FFC7CE", "incomplete": "FFEB9C", "compliant": "C6EFCE",
    "failed": "FFC7CE", "not-checked": "FFEB9C",
}  # fmt: skip
_FORMULA = ("=", "+", "-", "@")

Value = str | int | None
Coloured = tuple[list[Value], str | None]
"""The values of a row, and the code that colours it."""


def render(report: Report) -> bytes:
    """The workbook (Office Open XML)."""
    from openpyxl import Workbook

    book, lang = Workbook(), report.lang
    del book[book.sheetnames[0]]
    _summary(book, report)
    findings = _table(
        book, report, "findings",
        ("case", "severity", "rule", "provision", "position", "material", "message", "evidence",
         "remedy", "files", "fingerprint"),
        [row for case in report.cases for row in _findings(case, report)],
    )  # fmt: skip
    aside = [row for case in report.cases for row in _set_aside(case, report)]
    if aside:
        _table(
            book, report, "aside",
            ("case", "outcome", "severity", "rule", "provision", "material", "message", "evidence",
             "remedy", "files", "remark", "fingerprint"),
            aside,
        )  # fmt: skip
    materials = _table(
        book, report, "materials",
        ("case", "position", "type", "type-code", "section", "filed-section", "title", "date",
         "doc-no", "pages", "confidence", "file"),
        [row for case in report.cases for row in _materials(case, report)],
    )  # fmt: skip
    _link(findings, materials, report)
    _table(
        book, report, "rules", ("case", "rule", "asks", "severity", "outcome", "why"),
        [row for case in report.cases for row in _rules(case, report)],
    )  # fmt: skip
    ignored: list[Coloured] = [
        ([case.path, *row], None) for case in report.cases for row in case.ignored
    ]
    _table(book, report, "ignored", ("case", "file", "why"), ignored)
    book.properties.creator = report.tool["name"]
    book.properties.title = tell(lang, "report.title")
    stream = BytesIO()
    book.save(stream)
    return settled(stream.getvalue(), report.as_of)


def _findings(case: CaseReport, report: Report) -> Iterator[Coloured]:
    lang = report.lang
    positions = {row.path: row.position for row in case.materials}
    for severity, findings in words.by_severity(case):
        for finding in findings:
            row: list[Value] = [
                case.path,
                words.code_name(lang, "severity", severity),
                finding.rule,
                words.cited(finding, lang),
                positions.get(finding.materials[0]) if finding.materials else None,
                words.offender(finding, lang),
                finding.message,
                finding.evidence,
                finding.remedy,
                "\n".join(finding.materials[1:]),
                finding.fingerprint,
            ]
            yield row, severity


def _set_aside(case: CaseReport, report: Report) -> Iterator[Coloured]:
    lang = report.lang
    for kind, found in words.set_aside(case, lang):
        for finding, remark in found:
            row: list[Value] = [
                case.path,
                tell(lang, f"aside.outcome-{kind}"),
                words.code_name(lang, "severity", finding.severity),
                finding.rule,
                words.cited(finding, lang),
                words.offender(finding, lang),
                finding.message,
                finding.evidence,
                finding.remedy,
                "\n".join(finding.materials[1:]),
                remark,
                finding.fingerprint,
            ]
            yield row, None


def _materials(case: CaseReport, report: Report) -> Iterator[Coloured]:
    lang = report.lang
    for row in words.in_order(case):
        moved = row.filed_section not in (None, row.section)
        yield (
            [
                case.path,
                row.position,
                words.type_name(row),
                row.type,
                words.section_name(lang, row.section),
                words.section_name(lang, row.filed_section),
                row.title,
                row.date,
                row.doc_no,
                row.pages,
                f"{row.confidence:.0%}",
                row.path,
            ],
            "warning" if moved else None,
        )


def _rules(case: CaseReport, report: Report) -> Iterator[Coloured]:
    lang = report.lang
    for rule in case.rules:
        severity = words.code_name(lang, "severity", rule.severity) if rule.severity else None
        outcome = words.code_name(lang, "outcome", rule.outcome)
        colour = None if rule.left_out else rule.outcome
        yield [case.path, rule.rule, rule.title, severity, outcome, rule.why], colour


def _link(findings: Worksheet, materials: Worksheet, report: Report) -> None:
    """Let the place of each finding's material lead to its row.

    The place and not the path, since some programs do not wrap a text that is a link.
    """
    from openpyxl.styles import Font
    from openpyxl.worksheet.hyperlink import Hyperlink

    rows = ((case.path, row.path) for case in report.cases for row in words.in_order(case))
    places: Mapping[tuple[str, str], int] = {key: row for row, key in enumerate(rows, 2)}
    offenders = (
        (case.path, finding.materials[0] if finding.materials else "")
        for case in report.cases
        for _, found in words.by_severity(case)
        for finding in found
    )
    for row, offender in enumerate(offenders, 2):
        if offender in places:
            cell = findings.cell(row, 5)
            target = f"'{materials.title}'!L{places[offender]}"
            cell.hyperlink = Hyperlink(ref=cell.coordinate, location=target)
            cell.font = Font(color="0563C1", underline="single")


def _summary(book: Workbook, report: Report) -> None:
    """Facts, verdict and counts of every case, and what the check rests on."""
    from openpyxl.styles import Font

    lang = report.lang
    sheet = book.create_sheet(tell(lang, "report.summary"))
    rows: list[Coloured] = []
    for case in report.cases:
        rows += [([label, value], None) for label, value in words.case_facts(case, lang)]
        verdict = words.code_name(lang, "verdict", case.verdict)
        rows.append(([tell(lang, "report.verdict"), verdict], case.verdict))
        for severity, number in words.counts(case.findings).items():
            rows.append(([words.code_name(lang, "severity", severity), number], None))
        rows.append(([tell(lang, "report.not-checked"), len(words.not_checked(case))], None))
        rows += [
            ([tell(lang, f"aside.{kind}"), len(found)], None)
            for kind, found in words.set_aside(case, lang)
        ]
        notes = [note for note in (*case.notes, words.left_out(case, lang)) if note]
        rows += [([tell(lang, "report.notes"), note], None) for note in notes]
        rows.append(([], None))
    rows += [([label, value], None) for label, value in words.run_facts(report)]
    for number, (values, code) in enumerate(rows, 1):
        _put(sheet, number, values, code)
    for (cell,) in sheet.iter_rows(max_col=1):
        cell.font = Font(bold=True)
    _fit(sheet)
    _print(sheet, "portrait")


def _table(
    book: Workbook, report: Report, key: str, columns: Sequence[str], rows: Sequence[Coloured]
) -> Worksheet:
    from openpyxl.styles import Font, PatternFill
    from openpyxl.utils import get_column_letter

    sheet: Worksheet = book.create_sheet(tell(report.lang, f"sheet.{key}"))
    _put(sheet, 1, [tell(report.lang, f"column.{name}") for name in columns])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", start_color="D9D9D9")
    for number, (values, code) in enumerate(rows, 2):
        _put(sheet, number, values, code)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
    _fit(sheet)
    _print(sheet, "landscape")
    sheet.print_title_rows = "1:1"
    # What only programs need, and the one case that the first sheet names, leave room on paper.
    first = "B" if len(report.cases) == 1 and columns[0] == "case" else "A"
    last = len(columns) - (columns[-1] == "fingerprint")
    sheet.print_area = f"{first}1:{get_column_letter(last)}{len(rows) + 1}"
    return sheet


def _print(sheet: Worksheet, orientation: Literal["portrait", "landscape"]) -> None:
    """All columns on the width of a page of A4, and its number below."""
    from openpyxl.worksheet.page import PageMargins
    from openpyxl.worksheet.properties import PageSetupProperties

    sheet.page_setup.orientation = orientation
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_margins = PageMargins(*_MARGINS)
    sheet.print_options.gridLines = True
    if sheet.oddFooter is not None:
        sheet.oddFooter.center.text = "&A  &P / &N"


def _put(sheet: Worksheet, number: int, values: Sequence[Value], code: str | None = None) -> None:
    """Write a row; the caller counts rows, since the sheet would look through all its cells."""
    from openpyxl.styles import Alignment, PatternFill

    top = Alignment(wrap_text=True, vertical="top")
    fill = PatternFill("solid", start_color=_COLOURS[code]) if code in _COLOURS else None
    for column, value in enumerate(values, 1):
        shown = plain(value)[:MOST_CHARACTERS] if isinstance(value, str) else value
        cell = sheet.cell(number, column, shown)
        cell.alignment = top
        if fill:
            cell.fill = fill
        if isinstance(value, str):
            # openpyxl takes what begins with = for a formula, and 1% for a number.
            cell.data_type = "s"
            if flat(value).startswith(_FORMULA):
                cell.quotePrefix = True


def _fit(sheet: Worksheet) -> None:
    """Widths by the longest line, heights by the lines that wrapping makes of a row."""
    from openpyxl.utils import get_column_letter

    widths = []
    for number, column in enumerate(sheet.iter_cols(values_only=True), 1):
        widest = max((cells(line) for value in column for line in _lines(value)), default=0)
        widths.append(min(max(widest + 2, NARROWEST), WIDEST))
        sheet.column_dimensions[get_column_letter(number)].width = widths[-1]
    for number, row in enumerate(sheet.iter_rows(values_only=True), 1):
        wrapped = (
            sum(max(1, -(-cells(line) // (width - 2))) for line in _lines(value))
            for value, width in zip(row, widths, strict=True)
        )
        sheet.row_dimensions[number].height = min(max(1, *wrapped, 1) * LINE, HIGHEST)


def _lines(value: object) -> list[str]:
    return str(value).split("\n") if value is not None else []
