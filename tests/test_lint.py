"""`rules lint`: everything that is wrong with a pack at once, with file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive_check.cli import run
from archive_check.lint import problems
from archive_check.model import ArchiveCheckError
from archive_check.rulebook import shipped_packs
from tests.rulepacks import PACK, RULE, write

WRONG = """\
- id: OW1.1
  title: {zh: 题}
  severity: grave
  cites: [{source: lav, article: 1}]
  when:
    all:
      - pair: {relatoin: attachment}
      - materail: {type: audit-report}
  message: {zh: 无}
  remedy: {zh: 改, en: Mend}
  examples:
    fail:
      - [{pair: {in_ordre: false}}]
  extra: 1
"""


def of(folder: Path, *rules: str) -> list[str]:
    return problems(write(folder / "own", PACK, **{f"r{n}": r for n, r in enumerate(rules)}))


def when(pattern: str, **more: str) -> str:
    """The sound rule with another condition, whose examples do not matter here."""
    text = RULE.replace("pair: {relation: attachment, in_order: false}\n  offender: pair", pattern)
    text = text.replace("{pair.first.title}", "").replace("  needs: [in_order]\n", "")
    head, _, _ = text.partition("  examples:")
    kind = pattern.split(":")[0]
    return f"{head}  examples: {{fail: [[{{{kind}: {{}}}}]], pass: [[{{{kind}: {{}}}}]]}}\n"


@pytest.mark.parametrize("pack", shipped_packs())
def test_nothing_is_wrong_with_the_packs_that_ship(pack: str) -> None:
    assert problems(pack) == []


def test_all_mistakes_of_a_rule_are_told_with_file_and_line(tmp_path: Path) -> None:
    found = of(tmp_path, WRONG, RULE)
    told = {
        2: "'title' lacks its 'en'|title lacks its 'en'", 3: "severity 'grave'", 4: "source 'lav'",
        7: "relatoin", 8: "materail", 9: "message lacks its 'en'", 11: "no passing example",
        13: "in_ordre", 14: "no key 'extra'",
    }  # fmt: skip
    for line, words in told.items():
        place = f"{tmp_path / 'own'}/r0.yaml:{line}: "
        said = [text for text in found if text.startswith(place)]
        assert said, (line, found)
        assert any(word in text for text in said for word in words.split("|")), said


@pytest.mark.parametrize(
    ("pattern", "told"),
    [
        ("presence: {type: audit-reprot, present: false}", "presence.type is never 'audit-reprot'"),
        ("material: {section: conclusions}", "material.section is never 'conclusions'"),
        ("pair: {relation: {in: [letter, note-]}}", "pair.relation is never"),
        (
            "case: {project_type: general}\n      - {case: {stage: handover}, as: again}",
            "two facts",
        ),
    ],
)
def test_a_rule_that_can_never_match_is_told(pattern: str, told: str, tmp_path: Path) -> None:
    found = of(tmp_path, when(pattern))
    assert any(told in text for text in found), found


@pytest.mark.parametrize(
    "pattern",
    [
        "presence: {type: audit-report, present: false}",
        "presence: {type: {ne: audit-reprot}}",
        "pair: {relation: {in: [attachment, letter]}}",
        "material: {type: audit-report}\n      - {material: {type: workpaper}, as: other}",
    ],
)
def test_a_rule_that_can_match_is_not_told(pattern: str, tmp_path: Path) -> None:
    assert of(tmp_path, when(pattern)) == []


def test_what_shows_in_the_whole_pack_is_told_too(tmp_path: Path) -> None:
    (line,) = of(tmp_path, RULE, RULE)
    assert "stands at" in line


def test_an_unreadable_file_and_an_unknown_pack(tmp_path: Path) -> None:
    assert len(of(tmp_path, "- [", RULE)) == 1
    with pytest.raises(ArchiveCheckError):
        problems("chongqin")


def test_the_command_exits_with_1_where_something_is_wrong(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    sound, wrong = write(tmp_path / "sound", PACK, r=RULE), write(tmp_path / "wrong", PACK, r=WRONG)
    assert run(["rules", "lint", sound, "--lang", "en"]) == 0
    assert capfd.readouterr().out == "nothing is wrong with the packs\n"
    assert run(["rules", "lint", sound, wrong, "--lang", "en"]) == 1
    assert "r.yaml:3: severity 'grave'" in capfd.readouterr().out
