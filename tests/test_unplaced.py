"""Where nothing names the sections, that no paper lies in a wrong one is told to mean nothing."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pytest

from archive_check.check import Options, check
from archive_check.model import CaseReport

ROOT = Path(__file__).parent.parent
CASES = ROOT / "fixtures" / "cases"


def checked(case: Path, **options: object) -> CaseReport:
    chosen = Options(as_of=dt.date(2030, 1, 1), jobs=1, lang="en", **options)  # type: ignore[arg-type]
    return check([case], chosen).cases[0]


def notes(report: CaseReport) -> list[str]:
    return [note for note in report.notes if "only their order" in note]


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    """A few papers in one folder, without a catalogue."""
    case = tmp_path / "case"
    case.mkdir()
    for paper in sorted((CASES / "compliant-flat").iterdir())[5:9]:
        shutil.copy(paper, case)
    return case


def test_a_case_without_sections_is_told_of(papers: Path) -> None:
    report = checked(papers)
    (outcome,) = (rule for rule in report.rules if rule.rule == "CQ57.1")
    assert outcome.outcome == "not-applicable"
    (note,) = notes(report)
    assert "CQ57.1" in note


def test_one_paper_whose_section_is_known_is_judged(papers: Path) -> None:
    name = min(path.name for path in papers.iterdir())
    info = papers / "archive-check.yaml"
    info.write_text(f"materials: {{{name!r}: {{section: conclusion}}}}\n", "utf-8")
    assert notes(checked(papers)) == []


@pytest.mark.parametrize("layout", ["sections", "volumes", "flat"])
def test_sections_are_known_by_folders_and_catalogues(layout: str) -> None:
    report = checked(CASES / f"compliant-{layout}")
    filed = any(row.filed_section for row in report.materials)
    assert bool(notes(report)) is not filed


@pytest.mark.parametrize("options", [{"packs": ("archive",)}, {"ignore": frozenset({"CQ57"})}])
def test_who_does_not_ask_is_not_told(papers: Path, options: dict[str, object]) -> None:
    assert notes(checked(papers, **options)) == []
