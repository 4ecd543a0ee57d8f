"""Titles in Latin letters are shown with the spaces between their words, and compared without."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from archive_check.check import Options, check
from archive_check.model import CaseReport, Document, Line
from archive_check.recognise.written import as_written
from fixtures.formats import write
from fixtures.model import Text


def document(*lines: str) -> Document:
    return Document("a.docx", 1, "text/plain", None, lines=tuple(Line(line) for line in lines))


@pytest.mark.parametrize(
    ("lines", "title", "written"),
    [
        (("Audit Report on  Grants",), "AuditReportonGrants", "Audit Report on Grants"),
        (("Audit Report", "on Aid 2023"), "AuditReportonAid2023", "Audit Report on Aid 2023"),
        (("Ａｕｄｉｔ\u3000Report",), "AuditReport", "Audit Report"),
        (("ERP System 的 审 计 报 告",), "ERPSystem的审计报告", "ERP System的审计报告"),
        (("附件1", "List of Assets"), "附件1:ListofAssets", "附件1 List of Assets"),
        (("关于 ERP 的 审 计 报 告",), "关于ERP的审计报告", ""),
        (("审 计 报 告",), "审计报告", ""),
        (("Something else",), "AuditReport", ""),
        ((), "AuditReport", ""),
        (("x" * 5000 + " Audit Report",), "AuditReport", ""),
    ],
)  # fmt: skip
def test_spaces_stand_between_words(lines: tuple[str, ...], title: str, written: str) -> None:
    assert as_written(document(*lines), title) == written


def checked(tmp_path: Path, info: str = "") -> CaseReport:
    case = tmp_path / "case"
    case.mkdir()
    content = (Text("Audit Report on the Grants of 2023", "title"), Text("It was audited."))
    (case / "report.docx").write_bytes(write(content, "docx"))
    if info:
        (case / "archive-check.yaml").write_text(info, "utf-8")
    return check([case], Options(as_of=dt.date(2024, 1, 1), jobs=1, lang="en")).cases[0]


def test_reports_show_the_title_as_it_is_written(tmp_path: Path) -> None:
    report = checked(tmp_path)
    (row,) = report.materials
    assert row.title == "Audit Report on the Grants of 2023"
    quoted = [f"{f.message} {f.evidence}" for f in report.findings if f.materials]
    assert any("Audit Report on the Grants" in text for text in quoted)
    assert not any("AuditReport" in text for text in (*quoted, *row.why))


def test_a_title_that_somebody_stated_is_shown(tmp_path: Path) -> None:
    report = checked(tmp_path, "materials: {report.docx: {title: Grants Report}}\n")
    assert report.materials[0].title == "Grants Report"
