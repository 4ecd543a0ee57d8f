"""Every rule against real cases: one change each, and the whole set of findings compared."""

from __future__ import annotations

import datetime as dt
import os
from functools import cache
from pathlib import Path

import pytest

from archive_check.cache import Cache, opened
from archive_check.check import Options, check
from archive_check.model import CaseReport
from archive_check.rulebook import Rulebook, load_packs, shipped_packs
from fixtures.faults import FAULTS, NEAR_MISSES, Fault
from fixtures.make import MAKERS

AS_OF = dt.date(2026, 1, 1)
CASES = Path(__file__).parent.parent / "fixtures" / "cases"


@cache
def rulebook() -> Rulebook:
    return load_packs(shipped_packs())


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Cache:
    """What was read of one case serves the others, which differ from it in one thing."""
    folder = tmp_path_factory.getbasetemp()
    shared = folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder
    return opened(shared / "read")


def checked(case: Path, kept: Cache, **options: object) -> CaseReport:
    return check([case], Options(AS_OF, jobs=1, cache=kept, **options)).cases[0]  # type: ignore[arg-type]


def found_in(fault: Fault, case: Path, tmp_path: Path, kept: Cache) -> set[tuple[str, str | None]]:
    """What the fault's packs find in its case, compared with its register where it has one."""
    register = None
    if names := fault.auditors():
        register = tmp_path / "register.csv"
        register.write_text("\n".join(("序号,姓名", *(f"{n},{x}" for n, x in enumerate(names)))))
    report = checked(case, kept, packs=fault.regulation.packs, register=register)
    return found(report, {fault.rule})


def found(report: CaseReport, also: set[str]) -> set[tuple[str, str | None]]:
    """Findings as (rule, offender): all errors and warnings, and notes of the rules in question."""
    return {
        (finding.rule, finding.materials[0] if finding.materials else None)
        for finding in report.findings
        if finding.severity != "info" or finding.rule in also
    }


def of_known_rules(table: dict[str, list[Fault]]) -> list[Fault]:
    known = {rule.id for rule in rulebook().rules}
    return [fault for code, faults in table.items() if code in known for fault in faults]


@pytest.mark.parametrize("fault", of_known_rules(FAULTS), ids=lambda fault: fault.id)
def test_a_deficient_case_gives_its_findings_and_no_other(
    fault: Fault, tmp_path: Path, kept: Cache
) -> None:
    case, expected = fault.build(tmp_path / "case")
    assert expected
    assert found_in(fault, case, tmp_path, kept) == set(expected)


@pytest.mark.parametrize("fault", of_known_rules(NEAR_MISSES), ids=lambda fault: fault.id)
def test_a_near_miss_gives_no_finding(fault: Fault, tmp_path: Path, kept: Cache) -> None:
    case, expected = fault.build(tmp_path / "case")
    assert expected == ()
    assert sum(path.is_file() for path in case.rglob("*")) >= 40
    assert found_in(fault, case, tmp_path, kept) == set()


@pytest.mark.parametrize("name", sorted(path.name for path in CASES.iterdir()))
def test_a_committed_case_gives_its_findings_and_no_other(
    name: str, tmp_path: Path, kept: Cache
) -> None:
    expected = MAKERS[name](tmp_path / name)
    known = {rule.id for rule in rulebook().rules}
    wanted = {finding for finding in expected if finding[0] in known}
    assert found(checked(CASES / name, kept), {rule for rule, _ in wanted}) == wanted
