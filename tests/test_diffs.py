"""The second look: which findings are the same, what became of them, and how it is told."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import report_samples
from cli_pipeline import Pipeline, Run, one_line
from report_samples import finding, hostile, material, sample

from archive_check import diffs
from archive_check.model import ArchiveCheckError, CaseReport, Finding, Report, RuleOutcome
from archive_check.reports import FORMATS
from archive_check.texts import say

pytest_plugins = ("cli_fixtures",)

Save = Callable[[Report, str], Path]


def case_of(*findings: Finding, **values: Any) -> CaseReport:
    (case,) = sample().cases
    rules = tuple(RuleOutcome(found.rule, "failed") for found in findings)
    rules += (RuleOutcome("CQ57.1", "passed"), RuleOutcome("CQ56.1", "not-checked", "?"))
    return replace(case, **{"findings": findings, "rules": rules, **values})


def report_of(*cases: CaseReport) -> Report:
    return replace(sample(), cases=cases)


def became(old: CaseReport, new: CaseReport) -> dict[str, list[str]]:
    (case,) = diffs.compare(report_of(old), report_of(new), "zh").cases
    return {part: [found.rule for found in findings] for part, findings in case.parts if findings}


@pytest.fixture
def save(tmp_path: Path) -> Save:
    def write(report: Report, name: str) -> Path:
        path = tmp_path / name
        path.write_bytes(FORMATS["json"](report))
        return path

    return write


# What became of a finding


def test_remedied_open_and_new() -> None:
    one, two, three = (finding(rule, "error") for rule in ("CQ57.1", "CQ58.1", "CQ59.1"))
    assert became(case_of(one, two), case_of(two, three)) == {
        "new": ["CQ59.1"], "open": ["CQ58.1"], "remedied": ["CQ57.1"],
    }  # fmt: skip
    assert became(case_of(one), case_of(one)) == {"open": ["CQ57.1"]}
    assert became(case_of(), case_of()) == {}


@pytest.mark.parametrize("rule", ["CQ56.1", "LC01.1"])
def test_what_nobody_judged_again_is_not_remedied(rule: str) -> None:
    assert became(case_of(finding(rule, "error")), case_of()) == {"unjudged": [rule]}


def test_an_accepted_finding_is_neither_remedied_nor_open() -> None:
    one = finding("CQ57.1", "error")
    accepted = replace(
        case_of(), accepted=(report_samples.Accepted(one, "原件在纸质卷内", "王五"),)
    )
    assert became(case_of(one), accepted) == {"accepted": ["CQ57.1"]}
    assert became(accepted, case_of(one)) == {"open": ["CQ57.1"]}
    assert became(accepted, case_of()) == {"remedied": ["CQ57.1"]}


def test_a_finding_known_from_a_baseline_is_open() -> None:
    one = finding("CQ57.1", "error")
    assert became(case_of(one), case_of(known=(one,))) == {"open": ["CQ57.1"]}
    assert became(case_of(known=(one,)), case_of(one)) == {"open": ["CQ57.1"]}


@pytest.mark.parametrize(
    ("now", "same"),
    [
        ({"sha256": "1" * 64, "title": "另一题名"}, True),
        ({"sha256": "2" * 64, "title": "审计报告"}, True),
        ({"sha256": "2" * 64, "title": "另一题名"}, False),
        ({"sha256": None, "title": "审计报告", "type": "other"}, False),
    ],
)
def test_a_renamed_file_keeps_its_findings(now: dict[str, Any], same: bool) -> None:
    then = case_of(
        finding("CQ58.1", "error", ["1/4 a.pdf"], fingerprint="old-name"),
        materials=(material("1/4 a.pdf", 4, sha256="1" * 64),),
    )
    renamed = case_of(
        finding("CQ58.1", "error", ["1/5 b.pdf"], fingerprint="new-name"),
        materials=(material("1/5 b.pdf", 5, **now),),
    )
    expected = {"open": ["CQ58.1"]} if same else {"new": ["CQ58.1"], "remedied": ["CQ58.1"]}
    assert became(then, renamed) == expected


def test_copies_are_matched_one_by_one() -> None:
    def copies(*names: str) -> CaseReport:
        return case_of(
            *(finding("CQ58.1", "error", [name], fingerprint=f"print-{name}") for name in names),
            materials=tuple(material(name, n) for n, name in enumerate(names, 1)),
        )

    assert became(copies("a", "b"), copies("b", "c", "d")) == {
        "new": ["CQ58.1"], "open": ["CQ58.1"] * 2
    }  # fmt: skip


# Which cases are the same


def named(path: str, project: str = "") -> CaseReport:
    return case_of(path=path, case={"project": project})


def pairs(old: list[CaseReport], new: list[CaseReport]) -> list[tuple[str | None, str | None]]:
    found = diffs.compare(report_of(*old), report_of(*new), "zh").cases
    return [(c.old.path if c.old else None, c.new.path if c.new else None) for c in found]


def test_cases_are_paired_by_path_then_name_then_project() -> None:
    old = [named("a/1"), named("a/2"), named("a/3", "甲"), named("a/4")]
    new = [named("b/2"), named("a/1/"), named("c.zip", "甲"), named("b/5")]
    assert pairs(old, new) == [
        ("a/2", "b/2"), ("a/1", "a/1/"), ("a/3", "c.zip"), (None, "b/5"), ("a/4", None)
    ]  # fmt: skip


def test_names_that_several_bear_pair_nothing() -> None:
    assert pairs([named("a/1"), named("b/1")], [named("c/1")]) == [
        (None, "c/1"), ("a/1", None), ("b/1", None)
    ]  # fmt: skip
    assert pairs([named("a")], [named("b")]) == [("a", "b")]


def test_a_case_that_was_not_checked_again_is_not_put_right() -> None:
    old = report_of(case_of(finding("CQ57.1", "error"), path="a"), named("b"))
    (_, gone) = diffs.compare(old, report_of(named("b")), "zh").cases
    assert [found.rule for found in gone.left] == ["CQ57.1"]
    assert gone.remedied == ()


# The baseline


def test_a_baseline_leaves_what_is_new() -> None:
    one, two = finding("CQ57.1", "error"), finding("CQ58.1", "error")
    old = report_of(case_of(one))
    (case,) = diffs.against_baseline(report_of(case_of(one, two)), old).cases
    assert ([f.rule for f in case.findings], case.known) == (["CQ58.1"], (one,))
    assert case.verdict == "deficient"
    (same,) = diffs.against_baseline(report_of(case_of(one)), old).cases
    assert (same.findings, same.known, same.verdict) == ((), (one,), "compliant")
    (again,) = diffs.against_baseline(report_of(case_of(one)), report_of(same)).cases
    assert again.known == (one,)


def test_a_baseline_does_not_prolong_an_acceptance() -> None:
    one = finding("CQ57.1", "error")
    old = report_of(case_of(accepted=(report_samples.Accepted(one, "x"),)))
    (case,) = diffs.against_baseline(report_of(case_of(one)), old).cases
    assert (case.findings, case.known) == ((one,), ())


def test_check_with_a_baseline(
    run: Run, pipeline: Pipeline, case: Path, save: Save, tmp_path: Path
) -> None:
    report = pipeline.report
    (whole,) = report.cases
    full = save(report, "full.json")
    status, out, _ = run("check", case, "--baseline", full, "--format", "json")
    (found,) = json.loads(out)["cases"]
    assert (status, found["findings"], len(found["known"])) == (0, [], 4)
    assert found["verdict"] == "incomplete"
    some = save(replace(report, cases=(replace(whole, findings=whole.findings[1:]),)), "some.json")
    status, out, _ = run("check", case, "--baseline", some)
    assert status == 1
    assert "另有基线中已有的问题 3 项" in out
    status, _, err = run("check", case, "--baseline", full, "--output", full)
    assert status == 2
    assert "full.json" in one_line(err)


def test_a_wrong_baseline_is_told_before_the_work(
    run: Run, pipeline: Pipeline, case: Path, tmp_path: Path
) -> None:
    status, _, err = run("check", case, "--baseline", tmp_path / "none.json")
    assert status == 2
    assert "none.json" in one_line(err)
    assert pipeline.asked == []


# Reading reports


@pytest.mark.parametrize(
    "report", [sample(), hostile(), report_samples.empty(), report_samples.set_aside()]
)
def test_a_report_reads_back_as_it_was(report: Report, save: Save) -> None:
    path = save(report, "a.json")
    assert FORMATS["json"](diffs.load(path, "zh")) == path.read_bytes()


def spoil(change: Callable[[Any], object]) -> bytes:
    document = json.loads(FORMATS["json"](report_samples.set_aside()))
    change(document)
    return json.dumps(document).encode()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "no JSON report"),
        (b"{", "no JSON report"),
        (b"\xff\xfe\x00", "no JSON report"),
        (b"[" * 100_000, "no JSON report"),
        (b"[]", "the mistake is at: /"),
        (b"{}", "the mistake is at: schema"),
        (b'{"schema": "archive-check/diff/1"}', "no report of archive-check"),
        (spoil(lambda d: d.update(schema="archive-check/report/2")), "schema"),
        (spoil(lambda d: d.update(as_of="2024-13-01")), "no report of archive-check"),
        (spoil(lambda d: d["cases"][0].update(verdict="fine")), "cases > 0 > verdict"),
        (spoil(lambda d: d["cases"][0]["findings"][0].update(materials="x")), "materials"),
        (spoil(lambda d: d["cases"][0]["findings"][0].pop("fingerprint")), "cases > 0 > findings"),
        (spoil(lambda d: d["cases"][0]["accepted"][0].update(finding=3)), "accepted"),
        (spoil(lambda d: d["cases"][0]["accepted"][0].update(until="soon")), "until"),
        (spoil(lambda d: d["cases"][0].update(known=[1])), "known"),
    ],
)
def test_a_file_that_is_no_report(
    run: Run, save: Save, tmp_path: Path, content: bytes, words: str
) -> None:
    good, bad = save(sample(), "good.json"), tmp_path / "bad.json"
    bad.write_bytes(content)
    for arguments in ((good, bad), (bad, good)):
        status, out, err = run("diff", *arguments, "--lang", "en")
        assert (status, out) == (2, "")
        assert "bad.json" in one_line(err)
        assert words in err


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    for path in (tmp_path / "none.json", tmp_path):
        with pytest.raises(ArchiveCheckError) as caught:
            diffs.load(path, "zh")
        assert "无法读取" in say("zh", caught.value.args[0])


# The command


@pytest.mark.parametrize(
    ("before", "after", "arguments", "status"),
    [
        (["error"], [], [], 0),
        ([], ["error"], [], 1),
        (["error"], ["error"], [], 1),
        (["warning"], ["warning"], [], 0),
        (["warning"], ["warning"], ["--fail-on", "warning"], 1),
        (["error"], ["error"], ["--fail-on", "never"], 0),
    ],
)
def test_exit_status(
    run: Run, save: Save, before: list[str], after: list[str], arguments: list[str], status: int
) -> None:
    old, new = (
        save(report_of(case_of(*(finding("CQ57.1", level) for level in levels))), name)
        for levels, name in ((before, "old.json"), (after, "new.json"))
    )
    assert run("diff", old, new, *arguments)[0] == status


def test_what_was_not_judged_again_fails(run: Run, save: Save) -> None:
    old, new = (
        save(report_of(case_of(*found)), f"{number}.json")
        for number, found in enumerate(([finding("CQ56.1", "error")], []))
    )
    status, out, _ = run("diff", old, new)
    assert status == 1
    assert "无法判断是否整改" in out


def test_outputs_by_ending_and_never_over_what_is_read(
    run: Run, save: Save, tmp_path: Path
) -> None:
    old, new = save(sample(), "old.json"), save(report_samples.set_aside(), "new.json")
    targets = [tmp_path / name for name in ("d.txt", "d.json", "d.html", "d.docx")]
    arguments = [part for target in targets for part in ("--output", target)]
    status, out, _ = run("diff", old, new, *arguments)
    assert (status, out) == (1, "")
    assert all(target.stat().st_size > 500 for target in targets)
    for arguments in (["--output", old], ["--output", tmp_path / "d.xlsx"]):
        before = old.read_bytes()
        assert run("diff", old, new, *arguments)[0] == 2
        assert old.read_bytes() == before
