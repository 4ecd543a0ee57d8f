"""What each format has of its own: structure, links, escapes."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html import unescape
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from report_samples import (
    FORMULAS,
    LONG,
    acting,
    document_xml,
    empty,
    finding,
    hostile,
    material,
    page,
    readable,
    sample,
    set_aside,
    workbook_cells,
)

from archive_check.model import Report
from archive_check.reports import BINARY, FORMATS

SCHEMAS = Path(__file__).parent / "schemas"

# CSV


def test_csv_is_a_table_without_formulas() -> None:
    import csv

    data = FORMATS["csv"](hostile())
    assert data.startswith(b"\xef\xbb\xbf")
    head, *rows = csv.reader(data.decode("utf-8-sig").splitlines(keepends=True))
    assert len(rows) == len(FORMULAS) + 3
    assert {len(row) for row in rows} == {len(head)}
    assert not any(re.match(r"\s*[=+\-@]", cell) for row in rows for cell in row)
    assert rows[0][head.index("问题")].startswith("'=1+1")


# Markdown


def test_markdown_holds_no_markup_of_the_documents() -> None:
    shown = FORMATS["markdown"](hostile()).decode()
    assert "<script" not in shown
    assert not re.search(r"(?<!\\)\]\(", shown)
    for line in shown.splitlines():
        if line.startswith("|"):
            assert len(re.findall(r"(?<!\\)\|", line)) in {4, 3, 6, 8}
    assert shown.count("\n# ") == 0
    assert not any(line.startswith(("::", "<")) for line in shown.splitlines())


# JUnit


def suites(data: bytes) -> Any:
    from xml.etree import ElementTree

    return ElementTree.fromstring(data)


def test_junit_counts_and_tells() -> None:
    (suite,) = suites(FORMATS["junit"](sample()))
    assert {key: suite.get(key) for key in ("tests", "failures", "errors", "skipped")} == {
        "tests": "6", "failures": "3", "errors": "0", "skipped": "1",
    }  # fmt: skip
    assert (
        suite.find("testcase/failure").get("message")
        == "《审计报告附件》排在其正件《审计报告》之前"
    )
    assert "没有归档日期" in suite.find("testcase/skipped").get("message")
    info = [test for test in suite.iter("testcase") if test.get("name").startswith("CQ12.1")]
    assert info[0].find("failure") is None
    assert "CQ12.1 的原文" in info[0].find("system-out").text


@pytest.mark.parametrize(
    "report", [sample(), sample("en"), set_aside(), hostile(), empty(), replace(sample(), cases=())]
)
def test_junit_is_read_by_a_common_parser(report: Report) -> None:
    from junitparser import JUnitXml, TestSuite

    found = JUnitXml.fromstring(FORMATS["junit"](report))
    found_suites = [suite for suite in found if isinstance(suite, TestSuite)]
    assert len(found_suites) == len(report.cases)
    for suite, case in zip(found_suites, report.cases, strict=True):
        stated = (suite.tests, suite.failures, suite.skipped, suite.errors)
        suite.update_statistics()
        assert stated == (suite.tests, suite.failures, suite.skipped, suite.errors)
        grave = [found for found in case.findings if found.severity != "info"]
        assert suite.failures == len(grave)


def test_junit_is_xml_whatever_the_documents_say() -> None:
    (suite,) = suites(FORMATS["junit"](hostile()))
    assert "<script>alert(1)</script>" in suite.find("testcase/failure").text
    assert suite.find(".//script") is None


def test_junit_skips_what_does_not_count() -> None:
    (suite,) = suites(FORMATS["junit"](set_aside()))
    counts = {key: suite.get(key) for key in ("tests", "failures", "skipped")}
    assert counts == {"tests": "6", "failures": "1", "skipped": "4"}
    skipped = [test.find("skipped").get("message") for test in suite.iter("testcase")
               if test.find("skipped") is not None]  # fmt: skip
    assert "已接受: 接受理由：原件在纸质卷内；批准人：王五；有效期至 2024-12-31" in skipped


# SARIF


def test_sarif_of_what_does_not_count() -> None:
    (run,) = json.loads(FORMATS["sarif"](set_aside()))["runs"]
    told = [
        (result["ruleId"], result.get("baselineState"), len(result.get("suppressions", ())))
        for result in run["results"]
        if result["level"] != "none"
    ]
    assert told == [
        ("CQ58.1", "new", 0), ("CQ57.1", "new", 1), ("CQ12.1", "new", 1),
        ("CQ40.2", "unchanged", 0),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "report",
    [sample(), sample("en"), set_aside(), hostile(), hostile("en"), empty(),
     replace(sample(), cases=()), replace(sample(), cases=sample().cases * 2)],
)  # fmt: skip
def test_sarif_follows_the_published_schema(report: Report) -> None:
    from jsonschema import Draft4Validator

    schema = json.loads((SCHEMAS / "sarif-2.1.0-rtm.5.json").read_text("utf-8"))
    document = json.loads(FORMATS["sarif"](report))
    assert [error.message for error in Draft4Validator(schema).iter_errors(document)] == []
    document["runs"][0]["tool"]["driver"].pop("name")
    assert not Draft4Validator(schema).is_valid(document)


def test_sarif_rules_say_what_they_ask_and_rest_on() -> None:
    (run,) = json.loads(FORMATS["sarif"](sample()))["runs"]
    rules = {rule["id"]: rule for rule in run["tool"]["driver"]["rules"]}
    assert rules["CQ58.1"]["help"]["text"].splitlines() == [
        "附件排在正件之前", "依据：重庆 第五十八条(一)", "整改：将《…》移至《…》之后"
    ]  # fmt: skip
    assert rules["CQ58.1"]["properties"] == {"cites": ["重庆 第五十八条(一)"]}
    assert rules["CQ58.1"]["defaultConfiguration"] == {"level": "error"}


def test_sarif_results() -> None:
    document = json.loads(FORMATS["sarif"](sample()))
    assert document["version"] == "2.1.0"
    (run,) = document["runs"]
    rules = run["tool"]["driver"]["rules"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        for location in result["locations"]:
            place = location["physicalLocation"]["artifactLocation"]
            assert place["uriBaseId"] in run["originalUriBaseIds"]
            assert re.fullmatch(r"[!-~]+", place["uri"])
    levels = [(result["ruleId"], result["level"]) for result in run["results"]]
    assert levels == [
        ("CQ58.1", "error"), ("CQ57.1", "error"), ("CQ40.2", "warning"), ("CQ12.1", "note"),
        ("CQ56.1", "none"),
    ]  # fmt: skip
    assert run["results"][-1]["kind"] == "open"
    first = run["results"][0]
    assert first["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].startswith("1/1%20")
    assert first["partialFingerprints"] == {"archiveCheck/v1": "CQ58.1-fingerprint"}
    assert len(first["relatedLocations"]) == 1


# GitHub


def test_github_commands_cannot_be_forged() -> None:
    lines = FORMATS["github"](hostile()).decode().splitlines()
    assert len(lines) == len(FORMULAS) + 5
    for line in lines:
        assert re.match(r"::(error|warning|notice) file=[^:,]*,title=[^:,]*::", line)
    plain_lines = FORMATS["github"](sample()).decode().splitlines()
    assert plain_lines[0].startswith(
        "::error file=案卷/某单位2023年度预算执行审计/1/1 审计报告附件.pdf,title=CQ58.1::《审计"
    )
    assert [line.split(" ")[0] for line in plain_lines] == [
        "::error", "::error", "::warning", "::notice", "::warning", "::notice",
        "::notice",
    ]  # fmt: skip


# XLSX


def test_workbook_sheets_links_and_filters() -> None:
    from openpyxl import load_workbook

    book = load_workbook(BytesIO(FORMATS["xlsx"](sample())))
    assert book.sheetnames == ["汇总", "问题", "材料", "规则", "未作为材料的文件"]
    findings, materials = book["问题"], book["材料"]
    assert findings.freeze_panes == "A2"
    assert findings.auto_filter.ref == "A1:K5"
    assert findings.max_row == 5
    for row in findings.iter_rows(min_row=2):
        link = row[4].hyperlink
        if row[5].value == "整个案卷":
            assert link is None
        else:
            sheet, place = re.fullmatch(r"'(.*)'!(.*)", link.location).groups()
            assert book[sheet][place].value == row[5].value
    assert findings["B2"].fill.start_color.rgb != findings["B4"].fill.start_color.rgb
    assert materials.max_row == 4
    assert any(cell.value == "未能核查" for cell in book["规则"]["E"])
    assert all(5 < size.width <= 36 for size in findings.column_dimensions.values())


@pytest.mark.parametrize("cases", [1, 2])
def test_workbook_prints_on_the_width_of_a_page(cases: int) -> None:
    from openpyxl import load_workbook

    report = sample()
    many = replace(report, cases=report.cases * cases)
    summary, *tables = load_workbook(BytesIO(FORMATS["xlsx"](many))).worksheets
    assert (summary.page_setup.orientation, summary.print_title_rows) == ("portrait", None)
    for sheet in (summary, *tables):
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
        assert str(sheet.page_setup.paperSize) == sheet.PAPERSIZE_A4
        assert sheet.oddFooter.center.text == "&A  &P / &N"
    for sheet in tables:
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.print_title_rows == "$1:$1"
        first, last = re.search(r"\$(\w+)\$1:\$(\w+)\$\d+$", sheet.print_area).groups()
        # On paper neither the fingerprint counts nor a case that is the only one.
        assert sheet[f"{last}1"].value != "指纹"
        assert (sheet[f"{first}1"].value == "案卷") is (cases > 1)
        assert sheet.max_column - sheet[f"{last}1"].column == (sheet.title == "问题")


def test_workbook_never_calculates() -> None:
    cells = workbook_cells(FORMATS["xlsx"](hostile()))
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    formulas = [cell for cell in cells if str(cell.value).startswith(("=", "+", "-", "@"))]
    assert len(formulas) > len(FORMULAS)
    assert all(cell.quotePrefix for cell in formulas)
    links = [cell.hyperlink for cell in cells if cell.hyperlink]
    assert links
    assert not any(link.target for link in links)


def test_workbook_with_more_text_than_a_cell_holds() -> None:
    report = sample()
    (case,) = report.cases
    long = replace(case, findings=(finding("CQ58.1", "error", evidence="长" * 40_000),))
    cells = workbook_cells(FORMATS["xlsx"](replace(report, cases=(long,))))
    assert max(len(str(cell.value)) for cell in cells) == 32_767


# HTML


@pytest.mark.parametrize("report", [sample(), hostile(), empty()])
def test_html_asks_nothing_of_the_network(report: Report) -> None:
    found = page(FORMATS["html"](report))
    tags = [tag for tag, _ in found.elements]
    assert tags.count("script") == 1
    assert not {"img", "link", "iframe", "object", "embed", "base"} & set(tags)
    for tag, attributes in found.elements:
        assert "src" not in attributes
        assert not any(name.startswith("on") for name in attributes)
        assert attributes.get("href", "#").startswith("#"), tag


def test_html_runs_its_own_script_alone() -> None:
    from base64 import b64decode
    from hashlib import sha256

    shown = FORMATS["html"](hostile()).decode()
    (script,) = re.findall(r"<script>(.*?)</script>", shown, re.DOTALL)
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', shown)
    (digest,) = re.findall(r"script-src 'sha256-([^']*)'", unescape(policy))
    assert b64decode(digest) == sha256(script.encode()).digest()
    assert "default-src 'none'" in policy


def test_html_links_lead_to_materials_in_their_order() -> None:
    found = page(FORMATS["html"](sample()))
    ids = [
        attributes["id"] for tag, attributes in found.elements if tag == "li" and "id" in attributes
    ]
    assert ids == ["m-1-1", "m-1-2", "m-1-3"]
    links = [attributes["href"] for tag, attributes in found.elements if tag == "a"]
    assert links[:4] == ["#m-1-1", "#m-1-2", "#m-1-2", "#m-1-3"]
    assert {link.removeprefix("#") for link in links} == set(ids)
    sections = [attributes["data-section"] for _, attributes in found.elements
                if "data-section" in attributes]  # fmt: skip
    assert sections == ["conclusion", "conclusion", "case", "initiation"]


def test_html_tree_keeps_the_order_of_the_case() -> None:
    from archive_check.reports.html_report import Branch, tree

    paths = ("b/1.pdf", "a/1.pdf", "b/c/2.pdf", "b/c/3.pdf", "4.pdf", "/".join("x" * 5_000))
    rows = tuple(material(path, number) for number, path in enumerate(paths, 1))
    (case,) = sample().cases

    def shown(branches: tuple[Branch, ...]) -> list[Any]:
        return [
            branch.name if branch.row else (branch.name, shown(branch.inside))
            for branch in branches
        ]  # fmt: skip

    top = shown(tree(replace(case, materials=rows)))
    assert top[:4] == [
        ("b", ["1.pdf"]), ("a", ["1.pdf"]), ("b", [("c", ["2.pdf", "3.pdf"])]), "4.pdf"
    ]  # fmt: skip
    assert FORMATS["html"](replace(sample(), cases=(replace(case, materials=rows),)))


# DOCX


def test_notice_has_a_row_for_each_finding_and_room_for_answers() -> None:
    from docx import Document

    document = Document(BytesIO(FORMATS["docx"](sample())))
    findings, unchecked = document.tables
    assert [row.cells[0].text for row in findings.rows] == ["序号", "1", "2", "3", "4"]
    assert [row.cells[1].text for row in findings.rows[1:]] == ["错误", "错误", "警告", "提示"]
    assert all(row.cells[5].text == "" for row in findings.rows[1:])
    assert LONG in findings.rows[2].cells[3].text
    assert unchecked.rows[1].cells[2].text == "没有归档日期"
    shown = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert "审计档案检查问题整改通知单" in shown
    assert "李四（立卷责任人）" in shown
    assert "2024-06-30" in shown


def test_notices_of_several_cases_stand_on_pages_of_their_own() -> None:
    report = replace(sample(), cases=sample().cases * 2)
    xml = document_xml(FORMATS["docx"](report))
    space = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    assert len(list(xml.iter(f"{space}pageBreakBefore"))) == 2
    assert "未发现问题" in readable("docx", FORMATS["docx"](empty()))


def test_hostile_text_stays_text_in_the_notice() -> None:
    shown = readable("docx", FORMATS["docx"](hostile()))
    assert acting(shown) == []
    assert "<script>alert(1)</script>" in shown


# What ships in office documents


@pytest.mark.parametrize("name", sorted(BINARY))
def test_office_documents_bear_the_day_of_the_check(name: str) -> None:
    from zipfile import ZipFile

    package = ZipFile(BytesIO(FORMATS[name](sample())))
    assert {info.date_time[:3] for info in package.infolist()} == {(2024, 6, 30)}
    stamps = re.findall(r"<dcterms:\w+[^>]*>([^<]*)<", package.read("docProps/core.xml").decode())
    assert set(stamps) == {"2024-06-30T00:00:00Z"}
    assert package.testzip() is None
