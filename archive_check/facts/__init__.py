"""The step `facts`: the arranged case becomes flat facts. All arithmetic of the rules is here."""

from __future__ import annotations

from collections.abc import Iterator

from archive_check.facts.approvals import approval_facts
from archive_check.facts.chronology import chronology_facts
from archive_check.facts.context import Context
from archive_check.facts.deadlines import deadline_facts
from archive_check.facts.dialogue import dialogue_facts
from archive_check.facts.elements import element_facts
from archive_check.facts.files import file_facts
from archive_check.facts.listings import listing_facts
from archive_check.facts.materials import material_facts
from archive_check.facts.orders import order_facts
from archive_check.facts.outside import outside_facts
from archive_check.facts.planning import Matching
from archive_check.facts.references import reference_facts
from archive_check.facts.scans import scan_facts
from archive_check.facts.signatures import signature_facts
from archive_check.facts.traces import trace_facts
from archive_check.facts.units import Unit, planning_facts, unit_facts
from archive_check.facts.whole import case_facts
from archive_check.vocabulary import Fact

__all__ = [
    "FILE_KINDS", "UNIT_KINDS", "Context", "Matching", "Unit", "facts", "file_facts",
    "planning_facts", "unit_facts",
]  # fmt: skip

UNIT_KINDS = frozenset({"unit_plan", "unit_summary", "unit_filing", "unit_register", "planning"})
"""The kinds of facts that only a unit's archive has; `planning` speaks of one of its cases."""
FILE_KINDS = frozenset({"file", "duplicate", "name"})
"""The kinds that speak of files as such, whatever they are papers of."""


def facts(context: Context) -> tuple[Fact, ...]:
    """Every fact of the case, in an order that depends on nothing but the case."""
    return tuple(_all(context))


def _all(context: Context) -> Iterator[Fact]:
    yield from case_facts(context)
    yield from file_facts(context)
    yield from scan_facts(context)
    yield from signature_facts(context)
    yield from material_facts(context)
    yield from listing_facts(context)
    yield from order_facts(context)
    yield from deadline_facts(context)
    yield from approval_facts(context)
    yield from reference_facts(context)
    yield from trace_facts(context)
    yield from dialogue_facts(context)
    yield from chronology_facts(context)
    yield from outside_facts(context)
    yield from element_facts(context)
