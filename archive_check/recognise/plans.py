"""The annual plan's list of projects, and what an adjustment takes out of it or adds."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from archive_check.model import Document, Table
from archive_check.planned import Planned
from archive_check.recognise.numbers import clean
from archive_check.recognise.words import words

_COLUMNS = ("project", "unit", "person", "kind")
_ITEM = re.compile(
    r"^(?:[((]?(?:[一二三四五六七八九十]{1,3}|\d{1,2})[))、.．:]|[①-⑳]|[一二三四五六七八九十]是)+"
)
_LONGEST = 80


def projects(document: Document) -> tuple[Planned, ...]:
    """The projects that a plan lists: in its tables, else in numbered lines of its text."""
    found = [project for table in document.tables for project in _in_table(table)]
    return tuple(dict.fromkeys(found or _in_lines(document)))


def adjusted(document: Document) -> tuple[str, str]:
    """What an adjustment says of projects taken out of the plan, and of those added to it."""
    dropped, added = [], []
    for line in document.lines:
        for sentence in re.split(r"[。;!?]", clean(line.text)):
            out, into = _changed(sentence)
            dropped += out
            added += into
    return "\n".join(dropped), "\n".join(added)


def _in_table(table: Table) -> Iterator[Planned]:
    for r, row in enumerate(table.rows):
        columns = _columns([clean(cell) for cell in row])
        if columns is None:
            continue
        above: dict[str, str] = {}
        for below in table.rows[r + 1 :]:
            cells = {k: clean(below[c]) for k, c in columns.items() if c < len(below)}
            if _columns([clean(cell) for cell in below]) or not any(cells.values()):
                continue
            if project := _project(cells, above):
                yield project
            above = {**above, **{key: text for key, text in cells.items() if text}}
        return


def _columns(heads: Sequence[str]) -> dict[str, int] | None:
    """Which column holds what, None where the row is no header of a list of projects."""
    w = words().phrases
    found: dict[str, int] = {}
    others = 0
    for c, head in enumerate(heads):
        name = next((n for n in _COLUMNS if w[f"plan_{n}_column"].fullmatch(head)), None)
        if name is not None:
            found.setdefault(name, c)
        elif w["plan_other_column"].fullmatch(head):
            others += 1
    told = sum(1 for head in heads if head)
    listed = "project" in found or ("unit" in found and "kind" in found)
    return found if listed and told >= 2 and 2 * (len(found) + others) > told else None


def _project(cells: dict[str, str], above: dict[str, str]) -> Planned | None:
    """The project of a row; a unit's merged cell speaks for the rows below it."""
    if words().phrases["total_row"].match("".join(cells.values())):
        return None
    unit = cells.get("unit") or above.get("unit", "")
    name = cells.get("project", "")
    if "project" not in cells:
        name = unit + cells.get("kind", "")
    if len(name) < 2:
        return None
    return Planned(name, unit, cells.get("person", ""), cells.get("kind", ""))


def _in_lines(document: Document) -> Iterator[Planned]:
    w = words().phrases
    for line in document.lines:
        for part in re.split(r"[。;]", clean(line.text)):
            numbered = _ITEM.match(part)
            text = part[numbered.end() :] if numbered else part
            if not numbered or len(text) > _LONGEST or w["plan_not_an_item"].search(text):
                continue
            if found := w["plan_item"].match(text):
                yield Planned(found["name"])


def _changed(sentence: str) -> tuple[list[str], list[str]]:
    """(taken out, added) parts of a sentence.

    Where it does one of them the whole sentence tells which project; where it does both, what
    stands behind each verb; where one thing is put for another, what stands on either side.
    """
    w = words().phrases
    if replaced := w["plan_replaced"].search(sentence):
        return [sentence[: replaced.start()]], [sentence[replaced.end() :]]
    out, into = list(w["plan_dropped"].finditer(sentence)), list(w["plan_added"].finditer(sentence))
    if not (out and into):
        return [sentence] * bool(out), [sentence] * bool(into)
    marks = sorted(
        [*((m, True) for m in out), *((m, False) for m in into)], key=lambda x: x[0].start()
    )
    ends = [*(m.start() for m, _ in marks[1:]), len(sentence)]
    parts = [(sentence[m.end() : end], drops) for (m, drops), end in zip(marks, ends, strict=True)]
    return [text for text, drops in parts if drops], [text for text, drops in parts if not drops]
