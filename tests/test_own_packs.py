"""A county that files by a regulation with some differences says so in a few lines."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest

from archive_check.check import Options, check
from archive_check.model import ArchiveCheckError, CaseReport
from archive_check.recognise.titles import read_title
from archive_check.recognise.words import learn
from archive_check.rulebook import load_packs
from fixtures.change import chain, doc, drop
from fixtures.compose import compose
from fixtures.model import Change
from fixtures.render import render

DOCS = Path(__file__).parent.parent / "docs"
ENDED = dt.date(2023, 3, 31)


def documented(folder: Path, page: str = "writing-rules.zh-CN.md") -> str:
    """The pack that the documentation shows, as a folder."""
    shown = re.search(r"```yaml\n# [^\n]*pack\.yaml\n(.*?)```", (DOCS / page).read_text(), re.S)
    assert shown
    folder.mkdir()
    (folder / "pack.yaml").write_text(shown[1], "utf-8")
    return str(folder)


def checked(case: Path, pack: str) -> CaseReport:
    options = Options(as_of=dt.date(2026, 1, 1), jobs=1, packs=("archive", pack))
    return check([case], options).cases[0]


def made(folder: Path, change: Change) -> Path:
    """A case filed four months behind its end, without a consultation letter."""
    case = compose(5, style="docx", ended=dt.date(2023, 5, 31))
    case = chain(drop("consultation", "consultation_draft", "consultation_receipt"), change)(case)
    return render(case, "sections", folder).root


@pytest.mark.parametrize("page", ["writing-rules.md", "writing-rules.zh-CN.md"])
def test_the_documented_pack_is_ten_lines_or_so(page: str, tmp_path: Path) -> None:
    pack = documented(tmp_path / "own", page)
    assert len((tmp_path / "own" / "pack.yaml").read_text().splitlines()) <= 16
    book = load_packs([pack])
    assert book.parameters["filing_months"] == 3
    assert len(book.rules) == len(load_packs(["chongqing"]).rules)  # one is off, one is added


def test_the_documented_pack_does_what_it_says(tmp_path: Path) -> None:
    pack = documented(tmp_path / "own")
    case = made(tmp_path / "case", drop("bulletin"))
    found = {finding.rule: finding for finding in checked(case, pack).findings}
    assert found["CQ56.1"].details["due"] == "2023-08-31"
    assert found["CQ57.12"].severity == "warning"
    assert found["OC57.1"].severity == "warning"
    assert found["OC57.1"].materials == ()


def test_a_title_of_the_bureaus_own_names_its_material(tmp_path: Path) -> None:
    pack = documented(tmp_path / "own")
    case = made(tmp_path / "case", doc("bulletin", title="内审快报第6期", template="stray"))
    report = checked(case, pack)
    assert not [finding for finding in report.findings if finding.rule == "OC57.1"]
    assert "audit-bulletin" in {row.type for row in report.materials if "内审快报" in row.title}


def test_own_titles_hold_for_the_run_that_names_them() -> None:
    learn((("audit-bulletin", "季度风险提示"),))
    assert read_title("季度风险提示（2）").kind == "audit-bulletin"
    learn(())
    assert read_title("季度风险提示（2）").kind != "audit-bulletin"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("materials: {audit-buletin: [快报]}", "audit-bulletin"),
        ("required: [{id: X1.1, type: audit-buletin, severity: warning}]", "audit-bulletin"),
        ("required: [{id: X1.1, type: audit-bulletin, severity: grave}]", "severity"),
        ("required: [{id: CQ57.1, type: audit-bulletin, severity: info}]", "already"),
    ],
)
def test_a_slip_is_told_with_file_and_line(line: str, told: str, tmp_path: Path) -> None:
    text = f'id: own\nversion: "1"\ntitle: {{zh: 自, en: Own}}\nextends: chongqing\n{line}\n'
    (tmp_path / "pack.yaml").write_text(text, "utf-8")
    with pytest.raises(ArchiveCheckError, match=rf"pack\.yaml:5: .*{told}"):
        load_packs([str(tmp_path)])
