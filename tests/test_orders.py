"""The order as it is and as it should be: what moves where, and that nothing is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import report_samples
from hypothesis import given
from hypothesis import strategies as st
from report_samples import finding, material

from archive_check.check import Options, check
from archive_check.model import CaseReport, Finding, MaterialRow
from archive_check.reports.orders import Step, orders

DEMO = Path(__file__).parent.parent / "fixtures" / "cases" / "deficient-demo"
(SAMPLE,) = report_samples.sample().cases


def case_of(rows: list[MaterialRow], *findings: Finding) -> CaseReport:
    return replace(SAMPLE, materials=tuple(rows), findings=findings)


def rows(names: str, **values: Any) -> list[MaterialRow]:
    return [material(name, number, **values) for number, name in enumerate(names, 1)]


def move(files: str, behind: str | None, rule: str = "CQ57.3") -> Finding:
    return finding(rule, "error", list(files), fingerprint=f"{rule}-{files}",
                   details={"position": 1, "files": list(files), "behind": behind})  # fmt: skip


def pair(first: str, main: str, *others: str) -> Finding:
    return finding("CQ58.1", "error", [first, main, *others], fingerprint=f"pair-{first}",
                   details={"positions": [1, 2]})  # fmt: skip


def sides(steps: list[Step]) -> tuple[str, str]:
    """Both columns; what moves in brackets, what is not shown as dots."""

    def name(step: Step, moves: int | None) -> str:
        assert step.row
        return f"({step.row.path})" if moves else step.row.path

    then = [name(s, s.to) if s.row else f"{s.skipped}." for s in steps if s.then or s.skipped]
    now = [name(s, s.from_) if s.row else f"{s.skipped}." for s in steps if s.now or s.skipped]
    return "".join(then), "".join(now)


def shown(case: CaseReport) -> tuple[str, str]:
    ((kind, steps),) = orders(case)
    assert kind == "regulation"
    return sides(steps)


def test_what_moves_stands_on_each_side_once() -> None:
    assert shown(case_of(rows("abcd"), move("a", "c"))) == ("(a)bcd", "bc(a)d")
    assert shown(case_of(rows("abcd"), move("d", None))) == ("abc(d)", "(d)abc")
    assert shown(case_of(rows("abcd"), move("bc", "d"))) == ("a(b)(c)d", "ad(b)(c)")


def test_places_are_told_on_both_sides() -> None:
    ((_, steps),) = orders(case_of(rows("abcd"), move("a", "c")))
    moved = [(s.then, s.to, s.now, s.from_) for s in steps if s.to or s.from_]
    assert moved == [(1, 3, None, None), (None, None, 3, 1)]


def test_several_moves_to_one_place_keep_their_order() -> None:
    assert shown(case_of(rows("abcd"), move("a", "d"), move("b", "d"))) == (
        "(a)(b)cd", "cd(a)(b)"
    )  # fmt: skip
    assert shown(case_of(rows("abcd"), move("c", None), move("d", None))) == (
        "ab(c)(d)", "(c)(d)ab"
    )  # fmt: skip


def test_the_front_is_that_of_the_section() -> None:
    cover = material("v", 1, section="apparatus", filed_section=None)
    first, second = material("a", 2), material("b", 3, section="evidence", filed_section="evidence")
    third = material("c", 4, section="evidence", filed_section="evidence")
    case = case_of([cover, first, second, third], move("c", None, "CQ57.5"))
    assert shown(case) == ("vab(c)", "va(c)b")
    whole = case_of([cover, second, replace(first, position=4)], move("a", None, "CQ57.2"))
    assert shown(whole) == ("vb(a)", "v(a)b")


def test_an_attachment_goes_behind_its_main_text_and_drafts_behind_the_group() -> None:
    case = case_of(
        [material("x", 1, role="attachment"), material("m", 2, role="final"),
         material("y", 3, role="attachment"), material("z", 4, group="g2")],
        pair("x", "m"),
    )  # fmt: skip
    assert shown(case) == ("(x)myz", "m(x)yz")
    drafts = replace(
        case, materials=tuple(
            replace(row, role="draft") if row.path == "x" else row for row in case.materials
        ),
    )  # fmt: skip
    assert shown(drafts) == ("(x)myz", "my(x)z")


def test_members_move_with_their_group_and_inside_it() -> None:
    case = case_of(rows("xmab", role="attachment"), pair("x", "m"), move("xm", "b"))
    assert shown(case) == ("(x)(m)ab", "ab(m)(x)")


def test_a_material_in_a_wrong_section_goes_to_the_end_of_its_own() -> None:
    wrong = material("w", 1, section="evidence", filed_section="conclusion")
    own = [material(name, number, section="evidence", filed_section="evidence")
           for number, name in enumerate("bc", 3)]  # fmt: skip
    case = case_of([wrong, material("a", 2), *own], finding("CQ57.1", "error", ["w"]))
    assert shown(case) == ("(w)abc", "abc(w)")
    ((_, steps),) = orders(case)
    assert {step.section_only for step in steps if step.to or step.from_} == {True}


def test_the_catalogue_has_an_order_of_its_own() -> None:
    case = case_of(rows("abc"), move("a", "c", "AR03.4"), move("c", None))
    found = orders(case)
    assert [kind for kind, _ in found] == ["regulation", "catalogue"]
    assert [sides(steps) for _, steps in found] == [("ab(c)", "(c)ab"), ("(a)bc", "bc(a)")]


def test_long_stretches_that_stay_are_counted() -> None:
    case = case_of(rows("abcdefghijklmn"), move("g", "h"))
    assert shown(case) == ("4.ef(g)hij4.", "4.efh(g)ij4.")


def test_no_order_finding_no_order() -> None:
    assert orders(replace(SAMPLE, findings=())) == []
    assert orders(case_of(rows("abc"), finding("CQ59.1", "error", ["a"]))) == []


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(-1, 9), st.booleans()), max_size=8))
def test_nothing_is_lost_and_what_stays_keeps_its_order(moves: list[tuple[int, int, bool]]) -> None:
    names = "abcdefghij"
    findings = [
        pair(names[who], names[to]) if as_pair else move(names[who], names[to] if to >= 0 else None)
        for who, to, as_pair in moves
    ]
    for _, steps in orders(case_of(rows(names), *findings)):
        shown_rows = [step for step in steps if step.row]
        then = [step.then for step in shown_rows if step.then]
        now = [step.now for step in shown_rows if step.now]
        assert then == sorted(set(then))
        assert now == sorted(set(now))
        skipped = sum(step.skipped for step in steps)
        assert len(then) + skipped == len(now) + skipped == len(names)
        out = {step.row.path for step in shown_rows if step.to and step.row}
        back = {step.row.path for step in shown_rows if step.from_ and step.row}
        assert out == back


def test_broken_details_do_no_harm() -> None:
    strange: list[dict[str, object]] = [
        {"files": "a", "behind": "b"}, {"behind": None}, {"files": ["zz"], "behind": "a"},
        {"positions": []}, {"files": ["a"], "behind": "zz"},
    ]  # fmt: skip
    for details in strange:
        orders(case_of(rows("abc"), finding("CQ57.3", "error", ["a"], details=details)))


def test_the_order_of_the_deficient_case() -> None:
    (case,) = check([DEMO], Options(as_of=date(2024, 6, 30))).cases
    ((kind, steps),) = orders(case)
    assert kind == "regulation"
    moved = {step.row.path.split()[0]: step.to for step in steps if step.row and step.to}
    assert moved == {"1结论类/01": 11, "1结论类/04": 4}
