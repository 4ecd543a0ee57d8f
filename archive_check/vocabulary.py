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
        "case": {
            "project_type": "text",
            "filing_days_late": "number",
            "filing_year_differs": "flag",
        },
        "material": {"type": "text", "section": "text", "misfiled": "flag", "signed": "flag"},
        "pair": {"relation": "text", "in_order": "flag"},
        "order": {"of": "text", "in_order": "flag"},
    }
)
