"""Labels in forms whose ruling was not kept, as in PDFs without lines: broken over two lines, or
with no gap before their value."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from archive_check.model import Line
from archive_check.recognise.label import (
    MAX_LABEL,
    NAME_OR_DATE,
    UNSPECIFIC,
    WEAK,
    FieldOf,
    Labelled,
)
from archive_check.recognise.numbers import clean, compatible
from archive_check.recognise.words import words

_TAIL, _HEAD = 8, 12
"""Characters of the second and the first half of a label that runs over two lines."""


def in_forms(lines: Sequence[Line], field_of: FieldOf) -> Iterator[Labelled]:
    """Labels without colons in forms whose ruling was not kept: over two lines, with their value
    between these or beside both; beside a value that does; or without a gap before their value."""
    for i, line in enumerate(lines):
        if line.table is not None:
            continue
        above = lines[i - 1] if i else None
        below = lines[i + 1] if i + 1 < len(lines) else None
        if above and below and above.table is None and below.table is None:
            yield from _between(lines, i, field_of)
            yield from _around(above, line, below, field_of)
        if below and below.table is None:
            yield from _beside_both(line, below, field_of)
        yield from _glued(line, field_of)


def _between(lines: Sequence[Line], i: int, field_of: FieldOf) -> Iterator[Labelled]:
    """Values that stand between the halves of their labels, column by column."""
    heads, values, tails = (compatible(lines[n].text).split("\t") for n in (i - 1, i, i + 1))
    if len(heads) != len(tails) or len(values) < len(heads) or any(len(x) > _TAIL for x in tails):
        return
    for column, (head, tail) in enumerate(zip(heads, tails, strict=True)):
        label = clean(head) + clean(tail)
        field = field_of(label) if ":" not in label and len(label) <= MAX_LABEL else None
        if field in (None, WEAK):
            continue
        whole = len(clean(tail)) > 2 and field_of(clean(tail)) not in (None, *UNSPECIFIC, field)
        if whole and field_of(clean(head)) not in (None, field):
            continue  # two labels, one above the other
        value, beside = values[column].strip(), " ".join(values[len(heads) :])
        if len(heads) == 1:
            value = _with_outer_lines(lines, i, value)
        yield Labelled(str(field), label, value, lines[i].page, beside)


def _with_outer_lines(lines: Sequence[Line], i: int, value: str) -> str:
    """A value with the line above its label, where a bracket that opens there ends in it, and
    with the name below."""
    first = compatible(lines[i - 2].text).strip() if i > 1 else ""
    if first.count("(") > first.count(")"):
        value = first + value
    last = compatible(lines[i + 2].text).strip() if i + 2 < len(lines) else ""
    return f"{value} {last}" if NAME_OR_DATE.fullmatch(last) else value


def _around(above: Line, line: Line, below: Line, field_of: FieldOf) -> Iterator[Labelled]:
    """The value of a line's last label, half of it in the line above and half in that below."""
    *_, label = cells = [clean(cell) for cell in line.text.split("\t")]
    ends = [clean(above.text), clean(below.text)]
    field = field_of(label) if len(cells) > 1 else None
    if field in (None, WEAK) or "\t" in above.text + below.text or len(ends[1]) > _TAIL:
        return
    if not any(field_of(end) or ":" in end for end in ends):
        yield Labelled(str(field), label, "".join(ends), line.page)


def _beside_both(line: Line, below: Line, field_of: FieldOf) -> Iterator[Labelled]:
    """A label with the first half of its value beside its own first half, and so the second."""
    text = compatible(line.text).strip()
    tail, *behind = compatible(below.text).split(maxsplit=1) or [""]
    tail = clean(tail).removesuffix(":")
    if len(tail) > _TAIL or field_of(tail) not in (None, *UNSPECIFIC):
        return
    gap = re.search(r"\s", text[:MAX_LABEL])
    for at in (gap.start(),) if gap else range(min(len(text), _HEAD), 2, -1):
        head = clean(text[:at])
        field = field_of(head + tail) if len(head) > 1 and ":" not in head + tail else None
        if field not in (None, WEAK, field_of(head)):
            value = " ".join([text[at:].strip(), *behind]).strip()
            yield Labelled(str(field), head + tail, value, line.page)
            return


def _glued(line: Line, field_of: FieldOf) -> Iterator[Labelled]:
    """A label that fills its cell, so that no gap is left before the name behind it."""
    cell = clean(line.text.split("\t")[0])
    if ":" in cell or field_of(cell) is not None:
        return
    for at in range(min(len(cell), _HEAD), 3, -1):
        field, value = field_of(cell[:at]), cell[at:]
        if field not in (None, WEAK):
            w = words().phrases
            person = NAME_OR_DATE.fullmatch(value) and w["surname"].match(value)
            named = w["body_line"].fullmatch(value) or w["asks_for_name"].fullmatch(cell[:at])
            if named or (person and not w["not_a_name"].match(value)):
                yield Labelled(str(field), cell[:at], value, line.page)
            return
