"""A unit's archive: its cases are found wherever they lie, and the plan is held against them."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from archive_check.check import Options, check
from archive_check.cli import run
from archive_check.model import ArchiveCheckError, Report
from archive_check.unitcheck import DEFAULT_PACKS, check_unit
from archive_check.units import cases
from fixtures.faults_unit import FAULTS, NEAR_MISSES
from fixtures.units import Made, UnitFault, archive, build

AS_OF = dt.date(2026, 1, 1)
PACKS = ("archive", "unit")
Place = tuple[str, str, str | None]


def checked(made: Made, packs: tuple[str, ...] = PACKS) -> Report:
    return check_unit(made.root, Options(as_of=AS_OF, jobs=1, packs=packs, register=made.register))


def found(report: Report, made: Made) -> set[Place]:
    """Errors and warnings as (case, rule, offender); "" is the archive itself."""
    return {
        (case.path[len(str(made.root)) + 1 :], finding.rule, next(iter(finding.materials), None))
        for case in report.cases
        for finding in case.findings
        if finding.severity != "info"
    }


def expected(fault: UnitFault, made: Made) -> set[Place]:
    return {
        ("" if case is None else made.cases[case], fault.rule, made.plan if what else None)
        for case, what in fault.offenders
    }


@pytest.mark.parametrize(
    "fault", [f for group in FAULTS.values() for f in group], ids=lambda f: f"{f.rule}-{f.name}"
)
def test_a_deficient_archive_gives_its_findings_and_no_other(
    fault: UnitFault, tmp_path: Path
) -> None:
    made = build(fault, tmp_path / "unit")
    assert expected(fault, made)
    assert found(checked(made), made) == expected(fault, made)


@pytest.mark.parametrize(
    "fault", [f for g in NEAR_MISSES.values() for f in g], ids=lambda f: f"{f.rule}-{f.name}"
)
def test_a_near_miss_gives_no_finding(fault: UnitFault, tmp_path: Path) -> None:
    made = build(fault, tmp_path / "unit")
    assert found(checked(made), made) == set()


def test_full_cases_of_a_unit_are_checked_as_they_are_alone(tmp_path: Path) -> None:
    made = build(UnitFault("", "", {}), tmp_path / "unit")
    options = Options(as_of=AS_OF, jobs=1)
    report = check_unit(made.root, Options(as_of=AS_OF, jobs=1, packs=DEFAULT_PACKS))
    alone = check([made.root / place for place in made.cases], options)
    own, *inside = report.cases
    assert own.path == str(made.root)
    assert [case.path for case in inside] == [case.path for case in alone.cases]
    for case, single in zip(inside, alone.cases, strict=True):
        assert case.findings == single.findings
        assert {rule.rule for rule in case.rules} - {rule.rule for rule in single.rules} == {
            "UN02.1"
        }
    assert {rule.rule for rule in own.rules if rule.rule.startswith("UN")} == {
        "UN01.1", "UN03.1", "UN04.1", "UN05.1",
    }  # fmt: skip


def test_the_rules_on_a_unit_do_not_hold_for_a_case(tmp_path: Path) -> None:
    made = build(UnitFault("", "", {}), tmp_path / "unit")
    report = check([made.root / made.cases[0]], Options(as_of=AS_OF, jobs=1, packs=DEFAULT_PACKS))
    assert not [rule for rule in report.cases[0].rules if rule.rule.startswith("UN")]


def test_a_damaged_plan_leaves_the_planning_unchecked(tmp_path: Path) -> None:
    made = build(UnitFault("", "", {"extra": True, "planned": (0,)}), tmp_path / "unit")
    plan = made.root / made.plan
    plan.write_bytes(plan.read_bytes()[:2000])
    own, *inside = checked(made).cases
    assert {(f.rule, f.materials[0]) for f in own.findings} == {("AR01.1", made.plan)}
    outcomes = {rule.rule: rule.outcome for rule in (*own.rules, *inside[1].rules)}
    assert outcomes["UN01.1"] == outcomes["UN02.1"] == "not-checked"


def test_a_damaged_file_of_the_unit_leaves_open_what_is_missing(tmp_path: Path) -> None:
    made = build(UnitFault("", "", {"rectification": False}), tmp_path / "unit")
    (made.root / "0001.pdf").write_bytes(b"%PDF-1.4 broken")
    outcomes = {rule.rule: rule.outcome for rule in checked(made).cases[0].rules}
    assert outcomes["UN03.1"] == "not-checked"


def lay(root: Path, *paths: str) -> Path:
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(b"x")
    return root


def places(root: Path) -> list[str]:
    return [case.path for case in cases(root)]


PAPERS = ("审计报告.docx", "审计通知书.docx", "审计工作底稿.docx")


def test_cases_are_found_by_year_and_department(tmp_path: Path) -> None:
    root = lay(
        tmp_path,
        "2023年度审计计划.docx",
        "年度计划/关于审批2023年度审计计划的请示.docx",
        "年度计划/2023年度审计计划的批复.docx",
        *(f"2023/财务处/甲学校财务收支审计/{name}" for name in PAPERS),
        *(f"2023/基建处/乙工程审计/{name}" for name in PAPERS),
        "2022/丙公司/1结论类/审计报告.docx",
        "2022/丙公司/3立项类/审计通知书.docx",
        "2022/丁局/卷一/001.pdf",
        "2022/丁局/卷二/002.pdf",
    )
    assert places(root) == [
        "2022/丁局", "2022/丙公司", "2023/基建处/乙工程审计", "2023/财务处/甲学校财务收支审计",
    ]  # fmt: skip


def test_volumes_that_are_called_like_projects_are_cases(tmp_path: Path) -> None:
    root = lay(
        tmp_path,
        *(f"2023/第{n}卷 {unit}财务收支审计/{name}" for n, unit in ((1, "甲"), (2, "乙"))
          for name in PAPERS),
    )  # fmt: skip
    assert len(places(root)) == 2


def test_scans_without_names_are_a_case_where_they_are_many(tmp_path: Path) -> None:
    root = lay(tmp_path, *(f"SJ-2023-01/{n:04d}.pdf" for n in range(1, 12)), "计划/001.pdf")
    assert places(root) == ["SJ-2023-01"]


def test_item_folders_are_no_cases_of_their_own(tmp_path: Path) -> None:
    root = lay(
        tmp_path,
        "甲局审计/01 审计报告/审计报告.docx",
        "甲局审计/01 审计报告/审计报告征求意见书.docx",
        "甲局审计/02 审计通知书/审计通知书.docx",
        "甲局审计/03 审计工作底稿/底稿一.docx",
    )
    assert places(root) == ["甲局审计"]


def test_a_case_in_a_container_is_found(tmp_path: Path) -> None:
    import zipfile

    with zipfile.ZipFile(tmp_path / "甲局审计.zip", "w") as package:
        for name in PAPERS:
            package.writestr(f"甲局审计/{name}", b"x")
    with zipfile.ZipFile(tmp_path / "培训.zip", "w") as package:
        package.writestr("课件.docx", b"x")
    assert places(tmp_path) == ["甲局审计.zip"]


def test_a_list_of_all_volumes_makes_no_case_of_a_year(tmp_path: Path) -> None:
    root = lay(
        tmp_path,
        "2023/案卷目录.xlsx",
        *(f"2023/甲局审计/{name}" for name in PAPERS),
        *(f"2023/乙局审计/{name}" for name in PAPERS),
    )
    assert places(root) == ["2023/乙局审计", "2023/甲局审计"]


def test_links_are_not_followed(tmp_path: Path) -> None:
    lay(tmp_path / "elsewhere" / "甲局审计", *PAPERS)
    (tmp_path / "unit").mkdir()
    (tmp_path / "unit" / "link").symlink_to(tmp_path / "elsewhere")
    assert places(tmp_path / "unit") == []


@pytest.mark.parametrize("name", ["case", "none", "file.txt"])
def test_what_is_no_archive_is_one_clear_error(name: str, tmp_path: Path) -> None:
    lay(tmp_path, "case/1结论类/审计报告.docx", "case/3立项类/审计通知书.docx", "file.txt")
    with pytest.raises(ArchiveCheckError):
        cases(tmp_path / name)


def test_the_command_reports_the_archive_and_its_cases(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    made = build(UnitFault("", "", {"planned": (0,), "extra": True}), tmp_path / "unit")
    options = ["--pack", "archive", "--as-of", "2026-01-01", "--lang", "en", "--jobs", "1"]
    assert run(["unit", str(made.root), *options, "--format", "json"]) == 1
    report = json.loads(capfdbinary.readouterr().out)
    assert [pack["id"] for pack in report["packs"]] == ["archive", "unit"]
    assert [len(case["findings"]) for case in report["cases"]] == [1, 0, 1]
    assert run(["unit", str(made.root), *options]) == 1
    text = capfdbinary.readouterr().out.decode()
    assert "(3 of 3)" in text
    assert run(["unit", str(tmp_path / "none"), "--lang", "en"]) == 2
    assert capfdbinary.readouterr().err.decode().startswith("archive-check: ")


def test_the_units_plan_counts_for_its_cases(tmp_path: Path) -> None:
    """CQ05.1: a case whose own plan is an old one, and no other authority."""
    made = build(UnitFault("", "", {}), tmp_path / "unit")
    case = made.root / made.cases[1]
    first, second = archive().cases
    old = "\n".join(("2023年度审计计划", f"一、对{first.facts['unit']}开展审计"))
    (case / "006 2023年度审计计划.txt").write_text(old, "utf-8")
    options = Options(as_of=AS_OF, jobs=1, packs=("chongqing", "unit"))
    alone = {rule.rule: rule.outcome for rule in check([case], options).cases[0].rules}
    within = {rule.rule: rule.outcome for rule in check_unit(made.root, options).cases[2].rules}
    assert second.facts["unit"] not in old
    assert (alone["CQ05.1"], within["CQ05.1"]) == ("failed", "passed")
