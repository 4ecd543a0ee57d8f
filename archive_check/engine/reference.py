"""A plain evaluator of the rule language: the oracle for the other engine, and its stand-in."""

from __future__ import annotations

import operator
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from archive_check.rulebook import Bindings
from archive_check.rulelanguage import Condition, Op, Pattern, Query, Reference
from archive_check.vocabulary import Fact, Value

_TESTS: Mapping[Op, Callable[..., bool]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "lt": operator.lt,
    "le": operator.le,
    "gt": operator.gt,
    "ge": operator.ge,
    "in": lambda value, listed: value in listed,
}
Find = Callable[[tuple[int, ...]], Iterable[int]]
"""From the facts bound so far to the facts that a pattern may bind next."""


def evaluate(queries: Sequence[Query], facts: Sequence[Fact]) -> list[Bindings]:
    """For every query its matches, each the positions of the facts that `all` binds."""
    kinds: dict[str, list[int]] = defaultdict(list)
    for place, fact in enumerate(facts):
        kinds[fact.kind].append(place)
    return [_matches(query, facts, kinds) for query in queries]


def _matches(query: Query, facts: Sequence[Fact], kinds: Mapping[str, list[int]]) -> Bindings:
    names = [pattern.name for pattern in query.all]
    found: list[tuple[int, ...]] = [()]
    for pattern in query.all:
        find = _finder(pattern, names, facts, kinds)
        found = [(*bound, place) for bound in found for place in find(bound) if place not in bound]
    for pattern in query.none:
        find = _finder(pattern, names, facts, kinds)
        found = [bound for bound in found if all(place in bound for place in find(bound))]
    return set(found)


def _finder(
    pattern: Pattern, names: Sequence[str], facts: Sequence[Fact], kinds: Mapping[str, list[int]]
) -> Find:
    """Facts are filtered by constants at once, and looked up by the fields that must be equal."""
    joins = {c.field: c.value for c in pattern.conditions if isinstance(c.value, Reference)}
    constants = [c for c in pattern.conditions if c.field not in joins]
    index: dict[tuple[Value, ...], list[int]] = defaultdict(list)
    for place in kinds.get(pattern.kind, ()):
        values = facts[place].values
        if all(_holds(values.get(c.field), c) for c in constants):
            key = tuple(values.get(field) for field in joins)
            if None not in key:
                index[key].append(place)
    sources = [(names.index(ref.binding), ref.field) for ref in joins.values()]

    def find(bound: tuple[int, ...]) -> Iterable[int]:
        key = tuple(facts[bound[number]].values.get(field) for number, field in sources)
        return index.get(key, ())

    return find


def _holds(value: Value, condition: Condition) -> bool:
    """Whether a condition holds of a value; of an unknown value none does but `unknown`."""
    if condition.op == "unknown":
        return value is None
    return value is not None and _TESTS[condition.op](value, condition.value)
