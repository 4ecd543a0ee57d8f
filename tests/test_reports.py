"""Every report format: complete, safe against hostile text, true to its form."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from html import unescape
from html.parser import HTMLParser
from importlib.resources import files
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wcwidth import wcswidth

from archive_check.model import CaseReport, Finding, MaterialRow, Report, RuleOutcome
from archive_check.reports import BINARY, ENDINGS, FORMATS, json_report, text, words
from archive_check.reports.layout import wrap

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
            RuleOutcome("CQ58.1", "failed", None, "附件排在正件之前", "error"),
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
                rules=(RuleOutcome("CQ56.1", "not-checked", HOSTILE, "题", "error"),),
                ignored=((HOSTILE, HOSTILE),),
                notes=(HOSTILE,),
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


# JSON


@pytest.mark.parametrize("report", [sample(), hostile(), empty()])
def test_json_follows_the_schema_and_is_stable(report: Report) -> None:
    data = json_report.render(report)
    assert valid(json.loads(data))
    assert data == json_report.render(report)
    assert b"\x1b" not in data


def test_json_is_what_the_contract_says() -> None:
    document = json.loads(json_report.render(sample()))
    assert list(document) == ["schema", "tool", "packs", "as_of", "cases"]
    (case,) = document["cases"]
    assert list(case) == [
        "path", "case", "verdict", "materials", "findings", "rules", "ignored"
    ]  # fmt: skip
    assert list(case["materials"][0]) == schema()["$defs"]["material"]["required"]
    assert list(case["findings"][0]) == schema()["$defs"]["finding"]["required"]
    assert case["rules"][2] == {"rule": "CQ56.1", "outcome": "not-checked", "why": "没有归档日期"}
    assert case["ignored"] == [{"path": "Thumbs.db", "why": "系统文件"}]
    assert case["case"]["year"] == 2023


def test_json_keeps_hostile_text_to_the_letter() -> None:
    (case,) = json.loads(json_report.render(hostile()))["cases"]
    assert case["path"] == HOSTILE
    assert case["findings"][0]["message"] == "=1+1" + HOSTILE


@pytest.mark.parametrize(
    "spoil",
    [
        lambda doc: doc.update(schema="archive-check/report/2"),
        lambda doc: doc.update(packs=[]),
        lambda doc: doc["tool"].pop("version"),
        lambda doc: doc["packs"][0].pop("id"),
        lambda doc: doc["cases"][0].update(verdict="fine"),
        lambda doc: doc["cases"][0].pop("ignored"),
        lambda doc: doc["cases"][0]["materials"][0].pop("doc_no"),
        lambda doc: doc["cases"][0]["materials"][0].update(position=0),
        lambda doc: doc["cases"][0]["materials"][0].update(section="other"),
        lambda doc: doc["cases"][0]["materials"][0].update(sha256="x"),
        lambda doc: doc["cases"][0]["materials"][0].update(confidence=1.1),
        lambda doc: doc["cases"][0]["findings"][0].update(rule="X1"),
        lambda doc: doc["cases"][0]["findings"][0].update(cites=[]),
        lambda doc: doc["cases"][0]["findings"][0].update(message=""),
        lambda doc: doc["cases"][0]["findings"][0].update(fingerprint="short"),
        lambda doc: doc["cases"][0]["rules"][0].update(outcome="maybe"),
        lambda doc: doc["cases"][0]["ignored"][0].pop("why"),
        lambda doc: doc["cases"][0].update(accepted=[{"finding": "x"}]),
    ],
)
def test_the_schema_refuses(spoil: Any) -> None:
    document = json.loads(json_report.render(sample()))
    assert valid(document)
    spoil(document)
    assert not valid(document)


# Text


def cell_text(line: str) -> str:
    return re.sub(r"\s", "", line)


@pytest.mark.parametrize("width", [60, 80, 100, 200])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_text_fits_and_loses_nothing(width: int, lang: str) -> None:
    report = sample(lang)
    shown = text.render(report, width=width).decode()
    assert max(wcswidth(line) for line in shown.splitlines()) <= width
    for found in report.cases[0].findings:
        assert found.rule in shown
        assert cell_text(found.evidence) in cell_text(shown)
    assert "CQ56.1" in shown
    assert "Thumbs.db" in shown


def columns_of(shown: str, column: int) -> str:
    """All text of one column of the first table, put together again."""
    lines = shown.splitlines()
    rule = next(number for number, line in enumerate(lines) if re.fullmatch(r"-+( +-+)+", line))
    starts = [found.start() for found in re.finditer("-+", lines[rule])] + [10_000]
    taken = []
    for line in lines[rule + 1 :]:
        position = 0
        for character in line:
            if starts[column] <= position < starts[column + 1]:
                taken.append(character)
            position += max(wcswidth(character), 0)
    return cell_text("".join(taken))


@pytest.mark.parametrize("width", [60, 80, 200])
def test_a_long_path_wraps_in_its_column_and_is_whole(width: int) -> None:
    report = sample()
    (case,) = report.cases
    only = tuple(found for found in case.findings if found.materials[:1] == (LONG,))
    one = replace(case, findings=tuple(replace(found, evidence="") for found in only))
    shown = text.render(replace(report, cases=(one,)), width=width).decode()
    assert LONG in columns_of(shown, 2)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_text_reads_verdict_counts_and_what_was_not_checked(lang: str) -> None:
    shown = text.render(sample(lang)).decode()
    verdict = {"zh": "结论：不合格", "en": "Verdict: deficient"}[lang]
    assert verdict in shown
    counts = {"zh": "错误 2 项，警告 1 项，提示 1 项", "en": "Error: 2, Warning: 1, Note: 1"}[lang]
    assert counts in shown
    assert "没有归档日期" in shown
    assert shown.index("CQ58.1") < shown.index("CQ40.2") < shown.index("CQ12.1")


def test_english_text_has_no_chinese_of_ours() -> None:
    report = sample("en")
    (case,) = report.cases
    latin = replace(
        case,
        path="case",
        case={"project": "p", "project_type": "general", "year": 2023},
        materials=(replace(case.materials[0], path="a", title="t", type_name="", why=("w",),
                           filed_section="evidence"),),
        findings=(finding("CQ58.1", "error", ["a", "b"], message="m", cites=("Chongqing 58",),
                          evidence="e", remedy="r"),),
        rules=(RuleOutcome("CQ56.1", "not-checked", "w", "t", "error"),),
        notes=("n",),
        ignored=(("i", "w"),),
    )  # fmt: skip
    both = replace(report, cases=(latin, latin))
    for data in (text.render(both), text.render_materials(both)):
        assert not re.search(r"[\u3000-\u9fff\uff00-\uffef]", data.decode())


def test_colour_only_where_asked() -> None:
    assert b"\x1b[" in text.render(sample(), colour=True)
    assert b"\x1b" not in text.render(sample())


def test_text_of_what_was_recognised_tells_why() -> None:
    shown = text.render_materials(sample()).decode()
    assert "文件名含“审计报告”" in shown
    assert "audit-report" in shown
    assert "98%" in shown
    assert "不合格" not in shown


def test_a_case_without_anything() -> None:
    assert "没有发现问题" in text.render(empty()).decode()
    assert "空" in text.render_materials(empty()).decode()


def test_several_cases_end_in_an_overview() -> None:
    report = sample()
    shown = text.render(replace(report, cases=report.cases * 3)).decode()
    assert "共检查 3 个案卷" in shown


@given(st.text(max_size=80), st.integers(8, 40))
def test_wrapping_keeps_every_character_within_the_width(given_text: str, width: int) -> None:
    safe = words.plain(given_text)
    lines = wrap(safe, width)
    assert cell_text("".join(lines)) == cell_text(safe)
    assert all(wcswidth(line) <= width for line in lines)


def test_wrapping_respects_punctuation_and_dates() -> None:
    assert wrap("审计报告（征求意见稿）", 20) == ["审计报告（征求意见", "稿）"]
    assert wrap("日期 2023-05-06 之后", 12) == ["日期", "2023-05-06", "之后"]
    assert wrap("folder/file-name", 12) == ["folder/", "file-name"]


# Hostile text, in every format


def acting(shown: str) -> list[str]:
    return re.findall(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e"
                      r"\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]", shown)  # fmt: skip


TEXT_FORMATS = sorted(set(FORMATS) - BINARY)


@pytest.mark.parametrize("name", TEXT_FORMATS)
def test_no_control_character_gets_out(name: str) -> None:
    assert acting(FORMATS[name](hostile()).decode("utf-8-sig").replace("\r\n", "\n")) == []
    assert acting(text.render_materials(hostile()).decode()) == []


@pytest.mark.parametrize("name", sorted(FORMATS))
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_format_carries_every_finding(name: str, lang: str) -> None:
    report = sample(lang)
    # Wide enough that no cell of the text breaks: its wrapping has tests of its own.
    wide = {"text": partial(text.render, width=2_000)}
    shown = readable(name, wide.get(name, FORMATS[name])(report))
    for found in report.cases[0].findings:
        for part in (found.rule, found.message, found.evidence, found.remedy, *found.cites):
            assert cell_text(part) in shown, (found.rule, part)
    assert "CQ56.1" in shown
    assert "没有归档日期" in shown


@pytest.mark.parametrize("name", sorted(FORMATS))
@pytest.mark.parametrize("report", [sample(), sample("en"), hostile(), empty()])
def test_every_format_gives_the_same_bytes_again(name: str, report: Report) -> None:
    assert FORMATS[name](report) == FORMATS[name](report)


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


@given(st.text())
def test_plain_text_acts_nowhere(given_text: str) -> None:
    assert acting(words.plain(given_text)) == []
    words.plain(given_text).encode()


def test_registry_and_modules_agree() -> None:
    modules = {
        item.name.removesuffix(".py").removesuffix("_report")
        for item in files("archive_check.reports").iterdir()
        if item.name.endswith(".py")
    }
    assert set(FORMATS) == modules - {"__init__", "layout", "words", "zipped"}
    assert set(ENDINGS.values()) <= set(FORMATS)


# CSV


def test_csv_is_a_table_without_formulas() -> None:
    import csv

    data = FORMATS["csv"](hostile())
    assert data.startswith(b"\xef\xbb\xbf")
    head, *rows = csv.reader(data.decode("utf-8-sig").splitlines(keepends=True))
    assert len(rows) == len(FORMULAS) + 1
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


def test_junit_is_xml_whatever_the_documents_say() -> None:
    (suite,) = suites(FORMATS["junit"](hostile()))
    assert "<script>alert(1)</script>" in suite.find("testcase/failure").text
    assert suite.find(".//script") is None


# SARIF


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
    assert len(lines) == len(FORMULAS) + 2
    for line in lines:
        assert re.match(r"::(error|warning|notice) file=[^:,]*,title=[^:,]*::", line)
    plain_lines = FORMATS["github"](sample()).decode().splitlines()
    assert plain_lines[0].startswith(
        "::error file=案卷/某单位2023年度预算执行审计/1/1 审计报告附件.pdf,title=CQ58.1::《审计"
    )
    assert [line.split(" ")[0] for line in plain_lines] == [
        "::error", "::error", "::warning", "::notice", "::warning", "::notice"
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
    assert links == ["#m-1-1", "#m-1-2", "#m-1-2", "#m-1-3"]
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
