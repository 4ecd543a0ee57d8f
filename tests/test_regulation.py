"""Every rule against real cases: one change each, and the whole set of findings compared."""

from __future__ import annotations

import datetime as dt
from functools import cache
from pathlib import Path

import pytest

from archive_check.check import DEFAULT_PACKS, Options, check
from archive_check.model import CaseReport
from archive_check.rulebook import Rulebook, load_packs
from fixtures.faults import FAULTS, NEAR_MISSES, Fault
from fixtures.make import MAKERS

AS_OF = dt.date(2026, 1, 1)
CASES = Path(__file__).parent.parent / "fixtures" / "cases"


@cache
def rulebook() -> Rulebook:
    return load_packs(DEFAULT_PACKS)


def checked(case: Path) -> CaseReport:
    return check([case], Options(as_of=AS_OF, jobs=1)).cases[0]


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
def test_a_deficient_case_gives_its_findings_and_no_other(fault: Fault, tmp_path: Path) -> None:
    case, expected = fault.build(tmp_path)
    assert expected
    assert found(checked(case), {fault.rule}) == set(expected)


@pytest.mark.parametrize("fault", of_known_rules(NEAR_MISSES), ids=lambda fault: fault.id)
def test_a_near_miss_gives_no_finding(fault: Fault, tmp_path: Path) -> None:
    case, _ = fault.build(tmp_path)
    assert found(checked(case), {fault.rule}) == set()


@pytest.mark.parametrize("name", sorted(path.name for path in CASES.iterdir()))
def test_a_committed_case_gives_its_findings_and_no_other(name: str, tmp_path: Path) -> None:
    expected = MAKERS[name](tmp_path / name)
    known = {rule.id for rule in rulebook().rules}
    wanted = {finding for finding in expected if finding[0] in known}
    assert found(checked(CASES / name), {rule for rule, _ in wanted}) == wanted


def test_every_rule_has_a_failing_and_a_near_case() -> None:
    rules = {rule.id for rule in rulebook().rules}
    assert rules <= set(FAULTS), sorted(rules - set(FAULTS))
    assert rules <= set(NEAR_MISSES), sorted(rules - set(NEAR_MISSES))
