"""Names that can be kept everywhere, formats for keeping, and what in a file would run."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from PIL import Image

from archive_check.check import Options, check
from archive_check.facts.names import name_faults
from archive_check.model import CaseReport


@pytest.mark.parametrize(
    ("name", "faults"),
    [
        ("001 审计报告（终稿）.docx", []),
        ("报告：结论？.pdf", []),
        ("a:b?.txt", ["name.forbidden"]),
        ("a\nb.txt", ["name.control"]),
        ("报告\u202efdp.exe", ["name.control"]),
        ("附件 ", ["name.ending"]),
        ("附件.", ["name.ending"]),
        ("审" * 85, []),
        ("审" * 86, ["name.long"]),
        (r"\xc9\xf3.txt", ["name.not-utf8"]),
        (r"\ud800.txt", ["name.not-utf8"]),
        (r"\x5cxc9.txt", ["name.forbidden"]),
        ("\\xb2" * 100, ["name.not-utf8"]),
    ],
)
def test_names(name: str, faults: list[str]) -> None:
    assert [fault.key for fault in name_faults(name)] == faults


def checked(case: Path) -> CaseReport:
    return check([case], Options(as_of=dt.date(2026, 1, 1), packs=("archive",), jobs=1)).cases[0]


def offenders(report: CaseReport, rule: str) -> list[str]:
    return [finding.materials[0] for finding in report.findings if finding.rule == rule]


@pytest.mark.skipif("sys.platform == 'win32'", reason="Windows has no such names")
def test_a_folder_with_a_bad_name_is_told_once(tmp_path: Path) -> None:
    for name in ("一:二/a.txt", "一:二/b.txt", "三/c.txt", "三/d?.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(f"说明 {name}", "utf-8")
    report = checked(tmp_path)
    assert offenders(report, "AR01.9") == ["一:二/a.txt", "三/d?.txt"]


def test_a_program_is_told_as_a_program_alone(tmp_path: Path) -> None:
    (tmp_path / "a.exe").write_bytes(b"MZ" + b"\0" * 58 + b"\x80\0\0\0" + b"\0" * 64 + b"PE\0\0L\1")
    (tmp_path / "b.bat").write_bytes(b"@echo off\r\ndel *.*\r\n")
    (tmp_path / "c.json").write_bytes(b'{"a": 1}')
    report = checked(tmp_path)
    assert offenders(report, "AR01.6") == ["a.exe", "b.bat"]
    assert offenders(report, "AR01.5") == ["c.json"]


def test_what_could_not_be_looked_into_is_not_said_to_be_harmless(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(b"PK\x03\x04 broken")
    report = checked(tmp_path)
    outcome = {rule.rule: rule.outcome for rule in report.rules}
    assert outcome["AR01.6"] == "not-checked"
    assert outcome["AR01.5"] == "passed"


def test_formats_are_called_what_people_call_them(tmp_path: Path) -> None:
    Image.new("RGB", (50, 50)).save(tmp_path / "清单.docx", format="BMP")
    (tmp_path / "图.emf").write_bytes(b"\1\0\0\0" + b"\0" * 36 + b" EMF" + b"\0" * 60)
    findings = checked(tmp_path).findings
    told = {(f.rule, f.materials[0]): f.message for f in findings if f.materials}
    assert told["AR01.4", "清单.docx"].endswith("（应为 Word 文档（DOCX），实为 BMP 图片）")
    assert told["AR01.5", "图.emf"].endswith("（image/emf）")  # it has no name of this kind
