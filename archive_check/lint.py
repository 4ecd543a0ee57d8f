"""All that is wrong with a pack: mistakes in writing, and rules that can never find anything."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import get_args

from archive_check.arranged import RelationKind
from archive_check.caseinfo import PROJECT_TYPES, STAGES
from archive_check.model import SECTIONS, ArchiveCheckError, ProblemKind
from archive_check.rulebook import load_packs, pack_files, pack_sources
from archive_check.rulelanguage import Condition, Pattern, Query, Rule, rule_problems
from archive_check.shorthand import type_names
from archive_check.vocabulary import VOCABULARY

_ONCE = frozenset(
    {"case", "filing", "state_approval", "state_filing", "clue", "unit_summary", "unit_filing",
     "unit_register", "planning"}
)  # fmt: skip
"""Kinds of which there is never more than one fact."""


def problems(pack: str) -> list[str]:
    """Everything that is wrong with a pack, a line each with file and line; empty where nothing is.

    Raises ArchiveCheckError where there is no such pack or its `pack.yaml` can't be understood.
    """
    sources = pack_sources(pack)
    found: list[str] = []
    for file in pack_files(pack):
        if isinstance(file, str):
            found.append(file)
            continue
        for item in file.value if isinstance(file.value, list) else ():
            found += rule_problems(item, sources, VOCABULARY)
        if not isinstance(file.value, list):
            found.append(f"{file.place}: a file of rules must be a list")
    try:
        rules = load_packs([pack]).rules
    except ArchiveCheckError as error:
        # What only shows in the pack as a whole: ids that stand twice, circles, wrong extensions.
        return found if str(error) in found else [*found, str(error)]
    return [*found, *(line for rule in rules for line in _unreachable(rule))]


def _unreachable(rule: Rule) -> Iterator[str]:
    for what, query in (("when", rule.when), ("applies", rule.applies)):
        for reason in _never(query):
            yield f"{rule.place}: rule {rule.id}: its {what!r} never matches: {reason}"


def _never(query: Query) -> Iterator[str]:
    """Why no case satisfies a query, where that can be told."""
    once: dict[str, Pattern] = {}
    for pattern in query.all:
        if pattern.kind in _ONCE and pattern.kind in once:
            yield f"two facts of kind {pattern.kind!r}, of which there is one"
        once.setdefault(pattern.kind, pattern)
        for condition in pattern.conditions:
            yield from _impossible(pattern, condition)


def _impossible(pattern: Pattern, condition: Condition) -> Iterator[str]:
    known = _values().get((pattern.kind, condition.field))
    if known is None or condition.op not in ("eq", "in"):
        return
    wanted = condition.value if isinstance(condition.value, tuple) else (condition.value,)
    if not set(wanted) & set(known):
        shown = ", ".join(repr(value) for value in wanted)
        yield f"{pattern.kind}.{condition.field} is never {shown}"


def _values() -> Mapping[tuple[str, str], Collection[object]]:
    """The values of fields that have a closed list of them."""
    types = frozenset(type_names())
    return {
        ("case", "project_type"): PROJECT_TYPES,
        ("case", "stage"): ("", *STAGES),
        ("presence", "type"): types,
        ("presence", "delivers"): ("", "report"),
        ("material", "type"): types,
        ("material", "section"): SECTIONS,
        ("pair", "relation"): get_args(RelationKind),
        ("file", "problem"): ("none", *get_args(ProblemKind)),
        ("label", "of"): ("year", "retention", "classification"),
        ("workpaper", "index"): ("ok", "missing", "repeated", "order"),
        ("dossier", "of"): ("report", "rectification"),
    }
