"""Reports to render in tests, and how to read what each format made of them."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from importlib.resources import files
from io import BytesIO
from typing import Any

from archive_check.model import (
    Accepted,
    CaseReport,
    Finding,
    MaterialRow,
    Report,
    RuleOutcome,
)

HOSTILE = (
    "\x1b[31m红\x1b]0;题\x07\u202e倒\u2066\x9b2J\ud800\ufffe\x00"
    "<script>alert(1)</script>&\"'`|*_[a](javascript:x)![b](http://x/y.png)%0A::error::x]]>"
)
FORMULAS = ("=1+1", "+1", "-1+1", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x","y")')
LONG = "一、结论类材料/" + "很长的文件名" * 20 + "/" + "long-name_of_a_file" * 8 + "（定稿）.pdf"


def material(path: str, position: int, **values: object) -> MaterialRow:
    fields: dict[str, object] = {
        "path": path, "position": position, "type": "audit-report", "section": "conclusion",
        "filed_section": "conclusion", "group": "g1", "role": "main", "title": "审计报告",
        "date": "2023-05-06", "doc_no": "某审〔2023〕1号", "pages": 12,
        "media_type": "application/pdf", "bytes": 1234, "sha256": "0" * 64, "confidence": 0.98,
        "why": ("文件名含“审计报告”",), "type_name": "审计报告",
    }  # fmt: skip
    return MaterialRow(**{**fields, **values})  # type: ignore[arg-type]


def finding(rule: str, severity: str, materials: Sequence[str] = (), **values: object) -> Finding:
    fields: dict[str, object] = {
        "rule": rule, "severity": severity, "message": f"规则 {rule} 的问题",
        "cites": ("重庆 第五十八条(一)",), "materials": tuple(materials),
        "evidence": f"第 1 页：“{rule} 的原文”", "remedy": f"按 {rule} 整改",
        "details": {}, "fingerprint": f"{rule}-fingerprint",
    }  # fmt: skip
    return Finding(**{**fields, **values})  # type: ignore[arg-type]


def sample(lang: str = "zh") -> Report:
    """A deficient case with something of everything."""
    case = CaseReport(
        path="案卷/某单位2023年度预算执行审计",
        case={
            "project": "某单位2023年度预算执行审计", "project_type": "economic-responsibility",
            "unit": "某单位", "person": "张三", "started": "2023-03-01", "ended": "2023-06-30",
            "filed": None, "year": 2023, "retention": "30年", "classification": None,
            "filer": "李四",
        },
        verdict="deficient",
        materials=(
            material("1/1 审计报告附件.pdf", 1, type="report-attachment", type_name="审计报告附件",
                     role="attachment"),
            material("1/2 审计报告.pdf", 2),
            material(LONG, 3, filed_section="evidence", section="initiation", date=None,
                     type="audit-notice", type_name="审计通知书", title="关于…的审计通知书"),
        ),
        findings=(
            finding("CQ58.1", "error", ["1/1 审计报告附件.pdf", "1/2 审计报告.pdf"],
                    message="《审计报告附件》排在其正件《审计报告》之前",
                    remedy="把附件移到正件之后"),
            finding("CQ57.1", "error", [LONG], cites=("重庆 第五十七条", "重庆 第五十九条")),
            finding("CQ40.2", "warning", ["1/2 审计报告.pdf"], details={"days": 12}),
            finding("CQ12.1", "info"),
        ),
        rules=(
            RuleOutcome("CQ12.1", "failed", None, "未见审前调查材料", "info"),
            RuleOutcome("CQ40.2", "failed", None, "反馈意见超过10日", "warning"),
            RuleOutcome("CQ56.1", "not-checked", "没有归档日期", "超过5个月立卷归档", "error"),
            RuleOutcome("CQ57.1", "failed", None, "材料归类错误", "error"),
            RuleOutcome("CQ58.1", "failed", None, "附件排在正件之前", "error",
                        ("重庆 第五十八条(一)",), "将《…》移至《…》之后"),
            RuleOutcome("CQ58.2", "passed", None, "修改稿排在定稿之前", "error"),
        ),
        ignored=(("Thumbs.db", "系统文件"),),
        notes=("被审计单位以案卷信息为准：某单位（文件中为“某某单位”）",),
    )  # fmt: skip
    return Report(
        tool={"name": "archive-check", "version": "0.1.0", "engine": "durable"},
        packs=({"id": "archive", "version": "1.0"}, {"id": "chongqing", "version": "1.0"}),
        as_of=date(2024, 6, 30),
        cases=(case,),
        lang=lang,  # type: ignore[arg-type]
    )


def set_aside(lang: str = "zh") -> Report:
    """The same case, two of its findings accepted and one known from a baseline."""
    report = sample(lang)
    (case,) = report.cases
    first, second, third, fourth = case.findings
    accepted = (
        Accepted(second, "原件在纸质卷内", "王五", date(2024, 12, 31)),
        Accepted(fourth, "本项目不需要"),
    )
    return replace(
        report,
        cases=(replace(case, findings=(first,), accepted=accepted, known=(third,)),),
    )


def hostile(lang: str = "zh") -> Report:
    """Everything that comes from documents tries to act."""
    report = sample(lang)
    (case,) = report.cases
    bad = tuple(
        finding("CQ58.1", "error", [formula + HOSTILE], message=formula + HOSTILE,
                evidence=formula + "\n" + HOSTILE, remedy=formula, fingerprint=f"{number:08}")
        for number, formula in enumerate(FORMULAS)
    )  # fmt: skip
    return replace(
        report,
        cases=(
            replace(
                case,
                path=HOSTILE,
                case={**case.case, "project": HOSTILE, "unit": "=1+1"},
                materials=tuple(
                    material(formula + HOSTILE, number, title=formula + HOSTILE,
                             doc_no=formula, why=(HOSTILE,))
                    for number, formula in enumerate(FORMULAS, 1)
                ),
                findings=bad,
                rules=(
                    RuleOutcome("CQ56.1", "not-checked", HOSTILE, "题", "error", (HOSTILE,),
                                HOSTILE),
                ),
                ignored=((HOSTILE, HOSTILE),),
                notes=(HOSTILE,),
                accepted=(Accepted(bad[0], FORMULAS[0] + HOSTILE, HOSTILE, date(2025, 1, 1)),),
                known=(bad[1],),
            ),
        ),
    )  # fmt: skip


def empty() -> Report:
    return replace(sample(), cases=(CaseReport("空", {}, "compliant", (), (), (), ()),))


def schema() -> Any:
    return json.loads(files("archive_check.reports").joinpath("report.schema.json").read_text())


def valid(document: object) -> bool:
    from jsonschema import Draft202012Validator

    return Draft202012Validator(schema()).is_valid(document)


def cell_text(line: str) -> str:
    return re.sub(r"\s", "", line)


def acting(shown: str) -> list[str]:
    return re.findall(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e"
                      r"\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]", shown)  # fmt: skip


def readable(name: str, data: bytes) -> str:
    """The text that a reader of the format sees, without white space."""
    if name == "markdown":
        return cell_text(re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", data.decode()))
    if name == "github":
        return cell_text(data.decode().replace("%0A", "\n").replace("%2C", ",").replace("%3A", ":"))
    if name == "xlsx":
        return cell_text("\n".join(str(cell.value) for cell in workbook_cells(data)))
    if name == "docx":
        return cell_text("".join(node.text or "" for node in document_xml(data).iter()))
    if name == "html":
        return cell_text("".join(page(data).text))
    return cell_text(data.decode("utf-8-sig"))


def document_xml(data: bytes) -> Any:
    from xml.etree import ElementTree
    from zipfile import ZipFile

    return ElementTree.fromstring(ZipFile(BytesIO(data)).read("word/document.xml"))


class Page(HTMLParser):
    """The elements and the text of an HTML document."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def page(data: bytes) -> Page:
    found = Page()
    found.feed(data.decode())
    return found


def workbook_cells(data: bytes) -> list[Any]:
    from openpyxl import load_workbook

    book = load_workbook(BytesIO(data))
    return [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value]
