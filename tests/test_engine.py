"""Both engines: the same answers on whatever the language can say, and sound outcomes."""

from __future__ import annotations

import random
import sys
from collections.abc import Sequence
from dataclasses import replace
from importlib.util import find_spec
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive_check.engine import Engine, Hit, Judgement, evaluator, judge, resolve
from archive_check.model import ArchiveCheckError, said
from archive_check.rulebook import Rulebook, load_packs
from archive_check.rulelanguage import GREATEST, Condition, Pattern, Query, Reference
from archive_check.vocabulary import Fact, Value

DURABLE = find_spec("durable_rules_engine") is not None
needs_durable = pytest.mark.skipif(not DURABLE, reason="durable-rules can't be installed here")
ENGINES: list[object] = [pytest.param("durable", marks=needs_durable), "reference"]

FIELDS = {"text": "text", "other": "text", "number": "number", "count": "number", "flag": "flag"}
VOCABULARY = {"paper": FIELDS, "pair": FIELDS}
OFFERED: dict[str, list[Value]] = {
    "text": ["a", "b", "", "∅", '"\\\n', "甲" * 1000],
    "number": [-1, 0, 1, 2, GREATEST],
    "flag": [True, False],
}


def fact(kind: str, name: str, /, *subjects: str, **values: Value) -> Fact:
    return Fact(kind, name, values, subjects)


@st.composite
def fact_lists(draw: st.DrawFn) -> list[Fact]:
    return [
        Fact(
            draw(st.sampled_from(sorted(VOCABULARY))),
            str(number),
            {
                name: draw(st.sampled_from([None, *OFFERED[kept][: draw(st.integers(1, 6))]]))
                for name, kept in FIELDS.items()
            },
        )
        for number in range(draw(st.integers(0, 12)))
    ]


@st.composite
def conditions(draw: st.DrawFn, bound: Sequence[str]) -> Condition:
    name, kept = draw(st.sampled_from(sorted(FIELDS.items())))
    ops = ["eq", "ne", "unknown"] + ["in"] * (kept != "flag")
    ops += ["lt", "le", "gt", "ge"] * (kept == "number") + ["same", "same"] * bool(bound)
    op = draw(st.sampled_from(ops))
    constant = st.sampled_from(OFFERED[kept])
    if op == "same":
        others = [other for other, type_ in FIELDS.items() if type_ == kept]
        reference = Reference(draw(st.sampled_from(bound)), draw(st.sampled_from(others)))
        return Condition(name, "same", reference)
    if op == "unknown":
        return Condition(name, "unknown", None)
    if op == "in":
        return Condition(name, "in", tuple(draw(st.lists(constant, min_size=1, max_size=2))))
    return Condition(name, op, draw(constant))  # type: ignore[arg-type]


@st.composite
def queries(draw: st.DrawFn) -> Query:
    def pattern(name: str, bound: Sequence[str]) -> Pattern:
        found = draw(st.lists(conditions(bound), max_size=2, unique_by=lambda c: c.field))
        return Pattern(draw(st.sampled_from(sorted(VOCABULARY))), name, tuple(found))

    names = ["first", "second", "third"][: draw(st.integers(1, 3))]
    return Query(
        tuple(pattern(name, names[:number]) for number, name in enumerate(names)),
        tuple(pattern("absent", names) for _ in range(draw(st.integers(0, 2)))),
    )


@needs_durable
@settings(max_examples=300, deadline=None)
@given(st.lists(queries(), min_size=1, max_size=6), fact_lists())
def test_the_engines_agree(asked: list[Query], facts: list[Fact]) -> None:
    assert evaluator("durable")(asked, facts) == evaluator("reference")(asked, facts)


@needs_durable
def test_the_engines_agree_on_more_queries_than_one_ruleset_holds() -> None:
    asked = [
        Query((Pattern("paper", "paper", (Condition("number", "in", tuple(range(n + 1))),)),))
        for n in range(40)
    ]
    facts = [fact("paper", str(n), number=n % 50) for n in range(200)]
    expected = [{(n,) for n in range(200) if n % 50 <= top} for top in range(40)]
    assert evaluator("durable")(asked, facts) == expected == evaluator("reference")(asked, facts)


@needs_durable
def test_one_fact_may_answer_more_queries_than_the_engine_bears() -> None:
    asked = [
        Query((Pattern("paper", "paper", (Condition("number", "gt", n),)),)) for n in range(99)
    ]
    facts = [fact("paper", "1", number=1000), fact("paper", "2", number=50)]
    expected = [{(0,), (1,)} if n < 50 else {(0,)} for n in range(99)]
    assert evaluator("durable")(asked, facts) == expected


@pytest.mark.parametrize("engine", ENGINES)
class TestMeaning:
    """What the language means, on each engine by itself."""

    @staticmethod
    def ask(engine: Engine, query: Query, *facts: Fact) -> set[tuple[int, ...]]:
        (found,) = evaluator(engine)([query], facts)
        return found

    @pytest.mark.parametrize("op", ["eq", "ne", "lt", "le", "gt", "ge", "in"])
    def test_unknown_satisfies_no_condition(self, engine: Engine, op: str) -> None:
        value = (0,) if op == "in" else 0
        query = Query((Pattern("paper", "paper", (Condition("number", op, value),)),))  # type: ignore[arg-type]
        assert self.ask(engine, query, fact("paper", "1", number=None), fact("paper", "2")) == set()

    def test_unknown_equals_no_unknown(self, engine: Engine) -> None:
        same = (Condition("text", "same", Reference("paper", "text")),)
        query = Query((Pattern("paper", "paper"), Pattern("pair", "pair", same)))
        facts = [fact("paper", "1", text=None), fact("pair", "1", text=None)]
        assert self.ask(engine, query, *facts) == set()

    def test_a_pattern_never_binds_a_fact_twice(self, engine: Engine) -> None:
        same = (Condition("text", "same", Reference("paper", "text")),)
        query = Query((Pattern("paper", "paper"), Pattern("paper", "other", same)))
        facts = [fact("paper", str(n), text=text) for n, text in enumerate("aab")]
        assert self.ask(engine, query, *facts) == {(0, 1), (1, 0)}

    def test_none_means_another_fact(self, engine: Engine) -> None:
        same = (Condition("text", "same", Reference("paper", "text")),)
        query = Query((Pattern("paper", "paper"),), (Pattern("paper", "other", same),))
        facts = [fact("paper", str(n), text=text) for n, text in enumerate("aab")]
        assert self.ask(engine, query, *facts) == {(2,)}

    def test_long_texts_that_differ_at_the_end_are_not_equal(self, engine: Engine) -> None:
        long = "甲" * 3000
        query = Query((Pattern("paper", "paper", (Condition("text", "eq", long + "1"),)),))
        facts = [fact("paper", "1", text=long + "1"), fact("paper", "2", text=long + "2")]
        assert self.ask(engine, query, *facts) == {(0,)}

    def test_numbers_beyond_what_rules_name(self, engine: Engine) -> None:
        query = Query((Pattern("paper", "paper", (Condition("number", "gt", GREATEST),)),))
        facts = [fact("paper", "1", number=10**30), fact("paper", "2", number=GREATEST)]
        assert self.ask(engine, query, *facts) == {(0,)}

    def test_several_values_under_none(self, engine: Engine) -> None:
        listed = (Condition("text", "in", ("a", "b")),)
        query = Query((Pattern("pair", "pair"),), (Pattern("paper", "paper", listed),))
        pair = fact("pair", "1")
        assert self.ask(engine, query, pair, fact("paper", "1", text="c")) == {(0,)}
        assert self.ask(engine, query, pair, fact("paper", "1", text="b")) == set()


RULE = """
- id: {id}
  title: {{zh: 题, en: Title}}
  severity: error
  cites: [{{source: law, article: 1}}]
  {more}
  message: {{zh: 文, en: Message}}
  remedy: {{zh: 改, en: Mend}}
  examples:
    fail: [[{{paper: {{text: a}}}}]]
    pass: [[{{paper: {{text: b}}}}]]
"""


def book(folder: Path, *rules: tuple[str, str], name: str = "own") -> Rulebook:
    folder = folder / name
    folder.mkdir(exist_ok=True)
    (folder / "pack.yaml").write_text(
        f"{{id: {name}, version: '1', title: {{zh: 包, en: Pack}}, sources: "
        "{law: {zh: 法, en: Law}}}",
        "utf-8",
    )
    text = "".join(RULE.format(id=rule, more=more) for rule, more in rules)
    (folder / "rules.yaml").write_text(text, "utf-8")
    return load_packs([str(folder)], VOCABULARY)  # type: ignore[arg-type]


UNSIGNED = "when: {all: [{paper: {flag: false}}]}\n  needs: [flag]"
IS_A = "when: {all: [{paper: {text: a}}]}"


def outcomes(judgements: Sequence[Judgement]) -> dict[str, str]:
    return {judgement.rule_id: judgement.outcome for judgement in judgements}


def found(hits: Sequence[Hit]) -> list[tuple[str, tuple[str, ...]]]:
    return [(hit.rule.id, hit.materials) for hit in hits]


@pytest.mark.parametrize("engine", ENGINES)
class TestOutcomes:
    def test_failed_before_not_checked_before_passed(self, engine: Engine, tmp_path: Path) -> None:
        rules = book(tmp_path, ("A1", UNSIGNED))
        sealed = fact("paper", "1", "a.pdf", flag=True)
        open_ = replace(fact("paper", "2", "b.pdf", flag=None), unknown={"flag": said("why")})
        bare = fact("paper", "3", "c.pdf", flag=False)

        def run(*facts: Fact) -> tuple[list[tuple[str, tuple[str, ...]]], Judgement]:
            hits, (judgement,) = judge(rules, facts, engine)
            return found(hits), judgement

        assert run() == ([], Judgement("A1", "not-applicable"))
        assert run(fact("pair", "1")) == ([], Judgement("A1", "not-applicable"))
        assert run(sealed) == ([], Judgement("A1", "passed"))
        assert run(sealed, open_) == ([], Judgement("A1", "not-checked", (said("why"),)))
        assert run(sealed, open_, bare) == ([("A1", ("c.pdf",))], Judgement("A1", "failed"))

    def test_every_reason_is_told_once(self, engine: Engine, tmp_path: Path) -> None:
        rules = book(
            tmp_path, ("A1", "when: {all: [{paper: {flag: false}}]}\n  needs: [flag, text]")
        )
        why = {"flag": said("scan"), "text": said("blank")}
        facts = [replace(fact("paper", str(n)), unknown=why) for n in (1, 2)]
        facts.append(fact("paper", "3", flag=True))
        _, (judgement,) = judge(rules, facts, engine)
        assert judgement.outcome == "not-checked"
        fallback = said("rulebook-unknown", kind="paper", field="text")
        assert judgement.why == (said("scan"), said("blank"), fallback)

    def test_a_hit_is_no_unknown_subject(self, engine: Engine, tmp_path: Path) -> None:
        more = "when: {all: [{paper: {text: a}}]}\n  needs: [flag]"
        weaker = book(tmp_path, ("A1", more + "\n  yields_to: [A2]"), ("A2", IS_A))
        hits, judgements = judge(weaker, [fact("paper", "1", "a.pdf", text="a")], engine)
        assert found(hits) == [("A2", ("a.pdf",))]
        assert outcomes(judgements) == {"A1": "passed", "A2": "failed"}

    def test_applies_says_which_facts_are_subjects(self, engine: Engine, tmp_path: Path) -> None:
        more = (
            "when: {all: [{paper: {text: a, flag: false}}]}\n"
            "  applies: {all: [{paper: {text: a}}], none: [{pair: {text: $paper.text}}]}\n"
            "  needs: [flag]"
        )
        rules = book(tmp_path, ("A1", more))

        def run(*facts: Fact) -> str:
            return judge(rules, facts, engine)[1][0].outcome

        assert run(fact("paper", "1", text="b")) == "not-applicable"
        assert run(fact("paper", "1", text="a", flag=True)) == "passed"
        assert run(fact("paper", "1", text="a")) == "not-checked"
        assert run(fact("paper", "1", text="a"), fact("pair", "1", text="a")) == "not-applicable"

    def test_each_binding_is_a_hit(self, engine: Engine, tmp_path: Path) -> None:
        more = "when: {all: [{pair: {flag: true}}, {paper: {text: $pair.text}}]}\n  offender: paper"
        rules = book(tmp_path, ("A1", more))
        facts = [
            fact("pair", "1", "p.pdf", flag=True, text="x"),
            fact("paper", "10", "ten.pdf", text="x"),
            fact("paper", "9", "nine.pdf", text="x"),
        ]
        hits, _ = judge(rules, facts, engine)
        assert found(hits) == [("A1", ("nine.pdf",)), ("A1", ("ten.pdf",))]
        assert [hit.facts["pair"].id for hit in hits] == ["1", "1"]

    def test_the_order_of_facts_has_no_influence(self, engine: Engine, tmp_path: Path) -> None:
        rules = book(tmp_path, ("A1", UNSIGNED), ("A2", IS_A))
        facts = [
            replace(
                fact("paper", str(n), f"{n}.pdf", flag=flag, text="a"),
                unknown={"flag": said(str(n))},
            )
            for n, flag in enumerate([False, None, None, False])
        ]
        results = [judge(rules, list(order), engine) for order in permutations(facts)]
        assert all(result == results[0] for result in results)
        assert len(results[0][0]) == 6

    def test_two_facts_of_one_id_are_a_bug(self, engine: Engine, tmp_path: Path) -> None:
        with pytest.raises(ValueError, match="same id"):
            judge(book(tmp_path, ("A1", IS_A)), [fact("paper", "1"), fact("paper", "1")], engine)


@pytest.mark.parametrize("engine", ENGINES)
class TestPrecedence:
    FACTS = (
        fact("paper", "1", "a.pdf", "x.pdf", text="a", flag=False),
        fact("paper", "2", "b.pdf", "x.pdf", text="b", flag=False),
    )

    def test_the_stronger_rule_speaks_of_its_material_alone(
        self, engine: Engine, tmp_path: Path
    ) -> None:
        rules = book(tmp_path, ("A1", UNSIGNED + "\n  yields_to: [A2]"), ("A2", IS_A))
        hits, judgements = judge(rules, self.FACTS, engine)
        assert found(hits) == [("A1", ("b.pdf", "x.pdf")), ("A2", ("a.pdf", "x.pdf"))]
        hits, judgements = judge(rules, self.FACTS[:1], engine)
        assert found(hits) == [("A2", ("a.pdf", "x.pdf"))]
        assert outcomes(judgements) == {"A1": "passed", "A2": "failed"}

    def test_other_subjects_stay_unknown(self, engine: Engine, tmp_path: Path) -> None:
        rules = book(tmp_path, ("A1", UNSIGNED + "\n  yields_to: [A2]"), ("A2", IS_A))
        _, judgements = judge(rules, [self.FACTS[0], fact("paper", "3", "c.pdf")], engine)
        assert outcomes(judgements) == {"A1": "not-checked", "A2": "failed"}

    def test_a_rule_of_the_case_yields_to_a_rule_of_the_case(
        self, engine: Engine, tmp_path: Path
    ) -> None:
        rules = book(
            tmp_path,
            ("A1", UNSIGNED + "\n  offender: case\n  yields_to: [A2]"),
            ("A2", IS_A + "\n  offender: case"),
            ("A3", UNSIGNED + "\n  yields_to: [A2]"),
        )
        hits, _ = judge(rules, self.FACTS[:1], engine)
        assert found(hits) == [("A2", ()), ("A3", ("a.pdf", "x.pdf"))]

    def test_a_silent_pack_silences_and_says_nothing(self, engine: Engine, tmp_path: Path) -> None:
        chosen = book(tmp_path, ("A1", UNSIGNED + "\n  yields_to: [A2]"))
        silent = book(tmp_path, ("A2", IS_A), ("A3", IS_A), name="silent")
        hits, judgements = judge(chosen, self.FACTS, engine, silent)
        assert found(hits) == [("A1", ("b.pdf", "x.pdf"))]
        assert outcomes(judgements) == {"A1": "failed"}
        assert len(judge(chosen, self.FACTS, engine)[0]) == 2

    def test_a_rule_that_yields_itself_silences_all_the_same(
        self, engine: Engine, tmp_path: Path
    ) -> None:
        rules = book(
            tmp_path,
            ("A1", IS_A + "\n  yields_to: [A2]"),
            ("A2", IS_A + "\n  yields_to: [A3]"),
            ("A3", IS_A),
        )
        hits, _ = judge(rules, self.FACTS, engine)
        assert [hit.rule.id for hit in hits] == ["A3"]


class TestChoice:
    def test_reference_stands_in_where_durable_is_not_installed(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        rules = book(tmp_path, ("A1", UNSIGNED), ("A2", IS_A))
        facts = [fact("paper", str(n), f"{n}.pdf", text="ab"[n % 2]) for n in range(9)]
        before = judge(rules, facts)
        monkeypatch.setitem(sys.modules, "durable_rules_engine", None)
        assert resolve() == "reference"
        assert judge(rules, facts) == before
        with pytest.raises(ArchiveCheckError, match=r"'durable' is not installed"):
            judge(rules, facts, "durable")

    @needs_durable
    def test_durable_runs_where_it_is_installed(self) -> None:
        assert resolve() == "durable"
        assert resolve("reference") == "reference"


@needs_durable
def test_a_refused_fact_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    import durable_rules_engine

    real = durable_rules_engine.assert_fact

    def refuse(handle: int, message: str) -> tuple[int, int]:
        code, state = real(handle, message)
        return (2 if '"id": "0"' in message else code), state

    monkeypatch.setattr(durable_rules_engine, "assert_fact", refuse)
    with pytest.raises(RuntimeError, match="refused a fact with code 2"):
        evaluator("durable")([Query((Pattern("paper", "paper"),))], [fact("paper", "1")])


@needs_durable
def test_a_large_case_is_the_same_on_both(tmp_path: Path) -> None:
    same = "{paper: {text: $pair.text, flag: false}}"
    rules = book(
        tmp_path,
        ("A1", UNSIGNED),
        ("A2", f"when: {{all: [{{pair: {{number: {{ge: 2}}}}}}, {same}]}}"),
        ("A3", f"when: {{all: [{{pair: {{}}}}], none: [{same}]}}"),
    )
    rng = random.Random(1)
    facts = [
        fact(
            rng.choice(["paper", "pair"]),
            str(n),
            f"{n}.pdf",
            text=str(rng.randrange(600)),
            number=rng.randrange(4),
            flag=rng.choice([True, False, None]),
        )
        for n in range(2000)
    ]
    assert judge(rules, facts, "durable") == judge(rules, facts, "reference")
