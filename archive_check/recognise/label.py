"""What a label with its value is, wherever it stands in a document."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

FieldOf = Callable[[str], str | None]
"""Tells the field that a cleaned label names, None where the text is no known label."""

MAX_LABEL = 30
WEAK = "other_label"
"""The field of labels that only mark where another one's value ends."""
UNSPECIFIC = (WEAK, "signature")
"""Fields of labels that say little of whose value it is."""
NAME_OR_DATE = re.compile(r"[\u4e00-\u9fff]{2,3}|\d{4}\D\d{1,2}\D\d{1,2}\D?")


@dataclass(frozen=True, slots=True)
class Labelled:
    """A label as written, the field it names and the text that stands as its value.

    `beside` is what follows the value up to the next label, in its line or as the name and date
    that sign it below.
    """

    field: str
    label: str
    value: str
    page: int = 1
    beside: str = ""

    @property
    def whole(self) -> str:
        """The value with what stands beside it, as a cell of a table would hold both."""
        return f"{self.value} {self.beside}".strip()
