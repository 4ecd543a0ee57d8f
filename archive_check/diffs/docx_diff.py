"""The comparison as a formal opinion on the second look, to be signed."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from archive_check.diffs import sentences
from archive_check.diffs.compare import CaseDiff, Diff, Part
from archive_check.model import Finding, Lang
from archive_check.reports import words
from archive_check.reports.docx_report import add_table, prepare
from archive_check.reports.words import flat, plain
from archive_check.reports.zipped import settled
from archive_check.texts import tell

if TYPE_CHECKING:
    from docx.document import Document

WIDTHS = (12, 24, 56, 40, 34)
"""Widths of the table's columns in millimetres; they fill the page between its margins."""


def render(diff: Diff) -> bytes:
    """The document (Office Open XML): one opinion a case, each on pages of its own."""
    from docx import Document

    document = Document()
    prepare(document, diff.new, tell(diff.lang, "diff.opinion"))
    for case in diff.cases:
        _opinion(document, case, diff)
    stream = BytesIO()
    document.save(stream)
    return settled(stream.getvalue(), diff.new.as_of)


def _opinion(document: Document, case: CaseDiff, diff: Diff) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    lang = diff.lang
    title = document.add_heading(tell(lang, "diff.opinion"), 1)
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    title.paragraph_format.page_break_before = True
    known = case.case.case
    filer = flat(str(known.get("filer") or tell(lang, "notice.blank")))
    document.add_paragraph(tell(lang, "notice.number"))
    document.add_paragraph(tell(lang, "notice.to", filer=filer))
    opening = tell(
        lang,
        "diff.opening",
        project=flat(str(known.get("project") or case.case.path)),
        case=flat(case.case.path),
        then=diff.old.as_of.isoformat(),
        now=diff.new.as_of.isoformat(),
        tally=sentences.tally(case, lang),
    )
    document.add_paragraph(opening)
    for label, value in sentences.facts(case, diff)[-2:]:
        document.add_paragraph(tell(lang, "report.outcome-why", outcome=label, why=value))
    left = len(case.left)
    verdict = tell(lang, "diff.to-do", number=left) if left else tell(lang, "diff.done")
    document.add_paragraph().add_run(verdict).bold = True
    rows = [
        _row(number, part, case, finding, lang)
        for number, (part, finding) in enumerate(
            ((part, finding) for part, found in case.parts for finding in found), 1
        )
    ]
    if rows:
        add_table(
            document, lang, WIDTHS, rows, ("position", "result", "message", "where", "remedy")
        )
    if note := sentences.packs_differ(diff):
        document.add_paragraph(note)
    for key in ("diff.by", "diff.filer", "diff.in-charge"):
        document.add_paragraph(tell(lang, key)).paragraph_format.keep_together = True
    facts = (f"{label} {value}" for label, value in words.run_facts(diff.new))
    document.add_paragraph(tell(lang, "notice.and").join(facts), style="Caption")


def _row(number: int, part: Part, case: CaseDiff, finding: Finding, lang: Lang) -> list[str]:
    wrong = [plain(finding.message)]
    if finding.evidence.strip():
        evidence = plain(finding.evidence).strip()
        wrong.append(tell(lang, "report.evidence", evidence=evidence))
    severity = words.code_name(lang, "severity", finding.severity)
    rule = tell(lang, "notice.rule", rule=flat(finding.rule))
    wrong.append(tell(lang, "report.and").join((rule, severity)))
    paths = [words.offender(finding, lang), *(flat(path) for path in finding.materials[1:])]
    remark = sentences.remark(case, finding, lang)
    return [
        str(number),
        tell(lang, f"diff.{part}"),
        "\n".join(wrong),
        "\n".join([words.cited(finding, lang), *paths]),
        remark or ("" if part == "remedied" else plain(finding.remedy)),
    ]
