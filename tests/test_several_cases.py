"""A folder of several cases that is given as one is told of; a case in parts is not."""

from __future__ import annotations

import datetime as dt
import json
import zipfile
from pathlib import Path

import pytest

from archive_check.check import Options, check
from archive_check.model import Lang
from fixtures.formats import write
from fixtures.model import Grid, Text

CONCLUSION, INITIATION = "审计报告", "审计通知书"
OWN = {f"1结论类/{CONCLUSION}": CONCLUSION, f"3立项类/{INITIATION}": INITIATION}
BOTH = {"通知": INITIATION, "报告": CONCLUSION}
FLAT = {"00 卷内文件目录": "", f"01 {CONCLUSION}": CONCLUSION, f"09 {INITIATION}": INITIATION}


def lay(root: Path, **folders: dict[str, str]) -> Path:
    """Papers of one line below the folders named; one without a title is a catalogue."""
    for folder, papers in folders.items():
        for name, title in papers.items():
            path = root / folder / f"{name}.docx"
            path.parent.mkdir(parents=True, exist_ok=True)
            heads = (("序号", "文号", "责任者", "题名", "日期", "页号"),)
            rows = (("1", "", "审计部", CONCLUSION, "2023-05-06", "1"),)
            listed = (Text("卷内文件目录", "title"), Grid((*heads, *rows)))
            paper = (Text(f"关于{folder}的{title}", "title"), Text("2023年5月6日", "right"))
            path.write_bytes(write(paper if title else listed, "docx"))
    return root


def notices(root: Path, lang: Lang = "en") -> list[str]:
    (case,) = check([root], Options(as_of=dt.date(2024, 6, 30), jobs=1, lang=lang)).cases
    return [note for note in case.notes if "archive-check unit" in note]


@pytest.mark.parametrize("own", [OWN, FLAT], ids=["sections", "catalogue"])
def test_folders_that_are_cases_are_told_of(own: dict[str, str], tmp_path: Path) -> None:
    root = lay(tmp_path / "2023", 甲公司审计=own, 乙公司审计=own)
    (notice,) = notices(root)
    assert "2 cases" in notice
    assert "甲公司审计" in notice
    assert "乙公司审计" in notice
    assert "像是有 2 个案卷" in notices(root, "zh")[0]


def test_cases_in_a_container_are_told_of(tmp_path: Path) -> None:
    root = lay(tmp_path / "2023", 甲公司审计=OWN, 乙公司审计=OWN)
    with zipfile.ZipFile(tmp_path / "2023.zip", "w") as packed:
        for path in root.rglob("*.docx"):
            packed.write(path, path.relative_to(tmp_path))
    assert len(notices(tmp_path / "2023.zip")) == 1


def test_many_cases_are_counted_and_a_few_named(tmp_path: Path) -> None:
    root = lay(tmp_path / "unit", **{f"2023年/{name}公司审计": FLAT for name in "甲乙丙丁戊己"})
    (notice,) = notices(root)
    assert "6 cases" in notice
    assert "甲公司" not in notice  # the last by code point


@pytest.mark.parametrize(
    "folders",
    [
        {"某公司审计": OWN},
        {"卷一": FLAT, "卷二": FLAT},
        {"第1卷": OWN, "第2卷": OWN},
        {"上": {"目录": "", "报告": CONCLUSION}, "下": {"目录": "", "通知": INITIATION}},
        {"前期": BOTH, "后期": BOTH},
        {"1结论类": FLAT, "3立项类": FLAT},
        {"1结论类": {"报告": CONCLUSION}, "其他": OWN, "备份": OWN, "3立项类": BOTH},
    ],
    ids=["one", "volumes", "sections in volumes", "half each", "unframed", "in sections", "odd"],
)  # fmt: skip
def test_a_case_in_parts_is_one(folders: dict[str, dict[str, str]], tmp_path: Path) -> None:
    assert notices(lay(tmp_path / "case", **folders)) == []


@pytest.mark.parametrize("name", ["sections", "flat", "volumes", "opaque"])
def test_the_cases_that_ship_are_one_each(name: str, request: pytest.FixtureRequest) -> None:
    assert notices(request.config.rootpath / "fixtures" / "cases" / f"compliant-{name}") == []


def test_the_notice_changes_nothing_else(tmp_path: Path) -> None:
    from archive_check.reports.json_report import render

    root = lay(tmp_path / "2023", 甲公司审计=OWN, 乙公司审计=OWN)
    (case,) = json.loads(render(check([root], Options(as_of=dt.date(2024, 6, 30), jobs=1))))[
        "cases"
    ]
    assert len(case["materials"]) == 4
    assert case["verdict"] == "deficient"
