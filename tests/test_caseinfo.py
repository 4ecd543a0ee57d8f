"""Case information: what is understood, what is refused and how it says so, and the way back."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from archive_check import caseinfo
from archive_check.model import Acceptance, ArchiveCheckError, CaseReport, MaterialRow, Said
from archive_check.texts import say

TYPES = ("audit-report", "audit-notice", "other")
FULL = """\
project: 某单位2023年度预算执行审计
project_type: economic-responsibility
unit: 某单位
person: 张三
special_notice: true
started: 2023-03-01
ended: "2023-06-30"
filed: 2023-07-01
year: 2023
filer: 李四
retention: 30年
classification: 内部
leader: 王五
team: [赵六, 钱七]
stage: handover
accepted:
  - {rule: CQ57.18, reason: 原件在纸质卷内, by: 王五, until: 2024-12-31}
  - {material: "1/*.pdf", fingerprint: 0123456789abcdef, reason: 已说明}
materials:
  1/2.pdf: {type: audit-report, section: conclusion, date: 2023-05-06, title: 审计报告}
"""


def refusal(text: str | bytes, source: str = "info.yaml") -> str:
    data = text.encode() if isinstance(text, str) else text
    with pytest.raises(ArchiveCheckError) as caught:
        caseinfo.parse(data, source, TYPES)
    (what,) = caught.value.args
    assert isinstance(what, Said)
    for lang in ("zh", "en"):
        assert "\n" not in say(lang, what)
    return say("en", what)


def test_every_key_of_the_contract_is_understood() -> None:
    info = caseinfo.parse(FULL.encode(), "info.yaml", TYPES)
    assert info.values["project"] == "某单位2023年度预算执行审计"
    assert info.values["started"] == date(2023, 3, 1)
    assert info.values["ended"] == date(2023, 6, 30)
    assert info.values["year"] == 2023
    assert info.values["special_notice"] is True
    assert info.values["team"] == ("赵六", "钱七")
    assert info.accepted == (
        Acceptance("原件在纸质卷内", rule="CQ57.18", by="王五", until=date(2024, 12, 31)),
        Acceptance("已说明", material="1/*.pdf", fingerprint="0123456789abcdef"),
    )
    assert "accepted" not in info.values
    assert "materials" not in info.values
    assert info.materials == {
        "1/2.pdf": {
            "type": "audit-report",
            "section": "conclusion",
            "date": date(2023, 5, 6),
            "title": "审计报告",
        }
    }
    assert info.source == "info.yaml"


def test_json_says_the_same_as_yaml(tmp_path: Path) -> None:
    stated = {"project": "审计😀", "filed": "2023-07-01", "materials": {"a.pdf": {"type": "other"}}}
    as_json, as_yaml = tmp_path / "info.json", tmp_path / "info.yaml"
    as_json.write_text(json.dumps(stated, indent="\t"), "utf-8")
    as_yaml.write_text(
        "project: 审计😀\nfiled: 2023-07-01\nmaterials: {a.pdf: {type: other}}\n", "utf-8"
    )
    first, second = (caseinfo.load(path, TYPES) for path in (as_json, as_yaml))
    assert (first.values, first.materials) == (second.values, second.materials)
    assert first.materials == {"a.pdf": {"type": "other"}}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_encodings_of_common_editors(encoding: str) -> None:
    info = caseinfo.parse("unit: 某某单位\n".encode(encoding), "info.yaml", TYPES)
    assert info.values == {"unit": "某某单位"}


@pytest.mark.parametrize("text", ["", "# nothing\n", "unit:\nmaterials:\n"])
def test_nothing_stated(text: str) -> None:
    info = caseinfo.parse(text.encode(), "info.yaml", TYPES)
    assert (info.values, info.materials) == ({}, {})


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("projct: x", ["projct", "project"]),
        ("project-type: general", ["project-type", "project_type"]),
        ("zzzzzz: x", ["zzzzzz", "there are", "special_notice"]),
        ("project_type: economic", ["project_type", "economic", "economic-responsibility"]),
        ("project_type: economic_responsibility", ["did you mean economic-responsibility"]),
        ("stage: archve", ["stage", "archived"]),
        ("started: 2023-02-30", ["started", "2023-02-30", "there is no date"]),
        ("filed: 2023/7/1", ["filed", "2023/7/1", "such as"]),
        ("filed: 20230701", ["filed", "20230701"]),
        ("ended: 2023-06-30 10:00:00", ["ended"]),
        ("year: 23", ["year", "23"]),
        ("year: true", ["year"]),
        ("special_notice: 是", ["special_notice", "true or false"]),
        ("project: [a]", ["project", "must be text"]),
        ("team: 张三", ["team", "must be a list"]),
        ("team: [[张三]]", ["team > 1", "must be text"]),
        ("accepted: [abc]", ["accepted > 1", "map"]),
        ("accepted: {rule: CQ57.18}", ["accepted", "list"]),
        ("accepted: [{rule: CQ57.18}]", ["accepted > 1", "reason"]),
        ("accepted: [{rule: CQ57.18, reason: ' '}]", ["accepted > 1", "reason"]),
        ("accepted: [{reason: 已说明}]", ["accepted > 1", "fingerprint"]),
        ("accepted: [{rule: CQ57.18, reason: x, til: 2024-01-01}]", ["> til", "until"]),
        ("accepted: [{rule: CQ57.18, reason: x, until: soon}]", ["> until", "such as"]),
        ("materials: [a]", ["materials", "map"]),
        ("materials: {a.pdf: audit-report}", ["materials > a.pdf", "map"]),
        ("materials: {a.pdf: {typ: other}}", ["materials > a.pdf > typ", "type"]),
        ("materials: {a.pdf: {type: audit-reprt}}", ["materials > a.pdf > type", "audit-report"]),
        ("materials: {a.pdf: {section: conclusions}}", ["> section", "conclusion"]),
        ("materials: {a.pdf: {date: 2023-13-01}}", ["> date", "2023-13-01"]),
        ("- a", ["map"]),
        ("unit: [", ["YAML", "line 2"]),
        ("unit: a\nunit: b", ["'unit'", "x 2"]),
        ("unit: !!python/object:os.system x", ["YAML"]),
        ("[" * 5_000, ["YAML"]),
        (b"unit: \xff\xff\n", ["UTF-8"]),
        (b" " * (caseinfo.MAX_BYTES + 1), ["larger"]),
    ],
)
def test_a_mistake_is_named_with_file_key_and_nearest(text: str | bytes, words: list[str]) -> None:
    line = refusal(text)
    for word in ["info.yaml", *words]:
        assert word in line


def test_a_key_twice_in_json() -> None:
    assert "x 2" in refusal('{"unit": "a", "unit": "b"}', "info.json")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ArchiveCheckError) as caught:
        caseinfo.load(tmp_path / "none.yaml", TYPES)
    assert "none.yaml" in say("zh", caught.value.args[0])


def test_paths_are_found_as_the_case_spells_them() -> None:
    stated = r"""
materials:
  '1结论类\1.pdf': {type: audit-report}
  ./2.pdf: {type: other}
  "e\u0301.pdf": {type: other}
  'a\b.pdf': {type: other}
"""
    info = caseinfo.parse(stated.encode(), "info.yaml", TYPES)
    found = caseinfo.resolve(info, ["1结论类/1.pdf", "2.pdf", "\u00e9.pdf", r"a\b.pdf"])
    assert set(found.materials) == {"1结论类/1.pdf", "2.pdf", "\u00e9.pdf", r"a\b.pdf"}


@pytest.mark.parametrize(
    ("stated", "words"),
    [
        ("materials: {1/审计报告.docx: {type: other}}", ["did you mean 1/审计报告.pdf"]),
        ("materials: {zzzz: {type: other}}", ["no file materials > zzzz"]),
        ("materials: {1/审计报告.pdf: {}, ./1/审计报告.pdf: {}}", ["twice"]),
    ],
)
def test_a_path_that_the_case_does_not_have(stated: str, words: list[str]) -> None:
    info = caseinfo.parse(stated.encode(), "info.yaml", TYPES)
    with pytest.raises(ArchiveCheckError) as caught:
        caseinfo.resolve(info, ["1/审计报告.pdf"])
    for word in ["info.yaml", *words]:
        assert word in say("en", caught.value.args[0])


def row(path: str, position: int, **values: object) -> MaterialRow:
    fields: dict[str, object] = {
        "path": path, "position": position, "type": "other", "section": "reference",
        "filed_section": None, "group": "g", "role": None, "title": "题名", "date": None,
        "doc_no": None, "pages": None, "media_type": "application/pdf", "bytes": 1,
        "sha256": None, "confidence": 0.99, "why": (),
    }  # fmt: skip
    return MaterialRow(**{**fields, **values})  # type: ignore[arg-type]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_is_written_reads_back_as_recognised(lang: str) -> None:
    hard = 'null: "#\u0085\u202e{[ \x1b \ue000' + "长" * 200
    report = CaseReport(
        path="case",
        case={"project": hard, "year": 2023, "filed": "2023-07-01", "person": None},
        verdict="compliant",
        materials=(
            row("b: #.pdf", 2, date="2023-05-06", title="a\nb", confidence=0.3),
            row(
                "1/一.pdf",
                1,
                type="audit-report",
                section="conclusion",
                title="审计报告",
                filed_section="conclusion",
            ),
            row("2/二.pdf", 3, section="reference", filed_section="evidence"),
        ),
        findings=(),
        rules=(),
        ignored=(),
    )
    text = caseinfo.write(report, lang)  # type: ignore[arg-type]
    info = caseinfo.parse(text.encode(), "info.yaml", TYPES)
    assert info.values == {"project": hard, "year": 2023, "filed": date(2023, 7, 1)}
    assert dict(info.materials) == {
        "1/一.pdf": {"type": "audit-report", "section": "conclusion", "title": "审计报告"},
        "b: #.pdf": {"type": "other", "date": date(2023, 5, 6), "title": "a\nb"},
        "2/二.pdf": {"type": "other", "title": "题名"},
    }
    assert text.count("    # section: reference") == 2
    assert "# person:" in text
    assert "30%" in text
    assert text.index("1/一.pdf") < text.index("b: #.pdf")


def test_a_case_without_materials_is_written() -> None:
    report = CaseReport("case", {}, "compliant", (), (), (), ())
    info = caseinfo.parse(caseinfo.write(report, "zh").encode(), "info.yaml", TYPES)
    assert (info.values, info.materials) == ({}, {})
