"""Reports as JSON and text, and what holds for every format: complete, safe, stable."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from functools import partial
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from report_samples import (
    HOSTILE,
    LONG,
    acting,
    cell_text,
    empty,
    finding,
    hostile,
    readable,
    sample,
    schema,
    set_aside,
    valid,
)
from wcwidth import wcswidth

from archive_check.model import Report, RuleOutcome
from archive_check.reports import BINARY, ENDINGS, FORMATS, json_report, text, words
from archive_check.reports.layout import cells, wrap

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
        "path", "case", "verdict", "materials", "findings", "rules", "ignored", "accepted",
        "notes",
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


def test_every_character_is_as_wide_as_terminals_show_it() -> None:
    characters = map(chr, range(0x20000))
    assert [sign for sign in characters if cells(sign) != max(wcswidth(sign), 0)] == []


def test_wrapping_respects_punctuation_and_dates() -> None:
    assert wrap("审计报告（征求意见稿）", 20) == ["审计报告（征求意见", "稿）"]
    assert wrap("日期 2023-05-06 之后", 12) == ["日期", "2023-05-06", "之后"]
    assert wrap("folder/file-name", 12) == ["folder/", "file-name"]


# Hostile text, in every format


TEXT_FORMATS = sorted(set(FORMATS) - BINARY)


@pytest.mark.parametrize("name", TEXT_FORMATS)
def test_no_control_character_gets_out(name: str) -> None:
    assert acting(FORMATS[name](hostile()).decode("utf-8-sig").replace("\r\n", "\n")) == []
    assert acting(text.render_materials(hostile()).decode()) == []


@pytest.mark.parametrize("name", sorted(FORMATS))
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_hostile_text_shows_and_does_not_act(name: str, lang: str) -> None:
    """Findings that count, accepted ones with their reason, known ones: text in every format."""
    report = hostile(lang)
    (case,) = report.cases
    shown = readable(name, FORMATS[name](report))
    assert acting(shown) == []
    for rule in ("CQ58.1", "CQ56.1"):
        assert rule in shown
    if name == "json":
        (found,) = json.loads(FORMATS[name](report))["cases"]
        assert found["accepted"][0]["reason"] == case.accepted[0].reason
    else:
        escaped = {"junit": "&lt;script&gt;alert", "markdown": "&lt;script&gt;alert"}
        number = shown.count(escaped.get(name, "<script>alert"))
        # The message of each finding, and the reason of the accepted one.
        assert number > len(case.findings) + len(case.accepted) + len(case.known or ())


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


@pytest.mark.parametrize("name", sorted(set(FORMATS) - {"csv", "sarif"}))
def test_notes_reach_the_reader(name: str) -> None:
    report = sample()
    wide = {"text": partial(text.render, width=2_000)}
    shown = readable(name, wide.get(name, FORMATS[name])(report))
    assert cell_text(report.cases[0].notes[0]) in shown


@pytest.mark.parametrize("name", sorted(FORMATS))
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_format_carries_what_does_not_count_and_why(name: str, lang: str) -> None:
    report = set_aside(lang)
    (case,) = report.cases
    wide = {"text": partial(text.render, width=2_000)}
    shown = readable(name, wide.get(name, FORMATS[name])(report))
    for found in (*(entry.finding for entry in case.accepted), *(case.known or ())):
        assert cell_text(found.message) in shown, found.rule
    for entry in case.accepted:
        assert cell_text(entry.reason) in shown
    if name != "sarif":  # has a place for the reason alone
        assert "王五" in shown
        assert "2024-12-31" in shown
    if name not in {"json", "sarif"}:
        assert (
            words.tell(lang, "aside.known").replace(" ", "") in shown
            or words.tell(lang, "aside.outcome-known") in shown
        )


def test_json_of_what_does_not_count() -> None:
    document = json.loads(json_report.render(set_aside()))
    assert valid(document)
    (case,) = document["cases"]
    assert [found["rule"] for found in case["findings"]] == ["CQ58.1"]
    first, second = case["accepted"]
    assert (first["finding"]["rule"], first["reason"]) == ("CQ57.1", "原件在纸质卷内")
    assert (first["by"], first["until"]) == ("王五", "2024-12-31")
    assert (second["by"], second["until"]) == (None, None)
    assert [found["rule"] for found in case["known"]] == ["CQ40.2"]
    assert "known" not in json.loads(json_report.render(sample()))["cases"][0]


def test_the_tally_names_what_does_not_count() -> None:
    (case,) = set_aside().cases
    assert words.tally(case, "zh") == (
        "错误 1 项，未能核查的规则 1 条，另有已接受的问题 2 项，另有基线中已有的问题 1 项"
    )


@pytest.mark.parametrize("name", sorted(set(FORMATS) - {"json", "sarif"}))
def test_rules_left_out_are_no_rules_that_could_not_be_checked(name: str) -> None:
    report = sample("en")
    (case,) = report.cases
    out = RuleOutcome("CQ99.1", "not-checked", "not selected", "left out", "error", left_out=True)
    shown = readable(name, FORMATS[name](replace(report, cases=(replace(case, rules=(out,)),))))
    sentence = cell_text(words.tell("en", "report.left-out", number=1))
    if name in {"text", "markdown", "html", "docx", "xlsx"}:
        assert sentence in shown
        assert ("CQ99.1" in shown) is (name == "xlsx")
    assert cell_text(words.tell("en", "report.not-checked-remark")) not in shown


@pytest.mark.parametrize("name", sorted(FORMATS))
@pytest.mark.parametrize("report", [sample(), sample("en"), set_aside(), hostile(), empty()])
def test_every_format_gives_the_same_bytes_again(name: str, report: Report) -> None:
    assert FORMATS[name](report) == FORMATS[name](report)


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
    assert set(FORMATS) == modules - {"__init__", "layout", "orders", "words", "zipped"}
    assert set(ENDINGS.values()) <= set(FORMATS)
