"""The comparison in each format: complete, harmless, readable."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import partial
from io import BytesIO

import pytest
import report_samples
from report_samples import acting, cell_text, finding, hostile, page, readable, sample

from archive_check import diffs
from archive_check.diffs import sentences, text
from archive_check.diffs.compare import Diff
from archive_check.model import RuleOutcome
from archive_check.texts import tell


def sample_diff(lang: str = "zh") -> Diff:
    """One finding open, one known, two accepted, one remedied, one new, one not judged."""
    (then,) = sample(lang).cases
    (now,) = report_samples.set_aside(lang).cases
    gone = finding("CQ58.2", "error", ["1/2 审计报告.pdf"])
    blind = finding("CQ56.1", "error")
    old = replace(sample(lang), cases=(replace(then, findings=(*then.findings, gone, blind)),))
    fresh = finding("CQ59.1", "warning", ["1/2 审计报告.pdf", "1/1 审计报告附件.pdf"])
    case = replace(now, findings=(*now.findings, fresh))
    new = replace(report_samples.set_aside(lang), cases=(case,))
    return diffs.compare(old, new, lang)  # type: ignore[arg-type]


def hostile_diff(lang: str = "zh") -> Diff:
    """Everything that reports hold tries to act, in every part."""
    report = hostile(lang)
    (case,) = report.cases
    one, two, three, four, *_ = case.findings
    rules = (RuleOutcome("CQ58.1", "failed"),)
    old = replace(case, findings=(one, two, replace(four, rule="CQ56.1")), rules=rules)
    new = replace(case, findings=(two, three), rules=rules)
    packs = ({"id": report_samples.HOSTILE, "version": "=1+1"},)
    return diffs.compare(
        replace(report, cases=(old,)), replace(report, cases=(new,), packs=packs), lang  # type: ignore[arg-type]
    )  # fmt: skip


def shown(name: str, diff: Diff) -> str:
    wide = {"text": partial(text.render, width=2_000)}
    return readable(name, wide.get(name, diffs.FORMATS[name])(diff))


@pytest.mark.parametrize("name", sorted(diffs.FORMATS))
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_format_carries_every_finding(name: str, lang: str) -> None:
    diff = sample_diff(lang)
    (case,) = diff.cases
    numbers = [len(found) for _, found in case.parts]
    assert numbers == [1, 2, 1, 2, 1]
    told = shown(name, diff)
    for _, found in case.parts:
        for each in found:
            for part in (each.rule, each.message, each.evidence, *each.cites, *each.materials):
                assert cell_text(part) in told, (each.rule, part)
    assert "原件在纸质卷内" in told
    if name != "json":
        assert cell_text(sentences.tally(case, diff.lang)) in told
        assert cell_text(tell(diff.lang, "diff.unjudged")) in told


@pytest.mark.parametrize("name", sorted(diffs.FORMATS))
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_hostile_text_acts_in_no_format(name: str, lang: str) -> None:
    diff = hostile_diff(lang)
    data = diffs.FORMATS[name](diff)
    assert data == diffs.FORMATS[name](diff)
    if name != "docx":
        assert acting(data.decode()) == []
    told = shown(name, diff)
    assert acting(told) == []
    if name == "html":
        found = page(data)
        tags = {tag for tag, _ in found.elements}
        assert not tags & {"script", "img", "link", "iframe", "a"}
        assert "<script>" in told
    elif name == "json":
        (case,) = json.loads(data)["cases"]
        assert case["new"]["path"] == report_samples.HOSTILE
    else:
        assert "<script>alert(1)</script>" in told


@pytest.mark.parametrize("width", [60, 80, 200])
def test_text_keeps_its_width(width: int) -> None:
    from wcwidth import wcswidth

    lines = text.render(sample_diff(), width=width).decode().splitlines()
    assert max(wcswidth(line) for line in lines) <= width


def test_json_is_what_the_documentation_says() -> None:
    document = json.loads(diffs.FORMATS["json"](sample_diff()))
    assert list(document) == ["schema", "old", "new", "cases"]
    assert document["schema"] == "archive-check/diff/1"
    (case,) = document["cases"]
    assert list(case) == [
        "project", "old", "new", "added", "open", "unjudged", "accepted", "remedied"
    ]  # fmt: skip
    assert case["new"]["verdict"] == "deficient"
    assert [found["rule"] for found in case["remedied"]] == ["CQ58.2"]


def test_the_opinion_is_a_document_to_sign() -> None:
    from docx import Document

    document = Document(BytesIO(diffs.FORMATS["docx"](sample_diff())))
    (table,) = document.tables
    results = [row.cells[1].text for row in table.rows[1:]]
    assert results == [
        "新发现", "仍未整改", "仍未整改", "无法判断是否整改", "已接受", "已接受", "已整改"
    ]  # fmt: skip
    lines = "\n".join(paragraph.text for paragraph in document.paragraphs)
    for part in ("审计档案复查意见", "李四（立卷责任人）", "尚有 4 项", "复查人（签名）"):
        assert part in lines


def test_other_packs_are_mentioned() -> None:
    old, new = sample(), replace(sample(), packs=({"id": "archive", "version": "2.0"},))
    for name in ("text", "html", "docx"):
        assert "规则包不同" not in shown(name, diffs.compare(old, old, "zh"))
        assert "规则包不同" in shown(name, diffs.compare(old, new, "zh"))


def test_two_reports_without_findings() -> None:
    diff = diffs.compare(report_samples.empty(), report_samples.empty(), "zh")
    assert "前后均没有问题" in shown("text", diff)
    assert "已全部整改" in shown("docx", diff)


def test_registry_and_modules_agree() -> None:
    from importlib.resources import files

    modules = {
        item.name.removesuffix(".py").removesuffix("_diff")
        for item in files("archive_check.diffs").iterdir()
        if item.name.endswith(".py")
    }
    assert set(diffs.FORMATS) == modules - {"__init__", "compare", "reading", "sentences"}
