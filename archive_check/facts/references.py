"""Facts of workpapers among themselves: citations, evidence, their summary (articles 26, 28)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from archive_check.facts.context import Context, at, titled, unknown, unread
from archive_check.facts.procedure import finals
from archive_check.model import UNCERTAIN, Material, Said, Table, said
from archive_check.vocabulary import Fact, Value

Key = tuple[tuple[int, str], ...]
"""An index number by value: A-3 and A-03 are one."""

_RECORDS = ("evidence-record", "interview-record", "stocktake-record")
_PROOF = (
    *_RECORDS, "confirmation", "expert-appraisal", "electronic-evidence", "evidence-attachment",
)  # fmt: skip
_ALIKE = 72.0
_TELLING = 9
"""A title of so many characters names one paper and not a kind of paper."""
_PARTS = re.compile(r"[、,，;；/\s]+")
_RANGE = re.compile(r"[至~～]")


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of the summary: the index numbers and the matter that it gives."""

    keys: frozenset[Key]
    matter: str
    shown: str


def reference_facts(context: Context) -> Iterator[Fact]:
    papers = finals(context, "workpaper")
    bearing = (*papers, *context.case.of_type(*_PROOF)) if papers else ()
    known = {key for material in bearing if (key := _own(material))}
    for paper in papers:
        yield _citation(paper, papers, known)
        # Where all evidence is missing that is one deficiency of the case, not one of each paper.
        if context.case.of_type(*_PROOF):
            yield _support(context, paper)
    if papers:
        yield _fieldwork(context, papers)
        if summaries := finals(context, "workpaper-summary"):
            yield _summary(context, summaries, papers)


@lru_cache(maxsize=16384)
def _key(index: str) -> Key:
    parts = re.findall(r"\d+|[^\d\W_]+", index.upper())
    return tuple((int(p), "") if p.isdecimal() else (-1, p) for p in parts)


def _own(paper: Material) -> Key:
    return _key(paper.fields.get("index_no", ""))


def _citation(paper: Material, papers: Sequence[Material], known: Collection[Key]) -> Fact:
    """The index numbers that a workpaper cites and that nothing in the case bears."""
    letters = {key[0] for key in map(_own, papers) if key}
    named = paper.fields.get("cites", "").split()
    named += [x for x in paper.fields.get("mentions", "").split() if _key(x)[:1] and
              _key(x)[0] in letters]  # fmt: skip
    strange = [x for x in dict.fromkeys(named) if not any(_leads(k, _key(x)) for k in known)]
    hidden = [m for m in papers if unread(m) or not _own(m)]
    number = None if unread(paper) or (strange and hidden) else len(strange)
    values: dict[str, Value] = {"unknown": number}
    reason = said("facts.unread_workpapers", files=(hidden or [paper])[0].path)
    return Fact(
        kind="citation",
        id=f"citation:{paper.path}",
        values=values,
        subjects=(paper.path,),
        words={"title": titled(paper), "indexes": "、".join(strange)},
        evidence=(at(paper),),
        details={"indexes": strange} if number else {},
        unknown=unknown(values, {"unknown": reason}),
    )


def _leads(known: Key, cited: Key) -> bool:
    """Whether a citation means a known number, one below it, or it without its prefix."""
    return cited[: len(known)] == known or (len(cited) == 1 and known[-1:] == cited)


def _support(context: Context, paper: Material) -> Fact:
    """Whether a workpaper states a problem, and whether evidence stands behind it."""
    stated = {"yes": True, "no": False}.get(paper.fields.get("problem", ""))
    proven = _proven(context, paper)
    values: dict[str, Value] = {"problem": True if proven and stated is None else stated,
                                "evidence": proven}  # fmt: skip
    reason = "facts.not_read" if unread(paper) else "facts.no_conclusion"
    return Fact(
        kind="support",
        id=f"support:{paper.path}",
        values=values,
        subjects=(paper.path,),
        words={"title": titled(paper)},
        evidence=(at(paper),),
        unknown=unknown(values, {"problem": said(reason, title=titled(paper))}),
    )


def _proven(context: Context, paper: Material) -> bool:
    """By what is filed behind it, by another workpaper's evidence that it names, or in itself."""
    group = context.case.groups[paper.path]
    if any(r.main == paper.path for r in group.relations):
        return True
    text = "".join(paper.document.text.split())
    cited = {_key(x) for name in ("cites", "mentions") for x in paper.fields.get(name, "").split()}
    for proof in context.case.of_type(*_PROOF):
        own, title = _own(proof), _bare(proof.title)
        if (own and (own in cited or proof.fields["index_no"] in text.upper())) or (
            len(title) >= _TELLING and title in text
        ):
            return True
    return context.phrases["record_inside"].search(paper.document.text) is not None


def _bare(text: str) -> str:
    return "".join(c for c in text if c.isalnum())


def _fieldwork(context: Context, papers: Sequence[Material]) -> Fact:
    allowed = int(str(context.parameters["summary_threshold"]))
    summaries = context.case.of_type("workpaper-summary")
    hidden = [m for m in context.case.materials if unread(m) and m.confidence < UNCERTAIN]
    values: dict[str, Value] = {
        "papers_over": len(papers) - allowed,
        "summarised": True if summaries else None if hidden else False,
    }
    files = "、".join(m.path for m in hidden[:5])
    return Fact(
        kind="fieldwork",
        id="fieldwork",
        values=values,
        words={"count": str(len(papers)), "allowed": str(allowed)},
        details={"workpapers": len(papers), "threshold": allowed},
        unknown=unknown(values, {"summarised": said("facts.unread_unnamed", files=files)}),
    )


def _summary(context: Context, summaries: Sequence[Material], papers: Sequence[Material]) -> Fact:
    """The summary's rows against the workpapers: by index number, then by matter."""
    rows = [row for m in summaries for row in _rows(context, m.document.tables)]
    unfiled, left_out = _compared(context, rows, papers)
    hidden = [m for m in papers if unread(m)]
    agrees: bool | None = not (unfiled or left_out)
    why: Said = said("facts.unread_workpapers", files=hidden[0].path) if hidden else said(
        "facts.no_summary_rows", title=titled(summaries[0]))  # fmt: skip
    if not rows or (hidden and not agrees):
        agrees = None
    values: dict[str, Value] = {"agrees": agrees}
    missing, extra = [row.shown for row in unfiled], [titled(m) for m in left_out]
    return Fact(
        kind="summary",
        id=f"summary:{summaries[0].path}",
        values=values,
        subjects=(summaries[0].path, *(m.path for m in left_out)),
        words={
            "title": titled(summaries[0]),
            "unfiled": "、".join(missing) or said("facts.none"),
            "left_out": "、".join(extra) or said("facts.none"),
        },
        evidence=(at(summaries[0]),),
        details={"unfiled": missing, "left_out": extra} if agrees is False else {},
        unknown=unknown(values, {"agrees": why}),
    )


_LABELLED = re.compile(r"[:：]")
"""What parts a label from its value, as in the row below a list that names who made it."""


def _rows(context: Context, tables: Iterable[Table]) -> Iterator[_Row]:
    """The rows of the tables; one without a header goes on with the columns of the one before."""
    columns: tuple[int | None, int | None] | None = None
    tables = list(tables)
    for page, table in enumerate(tables, 1):
        goes_on = columns is not None
        for place, row in enumerate(table.rows, 1):
            cells = ["".join(cell.split()) for cell in row]
            if head := _columns(context, cells):
                columns = head
            elif columns:
                index, matter = ("" if c is None or c >= len(cells) else cells[c] for c in columns)
                keys = frozenset(key for key in _keys(index) if key)
                # Where a page ends, a row without its number is a part of the next one or the last.
                goes_on |= page < len(tables) and place == len(table.rows)
                part, goes_on = goes_on and columns[0] is not None, False
                foot = columns[0] is not None and _LABELLED.search(index or matter)
                listed = matter and not (part or context.phrases["catch_all"].match(matter))
                if (keys or listed) and not foot:
                    yield _Row(keys, _bare(matter), index or matter)


def _columns(context: Context, cells: Sequence[str]) -> tuple[int | None, int | None] | None:
    """Where a header has the index number and the matter; None where the row is no header."""
    found = [
        next((i for i, cell in enumerate(cells) if context.phrases[name].fullmatch(cell)), None)
        for name in ("index_column", "summary_matter_column")
    ]
    index, matter = found
    return None if index is None and matter is None else (index, matter)


def _keys(cell: str) -> Iterator[Key]:
    """Every index number of a cell; a range stands for all from its first to its last."""
    for part in _PARTS.split(cell):
        first, *last = [_key(end) for end in _RANGE.split(part)]
        yield first
        if last and first[:-1] == last[0][:-1] and first and last[0]:
            yield from ((*first[:-1], (n, "")) for n in range(first[-1][0] + 1, last[0][-1][0] + 1))


def _compared(
    context: Context, rows: Sequence[_Row], papers: Sequence[Material]
) -> tuple[list[_Row], list[Material]]:
    """The rows without a workpaper, the workpapers without a row."""
    listed = {key for row in rows for key in row.keys}
    left = [m for m in papers if not any(_same(_own(m), key) for key in listed)]
    # A paper whose very number is listed answers no row of another number.
    loose = [m for m in papers if _own(m) not in listed]
    unfiled = []
    for row in rows:
        if row.keys and all(any(_same(_own(m), key) for m in papers) for key in row.keys):
            continue
        among = loose if row.keys else papers
        meant = next((m for m in among if _same_matter(context, row.matter, m)), None)
        if meant is None:
            unfiled.append(row)
        left = [m for m in left if m is not meant]
    return unfiled, left


def _same(own: Key, listed: Key) -> bool:
    return bool(own) and (own == listed or own[: len(listed)] == listed or listed[-1:] == own)


def _same_matter(context: Context, matter: str, paper: Material) -> bool:
    stated = _bare(paper.fields.get("matter", "")) or _bare(paper.title)
    if not matter or not stated:
        return False
    return matter in stated or stated in matter or context.likeness(matter, stated) >= _ALIKE
