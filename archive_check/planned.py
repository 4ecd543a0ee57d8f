"""Projects as an annual plan lists them, and cases as a unit's archive compares them with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Planned:
    """A project of the plan as far as its row or line tells; "" for what it does not."""

    name: str
    unit: str = ""
    person: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class CaseInBrief:
    """What a unit's archive keeps of a case once it was checked; "" for what is not known."""

    path: str
    project: str
    unit: str
    person: str
    project_type: str
    team: frozenset[str] = frozenset()


def pack(found: Sequence[Planned]) -> str:
    """Projects as the rows of one text, for a material's fields."""
    return "\n".join("\t".join((p.name, p.unit, p.person, p.kind)) for p in found)


def unpack(text: str) -> tuple[Planned, ...]:
    """The projects that `pack` wrote."""
    return tuple(Planned(*row.split("\t")) for row in text.split("\n") if row)
