"""A unit's archive: its own papers, every case, and what the plan says of them together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from archive_check import units
from archive_check.check import DEFAULT_PACKS as CASE_PACKS
from archive_check.check import (
    Options,
    Progress,
    Rules,
    Understood,
    context,
    judged,
    nothing_thrown_away,
    prepared,
    recognised,
    reported,
    understood,
)
from archive_check.engine import Hit, Judgement, judge
from archive_check.facts import (
    FILE_KINDS,
    UNIT_KINDS,
    Unit,
    facts,
    file_facts,
    planning_facts,
    unit_facts,
)
from archive_check.model import CaseInfo, CaseReport, Material, Report
from archive_check.planned import CaseInBrief
from archive_check.rulebook import natural
from archive_check.scan import scan
from archive_check.vocabulary import Fact
from archive_check.wiring import matching

DEFAULT_PACKS = (*CASE_PACKS, "unit")
PACK = "unit"
"""The pack that holds where none of the packs chosen speaks of a unit's archive."""
_PLANNING = "planning"


@dataclass(frozen=True)
class _Judged:
    """What is kept of a case until the unit's plan is compared: no text of any document."""

    report: CaseReport
    info: CaseInfo
    brief: CaseInBrief
    hits: Sequence[Hit]
    judgements: Sequence[Judgement]


def check_unit(root: Path, options: Options, progress: Progress | None = None) -> Report:
    """Check a unit's archive: the report of its own papers, then that of every case in it.

    Raises ArchiveCheckError as `check` does, and where the root is a case itself.
    """
    rules = _with_unit_rules(options)
    found = units.cases(root)
    own = understood(scan(root, [case.path for case in found]), options, progress)
    plans = own.arranged.of_type("annual-plan")
    cases = [_case(case, plans, options, rules.of_cases(), progress) for case in found]
    unit = Unit(
        papers=context(own, rules, options),
        cases=[case.brief for case in cases],
        matching=matching(),
        names=(str(own.info.values.get("unit") or ""), root.resolve().name),
        registered=None if rules.auditors is None else [(x.name, x.unit) for x in rules.auditors],
    )
    planning = planning_facts(unit)
    reports = [_planned(case, planning[case.brief.path], rules, options) for case in cases]
    return reported((_own(own, unit, rules, options), *reports), options, rules)


def _with_unit_rules(options: Options) -> Rules:
    rules = prepared(options)
    if rules.only(UNIT_KINDS.__contains__).chosen.rules:
        return rules
    return prepared(replace(options, packs=(*options.packs, PACK)))


def _case(
    found: units.Found,
    plans: Sequence[Material],
    options: Options,
    rules: Rules,
    progress: Progress | None,
) -> _Judged:
    with nothing_thrown_away():
        case = understood(scan(found.location), options, progress)
        made = facts(replace(context(case, rules, options), unit_plans=plans))
        hits, judgements = judge(rules.chosen, made, rules.engine, rules.silent)
    return _Judged(recognised(case, options), case.info, _brief(case, found), hits, judgements)


def _brief(case: Understood, found: units.Found) -> CaseInBrief:
    def stated(key: str) -> str:
        told = case.recognition.facts.get(key)
        return "" if told is None else str(told.value)

    team = (name for m in case.recognition.materials for name in m.fields.get("team", "").split())
    return CaseInBrief(
        path=found.path,
        project=stated("project"),
        unit=stated("unit"),
        person=stated("person"),
        project_type=stated("project_type"),
        team=frozenset(team),
    )


def _planned(case: _Judged, planning: Fact, rules: Rules, options: Options) -> CaseReport:
    """The case with what the unit's plan says of it."""
    own = rules.only(lambda kind: kind not in UNIT_KINDS or kind == _PLANNING)
    hits, judgements = judge(
        rules.only(_PLANNING.__eq__).chosen, [planning], rules.engine, rules.silent
    )
    found = (
        [*case.hits, *hits],
        sorted((*case.judgements, *judgements), key=lambda outcome: natural(outcome.rule_id)),
    )
    return judged(case.report, case.info, found, own, options)


def _own(own: Understood, unit: Unit, rules: Rules, options: Options) -> CaseReport:
    """The archive itself: the rules on it, and those on files as such for its own papers."""
    kinds = (UNIT_KINDS | FILE_KINDS) - {_PLANNING}
    wanted = rules.only(kinds.__contains__)
    made = [*file_facts(unit.papers), *unit_facts(unit)]
    found = judge(wanted.chosen, made, rules.engine, rules.silent)
    report = recognised(own, options)
    stated = {key: own.info.values.get(key) for key in report.case}
    return judged(replace(report, case=stated), own.info, found, wanted, options)
