"""Every code is proved: a failing case, a near miss, both languages, a page that tells of it."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from archive_check.rulebook import load_packs, shipped_packs
from archive_check.rulelanguage import Rule
from fixtures import faults_unit
from fixtures.faults import FAULTS, NEAR_MISSES

ROOT = Path(__file__).parent.parent
CATALOGUE = ROOT.parent / "shared" / "rule-catalogue.csv"
RULES = load_packs(shipped_packs()).rules
HAN = re.compile(r"[\u4e00-\u9fff]")


def named(rule: Rule) -> str:
    return rule.id


@pytest.mark.parametrize("rule", RULES, ids=named)
def test_a_code_has_a_failing_case_and_a_near_miss(rule: Rule) -> None:
    failing = [*FAULTS.get(rule.id, ()), *faults_unit.FAULTS.get(rule.id, ())]
    near = [*NEAR_MISSES.get(rule.id, ()), *faults_unit.NEAR_MISSES.get(rule.id, ())]
    assert failing
    assert near


@pytest.mark.parametrize("rule", RULES, ids=named)
def test_a_code_speaks_both_languages(rule: Rule) -> None:
    for text in (rule.title, rule.message, rule.remedy):
        assert HAN.search(text["zh"])
        assert re.search(r"[A-Za-z]{2}", text["en"])
        assert not HAN.search(text["en"])


@pytest.mark.parametrize("page", ["rules.md", "rules.zh-CN.md"])
def test_every_code_has_its_place_in_the_documentation(page: str) -> None:
    told = set(re.findall(r"^### (\S+) ", (ROOT / "docs" / page).read_text("utf-8"), re.MULTILINE))
    assert told == {rule.id for rule in RULES}


def test_the_codes_are_those_of_the_catalogue() -> None:
    if not CATALOGUE.is_file():
        pytest.skip("the catalogue of codes is not here")
    with CATALOGUE.open(encoding="utf-8", newline="") as file:
        wanted = {row["code"]: row["severity"] for row in csv.DictReader(file)}
    assert {rule.id: rule.severity for rule in RULES} == wanted
