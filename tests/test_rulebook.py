"""Packs: what a rule says when it is loaded, and how packs go together."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from rulepacks import PACK, RULE, VOCABULARY, load, renamed, write

import archive_check.rulebook
from archive_check.engine import evaluator
from archive_check.model import ArchiveCheckError, said
from archive_check.rulebook import (
    load_packs,
    load_silent,
    natural,
    phrase,
    run_examples,
    shipped_packs,
)
from archive_check.rulelanguage import Cite, Condition, Pattern, Query, Reference
from archive_check.vocabulary import Fact


def test_a_rule_is_read_as_written(tmp_path: Path) -> None:
    book = load(write(tmp_path / "own", rules=RULE))
    (pack,) = book.packs
    assert (pack.id, pack.version, pack.title["en"]) == ("own", "1.10", "Own")
    assert book.parameters == {"days": 60}
    rule = book.rule("OW58.1")
    assert rule.place == f"{tmp_path}/own/rules.yaml:1"
    assert (rule.pack, rule.severity, rule.needs, rule.offender) == (
        "own",
        "error",
        ("in_order",),
        "pair",
    )
    assert rule.cites == (Cite({"zh": "法", "en": "Law"}, 58, 1),)
    assert rule.when == Query(
        (
            Pattern(
                "pair",
                "pair",
                (Condition("relation", "eq", "attachment"), Condition("in_order", "eq", False)),
            ),
        )
    )
    assert rule.applies == Query((Pattern("pair", "pair"),))
    unknown = rule.passes[1][0]
    assert unknown.values == {"relation": "attachment", "in_order": None, "group": None}


def test_the_whole_language(tmp_path: Path) -> None:
    rule = RULE.replace(
        "      - pair: {relation: attachment, in_order: false}\n",
        "      - pair: {relation: {ne: draft}}\n"
        "      - material: {group: $pair.group, days: {ge: 3}}\n"
        "        as: late\n"
        "    none:\n"
        "      - material: {type: {in: [a, b, a]}, section: $late.section}\n",
    ).replace("offender: pair", "offender: late")
    rule = rule.replace("source: law, article: 58, item: 1", "label: {zh: 通则, en: General}")
    found = load(write(tmp_path / "own", rules=rule)).rule("OW58.1")
    assert found.when == Query(
        (
            Pattern("pair", "pair", (Condition("relation", "ne", "draft"),)),
            Pattern(
                "material",
                "late",
                (
                    Condition("group", "same", Reference("pair", "group")),
                    Condition("days", "ge", 3),
                ),
            ),
        ),
        (
            Pattern(
                "material",
                "material",
                (
                    Condition("type", "in", ("a", "b")),
                    Condition("section", "same", Reference("late", "section")),
                ),
            ),
        ),
    )
    assert found.cites == (Cite(None, label={"zh": "通则", "en": "General"}),)


def test_rules_stand_by_number_and_vocabulary_files_are_left_alone(tmp_path: Path) -> None:
    folder = write(
        tmp_path / "own",
        a=renamed(RULE, "OW57.11") + renamed(RULE, "OW9.1"),
        materials="- not: a rule",
    )
    write(tmp_path / "own" / "deeper", PACK.replace("own", "x"), b=renamed(RULE, "OW57.2"))
    (tmp_path / "own" / "deeper" / "pack.yaml").unlink()
    write(tmp_path / "own" / "vocabulary", words="- not: a rule")
    book = load(folder)
    assert [rule.id for rule in book.rules] == ["OW9.1", "OW57.2", "OW57.11"]
    assert natural("CQ57.2") < natural("CQ57.11") < natural("CQ58.1")


def test_an_unknown_pack_is_told_with_the_nearest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "chongqing")
    monkeypatch.setattr(archive_check.rulebook, "files", lambda _: tmp_path)
    with pytest.raises(ArchiveCheckError, match=r"'chonqing' .*did you mean 'chongqing'"):
        load_packs(["chonqing"], VOCABULARY)


def test_a_rule_stands_once(tmp_path: Path) -> None:
    folder = write(tmp_path / "own", a=RULE, b="# again\n" + RULE)
    with pytest.raises(ArchiveCheckError) as caught:
        load(folder)
    text = f"{folder}/b.yaml:2: the rule OW58.1 stands at {folder}/a.yaml:1 already"
    assert str(caught.value) == text
    one = write(tmp_path / "one", a=RULE)
    other = write(tmp_path / "other", PACK.replace("id: own", "id: other"), a=RULE)
    with pytest.raises(ArchiveCheckError, match=r"other/a\.yaml:1: the rule OW58\.1 stands at"):
        load_packs([one, other], VOCABULARY)
    assert len(load_packs([one, one], VOCABULARY).rules) == 1


def test_precedence_in_a_circle_is_refused(tmp_path: Path) -> None:
    rules = renamed(RULE, "OW1", "yields_to: [OW2]") + renamed(RULE, "OW2", "yields_to: [OW1]")
    folder = write(tmp_path / "own", rules=rules)
    with pytest.raises(ArchiveCheckError, match=r"rules\.yaml:\d+: rules yield in a circle: OW\d"):
        load(folder)


def test_a_pack_extends_another(tmp_path: Path) -> None:
    write(
        tmp_path / "base",
        PACK.replace("id: own", "id: base") + "vocabulary: words\n",
        rules=renamed(RULE, "OW1.1") + renamed(RULE, "OW1.2"),
    )
    middle = (
        "id: middle\nversion: '2'\ntitle: {zh: 中, en: Middle}\nextends: ../base\n"
        "parameters: {days: 90}\nseverity: {OW1.1: info}\noff: [OW1.2]\n"
    )
    write(tmp_path / "middle", middle, rules=renamed(RULE, "OW2.1"))
    top = "id: top\nversion: '3'\ntitle: {zh: 上, en: Top}\nextends: ../middle\noff: [OW2.1]\n"
    book = load(write(tmp_path / "top", top))
    (pack,) = book.packs
    assert (pack.id, pack.vocabulary, book.parameters) == ("top", "words", {"days": 90})
    (rule,) = book.rules
    assert (rule.id, rule.severity, rule.pack) == ("OW1.1", "info", "top")


def test_silent_packs_are_those_that_ship_and_were_not_chosen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ships = tmp_path / "ships"
    write(
        ships / "one", PACK.replace("id: own", "id: one"), r=renamed(RULE, "A1", "yields_to: [B1]")
    )
    write(ships / "two", PACK.replace("id: own", "id: two"), r=renamed(RULE, "B1"))
    (ships / "no-pack").mkdir()
    monkeypatch.setattr(archive_check.rulebook, "files", lambda _: ships)
    assert shipped_packs() == ("one", "two")
    chosen = load_packs(["one"], VOCABULARY)
    assert chosen.rule("A1").place == "one/r.yaml:1"
    silent = load_silent(chosen, VOCABULARY)
    assert [rule.id for rule in silent.rules] == ["B1"]
    more = "id: more\nversion: '1'\ntitle: {zh: 多, en: More}\nextends: two\n"
    write(ships / "more", more, r=renamed(RULE, "B2"))
    silent = load_silent(chosen, VOCABULARY)
    assert sorted(rule.id for rule in silent.rules) == ["B1", "B2"]
    (ships / "more" / "pack.yaml").unlink()

    write(ships / "two", PACK.replace("id: own", "id: two"), r=renamed(RULE, "B11"))
    with pytest.raises(ArchiveCheckError, match=r"rule A1 yields to B1, .*did you mean 'B11'"):
        load_silent(load_packs(["one"], VOCABULARY), VOCABULARY)
    write(
        ships / "two", PACK.replace("id: own", "id: two"), r=renamed(RULE, "B1", "yields_to: [A1]")
    )
    with pytest.raises(ArchiveCheckError, match="rules yield in a circle"):
        load_silent(load_packs(["one"], VOCABULARY), VOCABULARY)


def test_shipped_packs_load_and_keep_what_their_examples_say() -> None:
    book = load_packs(shipped_packs())
    load_silent(load_packs(shipped_packs()[:1]))
    assert run_examples(book, evaluator()) == []
    assert run_examples(book, evaluator("reference")) == []


def test_examples_that_do_not_hold_are_named(tmp_path: Path) -> None:
    wrong = (
        RULE.replace("      - [{pair: {relation: attachment}}]\n", "")
        .replace("[{pair: {relation: attachment, in_order: false}}]", "[{pair: {relation: draft}}]")
        .replace("in_order: true", "in_order: false")
    )
    folder = write(tmp_path / "own", rules=RULE.replace("OW58", "OW1") + wrong)
    assert run_examples(load(folder), evaluator()) == [
        f"{folder}/rules.yaml:18: rule OW58.1: example 1, failing, passes",
        f"{folder}/rules.yaml:18: rule OW58.1: example 2, passing, fails",
    ]


def test_an_unknown_rule_is_told_with_the_nearest(tmp_path: Path) -> None:
    book = load(write(tmp_path / "own", rules=RULE))
    with pytest.raises(ArchiveCheckError, match=r"no rule 'OW58' \(did you mean 'OW58\.1'\?\)"):
        book.rule("OW58")


def test_a_message_takes_words_then_values() -> None:
    fact = Fact(
        "pair",
        "1",
        {"relation": "draft", "days": 3, "date": None},
        words={"first.title": "报告 {x}", "why": said("rulebook-unknown", kind="a", field="b")},
    )
    template = {
        "zh": "《{pair.first.title}》{pair.days}{pair.date}",
        "en": "{pair.why}; {pair.relation} {pair.title}",
    }
    assert phrase({"zh": template["zh"], "en": ""}, {"pair": fact}, "zh") == "《报告 {x}》3—"
    with pytest.raises(ArchiveCheckError, match=r"\{pair\.title\}, which is not there"):
        phrase({"zh": "", "en": template["en"]}, {"pair": fact}, "en")


def test_a_word_that_looks_like_a_placeholder_stays_as_it_is() -> None:
    fact = Fact("pair", "1", {}, words={"a": "{pair.b}", "b": "x"})
    assert phrase({"zh": "{pair.a}{pair.b}", "en": ""}, {"pair": fact}, "zh") == "{pair.b}x"


def test_loading_the_rules_does_not_load_an_engine() -> None:
    code = "import sys, archive_check.rulebook; sys.exit('durable_rules_engine' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
