"""The report as a formal notice to put a case right, to be signed, filled in and returned.

One notice a case, each on pages of its own: what was found with provision and remedy, what has
to be checked by hand, and room for what was done, for signatures and for the second look.
"""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import TYPE_CHECKING

from archive_check.model import CaseReport, Lang, Report
from archive_check.reports import words
from archive_check.reports.words import flat, plain
from archive_check.reports.zipped import settled
from archive_check.texts import tell

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import _Cell

FONT = "Times New Roman"
PAGE = (210, 297)
MARGIN = 22
"""A4 and its margin, in millimetres."""

FINDING_WIDTHS = (12, 14, 50, 38, 32, 20)
ASIDE_WIDTHS = (12, 60, 50, 44)
UNCHECKED_WIDTHS = (12, 56, 68, 30)
"""Widths of the tables' columns in millimetres; they fill the page between its margins."""


def render(report: Report) -> bytes:
    """The document (Office Open XML)."""
    from docx import Document

    document = Document()
    prepare(document, report, tell(report.lang, "notice.title"))
    for case in report.cases:
        _notice(document, case, report)
    stream = BytesIO()
    document.save(stream)
    return settled(stream.getvalue(), report.as_of)


def _notice(document: Document, case: CaseReport, report: Report) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    lang = report.lang
    title = document.add_heading(tell(lang, "notice.title"), 1)
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    title.paragraph_format.page_break_before = True
    project = flat(str(case.case.get("project") or case.path))
    filer = flat(str(case.case.get("filer") or tell(lang, "notice.blank")))
    document.add_paragraph(tell(lang, "notice.number"))
    document.add_paragraph(tell(lang, "notice.to", filer=filer))
    opening = "notice.opening" if case.findings else "notice.opening-none"
    day = report.as_of.isoformat()
    text = tell(lang, opening, project=project, case=flat(case.path), day=day)
    document.add_paragraph(text)
    verdict = words.code_name(lang, "verdict", case.verdict)
    line = tell(lang, "report.verdict-line", verdict=verdict, tally=words.tally(case, lang))
    document.add_paragraph().add_run(line).bold = True
    _findings(document, case, lang)
    _set_aside(document, case, lang)
    _unchecked(document, case, lang)
    if left_out := words.left_out(case, lang):
        document.add_paragraph(left_out)
    if case.notes:
        document.add_heading(tell(lang, "report.notes"), 2)
        for note in case.notes:
            document.add_paragraph(plain(note))
    for key in ("notice.checker", "notice.received", "notice.done", "notice.second-look"):
        document.add_paragraph(tell(lang, key)).paragraph_format.keep_together = True
    facts = (f"{label} {value}" for label, value in words.run_facts(report))
    footing = tell(lang, "notice.and").join(facts)
    document.add_paragraph(footing, style="Caption")


def _findings(document: Document, case: CaseReport, lang: Lang) -> None:
    if not case.findings:
        return
    document.add_heading(tell(lang, "report.findings"), 2)
    rows: list[list[str]] = []
    for severity, findings in words.by_severity(case):
        for finding in findings:
            wrong = [plain(finding.message)]
            if finding.evidence.strip():
                evidence = plain(finding.evidence).strip()
                wrong.append(tell(lang, "report.evidence", evidence=evidence))
            wrong.append(tell(lang, "notice.rule", rule=finding.rule))
            paths = [words.offender(finding, lang), *(flat(path) for path in finding.materials[1:])]
            rows.append(
                [
                    str(len(rows) + 1),
                    words.code_name(lang, "severity", severity),
                    "\n".join(wrong),
                    words.cited(finding, lang) + "\n" + "\n".join(paths),
                    plain(finding.remedy),
                    "",
                ]
            )
    add_table(document, lang, FINDING_WIDTHS, rows,
           ("position", "severity", "message", "where", "remedy", "done"))  # fmt: skip


def _set_aside(document: Document, case: CaseReport, lang: Lang) -> None:
    for kind, found in words.set_aside(case, lang):
        document.add_heading(tell(lang, f"aside.{kind}"), 2)
        document.add_paragraph(tell(lang, f"aside.{kind}-remark"))
        rows = [
            [
                str(number),
                f"{plain(finding.message)}\n{tell(lang, 'notice.rule', rule=finding.rule)}",
                f"{words.cited(finding, lang)}\n{words.offender(finding, lang)}",
                remark,
            ]
            for number, (finding, remark) in enumerate(found, 1)
        ]
        add_table(document, lang, ASIDE_WIDTHS, rows, ("position", "message", "where", "remark"))


def _unchecked(document: Document, case: CaseReport, lang: Lang) -> None:
    rules = words.not_checked(case)
    if not rules:
        return
    document.add_heading(tell(lang, "report.not-checked"), 2)
    document.add_paragraph(tell(lang, "report.not-checked-remark"))
    rows = [
        [str(number), f"{flat(rule.title)}\n{tell(lang, 'notice.rule', rule=rule.rule)}",
         plain(rule.why or ""), ""]
        for number, rule in enumerate(rules, 1)
    ]  # fmt: skip
    add_table(document, lang, UNCHECKED_WIDTHS, rows, ("position", "asks", "why", "by-hand"))


def add_table(
    document: Document,
    lang: Lang,
    widths: Sequence[int],
    rows: Sequence[Sequence[str]],
    columns: Sequence[str],
) -> None:
    """Append a table; widths in millimetres, columns by the names of their texts."""
    from docx.oxml import OxmlElement
    from docx.shared import Mm

    table = document.add_table(rows=len(rows) + 1, cols=len(columns), style="Table Grid")
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    heads = [tell(lang, f"column.{name}") for name in columns]
    # A table looks up its cells anew each time it is asked for one: take them once.
    cells = table._cells
    for place, text in enumerate(text for row in (heads, *rows) for text in row):
        _fill(cells[place], text, bold=place < len(columns))
        cells[place].width = Mm(widths[place % len(columns)])
    for number, row in enumerate(table.rows):
        properties = row._tr.get_or_add_trPr()
        properties.append(OxmlElement("w:cantSplit"))
        if number == 0:
            properties.append(OxmlElement("w:tblHeader"))
    document.add_paragraph()


def _fill(cell: _Cell, text: str, bold: bool) -> None:
    from docx.shared import Pt

    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_after = Pt(0)
    for number, line in enumerate(text.split("\n")):
        run = paragraph.add_run(line)
        run.bold = bold
        run.font.size = Pt(9)
        if number < text.count("\n"):
            run.add_break()


def prepare(document: Document, report: Report, title: str) -> None:
    """Page, typefaces, page number and properties of a document made from a report."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Mm, Pt, RGBColor

    section = document.sections[0]
    section.page_width, section.page_height = (Mm(side) for side in PAGE)
    section.left_margin = section.right_margin = Mm(MARGIN)
    section.top_margin = section.bottom_margin = Mm(MARGIN)
    family = tell(report.lang, "notice.typeface")
    for name, size in (("Normal", 12), ("Heading 1", 18), ("Heading 2", 14), ("Caption", 9)):
        style = document.styles[name]
        style.font.name, style.font.size = FONT, Pt(size)
        style.font.color.rgb = RGBColor(0, 0, 0)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for attribute in [key for key in fonts.attrib if key.endswith("Theme")]:
            del fonts.attrib[attribute]
        fonts.set(qn("w:eastAsia"), family)
    footer = section.footer.paragraphs[0]
    footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    footer._p.append(field)
    document.core_properties.author = report.tool["name"]
    document.core_properties.title = title
