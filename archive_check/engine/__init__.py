"""Facts and rules in, hits and outcomes out; two engines that answer alike.

`durable` runs durable-rules, `reference` a plain evaluator of the same language. What a rule
asks is asked of the engine: its deficiencies, its subjects, and which of these are unknown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from archive_check.model import ArchiveCheckError, Outcome, Said, said
from archive_check.rulebook import Bindings, Evaluate, Rulebook, natural
from archive_check.rulelanguage import Condition, Query, Rule
from archive_check.vocabulary import Fact

Engine = Literal["durable", "reference"]


@dataclass(frozen=True, slots=True)
class Hit:
    """A deficiency: the rule, and the facts it was found in by the names the rule gives them."""

    rule: Rule
    facts: Mapping[str, Fact]

    @property
    def materials(self) -> tuple[str, ...]:
        """The paths of the materials concerned, offender first; empty: the case itself."""
        return () if self.rule.offender == "case" else self.facts[self.rule.offender].subjects


@dataclass(frozen=True, slots=True)
class Judgement:
    """The outcome of one rule; `why` says what could not be judged, if that is the outcome."""

    rule_id: str
    outcome: Outcome
    why: tuple[Said, ...] = ()


def resolve(engine: Engine | None = None) -> Engine:
    """The engine that will run: as asked for, else durable where it is installed.

    Raises ArchiveCheckError where durable is asked for and can't be imported.
    """
    if engine == "reference":
        return engine
    try:
        import durable_rules_engine  # noqa: F401
    except ImportError as error:
        if engine is None:
            return "reference"
        raise ArchiveCheckError(
            f"the engine 'durable' is not installed here ({error}); 'reference' gives the same"
        ) from None
    return "durable"


def evaluator(engine: Engine | None = None) -> Evaluate:
    """The function that answers queries. Raises as `resolve`."""
    if resolve(engine) == "durable":
        from archive_check.engine import durable

        return durable.evaluate
    from archive_check.engine import reference

    return reference.evaluate


def judge(
    rulebook: Rulebook,
    facts: Sequence[Fact],
    engine: Engine | None = None,
    silent: Rulebook | None = None,
) -> tuple[list[Hit], list[Judgement]]:
    """What the rules find in the facts of one case, and the outcome of every rule.

    Hits stand in the order of the rules, then of the facts' kinds and ids, one for each match.
    `silent` are the rules of packs not chosen; they only silence rules that yield to them.
    The order of `facts` has no influence. Raises ValueError for two facts of one kind and id.
    """
    facts = sorted(facts, key=lambda fact: (fact.kind, natural(fact.id)))
    if len({(fact.kind, fact.id) for fact in facts}) != len(facts):
        raise ValueError("two facts of one kind bear the same id")
    heard = {name for rule in rulebook.rules for name in rule.yields_to}
    heard -= {rule.id for rule in rulebook.rules}
    others = [rule for rule in silent.rules if rule.id in heard] if silent else []

    asked = [rule.when for rule in (*rulebook.rules, *others)]
    for rule in rulebook.rules:
        asked += [rule.applies, *(_unknown(rule, field) for field in rule.needs)]
    queries = list(dict.fromkeys(asked))
    answers = dict(zip(queries, evaluator(engine)(queries, facts), strict=True))

    hits = {rule.id: _hits(rule, answers[rule.when], facts) for rule in (*rulebook.rules, *others)}
    # What a rule found counts here even where it yields itself: A < B < C leaves C alone.
    offences = {name: {hit.materials[:1] for hit in found} for name, found in hits.items()}
    kept: list[Hit] = []
    judgements: list[Judgement] = []
    for rule in rulebook.rules:
        stronger = set().union(*(offences.get(name, ()) for name in rule.yields_to))
        left = [hit for hit in hits[rule.id] if hit.materials[:1] not in stronger]
        kept += left
        judgements.append(_judgement(rule, bool(left), answers, facts))
    return kept, judgements


def _unknown(rule: Rule, field: str) -> Query:
    """The subjects of the rule in which the field is unknown."""
    first, *rest = rule.applies.all
    asked = replace(first, conditions=(*first.conditions, Condition(field, "unknown", None)))
    return replace(rule.applies, all=(asked, *rest))


def _hits(rule: Rule, bindings: Bindings, facts: Sequence[Fact]) -> list[Hit]:
    names = [pattern.name for pattern in rule.when.all]
    return [
        Hit(rule, {name: facts[place] for name, place in zip(names, binding, strict=True)})
        for binding in sorted(bindings)
    ]


def _judgement(
    rule: Rule, failed: bool, answers: Mapping[Query, Bindings], facts: Sequence[Fact]
) -> Judgement:
    if failed:
        return Judgement(rule.id, "failed")
    struck = {place for binding in answers[rule.when] for place in binding}
    missing = {
        (binding[0], number)
        for number, field in enumerate(rule.needs)
        for binding in answers[_unknown(rule, field)]
        if binding[0] not in struck
    }
    if missing:
        why = (_why(facts[place], rule.needs[number]) for place, number in sorted(missing))
        return Judgement(rule.id, "not-checked", tuple(dict.fromkeys(why)))
    return Judgement(rule.id, "passed" if answers[rule.applies] else "not-applicable")


def _why(fact: Fact, field: str) -> Said:
    return fact.unknown.get(field) or said("rulebook-unknown", kind=fact.kind, field=field)
