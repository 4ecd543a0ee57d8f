"""The rule language on durable-rules, inside the part of it that is sound.

The C module is used as it is, without its `Host`. durable-rules 2.0.28 reads out of bounds, hangs
or answers wrongly outside this part, so keep to it: integer constants only, equality as the only
join and an always-true term behind it, no `$or`, no nulls, floats or arrays, every field of a
fact present, one fact a call, a first fact that fires (a session that never fired can't be
deleted), and a last one, "go", that every `none` waits for, as a late fact takes no match back.
Texts become the numbers of a table made for the run, so equality is exact for any length.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from typing import Any

from archive_check.rulebook import Bindings
from archive_check.rulelanguage import GREATEST, Condition, Op, Pattern, Query, Reference
from archive_check.vocabulary import Fact, Value

MOST_CONDITIONS = 55
"""In one ruleset: the engine gives up on a fact that more than 64 of them wait for."""
_UNKNOWN = -(2**60)
_OPEN, _GO = -1, -2
_SESSION = "case"
_OPS: Mapping[Op, str] = {"ne": "$neq", "lt": "$lt", "le": "$lte", "gt": "$gt", "ge": "$gte"}

Term = dict[str, Any]
Code = dict[str, int]
"""The number that stands for each text, and for each kind of fact."""
Class = tuple[str, tuple[tuple[str, Value], ...]]
"""A kind and the values that a ruleset looks at: facts alike in these are one to it."""


@dataclass(slots=True)
class _Ruleset:
    """Queries that run together, each spelt out as rules, and the facts they look at.

    `copies` is how many facts of a kind one match can tell apart.
    """

    rules: list[tuple[int, Term]] = field(default_factory=list)
    fields: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    copies: dict[str, int] = field(default_factory=dict)
    size: int = 1


def evaluate(queries: Sequence[Query], facts: Sequence[Fact]) -> list[Bindings]:
    """For every query its matches, each the positions of the facts that `all` binds.

    Numbers beyond `GREATEST` count as one number just beyond it. Raises RuntimeError where the
    engine refuses what it was given, which is a bug here.
    """
    code: Code = {}
    kinds: dict[str, list[int]] = defaultdict(list)
    for place, fact in enumerate(facts):
        kinds[fact.kind].append(place)
    found: list[Bindings] = [set() for _ in queries]
    for ruleset in _compile(queries, code):
        classes = _classes(ruleset, facts, kinds)
        for query, match in set(_run(ruleset, classes, code)):
            for binding in product(*(classes[one] for one in match)):
                if len(set(binding)) == len(binding):
                    found[query].add(binding)
    return found


def _compile(queries: Sequence[Query], code: Code) -> list[_Ruleset]:
    # Queries on the same fields side by side: the fewer fields, the more facts are alike.
    order = sorted(range(len(queries)), key=lambda number: _looked_at(queries[number]))
    rulesets = [_Ruleset()]
    for number in order:
        query = queries[number]
        for rule in _rules(query, code):
            if rulesets[-1].size + len(rule["all"]) > MOST_CONDITIONS:
                rulesets.append(_Ruleset())
            ruleset = rulesets[-1]
            ruleset.rules.append((number, rule))
            ruleset.size += len(rule["all"])
            for kind, name in _looked_at(query):
                ruleset.fields[kind].update({name} if name else ())
                # those bound, and one more that may stand against them
                needed = sum(pattern.kind == kind for pattern in query.all) + 1
                ruleset.copies[kind] = max(ruleset.copies.get(kind, 0), needed)
    return rulesets


def _looked_at(query: Query) -> list[tuple[str, str]]:
    """Kinds and fields that a query names; a kind stands with the field "" too."""
    kind_of = {pattern.name: pattern.kind for pattern in query.all}
    named = set()
    for pattern in (*query.all, *query.none):
        named.add((pattern.kind, ""))
        for condition in pattern.conditions:
            named.add((pattern.kind, condition.field))
            if isinstance(condition.value, Reference):
                named.add((kind_of[condition.value.binding], condition.value.field))
    return sorted(named)


def _rules(query: Query, code: Code) -> Iterator[Term]:
    """The engine has no `in`: under `all` each value makes a rule, under `none` a pattern."""
    names = {pattern.name: f"p{number}" for number, pattern in enumerate(query.all)}
    absent = [one for pattern in query.none for one in _alternatives(pattern)]
    for patterns in product(*(_alternatives(pattern) for pattern in query.all)):
        conditions: list[Term] = [
            {f"p{number}": _expression(pattern, names, "p0" if number else None, code)}
            for number, pattern in enumerate(patterns)
        ]
        if absent:
            conditions.append({"go": {"$and": [{"k": _GO}, {"one": {"p0": "one"}}]}})
        conditions += [
            {f"n{number}$not": _expression(pattern, names, "go", code)}
            for number, pattern in enumerate(absent)
        ]
        yield {"all": conditions}


def _alternatives(pattern: Pattern) -> list[Pattern]:
    spelt = [
        [Condition(c.field, "eq", value) for value in c.value]
        if isinstance(c.value, tuple)
        else [c]
        for c in pattern.conditions
    ]
    return [replace(pattern, conditions=conditions) for conditions in product(*spelt)]


def _expression(pattern: Pattern, names: Mapping[str, str], behind: str | None, code: Code) -> Term:
    """Constants first, then joins, then the true term that the last join has to be."""
    constants: list[Term] = [{"k": code.setdefault(f"kind {pattern.kind}", len(code))}]
    known: list[Term] = []
    joins: list[Term] = []
    for condition in pattern.conditions:
        name = _property(condition.field)
        value = condition.value
        if isinstance(value, Reference):
            joins.append({name: {names[value.binding]: _property(value.field)}})
        elif condition.op == "unknown":
            constants.append({name: _UNKNOWN})
        elif condition.op == "eq":
            constants.append({name: _number(value, code)})
        else:
            known.append({_OPS[condition.op]: {name: _number(value, code)}})
        if condition.op not in ("eq", "unknown"):
            known.append({"$neq": {name: _UNKNOWN}})
    if behind:
        joins.append({"one": {behind: "one"}})
    terms = [*constants, *known, *joins]
    return terms[0] if len(terms) == 1 else {"$and": terms}


def _property(name: str) -> str:
    """A field's name in the engine, which has names of its own (`id`, `sid`)."""
    return f"f_{name}"


def _number(value: object, code: Code) -> int:
    if value is None:
        return _UNKNOWN
    if isinstance(value, str):
        return code.setdefault(f"text {value}", len(code))
    assert isinstance(value, int)
    return max(-GREATEST - 1, min(GREATEST + 1, int(value)))


def _classes(
    ruleset: _Ruleset, facts: Sequence[Fact], kinds: Mapping[str, list[int]]
) -> dict[Class, list[int]]:
    classes: dict[Class, list[int]] = defaultdict(list)
    for kind in ruleset.copies:
        names = sorted(ruleset.fields[kind])
        for place in kinds.get(kind, ()):
            values = facts[place].values
            classes[kind, tuple([(name, values.get(name)) for name in names])].append(place)
    return classes


def _messages(
    ruleset: _Ruleset, classes: Mapping[Class, Sequence[int]], code: Code
) -> Iterator[tuple[Class, Term]]:
    for one, members in classes.items():
        kind, values = one
        message = {"k": code[f"kind {kind}"], "one": 1}
        message |= {_property(name): _number(value, code) for name, value in values}
        for _ in range(min(len(members), ruleset.copies[kind])):
            yield one, message


def _run(
    ruleset: _Ruleset, classes: Mapping[Class, Sequence[int]], code: Code
) -> Iterator[tuple[int, tuple[Class, ...]]]:
    """The matches: a query's number and the classes that its patterns bound."""
    import durable_rules_engine as durable

    rules = {f"r{number}": rule for number, (_, rule) in enumerate(ruleset.rules)}
    rules["open"] = {"all": [{"m": {"k": _OPEN}}]}
    handle = durable.create_ruleset("rules", json.dumps(rules))
    try:
        state = _assert(durable, handle, {"id": "open", "k": _OPEN, "one": 1})
        if not durable.start_action_for_state(handle, state):
            raise RuntimeError("durable-rules did not start")
        if durable.complete_and_start_action(handle, state) is not None:
            raise RuntimeError("durable-rules fired before there was a fact")
        try:
            sent: list[Class] = []
            for one, message in _messages(ruleset, classes, code):
                _assert(durable, handle, {"id": str(len(sent)), **message})
                sent.append(one)
            _assert(durable, handle, {"id": "go", "k": _GO, "one": 1})
            started = durable.start_action_for_state(handle, state)
            fired = started[1] if started else None
            while fired:
                ((name, frame),) = json.loads(fired).items()
                number, rule = ruleset.rules[int(name[1:])]
                bound = [key for term in rule["all"] for key in term if key.startswith("p")]
                yield number, tuple(sent[int(frame[key]["id"])] for key in bound)
                fired = durable.complete_and_start_action(handle, state)
        finally:
            durable.delete_state(handle, _SESSION)
    finally:
        durable.delete_ruleset(handle)


def _assert(durable: Any, handle: int, message: Term) -> int:
    """Hand over one fact; the state's number. 1 says that no rule looks at the fact."""
    outcome, state = durable.assert_fact(handle, json.dumps({"sid": _SESSION, **message}))
    if outcome not in (0, 1):
        raise RuntimeError(f"durable-rules refused a fact with code {outcome}: {message}")
    return int(state)
