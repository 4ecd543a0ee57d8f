"""What facts are made from, and small helpers that several kinds of facts share."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from archive_check.arranged import Case
from archive_check.facts.planning import Matching
from archive_check.model import (
    Document,
    Ignored,
    Material,
    MaterialType,
    Said,
    Stated,
    said,
)
from archive_check.required import Looked, Required
from archive_check.vocabulary import Value


@dataclass(frozen=True, slots=True)
class Context:
    """The case, today for every deadline, the packs' parameters and the table of materials."""

    case: Case
    ignored: Sequence[Ignored]
    as_of: date
    parameters: Mapping[str, object]
    types: Mapping[str, MaterialType]
    likeness: Callable[[str, str], float]
    body: re.Pattern[str]
    """Finds a body's name in a title."""
    elsewhere: re.Pattern[str]
    """Finds in a catalogue's remarks that the thing is kept on paper, disc or elsewhere."""
    matching: Matching
    """What tells whether a planned project is this case's."""
    phrases: Mapping[str, re.Pattern[str]]
    """The vocabulary's patterns for what papers say of the procedure, by name."""
    required: Mapping[str, Required]
    """The sets of elements that papers are asked for, by id."""
    look: Callable[[Document, str], Mapping[str, Looked]]
    """Looks in a document for the elements of papers of a type."""
    register: frozenset[str] | None = None
    """The names of the auditors filed with the audit body; None where no register is given."""
    unit_plans: Sequence[Material] = ()
    """The annual plans of the unit in whose archive the case lies; they count beside its own."""

    def named_in_title(self, title: str) -> str | None:
        """The body that a title names first, None where it names none."""
        found = self.body.search(title)
        return found["body"] if found else None

    def occurs_elsewhere(self, name: str, material: Material) -> bool:
        """Whether two other papers of the case speak of the name at all."""
        others = (m for m in self.case.materials if m.path != material.path)
        return sum(1 for m in others if name in m.document.text) >= 2

    def stated(self, key: str) -> Stated | None:
        return self.case.facts.get(key)

    def value(self, key: str) -> object:
        found = self.stated(key)
        return None if found is None else found.value

    def day(self, key: str) -> date | None:
        found = self.value(key)
        return found if isinstance(found, date) else None


def unknown(values: Mapping[str, Value], why: Mapping[str, Said]) -> Mapping[str, Said]:
    """The reasons for those values that are None."""
    return {key: reason for key, reason in why.items() if values.get(key) is None}


def titled(material: Material) -> str:
    return material.written or material.title or material.path


def unread(material: Material) -> bool:
    """Whether the document may say more than was read of it."""
    return material.document.problem is not None or not material.document.text_read


def at(material: Material) -> Said:
    """Where a material stands."""
    return said("facts.at", title=titled(material), path=material.path, place=material.position)


def day(value: date | None) -> str:
    return value.isoformat() if value else "-"


def dated(material: Material) -> Said:
    """A material's date and where it was read."""
    return said(
        "facts.dated",
        title=titled(material),
        date=day(material.date),
        source=material.date_from or said("facts.none"),
    )
