"""Whether a paper holds what the regulation asks it to hold (articles 10 to 47).

An element is there when its value is: behind a label, under a heading, or said in the text where
the paper is prose. What to look for is the pack's data (`required.py`); here is how.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import pairwise

from archive_check.model import PICTURE, Document, Said
from archive_check.recognise.fields import filled
from archive_check.recognise.headings import Outline, Text, outline, texts, under
from archive_check.recognise.label import Labelled
from archive_check.recognise.names import names_in, names_somebody, signs
from archive_check.recognise.numbers import clean
from archive_check.recognise.required import method_of_type, methods, required_of
from archive_check.recognise.words import words
from archive_check.required import Element, Looked, Part, Required

_TOP = 12
_LEAD = 3000
_DATE = re.compile(r"\d{1,4}\s*[年./\-]|\d{8}|[〇○零一二三四五六七八九十]{1,4}\s*年")


@dataclass(frozen=True)
class Paper:
    """A document as elements are looked for in it. `signed` and `dated` are its own."""

    document: Document
    type: str
    labels: tuple[Labelled, ...]
    signed: bool | None
    dated: bool

    @cached_property
    def lines(self) -> tuple[Text, ...]:
        return texts(self.document)

    @cached_property
    def outline(self) -> Outline:
        return outline(self.document, self.lines)

    @cached_property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines)

    @cached_property
    def top(self) -> tuple[str, ...]:
        """The first lines, and each two of them together, as a long title needs."""
        first = [line.text for line in self.lines[:_TOP]]
        return (*first, *(a + b for a, b in pairwise(first)))

    @cached_property
    def lead(self) -> str:
        """What stands before the first heading below the title."""
        found: list[str] = []
        for line in self.lines:
            if line.level is not None and found:
                break
            if not line.loud:
                found.append(line.text)
        return "".join(found)[:_LEAD]

    @cached_property
    def by_field(self) -> Mapping[str, list[Labelled]]:
        """The labels by field; a bare date behind a person's label is `date>field` too."""
        found: dict[str, list[Labelled]] = {}
        person = ""
        for label in self.labels:
            found.setdefault(label.field, []).append(label)
            if label.field in ("date", "meeting_date"):
                found.setdefault(f"date>{person}", []).append(label)
            else:
                person = label.field
        return found


def look(
    document: Document,
    type_id: str,
    labels: Sequence[Labelled],
    signed: bool | None,
    dated: tuple[date, Said] | None,
) -> Mapping[str, Looked]:
    """`set.element` -> what was found of it, for every element that this paper is asked for.

    Empty where the document's text was not read.
    """
    asked = required_of(type_id)
    if not asked or not document.text_read:
        return {}
    paper = Paper(document, type_id, tuple(labels), signed, dated is not None)
    found: dict[str, Looked] = {}
    for one in asked:
        if _asks(one, paper.text):
            found |= _look_for(one, paper)
    return found


def _asks(one: Required | Element, text: str) -> bool:
    return (one.when is None or bool(one.when.search(text))) and not (
        one.unless is not None and one.unless.search(text)
    )


def _look_for(one: Required, paper: Paper) -> dict[str, Looked]:
    used = _methods(paper) if any(e.methods for e in one.elements) else frozenset()
    elements = [
        e for e in one.elements if _asks(e, paper.text) and (not e.methods or e.methods & used)
    ]
    finds = {e.id: [_Find(part, paper) for part in e.parts] for e in elements}
    prose = {
        block: _is_prose([find for e in elements if e.block == block for find in finds[e.id]])
        for block in {e.block for e in elements}
    }
    return {f"{one.id}.{e.id}": _looked(finds[e.id], prose[e.block]) for e in elements}


class _Find:
    """A part as it was looked for: labels and headings first, the text only where needed."""

    def __init__(self, part: Part, paper: Paper) -> None:
        self.part, self.paper = part, paper
        self.labels = [
            label
            for field in part.fields
            for label in paper.by_field.get(field, ())
            if part.label is None or part.label.search(label.label)
        ]
        self.headings = list(under(paper.outline, part.heading)) if part.heading else []

    @property
    def named(self) -> bool:
        return bool(self.labels or self.headings)

    @property
    def may_be_named(self) -> bool:
        return bool(self.part.fields or self.part.heading)

    @property
    def blank(self) -> str:
        return next((label.label for label in self.labels), "") or next(
            (head for head, _ in self.headings), ""
        )

    def there(self, prose: bool) -> bool | None:
        """Whether the part is there; None where that can't be told."""
        if self.part.differs and not any(filled(label.value) for label in self.labels):
            return True
        if any(self._holds(label) for label in self.labels):
            return True
        part, text = self.part, self.paper.text
        if any(says for _, says in self.headings) or _found(part.anywhere, text):
            return True
        if part.signed and self.paper.signed is not False:
            return self.paper.signed
        if self.named:
            return False
        if _found(part.lead, self.paper.lead) or any(_found(part.top, x) for x in self.paper.top):
            return True
        if not prose:
            return False
        return (part.dated and self.paper.dated) or _found(part.text, text)

    def _holds(self, label: Labelled) -> bool:
        part, value = self.part, label.value
        if not filled(value):
            return False
        if part.differs:
            others = {
                name
                for field in part.differs
                for other in self.paper.by_field.get(field, ())
                for name in names_in(other.value)
            }
            own = names_in(value)
            return not own or not others or not own <= others
        if part.value == "name" or (part.value == "signer" and label.field == part.fields[0]):
            return names_somebody(value)
        if part.value == "signer":
            return signs(f"{value} {label.beside}")
        if part.value == "date":
            return PICTURE in value or self._dates(label)
        return True

    def _dates(self, label: Labelled) -> bool:
        """Whether a value holds a date, or is followed by one in its line."""
        return bool(_DATE.search(clean(f"{label.value} {label.beside}")))


def _found(pattern: re.Pattern[str] | None, text: str) -> bool:
    return pattern is not None and pattern.search(text) is not None


def _is_prose(finds: Sequence[_Find]) -> bool:
    """Whether fewer than half of what could stand under labels and headings does."""
    labelled = [find for find in finds if find.may_be_named]
    return 2 * sum(find.named for find in labelled) < len(labelled) or not labelled


def _looked(finds: Sequence[_Find], prose: bool) -> Looked:
    there = [find.there(prose) for find in finds]
    missing = tuple(number for number, found in enumerate(there) if found is False)
    blank = next((finds[number].blank for number in missing if finds[number].blank), "")
    return Looked(missing, None in there, blank)


def _methods(paper: Paper) -> frozenset[str]:
    """The methods by which a record was come by: its type's, else those its field lists, or the
    first that the field's sentence names (article 22)."""
    of_type = method_of_type()
    if paper.type in of_type:
        return frozenset({of_type[paper.type]})
    stated = [
        clean(label.value)
        for field in ("method", "steps")
        for label in paper.by_field.get(field, ())
        if filled(label.value)
    ]
    for value in stated:
        named = [(found.start(), name) for name, at in methods() if (found := at.search(value))]
        if named and words().phrases["method_word"].fullmatch(value):
            return frozenset(name for _, name in named)
        if named:
            return frozenset({min(named)[1]})
    return frozenset({_method_of_labels(paper) or of_type["*"]})


def _method_of_labels(paper: Paper) -> str | None:
    """The method that labels such as 分析结果 begin with."""
    heads = [
        x.label for field in ("content", "result", "place") for x in paper.by_field.get(field, ())
    ]
    named = (name for head in heads for name, at in methods() if at.match(head))
    return next(named, None)
