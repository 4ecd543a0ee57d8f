"""The fact vocabulary: every kind of fact, its fields and their types.

Rules may name these fields and no others (`archive-check rules facts` prints them); `facts.py`
makes facts of these kinds and no others. Absent and unknown values are `None` in a fact and
satisfy no condition; a rule that needs the value lists the field under `needs`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from archive_check.model import Said

FieldType = Literal["text", "number", "flag"]
Value = str | int | bool | None


@dataclass(frozen=True, slots=True)
class Fact:
    """One flat statement about the case.

    `values` are what rules test. The rest is carried past the engine to the report: `subjects`
    are the materials' paths, offender first (empty: the case itself); `words` fill the
    placeholders of a rule's message; `unknown` tells why a value is None.
    """

    kind: str
    id: str
    values: Mapping[str, Value]
    subjects: tuple[str, ...] = ()
    words: Mapping[str, str | Said] = field(default_factory=dict)
    evidence: tuple[Said, ...] = ()
    details: Mapping[str, object] = field(default_factory=dict)
    unknown: Mapping[str, Said] = field(default_factory=dict)


VOCABULARY: Mapping[str, Mapping[str, FieldType]] = MappingProxyType(
    {
        # The case as a whole: once.
        "case": {"project_type": "text", "stage": "text", "several_years": "flag"},
        # The filing of the case: once. Days count from the day it was due.
        "filing": {"days_past_due": "number", "filer_named": "flag"},
        # What the cover must bear (year, retention, classification): once each.
        "label": {"of": "text", "state": "text"},
        # Whether a type of material is in the case: once a type, receipts by what they deliver.
        "presence": {"type": "text", "delivers": "text", "present": "flag"},
        # A file as such: once a file of the case, junk included.
        # `active` is what in it would run: executable, script, macro, or none; a `program` is
        # nothing but that.
        "file": {
            "problem": "text",
            "mismatched": "flag",
            "junk": "flag",
            "lasting": "flag",
            "active": "text",
            "program": "flag",
        },
        # A file with pages that are pictures: once each. `poor` where one is scanned too coarsely,
        # blank, or can't be read; unknown where pages were not looked at.
        "scan": {"poor": "flag"},
        # The name of a file and of the folders in which it is the first: once a file.
        "name": {"sound": "flag"},
        # The digital signatures of a file: once a file that bears some.
        "signature": {"matches": "flag"},
        # The same content filed more than once: once a set.
        "duplicate": {"copies": "number"},
        # A recognised document: once a material.
        "material": {
            "type": "text",
            "section": "text",
            "filed": "flag",
            "misfiled": "flag",
            "recognised": "flag",
            "must_sign": "flag",
            "signature_rule": "text",
            "signed": "flag",
            "foreign": "flag",
            "needs_date": "flag",
            "dated": "flag",
        },
        # A material against its catalogue entry: once a material, where there is a catalogue.
        "listing": {
            "listed": "flag",
            "title_agrees": "flag",
            "date_agrees": "flag",
            "number_agrees": "flag",
            "pages_follow": "flag",
        },
        # A catalogue of a volume.
        "catalogue": {"missing_files": "number"},
        # A closing note of a volume.
        "closing_note": {"complete": "flag"},
        # An order inside a group: once a relation and main document.
        "pair": {"relation": "text", "in_order": "flag"},
        # An order between groups or sections, and each thing that has to move in it.
        "sequence": {"of": "text", "judged": "flag"},
        "move": {"of": "text"},
        # The audit programme against the workpapers, and a workpaper's index number.
        "programme": {"uncovered_matters": "number"},
        # A term and how many days it was passed by, below 1 where it was kept: of the plan, of
        # the notice (once a delivery), of the feedback.
        "deadline": {"of": "text", "days_over": "number"},
        # A paper that has to wait for others: the notice for its authority, the report for the
        # unit's comment.
        "succession": {"of": "text", "kept": "flag"},
        # What has to be approved: the annual plan, its adjustment, the audit programme, the report.
        "approval": {"of": "text", "given": "flag"},
        # A workpaper: how many index numbers it cites that nothing bears; whether it states a
        # problem and has evidence.
        "citation": {"unknown": "number"},
        "support": {"problem": "flag", "evidence": "flag"},
        # All workpapers, once: how many more than may go without a summary, whether one is there.
        "fieldwork": {"papers_over": "number", "summarised": "flag"},
        # The summary table of the workpapers against them: once.
        "summary": {"agrees": "flag"},
        # Something that has to have happened or to be filed beside a paper: is there a trace?
        "trace": {"of": "text", "found": "flag"},
        # A paper of the procedure: whether its date contradicts others (`order`), its own period
        # (`backwards`) or today (`future`), else `none`.
        "chronology": {"contradiction": "text"},
        "workpaper": {"index": "text"},
        # Whether a result went to the audited person's dossier (of: report, rectification): once
        # each, in economic-responsibility projects.
        "dossier": {"of": "text", "filed": "flag"},
        # Whether the state audit body approved the annual plan: once.
        "state_approval": {"given": "flag"},
        # Whether report and rectification were filed with the audit body: once.
        "state_filing": {"complete": "flag"},
        # A clue of a major violation that report or workpapers state: once, where one is stated.
        "clue": {"transferred": "flag"},
        # A supervision notice of the audit body, and whether a written report answers it.
        "supervision": {"answered": "flag"},
        # The team's members against the register of filed auditors: once a notice or programme
        # that names them, where a register is given.
        "team": {"filed": "flag"},
        # The elements that a paper must hold, and how many of them it lacks: once a paper and set.
        "elements": {"of": "text", "missing": "number"},
        # A unit's archive: each annual plan and its projects without a case.
        "unit_plan": {"unfiled_projects": "number"},
        # Whether there is a yearly summary of rectification and follow-up: once.
        "unit_summary": {"present": "flag"},
        # Whether the audit body took in annual plan and work summary: once.
        "unit_filing": {"complete": "flag"},
        # Whether the register of filed auditors names anybody for the unit: once, with a register.
        "unit_register": {"named": "flag"},
        # A case of a unit's archive: whether the unit's plan or an adjustment lists its project.
        "planning": {"listed": "flag"},
    }
)
