"""Accepted deficiencies: what an entry means, when it ends, and how that is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
import report_samples
from report_samples import finding

from archive_check.accepted import accept, fits
from archive_check.model import Acceptance, CaseReport, RuleOutcome, Severity

DAY = date(2024, 6, 30)
(SAMPLE,) = report_samples.sample().cases
"""CQ58.1 and CQ57.1 (errors), CQ40.2 (a warning), CQ12.1 (a note on the case as a whole)."""


def entry(**stated: object) -> Acceptance:
    return Acceptance("已说明", **stated)  # type: ignore[arg-type]


def rules(case: CaseReport) -> tuple[list[str], list[str]]:
    return [f.rule for f in case.findings], [entry.finding.rule for entry in case.accepted]


def test_an_accepted_finding_does_not_count() -> None:
    entries = [entry(rule="CQ58.1"), entry(rule="CQ57.1"), entry(rule="CQ40.2", by="王五")]
    case = accept(SAMPLE, entries, DAY, "zh")
    assert rules(case) == (["CQ12.1"], ["CQ58.1", "CQ57.1", "CQ40.2"])
    assert case.verdict == "incomplete"  # CQ56.1, an error, could not be checked
    assert case.accepted[2].by == "王五"
    assert case.notes == SAMPLE.notes
    assert case.rules == SAMPLE.rules
    passed = replace(SAMPLE, rules=(RuleOutcome("CQ58.2", "passed", None, "", "error"),))
    assert accept(passed, entries, DAY, "zh").verdict == "compliant"


def test_one_that_is_left_keeps_the_case_deficient() -> None:
    case = accept(SAMPLE, [entry(rule="CQ58.1"), entry(rule="CQ57.1")], DAY, "zh")
    assert rules(case)[0] == ["CQ40.2", "CQ12.1"]
    assert case.verdict == "deficient"


def test_nothing_accepted_changes_nothing() -> None:
    assert accept(SAMPLE, [], DAY, "zh") == SAMPLE


@pytest.mark.parametrize(
    ("until", "accepted"),
    [(None, True), (DAY, True), (date(2024, 7, 1), True), (date(2024, 6, 29), False)],
)
def test_an_entry_holds_up_to_its_day(until: date | None, accepted: bool) -> None:
    case = accept(SAMPLE, [entry(rule="CQ58.1", until=until)], DAY, "en")
    assert (rules(case)[1] == ["CQ58.1"]) is accepted
    over = [note for note in case.notes if "counts again" in note]
    assert len(over) == (0 if accepted else 1)
    if over:
        assert "CQ58.1" in over[0]
        assert "2024-06-29" in over[0]
        assert "已说明" in over[0]


def test_an_entry_that_is_over_is_silent_where_another_holds() -> None:
    entries = [entry(rule="CQ58.1", until=date(2024, 1, 1)), entry(rule="CQ58.1")]
    case = accept(SAMPLE, entries, DAY, "en")
    assert rules(case)[1] == ["CQ58.1"]
    assert case.notes == SAMPLE.notes


@pytest.mark.parametrize(
    ("stated", "words"),
    [
        ({"rule": "CQ58.2"}, "fits no finding any more"),
        ({"rule": "CQ58.1", "material": "9/*"}, "fits no finding any more"),
        ({"fingerprint": "0" * 16}, "fits no finding any more"),
        ({"rule": "CQ58.2", "until": date(2024, 1, 1)}, "fits no finding any more"),
        ({"rule": "CQ56.1"}, "not all of its rules were checked"),
        ({"rule": "LC01.1"}, "not all of its rules were checked"),
    ],
)
def test_an_entry_that_fits_nothing_is_told(stated: dict[str, object], words: str) -> None:
    case = accept(SAMPLE, [entry(**stated)], DAY, "en")
    (note,) = case.notes[len(SAMPLE.notes) :]
    assert words in note
    assert rules(case) == (["CQ58.1", "CQ57.1", "CQ40.2", "CQ12.1"], [])


def test_a_run_of_some_rules_does_not_call_entries_needless() -> None:
    out = RuleOutcome("CQ58.2", "not-checked", "", "", "error", left_out=True)
    case = accept(replace(SAMPLE, rules=(out,)), [entry(fingerprint="0" * 16)], DAY, "en")
    assert "not all of its rules were checked" in case.notes[-1]


@pytest.mark.parametrize(
    ("stated", "fitting"),
    [
        ({"rule": "CQ57.18"}, True),
        ({"rule": "cq57.18 "}, True),
        ({"rule": "CQ57.1"}, False),
        ({"rule": "CQ57"}, False),
        ({"fingerprint": "CQ57.18-fingerprint"}, True),
        ({"fingerprint": "CQ57.18"}, False),
        ({"rule": "CQ57.19", "fingerprint": "CQ57.18-fingerprint"}, False),
        ({"material": "1/[补]审计报告.pdf"}, True),
        ({"material": r".\1\[补]审计报告.pdf"}, True),
        ({"material": "1/*.pdf"}, True),
        ({"material": "*"}, True),
        ({"material": "*报告.pdf"}, True),
        ({"material": "?补?审计报告.pdf"}, True),
        ({"material": "2/*.pdf"}, False),
        ({"material": "审计报告.pdf"}, False),
        ({"material": "1"}, False),
        ({"material": "2/附件.pdf"}, False),
        ({"rule": "CQ57.18", "material": "*.docx"}, False),
    ],
)
def test_what_an_entry_means(stated: dict[str, str], fitting: bool) -> None:
    found = finding("CQ57.18", "error", ["1/[补]审计报告.pdf", "2/附件.pdf"])
    assert fits(entry(**stated), found) is fitting


def test_unicode_forms_make_no_difference() -> None:
    found = finding("CQ57.18", "error", ["e\u0301.pdf"])
    assert fits(entry(material="\u00e9.pdf"), found)


def test_a_pattern_never_means_the_case_as_a_whole() -> None:
    found = finding("CQ57.18", "error", [])
    assert not fits(entry(material="*"), found)
    assert fits(entry(rule="CQ57.18"), found)


@pytest.mark.parametrize("severity", ["error", "warning", "info"])
def test_every_severity_may_be_accepted(severity: Severity) -> None:
    case = replace(SAMPLE, findings=(finding("CQ01.1", severity),), rules=())
    assert accept(case, [entry(rule="CQ01.1")], DAY, "zh").verdict == "compliant"
