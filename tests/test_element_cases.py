"""What papers must hold, judged in whole cases: one deficiency, one finding."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

from archive_check.check import Options, check
from archive_check.model import CaseReport
from fixtures.change import add, chain, doc, values
from fixtures.compose import compose
from fixtures.layouts import LAYOUTS
from fixtures.model import Change, DocSpec
from fixtures.render import render

LAYOUT = "sections"


def checked(change: Change, root: Path) -> tuple[CaseReport, dict[str, str]]:
    made = render(change(compose(3, style=LAYOUTS[LAYOUT].style)), LAYOUT, root)
    report = check([root], Options(as_of=dt.date(2026, 1, 1), jobs=1)).cases[0]
    return report, dict(made.paths)


def found(report: CaseReport) -> dict[str, object]:
    return {f.rule: f.details.get("missing") for f in report.findings if f.severity != "info"}


def left_out(key: str, *words: str) -> Change:
    return doc(key, leave_out=words)


def filed(key: str, kind: str, template: str, title: str, after: str) -> Change:
    """One more paper of a template behind another one."""

    def apply(case):  # type: ignore[no-untyped-def]
        day = case.doc(after).date
        new = DocSpec(key, kind, case.doc(after).section, template, title, day)
        return add(replace(new, parent=after), after)(case)

    return apply


def test_an_index_number_that_is_not_there_is_told_once(tmp_path: Path) -> None:
    report, _ = checked(values("wp3", index="", unit=""), tmp_path)
    assert found(report) == {"CQ28.1": None, "CQ27.1": ["unit"]}


def test_a_paper_without_a_review_is_told_once(tmp_path: Path) -> None:
    report, _ = checked(values("wp3", opinion="", reviewer="", reviewed=""), tmp_path)
    assert found(report) == {"CQ32.1": ["opinion"]}


def test_steps_are_told_by_the_rule_on_elements_alone(tmp_path: Path) -> None:
    report, _ = checked(values("wp3", steps="", sources=""), tmp_path)
    assert found(report) == {"CQ25.2": ["sources"], "CQ27.1": ["procedure"]}


def test_matters_transferred_are_asked_where_a_letter_transfers_one(tmp_path: Path) -> None:
    untold = left_out("rectification", "对移交处理事项")
    report, _ = checked(untold, tmp_path / "none")
    assert found(report) == {}
    letter = filed(
        "transfer", "transfer-letter", "transfer-letter", "审计移送处理书", "report_draft"
    )
    report, _ = checked(chain(untold, letter), tmp_path / "one")
    assert found(report) == {"CQ47.1": ["transfers"]}


def test_use_of_experts_is_asked_where_the_programme_needs_it(tmp_path: Path) -> None:
    silent = left_out("programme", "对专业技术人员", "外部专家")
    report, _ = checked(silent, tmp_path / "none")
    assert found(report) == {}


def test_a_paper_that_was_not_read_is_not_checked(tmp_path: Path) -> None:
    root = tmp_path / "case"
    made = render(compose(3, style="docx"), LAYOUT, root)
    (root / made.paths["notice"]).write_bytes(b"PK\x03\x04 no more")
    report = check([root], Options(as_of=dt.date(2026, 1, 1), jobs=1)).cases[0]
    outcomes = {rule.rule: rule.outcome for rule in report.rules}
    assert outcomes["CQ15.1"] == "not-checked"
    assert "CQ15.1" not in found(report)
