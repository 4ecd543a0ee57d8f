"""The fixture maker itself: what it makes is complete, repeatable, and changed where it says."""

from __future__ import annotations

import hashlib
import zipfile
from itertools import pairwise
from pathlib import Path

import pytest

from fixtures.change import Fault
from fixtures.compose import compose
from fixtures.faults import FAULTS, NEAR_MISSES, all_faults
from fixtures.formats import page_count, write
from fixtures.layouts import LAYOUTS, place
from fixtures.make import CASES, deficient, make
from fixtures.model import Form, Grid, Text
from fixtures.render import render
from fixtures.templates import blocks

REQUIRED = (
    *(f"CQ56.{n}" for n in range(1, 6)),
    *(f"CQ57.{n}" for n in (*range(1, 8), *range(11, 16), *range(21, 27), *range(31, 36))),
    *(f"CQ58.{n}" for n in range(1, 7)),
    "CQ59.1", "CQ60.1", "CQ60.2", "CQ60.3", "CQ25.1", "CQ26.1", "CQ28.1",
    "AR01.1", "AR01.2", "AR01.3", "AR01.4", "AR01.5", "AR01.6",
    "AR01.7", "AR01.8", "AR01.9", "AR02.1", "AR02.2",
    *(f"AR03.{n}" for n in range(1, 9)), "AR04.1", "AR04.2", "AR05.1", "AR06.1", "AR06.2",
    "CQ07.1", "CQ14.1", "CQ14.3", "CQ40.2", "CQ40.4",
    "CQ07.2", "CQ11.1", "CQ13.1", "CQ41.1",
    "CQ05.1", "CQ09.1", "CQ09.2", "CQ12.1", "CQ13.3", "CQ14.2", "CQ23.1", "CQ26.2", "CQ26.3",
    "CQ28.2", "CQ28.3", "CQ28.4", "CQ33.1", "CQ39.1", "CQ39.2", "CQ40.1", "CQ40.3", "CQ43.1",
    "CQ46.1", "CQ49.1", "CQ51.1", "CQ53.1",
    "CQ10.1", "CQ13.2", "CQ15.1", "CQ16.1", "CQ22.1", "CQ24.1", "CQ24.2", "CQ25.2", "CQ27.1",
    "CQ32.1", "CQ37.1", "CQ38.1", "CQ47.1",
)  # fmt: skip


def digest(root: Path) -> dict[str, str]:
    return {
        path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


def words(seed: int, key: str) -> str:
    case = compose(seed)
    texts: list[str] = []
    for block in blocks(case, case.doc(key)):
        if isinstance(block, Text):
            texts.append(block.text)
        elif isinstance(block, Form):
            texts += [text for pair in block.pairs for text in pair]
        elif isinstance(block, Grid):
            texts += [cell for row in block.rows for cell in row]
    return "\n".join(texts)


def test_maker_repeats_itself_to_the_byte(tmp_path: Path) -> None:
    make(tmp_path / "first")
    write.cache_clear()
    make(tmp_path / "second")
    assert digest(tmp_path / "first") == digest(tmp_path / "second")


def test_committed_cases_are_what_the_maker_makes(tmp_path: Path) -> None:
    """Compared by name and by what Word files say: compression differs between libraries."""
    make(tmp_path)
    assert list(digest(tmp_path)) == list(digest(CASES))
    for path in sorted(CASES.rglob("*.docx")):
        made = tmp_path / path.relative_to(CASES)
        if zipfile.is_zipfile(path):
            assert body(made) == body(path), path


def body(path: Path) -> bytes:
    with zipfile.ZipFile(path) as package:
        return package.read("word/document.xml")


def test_deficient_case_names_its_deficiencies(tmp_path: Path) -> None:
    expected = deficient(tmp_path)
    assert 6 <= len(expected) <= 10
    assert all(path is None or (tmp_path / path).is_file() for _, path in expected)


def test_committed_cases_are_small() -> None:
    assert sum(path.stat().st_size for path in CASES.rglob("*") if path.is_file()) < 6_000_000


@pytest.mark.parametrize("layout", LAYOUTS)
def test_layout_gives_every_document_a_file_of_its_own(layout: str, tmp_path: Path) -> None:
    case = compose(7, style=LAYOUTS[layout].style)
    made = render(case, layout, tmp_path / "case")
    assert len(set(made.paths.values())) == len(case.docs) + len(case.apparatus)
    assert set(digest(made.root)) == set(made.paths.values())


def test_volumes_break_between_groups() -> None:
    case = compose(7)
    placed = place(case, LAYOUTS["volumes"])
    assert {item.volume for item in placed} == {1, 2, 3}
    for before, after in pairwise(placed):
        if before.volume != after.volume:
            assert case.root(before.doc) != case.root(after.doc)


@pytest.mark.parametrize("seed", range(12))
def test_case_is_full_and_varied(seed: int) -> None:
    case = compose(seed)
    assert len(case.docs) >= 40
    assert 5 <= len(case.matters) <= 8
    assert len({doc.title for doc in case.docs}) == len(case.docs)
    assert len(words(seed, "report")) >= 2000
    for doc in case.docs:
        text = "".join(block.text for block in blocks(case, doc) if isinstance(block, Text))
        assert "{" not in text, doc.key


def test_seeds_differ() -> None:
    assert len({words(seed, "report") for seed in range(8)}) == 8
    assert len({words(seed, "wp1").split("\n")[1] for seed in range(8)}) > 1


@pytest.mark.parametrize("seed", range(6))
def test_dates_keep_the_procedure(seed: int) -> None:
    case = compose(seed)
    order = [
        "plan_request", "plan_approval", "plan", "authority", "survey", "programme", "notice",
        "notice_receipt", "entry_meeting", "exit_confirmation", "report_draft", "consultation",
        "consultation_receipt", "feedback", "verification", "review", "approval_minutes",
        "instruction", "report", "report_receipt", "rectification",
    ]  # fmt: skip
    days = [case.doc(key).date for key in order]
    assert None not in days
    assert days == sorted(days)  # type: ignore[type-var]


@pytest.mark.parametrize("format", ["docx", "pdf", "xlsx", "txt", "csv"])
def test_file_is_the_same_each_time(format: str) -> None:
    case = compose(3)
    content = blocks(case, case.doc("programme"))
    first = write(content, format)
    write.cache_clear()
    assert write(content, format) == first


def test_pdf_pages_are_counted() -> None:
    case = compose(3, style="pdf")
    report = blocks(case, case.doc("report"))
    assert page_count(write(report, "pdf"), "pdf") > 1


def test_every_rule_has_a_fault_and_a_near_miss() -> None:
    assert [rule for rule in REQUIRED if rule not in FAULTS] == []
    assert [rule for rule in REQUIRED if rule not in NEAR_MISSES] == []
    names = [fault.id for fault in all_faults()]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    "fault", [f for g in FAULTS.values() for f in g], ids=lambda fault: fault.id
)
def test_fault_changes_what_it_says(fault: Fault, tmp_path: Path) -> None:
    root, expected = fault.build(tmp_path / "faulty")
    assert {rule for rule, _ in expected} == {fault.rule, *fault.also}
    for _, offender in expected:
        assert offender is None or (root / offender).is_file()
    compliant = render(fault.untouched(), fault.layout, tmp_path / "compliant")
    assert digest(root) != digest(compliant.root)
