"""The commands that speak of rules."""

from __future__ import annotations

import json
import re
from pathlib import Path

from cli_pipeline import RULE, Run, one_line

pytest_plugins = ("cli_fixtures",)

# Rules


def test_explain_tells_all(run: Run, pack: Path) -> None:
    status, out, _ = run("explain", "OW58.1", "--pack", pack)
    assert status == 0
    for words in (
        "OW58.1 附件在前", "错误", "某法 第五十八条(一)", "通用", "《…》在前", "移到后面",
        '"in_order": false', '"in_order": true', "不合格示例",
    ):  # fmt: skip
        assert words in out
    assert "Law article 58(1)" in run("explain", "ow58", "--pack", pack, "--lang", "en")[1]
    status, _, err = run("explain", "OW58.2", "--pack", pack)
    assert status == 2
    assert "OW58.1" in one_line(err)


def test_rules_are_listed(run: Run, pack: Path) -> None:
    status, out, _ = run("rules", "--pack", pack)
    assert status == 0
    assert "附件在前" in out
    status, out, _ = run("rules", "--pack", pack, "--format", "json", "--lang", "en")
    assert status == 0
    assert json.loads(out)["rules"] == [
        {
            "rule": "OW58.1",
            "pack": "own",
            "severity": "error",
            "title": "Attachment first",
            "cites": ["Law article 58(1)", "General"],
            "message": "“{pair.first.title}” first",
            "remedy": "Move it behind",
        }
    ]


def test_all_shipped_rules_are_listed(run: Run) -> None:
    status, out, _ = run("rules", "--format", "json")
    assert status == 0
    assert json.loads(out)["schema"] == "archive-check/rules/1"


def test_facts_are_listed(run: Run) -> None:
    status, out, _ = run("rules", "facts", "--format", "json")
    assert status == 0
    assert json.loads(out)["pair"]["in_order"] == "flag"
    assert re.search(r"pair +in_order +是或否", run("rules", "facts")[1])


def test_examples_prove_a_pack(run: Run, pack: Path) -> None:
    status, out, _ = run("rules", "test", pack)
    assert status == 0
    assert out == "1 条规则的 3 个示例全部符合\n"
    (pack / "58.yaml").write_text(RULE % "true", "utf-8")
    status, out, _ = run("rules", "test", pack, "--engine", "reference", "--lang", "en")
    assert status == 1
    assert "OW58.1" in out
    assert "1 of 3 examples" in out
    (pack / "58.yaml").write_text(RULE, "utf-8")
    status, _, err = run("rules", "test", pack)
    assert status == 2
    one_line(err)


def test_numerals_of_provisions() -> None:
    from archive_check.reports.words import _numeral

    expected = {1: "一", 10: "十", 11: "十一", 20: "二十", 58: "五十八", 99: "九十九", 100: "100"}
    assert {number: _numeral(number, "zh") for number in expected} == expected
    assert _numeral(58, "en") == "58"
