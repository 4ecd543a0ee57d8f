"""What the regulation asks a paper to hold: its elements, as the pack's data describes them.

An element has parts and is missing when one is; a part is there in one of several ways. The data
is read by `recognise`, which looks for the parts; `facts` judges what is missing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

ValueKind = Literal["any", "name", "signer", "date"]
"""What a label's value must be: a name, an opinion that somebody signs, a date."""


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that an element needs, and every way in which a paper may hold it.

    `fields` are labels whose value must be filled (`value` says with what), `label` narrows them,
    `differs` names fields whose persons it must not be; `heading` heads a passage that says
    something. `anywhere` is a pattern of the text, `signed` the paper's own signature, `attached` a
    paper attached to it. A label or heading behind which nothing stands outweighs what follows:
    `top`, a pattern of one of the first lines, `lead` of what stands before the first heading,
    and in prose `text` and `dated`, a pattern of the text and the paper's own date.
    """

    fields: tuple[str, ...] = ()
    label: re.Pattern[str] | None = None
    value: ValueKind = "any"
    differs: tuple[str, ...] = ()
    heading: re.Pattern[str] | None = None
    text: re.Pattern[str] | None = None
    anywhere: re.Pattern[str] | None = None
    top: re.Pattern[str] | None = None
    lead: re.Pattern[str] | None = None
    signed: bool = False
    dated: bool = False
    attached: bool = False


@dataclass(frozen=True, slots=True)
class Element:
    """An element. It is asked where the text shows `when` and not `unless`, where one of its
    `methods` was used, and where the case holds one of the types `beside` or a report of it shows
    `reported` (all optional).

    `block` names the elements that a paper gives under labels together: where most of them have
    none, the paper is prose. `yields_to` are elements (`set.element`) that speak of the same,
    `supplied_by` types of papers that supply it wherever they stand in the case.
    """

    id: str
    name: Mapping[str, str]
    parts: tuple[Part, ...]
    block: str = ""
    when: re.Pattern[str] | None = None
    unless: re.Pattern[str] | None = None
    methods: frozenset[str] = frozenset()
    beside: tuple[str, ...] = ()
    reported: re.Pattern[str] | None = None
    yields_to: tuple[str, ...] = ()
    supplied_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Required:
    """The elements that one provision asks of papers of some types.

    It asks them only of papers whose text shows `when` and not `unless`. `together`: several
    papers of the type complete one another; `annexed`: what is attached completes the paper.
    """

    id: str
    types: tuple[str, ...]
    elements: tuple[Element, ...]
    when: re.Pattern[str] | None = None
    unless: re.Pattern[str] | None = None
    together: bool = False
    annexed: bool = False

    def element(self, name: str) -> Element:
        return next(element for element in self.elements if element.id == name)


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look for an element found: the numbers of its parts that are not there, whether one
    could not be told, and the first label that stands with nothing behind it."""

    missing: tuple[int, ...] = ()
    unknown: bool = False
    blank: str = ""
